"""When x presses b, does a step in for b? One named triad, or a screen of all (docs/studies/answers.md)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
import numpy as np

from tertius.errors import UsageError
from tertius.studies import shifts
from tertius.studies.record import PRESSURE, SUPPORT, Bools, Floats, Ints, Record, name_of

How = Literal["support", "confront"]

LEAST_DAYS, LEAST_TRIGGERS, LEAST_RESPONSES = 180, 20, 25
HALF_LIFE = 7.0  # of the controls, in days
LONG = 60.0
RIDGE = 1.0  # normal prior with variance 1 on each standardised control and on the log rate ratio
POWER = 1.960 + 0.842  # standard errors that are seen at the 5% level in 80% of records
REACH = 14  # days before and after in the peri-event curve


class Triad(msgspec.Struct, frozen=True):
    """x presses b; a responds by supporting b or by pressing x. Actors are places in `Record.actors`."""

    x: int
    b: int
    a: int
    how: How = "support"


class Point(msgspec.Struct, frozen=True):
    """The mean number of responses so many days after a trigger day, and the middle 95% of it under all shifts."""

    lag: int
    responses: float
    null_low: float
    null_high: float


class Evidence(msgspec.Struct, frozen=True):
    """A day with responses after a trigger: the ids of both, and how many responses a day has on average."""

    date: str
    responses: tuple[str, ...]
    triggers: tuple[str, ...]
    usual: float


class Answer(msgspec.Struct, frozen=True):
    """What the record says of one triad.

    `raw_ratio`: responses a day after the trigger over those on other days. `ratio`, `low`, `high`: the same with
    controls, and its 95% interval. `p`: two-sided, from all circular shifts; `ordinary_p`: what a model that ignores
    runs of news would claim. `q`: p adjusted for the number of questions asked. `enough` is the gate; `smallest` the
    smallest rate ratio that would be seen in 80% of such records. None where the record cannot tell.
    """

    x: str
    b: str
    a: str
    how: How
    sentence: str
    enough: bool
    days: int
    trigger_days: int
    responses: int
    exposed_days: int
    raw_ratio: float | None
    ratio: float | None
    low: float | None
    high: float | None
    p: float | None
    ordinary_p: float | None
    q: float | None
    smallest: float | None


class Study(msgspec.Struct, frozen=True):
    """An answer, its peri-event curve, and the acts behind it."""

    answer: Answer
    curve: tuple[Point, ...]
    evidence: tuple[Evidence, ...]


class Series(msgspec.Struct, frozen=True):
    """The daily counts of a triad, [days] each; `exposed` is 1 after more pressure than usual, else 0."""

    triggers: Floats
    responses: Floats
    exposed: Floats
    usual: float  # pressing acts in a window that are not more than usual
    window: int


def answers(record: Record, x: str, b: str, a: str, *, how: How = "support", window: int = 7) -> Study:
    """When x presses b, does a step in for b within `window` days? Raises UsageError."""
    triad = triad_of(record, x, b, a, how)
    series = series_of(record, triad, _checked(window))
    answer = _answer(record, triad, series)
    around = shifts.curve(series.responses, series.triggers, min(REACH, record.days - 1))
    points = zip(around.lag, around.mean.tolist(), around.low.tolist(), around.high.tolist(), strict=True)
    return Study(answer, tuple(Point(*point) for point in points), tuple(_evidence(record, triad, series)))


def screen(record: Record, *, how: How = "support", window: int = 7) -> list[Answer]:
    """The answers for every triad that passes the gate, clearest first, with q over all of them. Raises UsageError."""
    found = []
    for triad in _askable(record, how):
        series = series_of(record, triad, _checked(window))
        if _enough(record, series):
            found.append(_answer(record, triad, series))
    adjusted = shifts.benjamini_hochberg(np.array([1.0 if one.p is None else one.p for one in found]))
    told = [msgspec.structs.replace(one, q=float(q)) for one, q in zip(found, adjusted, strict=True)]
    told = [msgspec.structs.replace(one, sentence=_sentence(one, window)) for one in told]
    return sorted(told, key=lambda one: (one.p or 0.0, -(one.ratio or 0.0)))


def triad_of(record: Record, x: str, b: str, a: str, how: How = "support") -> Triad:
    """The triad with these names. Raises UsageError where a name is unknown or two are the same."""
    presser, pressed, third = (record.number(name) for name in (x, b, a))
    if len({presser, pressed, third}) < 3:
        raise UsageError(f"{x}, {b} and {a} must be three actors: who presses, who is pressed, and who may step in")
    return Triad(presser, pressed, third, how)


def series_of(record: Record, triad: Triad, window: int) -> Series:
    """The daily counts of a triad."""
    triggers = record.daily(_triggers(record, triad))
    responses = record.daily(_responses(record, triad))
    pressed = shifts.recent(triggers, window)
    usual = float(np.median(pressed))
    return Series(triggers, responses, (pressed > usual).astype(np.float64), usual, window)


def _triggers(record: Record, triad: Triad) -> Bools:
    return record.where(triad.x, triad.b, PRESSURE)


def _responses(record: Record, triad: Triad) -> Bools:
    if triad.how == "support":
        return record.where(triad.a, triad.b, SUPPORT)
    return record.where(triad.a, triad.x, PRESSURE)


def _checked(window: int) -> int:
    if not 1 <= window <= 60:
        raise UsageError(f"a window of {window} days: choose 1 to 60")
    return window


def _enough(record: Record, series: Series) -> bool:
    return (
        record.days >= LEAST_DAYS
        and int(np.count_nonzero(series.triggers)) >= LEAST_TRIGGERS
        and int(series.responses.sum()) >= LEAST_RESPONSES
    )


def _askable(record: Record, how: How) -> Iterator[Triad]:
    """Triads whose pairs alone have enough acts for the gate, so that most need not be looked at."""
    size = len(record.actors)
    pair = record.source * size + record.target
    tones = {tone: np.isin(record.quad, quads) for tone, quads in (("press", PRESSURE), ("support", SUPPORT))}
    pressing = np.bincount(pair[tones["press"]], minlength=size**2).reshape(size, size)
    responding = pressing if how == "confront" else np.bincount(pair[tones["support"]], minlength=size**2)
    responding = responding.reshape(size, size)
    for x, b in np.argwhere(pressing >= LEAST_TRIGGERS).tolist():
        answered = b if how == "support" else x
        for a in np.flatnonzero(responding[:, answered] >= LEAST_RESPONSES).tolist():
            if a not in (x, b):
                yield Triad(x, b, a, how)


def controls_of(record: Record, triad: Triad) -> tuple[Floats, Floats]:
    """What moves a's responses anyway, [days, p], and the prior precision of each column.

    A constant; a's own habit (two half-lives); how much others than x and a deal with the target of the response; how
    much a deals with others; what the target did to a; weekdays. All but weekdays are of the days strictly before.
    """
    target = triad.b if triad.how == "support" else triad.x
    own, everything = _responses(record, triad), record.where(None, target)
    salience = everything & (record.source != triad.a) & (record.source != triad.x) & (record.source != triad.b)
    activity = record.where(triad.a, None) & (record.target != target)
    series = [(own, HALF_LIFE), (own, LONG), (salience, HALF_LIFE), (activity, HALF_LIFE)]
    series.append((record.where(target, triad.a), HALF_LIFE))
    columns = [np.log1p(shifts.faded(record.daily(chosen), half_life)) for chosen, half_life in series]
    weekday = (record.first + np.arange(record.days)) % 7
    columns += [(weekday == day).astype(np.float64) for day in range(6)]
    x = np.column_stack(columns)
    spread = x.std(axis=0)
    x = (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.column_stack([np.ones(record.days), x]), np.array([0.0] + [RIDGE] * x.shape[1])


def _answer(record: Record, triad: Triad, series: Series) -> Answer:
    exposed, y = series.exposed, series.responses
    answer = Answer(
        x=record.actors[triad.x], b=record.actors[triad.b], a=record.actors[triad.a], how=triad.how, sentence="",
        enough=_enough(record, series), days=record.days, trigger_days=int(np.count_nonzero(series.triggers)),
        responses=int(y.sum()), exposed_days=int(exposed.sum()), raw_ratio=_raw_ratio(y, exposed),
        ratio=None, low=None, high=None, p=None, ordinary_p=None, q=None, smallest=None,
    )  # fmt: skip
    if y.sum() and 0 < exposed.sum() < len(exposed):
        answer = _estimated(answer, series, *controls_of(record, triad))
    return msgspec.structs.replace(answer, sentence=_sentence(answer, series.window))


def _raw_ratio(y: Floats, exposed: Floats) -> float | None:
    on, off = exposed.sum(), len(exposed) - exposed.sum()
    if not on or not off or not (y * (1 - exposed)).sum():
        return None
    return float((y * exposed).sum() / on / ((y * (1 - exposed)).sum() / off))


def _estimated(answer: Answer, series: Series, controls: Floats, prior: Floats) -> Answer:
    """The answer with its estimates; without the gate only what could have been seen is told."""
    tested = shifts.shift_test(series.responses, series.exposed, controls, prior)
    smallest = math.exp(min(POWER / math.sqrt(max(tested.information, 1e-6)), 50.0))
    if not answer.enough:
        return msgspec.structs.replace(answer, smallest=smallest)
    full = shifts.poisson(
        series.responses, np.column_stack([controls, series.exposed]), np.concatenate([prior, [RIDGE]])
    )
    effect, error = full.coef[-1], math.sqrt(full.covariance[-1, -1] * full.dispersion)
    low, ratio, high = (math.exp(effect + z * error) for z in (-1.96, 0.0, 1.96))
    return msgspec.structs.replace(
        answer, ratio=ratio, low=low, high=high, p=tested.p, ordinary_p=tested.ordinary_p, smallest=smallest
    )


def _sentence(answer: Answer, window: int) -> str:
    x, b, a = (name_of(actor) for actor in (answer.x, answer.b, answer.a))
    deed = f"supported {b}" if answer.how == "support" else f"pressed {x}"
    seen = _seen(answer.smallest)
    if answer.ratio is None:
        return (
            f"Not enough data to say whether {a} {deed} more when {x} pressed {b}: {answer.days} days"
            f" ({LEAST_DAYS} needed), {answer.trigger_days} of them with pressure ({LEAST_TRIGGERS}),"
            f" {answer.responses} responses ({LEAST_RESPONSES}); {seen}."
        )
    found = (
        f"In the {window} days after {x} pressed {b} more than usual, {a} {deed} {answer.ratio:.2f} times as often as"
        f" otherwise, its habits and the news about {b if answer.how == 'support' else x} allowed for"
        f" (95% interval {answer.low:.2f} to {answer.high:.2f}; p = {answer.p:.3g} from shifting the days of pressure"
    )
    found += f"; {answer.q:.3g} adjusted for all that was asked)" if answer.q is not None else ")"
    telling = (answer.q if answer.q is not None else answer.p or 0.0) <= 0.05
    if not telling:
        return f"{found}: no evidence of a response; {seen}."
    return f"{found}: {a} {'steps in' if answer.ratio > 1 else 'holds back'}, or both follow the same news."


def _seen(smallest: float | None) -> str:
    if smallest is None or smallest > 1000:
        return "no effect of any size could have been seen"
    return f"the smallest effect that could have been seen is {smallest:.2g} times as often"


def _evidence(record: Record, triad: Triad, series: Series) -> Iterator[Evidence]:
    """Days of responses within the window after a trigger."""
    triggers, responses = np.flatnonzero(_triggers(record, triad)), np.flatnonzero(_responses(record, triad))
    trigger_day, response_day = record.day[triggers] - record.first, record.day[responses] - record.first
    usual = float(series.responses.mean())
    for day in np.unique(response_day).tolist():
        before = triggers[(trigger_day < day) & (trigger_day >= day - series.window)]
        if len(before):
            yield Evidence(record.dated(day), _ids(record, responses[response_day == day]), _ids(record, before), usual)


def _ids(record: Record, acts: Ints) -> tuple[str, ...]:
    return tuple(record.ids[at] for at in acts.tolist())


def summary(found: Sequence[Answer]) -> str:
    """One sentence about a screen."""
    if not found:
        return (
            f"No triad has enough data: {LEAST_DAYS} days, {LEAST_TRIGGERS} days with pressure and"
            f" {LEAST_RESPONSES} responses are needed."
        )
    ordinary = sum((one.ordinary_p or 0.0) <= 0.05 for one in found)
    shifted = sum((one.p or 0.0) <= 0.05 for one in found)
    held = sum((one.q or 0.0) <= 0.05 for one in found)
    return (
        f"{len(found)} triads asked: {ordinary} would pass for significant by ordinary p-values, {shifted} by shifted"
        f" ones, {held} {'stands' if held == 1 else 'stand'} at a false discovery rate of 5%."
    )
