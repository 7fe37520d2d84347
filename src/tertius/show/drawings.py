"""What each study found, as the chart that shows it: results of tertius.studies in, an SVG out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import log2
from typing import TYPE_CHECKING

from tertius.ontology import QUAD_NAMES
from tertius.show.charts import (
    Around,
    Dot,
    Line,
    Predicted,
    Twice,
    beneath,
    dots,
    over_time,
    peri_event,
    profile,
    reliability,
)
from tertius.show.charts import forest as forest_of

if TYPE_CHECKING:
    from tertius.studies.answers import Answer, Study
    from tertius.studies.predictability import Predictability
    from tertius.studies.rem import Responses
    from tertius.studies.rem.study import Decay
    from tertius.studies.tie import Tie
    from tertius.studies.words import LeadLag, Words

TIERS = {"more predictable": 2, "less predictable": 4}  # the colours of quad classes


def forest(found: Responses) -> str:
    """Every effect between pairs (alignment) and within them (response), on the scale of log odds."""
    rows = [
        Twice(
            f"{e.effect.replace('_', ' ')} ({e.model})",
            (e.alignment, e.alignment_low, e.alignment_high),
            None if e.response is None else (e.response, e.response_low or 0.0, e.response_high or 0.0),
            2 if e.model == "who" else 4,
        )
        for e in found.effects
    ]
    return forest_of(rows, "Who acts on whom, and in what tone", "log odds", ("between: alignment", "within: response"))


def goodness(found: Responses) -> str:
    """Predicted chance of pressure against the observed share."""
    points = [Predicted(c.acts, c.predicted, c.observed) for c in found.tone.calibration]
    return reliability(points, "How well pressure is told from support", "pressure")


def decay(rows: Sequence[Decay]) -> str:
    """How well the tone model fits at each half-life of triggers."""
    points = sorted({(row.half_life, row.alignment_loglik, row.response_loglik) for row in rows})
    return profile(
        points,
        "How fast what happened fades: log-likelihood below the best",
        "half-life in days",
        ("between pairs", "within pairs"),
    )


def around_triggers(found: Study) -> str:
    """The days around a day of pressure."""
    one = found.answer
    what = f"{one.a} supports {one.b}" if one.how == "support" else f"{one.a} presses {one.x}"
    points = [Around(p.lag, p.responses, p.null_low, p.null_high) for p in found.curve]
    return peri_event(points, f"{what} around the days on which {one.x} presses {one.b}")


def triads(found: Iterable[Answer]) -> str:
    """The rate ratios of a screen, on a logarithmic scale (base 2)."""
    rows = [
        Dot(
            f"{one.x} presses {one.b}: {one.a}", log2(one.ratio), log2(one.low), log2(one.high),
            4 if (one.q or 1.0) <= 0.05 else 1, one.sentence,
        )
        for one in found
        if one.ratio and one.low and one.high
    ]  # fmt: skip
    return dots(rows, "Who steps in", "doublings of the rate", 0.0)


def predictabilities(rows: Iterable[Predictability]) -> str:
    """A dot for each actor, most predictable first."""
    drawn = [Dot(row.actor, row.bits, row.low, row.high, TIERS.get(row.tier, 1)) for row in rows]
    return dots(drawn, "Surprise per act", "bits (fewer: more predictable)")


def both_ways(found: Tie) -> str:
    """Acts a week of the first on the second by quad class, above those of the second on the first."""
    days = {p.start: float(date.fromisoformat(p.start).toordinal()) for p in found.periods}
    step = max(1, len(days) // 6)
    ticks = [(day, start) for start, day in list(days.items())[::step]]
    charts = []
    for source, target in dict.fromkeys((p.source, p.target) for p in found.periods):
        own = [p for p in found.periods if p.source == source]
        lines = [
            Line(name, quad, [(days[p.start], p.weekly, p.low, p.high) for p in own if p.quad == quad])
            for quad, name in QUAD_NAMES.items()
        ]
        marks = [float(date.fromisoformat(c.date).toordinal()) for c in found.changes if c.source == source]
        charts.append(over_time(lines, ticks, marks, f"{source} on {target}"))
    return beneath(charts, "Tie over time")


def words_and_deeds(found: Iterable[Words]) -> str:
    """Words and deeds of both, from all harsh to all kind."""
    rows = []
    for row in found:
        if row.word_tone is None or row.word_low is None or row.word_high is None:
            continue
        rows.append(Dot(f"{row.source} to {row.target}: words", row.word_tone, row.word_low, row.word_high, 1))
        if row.deed_tone is not None and row.deed_low is not None and row.deed_high is not None:
            rows.append(Dot(f"{row.source} to {row.target}: deeds", row.deed_tone, row.deed_low, row.deed_high, 2))
    return dots(rows, "Words against deeds", "all harsh (-1) to all kind (+1)", 0.0)


def deeds_around_words(around: Sequence[LeadLag]) -> str:
    """Harsh deeds on the days around harsh words."""
    points = [Around(p.lag, p.deeds, p.null_low, p.null_high) for p in around]
    first = around[0]
    title = f"{first.source}'s harsh deeds toward {first.target} around the days of its harsh words"
    return peri_event(points, title, "harsh deeds a day")
