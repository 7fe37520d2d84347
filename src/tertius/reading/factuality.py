"""Should a reader take it that it happened, and on whose word? The modality of an act and the stances of its speakers.

The scale is that of FactBank (Sauri and Pustejovsky 2009) and De Marneffe, Manning and Potts (2012) in plainer words:
asserted CT+, believed and alleged PR+, doubted PS-, denied CT-, and for what they leave unknown (Uu) expected and
possible. The combinations are in factuality.csv; docs/attribution.md explains them.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from tertius.reading.attributions.vouching import CONTESTING
from tertius.records import Attribution, Factuality, Modality, Span, Verdict

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

NEGATIONS = frozenset(("no", "never", "neither", "nor", "nobody", "none", "hardly"))
STEPS = 20  # up the tree from an act to the edge of what is said


def of(doc: Doc, trigger: tuple[int, int], modality: Modality, vouchers: Sequence[Attribution]) -> Factuality:
    """The verdict on the act whose trigger covers code points `trigger`; `vouchers` are its speakers, outermost first.

    The innermost speaker gives it. One further out only reports him, unless he contests the report itself."""
    if not vouchers:
        return Factuality(verdict=_table()[modality, "asserts"])
    *outer, inner = vouchers
    verdict, by = _table()[_said(doc, trigger, modality, vouchers), _stance(inner)], inner
    for one in reversed(outer):
        if one.stance in CONTESTING:
            verdict, by = _contested(doc, verdict, by, one), one
    return Factuality(verdict=verdict, by=by.id)


def _said(doc: Doc, trigger: tuple[int, int], modality: Modality, vouchers: Sequence[Attribution]) -> Modality:
    """The modality of the act in the innermost speaker's own words: 'denied that it had left' negates nothing there."""
    if modality != "negated" or all(one.stance not in CONTESTING for one in vouchers):
        return modality
    return "negated" if _negated_inside(doc, trigger, vouchers[-1].content) else "actual"


def _negated_inside(doc: Doc, trigger: tuple[int, int], content: Sequence[Span]) -> bool:
    span = doc.char_span(*trigger, alignment_mode="expand")
    word: Token | None = span.root if span is not None and len(span) else None
    for _ in range(STEPS):
        if word is None or not any(piece.start <= word.idx < piece.end for piece in content):
            return False
        if any(child.dep_ == "neg" or child.lower_ in NEGATIONS for child in word.children):
            return True
        word = word.head if word.head.i != word.i else None
    return False


def _contested(doc: Doc, verdict: Verdict, inner: Attribution, outer: Attribution) -> Verdict:
    """'Moscow denied reports that ...' denies the act; 'Moscow denied that Kiev had said ...' leaves it open."""
    pieces = (doc.char_span(piece.start, piece.end, alignment_mode="expand") for piece in inner.cue)
    named = any(word.pos_ == "NOUN" for span in pieces if span is not None for word in span)
    settled = verdict in ("asserted", "alleged", "believed")
    return _table()["actual", _stance(outer)] if named and settled else "possible"


def _stance(one: Attribution) -> str:
    weak = {"asserts": "alleges", "believes": "hopes"}
    return weak.get(one.stance, one.stance) if one.force == "weak" else one.stance


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, str], Verdict]:
    text = files("tertius.reading").joinpath("factuality.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    stances = ("asserts", "alleges", "believes", "hopes", "doubts", "denies")
    return {(row["modality"], stance): cast("Verdict", row[stance]) for row in rows for stance in stances}
