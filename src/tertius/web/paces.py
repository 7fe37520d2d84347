"""When the pace of two changed, and what was reported then: the study of the tie, told with its acts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from tertius.errors import TooLittle, UsageError
from tertius.web import acts, ties
from tertius.web.acts import Acts
from tertius.web.charts import Mark
from tertius.web.desk import Row, View
from tertius.web.names import party

if TYPE_CHECKING:
    from tertius.studies.words import Words

SHOWN = 3  # acts behind a change
WEEK = 7
TONES = {"support": "cooperative", "pressure": "hostile"}


class Pace(NamedTuple):
    """What the studies say of two."""

    sentence: str
    words: list[str]  # words against deeds, a sentence for each way
    changes: list[Row]


def study(view: View, a: str, b: str, origin: str | None) -> Pace | None:
    """The tie of two and their words against their deeds; None where there is no act that the studies count."""
    from tertius.studies import tie, words

    if {a, b} - set(ties.actors(view)):
        return None
    try:
        record = ties.of_pair(view, a, b, origin)
        found = tie.tie(record, a, b)
    except (TooLittle, UsageError):
        return None
    told = [_gap(one) for one in words.words(record, a, b)]
    return Pace(_named(found.sentence, a, b), told, [msgspec.to_builtins(change) for change in found.changes])


def _gap(one: Words) -> str:
    """Words against deeds of one way, from the study of words; without the corpus's own line, which all pairs make."""
    from tertius.studies.words import LEAST_DEEDS, LEAST_WORDS

    who = f"{party(one.source)} toward {party(one.target)}"
    if one.gap is None or one.gap_low is None or one.gap_high is None:
        return (
            f"{who}: not enough to compare: {one.words} words ({LEAST_WORDS} needed),"
            f" {one.deeds} deeds ({LEAST_DEEDS})."
        )
    clear = "no different, beyond chance, from"
    if one.gap_high < 0 or one.gap_low > 0:
        clear = "harsher than" if one.gap_high < 0 else "kinder than"
    return (
        f"{who}: its deeds are {clear} its words: words {one.word_tone:+.2f}, deeds {one.deed_tone:+.2f} on a scale"
        f" from -1 (all hostile) to 1 (all cooperative), a gap of {one.gap:+.2f} (95% interval {one.gap_low:+.2f} to"
        f" {one.gap_high:+.2f}). Meetings count as neither."
    )


def _named(sentence: str, *codes: str) -> str:
    """A sentence of a study with the names of countries for their codes."""
    return re.sub(rf"\b({'|'.join(codes)})\b", lambda match: party(match[0]), sentence)


def listed(view: View, study: Pace, asked: Acts) -> list[Row]:
    """The changes in order of time, each with its number and the acts of its week, or the last ones before."""
    found = sorted(study.changes, key=lambda one: (one["date"], one["source"], one["tone"]))
    return [_told(view, one, asked) | {"number": number} for number, one in enumerate(found, 1)]


def _told(view: View, one: dict[str, Any], asked: Acts) -> Row:
    day = date.fromisoformat(one["date"])
    origin = {name: value for name, value in asked.chosen.items() if name == "origin"}
    own = {"source": one["source"], "target": one["target"], "tone": TONES[one["tone"]], "modality": "actual"} | origin
    week = Acts(own | {"since": one["date"], "until": (day + timedelta(days=WEEK - 1)).isoformat()})
    before = Acts(own | {"until": (day - timedelta(days=1)).isoformat()})
    count = acts.total(view, week)
    shown = acts.listed(view, week if count else before, SHOWN)
    acts.add_details(view, shown)
    return one | {
        "up": one["after"] > one["before"],
        "tone_words": TONES[one["tone"]],
        "count": count,
        "href": acts.href(view, week),
        "shown": shown,
    }


def mark(change: Row, a: str) -> Mark:
    """Where a change stands on the chart."""
    more = "more" if change["up"] else "fewer"
    words = f"{change['number']}: {more} {change['tone_words']} acts from {change['date']}"
    return Mark(date.fromisoformat(change["date"]), change["source"] == a, words)
