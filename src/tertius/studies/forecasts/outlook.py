"""Whether somebody acts: the chance of at least one act of each kind from A to B within 7 and 30 days.

Beside each chance stand the pair's usual rate (its climatology), the last value and what drives the forecast. Start
with `forecaster(record)`, which learns from the record; its methods return lists of structs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import msgspec
import numpy as np

from tertius.errors import TooLittle, UsageError
from tertius.studies.forecasts import chances, dyads, panel, training
from tertius.studies.forecasts.backtest import named
from tertius.studies.forecasts.chances import Rows
from tertius.studies.forecasts.drivers import Driver, drivers
from tertius.studies.forecasts.panel import Acts, State, silent
from tertius.studies.forecasts.training import Learnt
from tertius.studies.record import Floats, Ints, Record, name_of

MODEL = "pairs-1"  # version of the method; kept with every forecast
WITHIN = (7, 30)
NEVER_MET = "neither has acted on the other in this record: nothing is learnt of such pairs"
LEARNT, USUAL = "learnt", "usual rate"


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """The chance of at least one act of a kind from a source to a target in the `within` days after `origin`.

    `low` to `high` holds the pair's own rate in 90% of pairs with such a forecast. `usual` is the pair's climatology,
    `base_rate` the share of all pairs, `last` the acts of this kind in the last `within` days. `method` is 'learnt', or
    'usual rate' where `note` says why no more can be told. `quad` is the quad class, 1 to 4. `data` is a hash of the
    acts that it was made from, `model` the version of the method.
    """

    source: str
    target: str
    what: str
    quad: int
    within: int
    origin: str
    until: str
    chance: float
    low: float
    high: float
    usual: float
    base_rate: float
    last: int
    method: str
    note: str
    drivers: list[Driver]
    sentence: str
    model: str
    data: str


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast of a past day by a model that had not seen it or anything later, and whether the act came."""

    what: str
    quad: int
    within: int
    origin: str
    chance: float
    low: float
    high: float
    usual: float
    came: bool


@dataclass(frozen=True)
class Forecaster:
    """What was learnt from a record, and what is known on its last day, `origin`."""

    record: Record
    acts: Acts
    learnt: dict[tuple[int, int], Learnt]
    state: State
    day: int
    unsaid: tuple[int, ...] = ()
    _common: list[dyads.Shared] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """The day that is forecast from (ISO date): the windows begin on the next."""
        return self.record.dated(self.day)

    @cached_property
    def data(self) -> str:
        """A hash of the acts."""
        return fingerprint(self.record)

    def notes(self) -> list[str]:
        """What has to be said with every forecast: missing days, horizons that are too long."""
        told = []
        missing = int((~self.acts.known[: self.day + 1]).sum())
        if missing:
            told.append(
                f"{missing} of {self.day + 1} days lie in gaps of {silent(self.acts.day)} days or more without an act "
                "of anybody: they are missing, not peaceful, and nothing was learnt from them."
            )
        if self.unsaid:
            days = ", ".join(str(h) for h in self.unsaid)
            told.append(
                f"Nothing is said of {days} days: that takes a record of {training.WINDOWS * min(self.unsaid)} days."
            )
        return told

    def forecast(self, source: str, target: str) -> list[Forecast]:
        """All forecasts for one pair, with their drivers. Raises UsageError for unknown actors."""
        a, b = self.record.number(source), self.record.number(target)
        if a == b:
            raise UsageError(f"{source} and {target} are the same actor: name two")
        pair = np.array([a]), np.array([b])
        return [self._told(own, self.rows(own.layer, *pair), at=0, why=True) for own in self.learnt.values()]

    def unusual(self, limit: int = 25) -> list[Forecast]:
        """The forecasts over all pairs that depart most from the usual rate (relative entropy), the furthest first."""
        found = []
        source, target = self.state.pairs()
        for own in self.learnt.values():
            rows = self.rows(own.layer, source, target)
            chance, usual = own.chances(rows), chances.usual(rows, own.horizon, own.worth)
            far = chance * np.log(chance / usual) + (1 - chance) * np.log((1 - chance) / (1 - usual))
            for at in np.argsort(-far, kind="stable")[:limit]:
                found.append((float(far[at]), own, rows, int(at)))
        found.sort(key=lambda one: -one[0])
        return [self._told(own, rows, at, why=False) for _, own, rows, at in found[:limit]]

    def over_time(self, source: str, target: str) -> list[Moment]:
        """What would have been forecast for a pair on past days, by a model that was trained on earlier days alone."""
        a, b = self.record.number(source), self.record.number(target)
        out = []
        for own in self.learnt.values():
            if own.held is None:
                continue
            mine = np.flatnonzero((own.held.source == a) & (own.held.target == b))
            low, high = own.interval(own.held.chance[mine])
            for at, lower, upper in zip(mine, low, high, strict=True):
                out.append(
                    Moment(
                        what=named(self.acts, own.layer), quad=self.quad(own.layer), within=own.horizon,
                        origin=self.record.dated(int(own.held.origin[at])), chance=float(own.held.chance[at]),
                        low=float(lower), high=float(upper), usual=float(own.held.usual[at]),
                        came=bool(own.held.came[at]),
                    )
                )  # fmt: skip
        return out

    def rows(self, layer: int, source: Ints, target: Ints) -> Rows:
        """What is known of pairs on the last day."""
        if not self._common:
            self._common.append(dyads.shared(self.state))
        return chances.rows_at(self.state, self._common[0], layer, source, target)

    def quad(self, layer: int) -> int:
        """The quad class of a layer."""
        name = self.acts.layers[layer]
        if isinstance(name, int):
            return name
        return int(self.record.quad[self.acts.of(layer)][0])

    def _told(self, own: Learnt, rows: Rows, at: int, why: bool) -> Forecast:
        rows = rows.pick(np.arange(len(rows)) == at)
        source, target = int(rows.source[0]), int(rows.target[0])
        usual = chances.usual(rows, own.horizon, own.worth)
        met = bool(self.state.total[:4, [source, target], [target, source]].any())
        learnt = own.model is not None and met
        chance = own.chances(rows) if learnt else usual
        low, high = own.interval(chance) if learnt else self._beta(own, rows, usual)
        told = Forecast(
            source=self.record.actors[source], target=self.record.actors[target], what=named(self.acts, own.layer),
            quad=self.quad(own.layer), within=own.horizon, origin=self.origin,
            until=self.record.dated(self.day + own.horizon), chance=float(chance[0]), low=float(low[0]),
            high=float(high[0]), usual=float(usual[0]), base_rate=float(rows.rate[own.horizon][0]),
            last=self._last(own, source, target), method=LEARNT if learnt else USUAL,
            note="" if learnt else (own.reason if met else NEVER_MET), sentence="", model=MODEL, data=self.data,
            drivers=self._drivers(own, rows) if why and learnt else [],
        )  # fmt: skip
        return msgspec.structs.replace(told, sentence=sentence(told))

    def _drivers(self, own: Learnt, rows: Rows) -> list[Driver]:
        return drivers(own.model, rows, self.state, own.layer, own.horizon) if own.model else []

    def _beta(self, own: Learnt, rows: Rows, usual: Floats) -> tuple[Floats, Floats]:
        """The interval of a climatology: what is left open by the number of windows that do not overlap."""
        return training.spread(usual, (rows.windows[own.horizon] + own.worth) / own.horizon)

    def _last(self, own: Learnt, source: int, target: int) -> int:
        chosen = self.record.where(source, target) & self.acts.of(own.layer)
        days = self.acts.day[chosen]
        return int(((days <= self.day) & (days > self.day - own.horizon)).sum())


def forecaster(
    record: Record, within: Sequence[int] = (), types: Sequence[str] = (), until: str | None = None
) -> Forecaster:
    """Learn from a record what comes within some days: the four quad classes and chosen types.

    `within`: days ahead (default: those of 7 and 30 that the record is long enough for); `until`: the day to forecast
    from (default: the day of the last act). Raises TooLittle and UsageError.
    """
    day = _origin(record, until)
    acts = panel.acts(record, record.first + day)
    unknown = [name for name in types if name not in record.types]
    if unknown:
        raise UsageError(f"nobody does {', '.join(unknown)} in this record: choose among {', '.join(record.types)}")
    if any(h < 1 for h in within):
        raise UsageError("days ahead are counted from 1: write --within 7")
    known = int(acts.known[: day + 1].sum())
    if len(np.unique(record.source * acts.actors + record.target)) < 2:
        raise TooLittle("only one pair acts in this record: chances are learnt by comparing pairs; import more acts")
    horizons = tuple(dict.fromkeys(within)) or tuple(h for h in WITHIN if training.possible(known, h)) or WITHIN[:1]
    layers = [0, 1, 2, 3, *(4 + record.types.index(name) for name in dict.fromkeys(types))]
    learnt = training.train(acts, layers, horizons, day)
    unsaid = tuple(h for h in WITHIN if not within and h not in horizons)
    return Forecaster(record, acts, learnt, State(acts, horizons).until(day), day, unsaid)


def _origin(record: Record, until: str | None) -> int:
    """The day that is forecast from, counted from the record's first."""
    last = record.days - 1
    if until is None:
        return last
    day = date.fromisoformat(until).toordinal() - record.first
    if day - last >= silent(record.day - record.first):
        raise UsageError(
            f"the last act is of {record.dated(last)}, {day - last} days before {until}: what happened since is not "
            f"known; leave --until out to forecast from {record.dated(last)}, or import the days between"
        )
    return max(day, last)


def fingerprint(record: Record) -> str:
    """Twelve hexadecimal digits that tell one set of acts from another."""
    told = hashlib.sha256()
    for column in (record.day, record.source, record.target, record.kind, record.quad):
        told.update(column.tobytes())
    told.update("\0".join((*record.actors, "", *record.types)).encode())
    return told.hexdigest()[:12]


def percent(chance: float) -> str:
    """A probability in words: '34%', '0.4%', 'under 0.1%'."""
    if not 0.001 <= chance <= 0.999:
        return "under 0.1%" if chance < 0.5 else "over 99.9%"
    return f"{100 * chance:.1f}%" if chance < 0.01 or chance > 0.99 else f"{100 * chance:.0f}%"


def sentence(told: Forecast) -> str:
    """One sentence that can be quoted."""
    a, b = name_of(told.source), name_of(told.target)
    what = told.what if " " in told.what else f"acts of {told.what}"
    times = {0: "none", 1: "one"}.get(told.last, str(told.last))
    spread = f"{percent(told.low)} to {percent(told.high)}"
    return (
        f"{a} on {b}: the chance of {what} within {told.within} days after {told.origin} is {percent(told.chance)} "
        f"({spread}); the usual rate is {percent(told.usual)}, and the last {told.within} days held {times}."
    )
