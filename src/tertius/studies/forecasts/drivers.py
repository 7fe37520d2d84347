"""What drives a forecast, in words: contributions of features under headings, and the acts behind each heading."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from tertius.studies.forecasts.chances import Model, Rows
from tertius.studies.forecasts.dyads import DRIVERS
from tertius.studies.forecasts.panel import State
from tertius.studies.record import Bools, Floats, name_of

LATELY, LONG = 60, 180  # days back in which acts stand behind a driver; for third parties' help
MOST_IDS = 5
CONSTANT = "usual"


class Driver(msgspec.Struct, frozen=True, kw_only=True):
    """What moves a forecast away from the pair's usual rate: `odds` is the factor on the odds (1.8: raised by 80%).

    `evidence` are ids of the latest acts under this heading, newest first; none where it is no matter of single acts.
    """

    driver: str
    words: str
    odds: float
    evidence: list[str]


def drivers(model: Model, rows: Rows, state: State, layer: int, horizon: int) -> list[Driver]:
    """The drivers of the first of `rows`, the strongest first."""
    given = model.contributions(rows, horizon)[0]
    total: dict[str, float] = dict.fromkeys(DRIVERS, 0.0)
    for driver, share in zip((*rows.drivers, CONSTANT), given, strict=True):
        total[driver] += float(share)
    source, target = int(rows.source[0]), int(rows.target[0])
    names = {"a": name_of(state.acts.record.actors[source]), "b": name_of(state.acts.record.actors[target])}
    ordered = sorted(total.items(), key=lambda pair: -abs(pair[1]))
    return [
        Driver(
            driver=driver, words=DRIVERS[driver].format(**names), odds=float(np.exp(log)),
            evidence=evidence(state, layer, source, target, driver),
        )
        for driver, log in ordered
    ]  # fmt: skip


def evidence(state: State, layer: int, source: int, target: int, driver: str) -> list[str]:
    """Ids of the latest acts under a driver's heading, newest first."""
    choose = _CHOICES.get(driver)
    if choose is None:
        return []
    acts = state.acts
    chosen = choose(state, acts.of(layer), source, target)
    chosen &= (acts.day <= state.day) & (acts.day > state.day - LATELY)
    return [acts.record.ids[at] for at in np.flatnonzero(chosen)[::-1][:MOST_IDS]]


def _third(state: State, _: Bools, source: int, target: int) -> Bools:
    """Pressure on the target by those that helped the source of late, and on the source by those that helped it."""
    record, recent = state.acts.record, state.acts.day > state.day - LONG
    helped = record.where(source, None, (1, 2)) | record.where(None, source, (1, 2))
    friends: Floats = np.zeros(state.acts.actors)
    np.add.at(friends, np.where(record.source == source, record.target, record.source)[helped & recent], 1.0)
    friends[[source, target]] = 0
    pressed = record.where(None, target, (3, 4)) | record.where(target, None, (3, 4))
    other = np.where(record.target == target, record.source, record.target)
    chosen: Bools = pressed & (friends[other] > 0)
    return chosen


_CHOICES: dict[str, Callable[[State, Bools, int, int], Bools]] = {
    "own": lambda state, same, a, b: state.acts.record.where(a, b) & same,
    "others": lambda state, same, a, b: state.acts.record.where(a, b) & ~same,
    "answers": lambda state, _, a, b: state.acts.record.where(b, a),
    "source": lambda state, same, a, b: state.acts.record.where(a, None) & same & (state.acts.record.target != b),
    "target": lambda state, same, a, b: state.acts.record.where(None, b) & same & (state.acts.record.source != a),
    "third": _third,
}
