from __future__ import annotations

from tertius.reading import language
from tertius.reading.attributions import joining
from tertius.reading.attributions.drafts import Draft

DOC = language.parse("Berg said “the bridge is closed for good” and left . She smiled .")
OPEN, CLOSE = 2, 9  # the quotation marks


SAID = Draft((0,), (1,), tuple(range(4, 7)), True, "tagger")


def test_a_quotation_is_taken_whole() -> None:
    (only,) = joining.combined(DOC, [], [SAID], [(OPEN, CLOSE + 1)])
    assert only.content == tuple(range(OPEN, CLOSE + 1))


def test_a_quotation_that_holds_the_cue_is_left_alone() -> None:
    inner = SAID._replace(cue=(3,))
    (only,) = joining.combined(DOC, [], [inner], [(OPEN, CLOSE + 1)])
    assert only.content == SAID.content


def test_a_nested_rule_is_kept_and_a_rival_is_not() -> None:
    nested = Draft((), (5,), (6,))
    rival = Draft((), (11,), (12,))
    found = joining.combined(DOC, [nested, rival], [SAID], [])
    assert found == [SAID, nested]


def test_a_quotation_without_a_cue_is_kept_where_nobody_else_speaks() -> None:
    alone = Draft((13,), (), tuple(range(14, 14 + joining.ENOUGH)), False, "quote")
    covered = Draft((13,), (), tuple(range(5, 5 + joining.ENOUGH)), False, "quote")
    short = Draft((13,), (), (12, 13), False, "quote")
    assert joining.combined(DOC, [alone, covered, short], [SAID], []) == [SAID, alone]


def test_a_plain_sentence_that_the_tagger_passed_over_is_kept() -> None:
    text = language.parse("Two officials said that the ship had sunk. Oman slept.")
    said = Draft((0, 1), (2,), (3, 4, 5, 6, 7))
    topic = Draft((9,), (10,), (9,))
    assert joining.combined(text, [said, topic], [], []) == [said]


def test_the_speaker_is_no_part_of_what_he_says() -> None:
    mixed = SAID._replace(content=(0, 4, 5, 6))
    (only,) = joining.combined(DOC, [], [mixed], [])
    assert only.content == (4, 5, 6)


def test_a_transcript_wins() -> None:
    turn = Draft((0,), (1,), tuple(range(2, 12)), True, "transcript")
    assert joining.combined(DOC, [turn], [SAID], []) == [turn]


def test_the_rules_know_where_a_quotation_goes_on() -> None:
    spoken = Draft((0,), (1,), (4, 5, 6, 14), True, "quote")
    (only,) = joining.combined(DOC, [spoken], [SAID], [])
    assert only.content == (4, 5, 6, 14)
