"""The joint ranking: which readings of a doubtful trigger are weighed, joined and merged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertius.reading import language
from tertius.reading.events import inputs, ranking
from tertius.reading.events.inputs import SentenceInput
from tertius.reading.events.ranking import FEATURES, NAMES, Proposal, Ranking

EVEN = Ranking([0.0] * len(FEATURES), [1.0] * len(FEATURES), [0.0] * len(FEATURES), 0.0, 0.5, {})
BY_SECOND_LOOK = Ranking(
    [0.0] * len(FEATURES), [1.0] * len(FEATURES), [float(f == "second look") for f in FEATURES], 0.0, 0.5, {}
)


def sentence(text: str) -> SentenceInput:
    return inputs.of_sentence(language.parse(text)[:])


def proposal(
    of: SentenceInput, trigger: str, kind: str, source: str, target: str | None, valid: float = 0.8, share: float = 0.9
) -> Proposal:
    def chances(words: str | None, size: int) -> np.ndarray:
        spread = np.full(size, (1 - share) / size, dtype=np.float32)
        names = [of.text[a:b] for a, b, _ in of.candidates]
        spread[names.index(words) if words else -1] += share
        return spread

    types = np.full(len(NAMES), 0.01, dtype=np.float32)
    types[NAMES.index(kind)] = 0.85
    word = next(n for n, w in enumerate(of.words) if of.text[w.start : w.end] == trigger)
    count = len(of.candidates)
    return Proposal(
        word=word, first=0.7, first_types=types, valid=valid, types=types, reciprocal=0.1,
        modality=np.array([0.9, 0.05, 0.03, 0.02], dtype=np.float32),
        source=chances(source, count), target=chances(target, count + 1),
    )  # fmt: skip


def words(of: SentenceInput, members: tuple[int, ...]) -> list[str]:
    return [of.text[of.candidates[m][0] : of.candidates[m][1]] for m in members]


def test_the_likeliest_reading_is_taken() -> None:
    s = sentence("Poland accused Belarus of sending migrants.")
    (row,) = ranking.read(s, [proposal(s, "accused", "ACCUSE", "Poland", "Belarus")], EVEN)
    assert (NAMES[row.type], words(s, row.sources), words(s, row.targets)) == ("ACCUSE", ["Poland"], ["Belarus"])
    assert row.probability == pytest.approx(0.5)


def test_no_target_can_win() -> None:
    s = sentence("North Korea tested a missile.")
    (row,) = ranking.read(s, [proposal(s, "tested", "MOBILIZE", "North Korea", None)], EVEN)
    assert row.targets == ()


def test_coordinated_phrases_act_together_and_others_do_not() -> None:
    s = sentence("Poland and Latvia accused Belarus while Chad watched.")
    p = proposal(s, "accused", "ACCUSE", "Poland", "Belarus")
    names = [s.text[a:b] for a, b, _ in s.candidates]
    p.source[:] = 0.01
    p.source[names.index("Poland")], p.source[names.index("Latvia")], p.source[names.index("Chad")] = 0.4, 0.3, 0.3
    (row,) = ranking.read(s, [p], EVEN)
    assert words(s, row.sources) == ["Poland", "Latvia"]


def test_verb_and_noun_of_one_act_are_one_event() -> None:
    s = sentence("Rebels launched an attack on the army.")
    verb = proposal(s, "launched", "ASSAULT", "Rebels", "the army", valid=0.6)
    noun = proposal(s, "attack", "ASSAULT", "Rebels", "the army", valid=0.9)
    (row,) = ranking.read(s, [verb, noun], BY_SECOND_LOOK)
    assert row.proposal is noun


def test_two_acts_of_one_source_stay_two() -> None:
    s = sentence("Poland condemned Belarus in a long speech on Monday evening and then praised Latvia.")
    found = ranking.read(
        s,
        [
            proposal(s, "condemned", "ACCUSE", "Poland", "Belarus"),
            proposal(s, "praised", "SUPPORT", "Poland", "Latvia"),
        ],
        EVEN,
    )
    assert len(found) == 2


def test_the_same_phrase_is_never_source_and_target() -> None:
    s = sentence("Poland accused Belarus.")
    for row in ranking.read(s, [proposal(s, "accused", "ACCUSE", "Poland", "Poland")], EVEN):
        assert not set(row.sources) & set(row.targets)


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_probabilities_rise_with_the_weighted_features(a: float, b: float) -> None:
    low, high = sorted((a, b))
    rest = [0.0] * (len(FEATURES) - 1)
    weights = Ranking([0.0] * len(FEATURES), [1.0] * len(FEATURES), [1.0, *rest], 0.0, 0.5, {})
    assert 0 <= weights.probability([low, *rest]) <= weights.probability([high, *rest]) <= 1
