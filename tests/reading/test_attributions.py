"""Attributions: sentences of our own, then a hundred passages (data/attributions.jsonl), a third of them held out.

The passages were written before the reader. Each gives contents with the speakers and stances that a careful reader
accepts; `absent` spans are words in quotation marks, or beside them, that nobody says.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.reading import actors, attributions, language
from tertius.reading.attributions import drafts
from tertius.records import Attribution, Document

PASSAGES = Path(__file__).parent / "data" / "attributions.jsonl"


@lru_cache(maxsize=256)
def read(text: str) -> tuple[Attribution, ...]:
    doc = language.parse(text)
    cast = actors.find(doc, Document.from_text(text, published="2024-05-01"))
    return attributions.find(doc, cast)


def content(one: Attribution) -> str:
    return " | ".join(piece.text for piece in one.content)


def said(text: str, words: str) -> Attribution:
    """The innermost attribution whose content covers the words."""
    start = text.index(words)
    name = attributions.innermost(read(text), start, start + len(words))
    assert name is not None, f"nobody says {words!r}"
    return next(one for one in read(text) if one.id == name)


# --- direct, indirect, mixed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected", "kind"),
    [
        ('"The bridge is closed," Anna Berg said.', '"The bridge is closed,"', "direct"),
        ('Anna Berg said: "The bridge is closed."', '"The bridge is closed."', "direct"),
        ("Anna Berg said the bridge was closed.", "the bridge was closed", "indirect"),
        ('Anna Berg said the bridge was "beyond repair".', 'the bridge was "beyond repair"', "mixed"),
        ('"The bridge," said Anna Berg, "is closed."', '"The bridge," | "is closed."', "direct"),
        ("The bridge, according to Anna Berg, is closed.", "The bridge | is closed", "indirect"),
    ],
)
def test_kind_and_content(text: str, expected: str, kind: str) -> None:
    first = next(one for one in read(text) if one.source and "Anna Berg" in one.source[0].text)
    assert (content(first), first.kind) == (expected, kind)
    assert first.speaker.name == "Anna Berg"


@pytest.mark.parametrize(
    ("text", "words", "stance"),
    [
        ("Moscow said its troops had left.", "troops had left", "asserts"),
        ("Moscow denied that its troops had left.", "troops had left", "denies"),
        ("Moscow doubts that the troops will leave.", "troops will leave", "doubts"),
        ("Moscow believes that the troops will leave.", "troops will leave", "believes"),
        ("Moscow does not believe that the troops will leave.", "troops will leave", "doubts"),
        ("Moscow rejected claims that its troops had left.", "troops had left", "denies"),
        ("Moscow is not convinced that the troops will leave.", "troops will leave", "doubts"),
    ],
)
def test_stance(text: str, words: str, stance: str) -> None:
    assert said(text, words).stance == stance


def test_a_transcript_names_its_speakers() -> None:
    text = "MALLOY: Who signed it?\n\nBRANDT: The whole cabinet signed it.\n\nMALLOY: All of them?"
    answer = said(text, "The whole cabinet signed it.")
    assert answer.source[0].text == "BRANDT"
    assert answer.kind == "direct"


def test_a_caption_is_no_transcript() -> None:
    assert read("UPDATE: The port is open again.") == ()


def test_scare_quotes_are_nobodys_words() -> None:
    assert read('The "festival" drew a crowd of nine.') == ()


def test_a_block_quotation_without_a_cue_is_uncertain() -> None:
    text = (
        "Minister Carl Ost toured the port and said that it would grow.\n\n“The port is a marvel. It will be bigger.”"
    )
    block = said(text, "The port is a marvel.")
    assert not block.speaker_certain


def test_a_quotation_that_flows_over_paragraphs_is_one() -> None:
    text = "“We tried,” Ambassador Sylvie Laurent said. “We failed.\n\n“Others may not.”"
    assert said(text, "We tried") == said(text, "Others may not")


def test_anonymous_speakers_keep_their_words() -> None:
    speaker = said("Two officials close to the talks said that Oman would host them.", "Oman would host").speaker
    assert speaker.anonymous
    assert speaker.name == "Two officials close to the talks"


def test_nested_attributions_keep_the_chain() -> None:
    text = "Elena Petrova said that Ankara believes the talks are dead."
    assert said(text, "the talks are dead").stance == "believes"
    assert said(text, "Ankara believes").speaker.name == "Elena Petrova"


def test_a_chain_goes_from_who_reports_to_who_is_reported() -> None:
    text = "Reuters quoted officials as saying that Ankara believes the talks are dead."
    by_id = {one.id: one for one in read(text)}
    names: list[str | None] = []
    one: Attribution | None = said(text, "the talks are dead")
    while one is not None:
        names.append(one.speaker.name)
        one = by_id.get(one.within or "")
    assert names == ["Turkey", "officials", "Reuters"]


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("Moscow insisted that its troops had left.", "strong"),
        ("Moscow said that its troops had left.", "neutral"),
        ("Moscow claimed that its troops had left.", "weak"),
    ],
)
def test_force(text: str, force: str) -> None:
    assert said(text, "troops had left").force == force


@pytest.mark.parametrize("hedge", ["reportedly", "allegedly"])
def test_a_hedge_covers_its_sentence_and_has_no_speaker(hedge: str) -> None:
    one = said(f"The army {hedge} shelled two villages on Tuesday.", "shelled two villages")
    assert (one.force, one.source, one.speaker.anonymous) == ("weak", (), True)


def test_deeds_inside_a_report_are_no_reports() -> None:
    assert len(read("Chad said that rebels attacked the port of Massawa.")) == 1


def test_the_writers_own_word_has_no_speaker() -> None:
    assert attributions.innermost(read("The bridge is closed."), 0, 10) is None


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("Moscow said its troops had left.", True),
        ("Moscow believes that the troops will leave.", True),
        ("Moscow supports the withdrawal of its troops.", False),
        ("Moscow wants the troops to leave.", False),
        ("Kenya accused Somalia of shelling its border posts.", True),
        ("Moscow rejected claims that its troops had left.", True),
        ("Iran is thought to have attacked the tanker.", True),
        ("According to the ministry, Armenia shelled three villages.", True),
        ("Obama ordered 300 soldiers to assist troops who fight rebels.", False),
    ],
)
def test_claims(text: str, claimed: bool) -> None:
    found = attributions.claims(language.parse(text), read(text))
    assert bool(found) is claimed


def test_nobody_vouches_for_his_own_act() -> None:
    text = "Elena Petrova said that Ankara condemned the raid."
    claimed = attributions.claims(language.parse(text), read(text))
    start = text.index("condemned")
    speaker = claimed[0].speaker.actor
    assert attributions.voucher(claimed, start, start + 9, ["somebody"]) == claimed[0].id
    assert speaker is not None
    assert attributions.voucher(claimed, start, start + 9, [speaker]) is None


def test_who_denies_his_own_act_is_heard() -> None:
    text = "Moscow denied that it had threatened Kyiv."
    (one,) = attributions.claims(language.parse(text), read(text))
    start = text.index("threatened")
    assert one.speaker.actor is not None
    assert attributions.voucher((one,), start, start + 10, [one.speaker.actor]) == one.id


def test_numbers_are_cited_whatever_the_form() -> None:
    text = "The ministry reported 40 deaths."
    doc = language.parse(text)
    assert [one.cue[0].text for one in attributions.cited(doc, read(text))] == ["reported"]


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"The bridge is closed, Anna Berg said.', "bridge is closed"),  # never closes
        ("Anna Berg said: “The bridge is closed.\n\nThe mayor went home.", "bridge is closed"),
        ('The bridge is closed," Anna Berg said.', "bridge is closed"),  # never opens
        ('“The bridge is closed," Anna Berg said.', "bridge is closed"),  # curly and straight
        ("''The bridge is closed,'' Anna Berg said.", "bridge is closed"),
        ("«The bridge is closed», Anna Berg said.", "bridge is closed"),
        ("‘The bridge is closed,’ Anna Berg said.", "bridge is closed"),
        ("The bridge is closed, Anna Berg said.", "bridge is closed"),  # no marks
        ("Anna Berg said the owners' offer wasn't enough.", "owners' offer wasn't enough"),  # apostrophes
        ("“He told me ‘never again’ and left,” Anna Berg said.", "He told me"),  # quotes inside quotes
        ("“The bridge,” Anna Berg said, “is closed.", "is closed"),  # split, the second half open
    ],
)
def test_marks_that_do_not_match(text: str, words: str) -> None:
    assert said(text, words).speaker.name == "Anna Berg"


def test_a_quotation_that_never_closes_ends_with_its_paragraph() -> None:
    text = "Anna Berg said: “The bridge is closed.\n\nThe mayor went home."
    start = text.index("The mayor")
    assert attributions.innermost(read(text), start, start + 9) is None


@pytest.mark.parametrize(
    "text",
    [
        "By Anna Berg and Carl Ost, Staff Writers\n\nThe bridge is closed.",
        "Photo: Anna Berg/Agence Nord\n\nThe bridge is closed.",
        "(Photo by Anna Berg, File)\n\nThe bridge is closed.",
        "The court seized the said vessel on Monday.",
        "The said minister left for Oslo.",
    ],
)
def test_bylines_credits_and_the_said_vessel_say_nothing(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Fjord Times has learned that the minister will resign.", "Fjord Times"),
        ("The minister will resign, this newspaper reported on Monday.", "newspaper"),
    ],
)
def test_the_publication_itself_may_speak(text: str, name: str) -> None:
    speaker = said(text, "minister will resign").speaker
    assert speaker.name == name
    assert not speaker.anonymous


# --- anything goes in ------------------------------------------------------------------------------------------------

PIECES = ["\"", "“", "”", "''", "«", "»", "'", "said", "denied that", "He", "officials", "according to", "Paris", ",",
          ".", ":", "\n\n", "BRANDT:", "MORE:", "claims", "what", "is", "reportedly",
          "in the view of", " "]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30))
def test_any_text_is_read_and_spans_slice(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for one in read(text):
        for span in (*one.source, *one.cue, *one.content):
            assert span.text == text[span.start : span.end]
            assert span.start < span.end
        assert one.content


def test_drafts_of_nothing() -> None:
    assert attributions.propose(language.parse("")) == []
    assert drafts.clauses(language.parse("\n\n")) == []


# --- a hundred passages ----------------------------------------------------------------------------------------------


def letters(text: str, spans: list[tuple[int, int]]) -> set[int]:
    return {i for start, end in spans for i in range(start, end) if text[i].isalnum()}


def match(text: str, gold: dict[str, Any]) -> Attribution | None:
    """The attribution whose content is the gold's: four fifths of it, and token F1 at least 0.6."""
    wanted = letters(text, [(start, end) for start, end in gold["content"]])
    best, best_score = None, 0.6
    for one in read(text):
        found = letters(text, [(piece.start, piece.end) for piece in one.content])
        both = len(found & wanted)
        score = 2 * both / (len(found) + len(wanted)) if found else 0.0
        if both >= 0.8 * len(wanted) and score >= best_score:
            best, best_score = one, score
    return best


def named(name: str | None, accepted: list[str | None]) -> bool:
    if name is None:
        return None in accepted
    plain = name.lower().removeprefix("the ")
    known = {one.lower().removeprefix("the ") for one in accepted if one}
    return plain in known or plain.split()[-1] in known


def scores(split: str) -> dict[str, float]:
    found = stance = speaker = total = 0
    for passage in map(json.loads, PASSAGES.read_text(encoding="utf-8").splitlines()):
        if passage["split"] != split:
            continue
        for gold in passage["attributions"]:
            total += 1
            one = match(passage["text"], gold)
            found += one is not None
            stance += one is not None and one.stance in gold["stance"]
            speaker += one is not None and named(one.speaker.name, gold["speaker"])
    return {"content": found / total, "stance": stance / total, "speaker": speaker / total}


@pytest.mark.parametrize("split", ["dev", "held"])
def test_passages(split: str) -> None:
    figures = scores(split)
    assert figures["stance"] >= 0.9, figures
    assert figures["speaker"] >= 0.9, figures


def test_words_that_nobody_says() -> None:
    for passage in map(json.loads, PASSAGES.read_text(encoding="utf-8").splitlines()):
        for start, end in passage["absent"]:
            inside = [one for one in read(passage["text"]) if any(p.start < end and start < p.end for p in one.content)]
            assert not inside, passage["id"]
