"""When? The expressions of time in an article, the day of its dateline, and the days on which an event took place.

An event takes the date that governs it in the parse: its own clause first, then the verb that it completes. Dates in
another clause, in a relative clause about another thing, or with an attitude ('condemned on Monday the attack') do not
count. The publication date is taken only where the text reports the event as the day's news: in the headline or the
first sentence, in the main clause, in a tense of reporting, with no other word of time in the sentence. `When.origin`
always says which of the two it was, and everything else stays unknown.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from tertius.reading.times import clauses, grammar
from tertius.reading.times.expressions import TimeExpression, find, iso_date
from tertius.records import Period, Span, When

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["TimeExpression", "dateline", "find", "when"]

LEAD_TOKENS = 200  # no sentence behind these is looked at as the day's news
LEAD_LINES = 2  # headline and first paragraph; of each only the first sentence
DATELINE_LINES = 6
NOWHEN = When(start=None, end=None, precision="unknown", origin="unknown")


def when(doc: Doc, expressions: tuple[TimeExpression, ...], trigger: tuple[int, int], published: str | None) -> When:
    """The days of the event whose trigger stands at these code points; see the module for what is chosen."""
    root = clauses.root_of(doc, *trigger)
    if root is None:
        return NOWHEN
    sentence = root.sent
    near = [
        expression
        for expression in expressions
        if expression.start < sentence.end_char and sentence.start_char < expression.end
    ]
    chosen = _governing(doc, near, root) if near else None
    if chosen:
        return When(
            start=chosen.first,
            end=chosen.last,
            precision=chosen.precision,
            origin="expression",
            expression=Span(start=chosen.start, end=chosen.end, text=clauses.words_between(doc, *chosen[:2])),
        )
    day = iso_date(published)
    if day and sentence.start < LEAD_TOKENS and _is_news(doc, root, near):
        return When(start=day.isoformat(), end=day.isoformat(), precision="day", origin="publication")
    return NOWHEN


def governing_period(doc: Doc, expressions: tuple[TimeExpression, ...], head: Token) -> Period | None:
    """The days that the clause of a figure names, `head` being the token that stands for it."""
    days = when(doc, expressions, (head.idx, head.idx + len(head.text)), None)
    return Period(start=days.start, end=days.end) if days.start or days.end else None


def _governing(doc: Doc, near: list[TimeExpression], root: Token) -> TimeExpression | None:
    """The expression that is nearest to the event in the parse; of equals the nearest in the text."""
    rungs = clauses.ladder(root)
    costs: list[tuple[int, int, TimeExpression]] = []
    for expression in near:
        token = clauses.root_of(doc, expression.start, expression.end)
        if token is None:
            continue
        reached = [
            rung.steps * 3 + cost
            for rung in rungs
            if (cost := clauses.cost_between(token, rung, own=rung.token.i == root.i)) is not None
        ]
        if reached:
            costs.append((min(reached), abs(token.i - root.i), expression))
    return min(costs)[2] if costs else None


_DASH_RIGHT = re.compile(r"\.?,?\s?(?:\d{4})?\s?(?:\([\w /]{2,20}\))?\s?[-–—:]")
_DATELINE = re.compile(r"^\s*[A-Z][A-Z.,'’ /-]{2,40}(?:[\w., ]{0,20})?(?:\([\w /]{2,20}\))?\s*[-–—:]*\s*$")


def _in_dateline(text: str, expression: TimeExpression) -> bool:
    """'GENEVA, March 3 (Wire) -' at the head of a line dates the report, not what it tells."""
    line = text[max(text.rfind("\n", 0, expression.start) + 1, expression.start - 60) : expression.start]
    return (not line.strip() or bool(_DATELINE.match(line))) and bool(_DASH_RIGHT.match(text, expression.end))


# --- the day's news --------------------------------------------------------------------------------------------------


def _is_news(doc: Doc, root: Token, near: list[TimeExpression]) -> bool:
    """Is the event told as something of the day of publication? Only then may it carry that date."""
    sentence = root.sent
    lead = doc[: sentence.end].text_with_ws
    if not all(_in_dateline(lead, expression) for expression in near):
        return False
    head = lead[: sentence.start_char]
    line = sum(1 for written in head.split("\n")[:-1] if written.strip())
    opens = not _DATELINE.sub("", head.rpartition("\n")[2]).strip()
    if line >= LEAD_LINES or not opens or not clauses.reaches_main_clause(root):
        return False
    if any(token.lower_ in clauses.words("standing") for token in sentence):
        return False
    headline = line == 0 and not sentence.text.rstrip().endswith((".", "!", "”", '"'))
    return _reports(clauses.ladder(root), headline=headline)


def _reports(rungs: list[clauses.Rung], *, headline: bool) -> bool:
    """A past or perfect verb (in a headline the present, too); no modal, no pluperfect, nothing still going on."""
    verb = next((rung.token for rung in rungs if rung.token.pos_ in ("VERB", "AUX")), None)
    if verb is None:
        return False
    words = {child.lower_ for child in verb.children if child.dep_ in ("aux", "auxpass", "neg")}
    if words & (clauses.words("modals") | {"had", "to", "not", "n't", "n’t"}) or (
        "been" in words and verb.tag_ == "VBG"
    ):
        return False
    if verb.tag_ == "VBD" or (verb.tag_ == "VBN" and words & {"has", "have", "was", "were", "'ve", "’ve", "'s", "’s"}):
        return verb.lemma_ != "be"
    return headline and verb.tag_ in ("VBZ", "VBP", "VBN", "VBD") and verb.lemma_ != "be"


# --- dateline --------------------------------------------------------------------------------------------------------

_BEFORE_DATE = re.compile(
    r"(?:[A-Z][A-Z.'’ -]{1,40}(?:,\s?[A-Z][\w.'’ -]{1,30})?[,:(]?\s*\(?"
    r"|(?i:(?:first\s)?(?:published|posted|updated|date|released)(?:\s(?:on|at))?:?\s*)"
    r"|(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday),?\s*|\()?"
)
_AFTER_DATE = re.compile(r"\s*(?:$|[-–—(:|/,.)]|(?:at\s)?\d{1,2}[:.]\d\d)")


def dateline(text: str) -> date | None:
    """The publication date that stands at the head of an article ('GENEVA, 3 March 2018 -'); None without a year."""
    lines = [line.strip()[:200] for line in text[:4000].split("\n") if line.strip()]
    for line in lines[:DATELINE_LINES]:
        for found, end, start in grammar.full_dates(line):
            if _BEFORE_DATE.fullmatch(line, 0, start) and _AFTER_DATE.match(line, end):
                return found
    return None
