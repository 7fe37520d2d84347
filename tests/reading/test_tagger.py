from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.reading import attributions, language, quotation
from tertius.reading.attributions import proposals, quotes, tagger, tagging
from tertius.reading.attributions.tagging import Words
from tertius.reading.models import runtime

TEXT = "Anna Berg told reporters on Monday that “the bridge is closed”. She added it was old.\n\nNobody crossed it."


def words_of(text: str) -> Words:
    doc = language.parse(text)
    marks = quotation.find(text)
    vocabulary = tagger.load().vocabulary
    return tagging.words(doc, vocabulary, quotes.layout(doc, marks), proposals.find(doc, marks))


def test_every_feature_has_a_row() -> None:
    trained = tagger.load()
    words = words_of(TEXT)
    for column, size in enumerate(tagging.word_sizes(trained.vocabulary)):
        assert words.features[:, column].min() >= 0
        assert words.features[:, column].max() < size
    labels = len(trained.vocabulary.deps) + 1
    for cue in range(len(words.heads)):
        start, end = tagging.window(words, cue)
        table = tagging.pair(words, cue, start, end, None, labels)
        assert start <= cue < end
        assert all(table[:, k].max() < size for k, size in enumerate(tagging.pair_sizes(trained.vocabulary)))


def test_weights_fit_the_features() -> None:
    trained = tagger.load()
    assert len(trained.networks) == 2
    for network in trained.networks:
        for column, size in enumerate(tagging.pair_sizes(trained.vocabulary)):
            assert len(network.weights[f"pair.{column}"]) == size


def test_the_best_sequence_is_the_best_of_all() -> None:
    random = np.random.default_rng(3)
    weights = {
        "moves": random.normal(size=(3, 3)).astype(np.float32),
        "first": random.normal(size=3).astype(np.float32),
        "last": random.normal(size=3).astype(np.float32),
    }
    scores = random.normal(size=(5, 3)).astype(np.float32)

    def total(tags: tuple[int, ...]) -> float:
        moves = sum(weights["moves"][a, b] for a, b in itertools.pairwise(tags))
        return float(weights["first"][tags[0]] + weights["last"][tags[-1]] + moves + scores[range(5), tags].sum())

    best = max(itertools.product(range(3), repeat=5), key=total)
    assert tuple(tagger._viterbi(weights, scores)) == best


def test_it_reads_a_plain_sentence() -> None:
    doc = language.parse("Anna Berg told reporters on Monday that the bridge was closed.")
    (only,) = attributions.propose(doc)
    assert only.origin == "tagger"
    assert [doc[i].text for i in only.source] == ["Anna", "Berg"]
    assert doc[only.content[-1]].text == "closed"


def test_readings_name_the_weights() -> None:
    assert tagger.load().version == attributions.MODEL


def test_the_weights_are_small() -> None:
    place = Path(runtime.__file__).parent / "attributions.npz"
    assert place.stat().st_size < 10_000_000


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60) | st.sampled_from(["\n", ".", "“", "said", "said said said", "\n\nsaid:"]))
def test_any_text(text: str) -> None:
    doc = language.parse(text)
    for draft in attributions.propose(doc):
        assert all(0 <= i < len(doc) for i in (*draft.source, *draft.cue, *draft.content))
