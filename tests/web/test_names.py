from __future__ import annotations

import pytest

from tertius.web import names


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("RUS", "Russia"),
        ("UKR", "Ukraine"),
        ("SDN", "Sudan"),
        ("UNO", "United Nations"),
        ("REB", "rebels"),
        ("the mob", "the mob"),
    ],
)
def test_parties_are_called_by_their_names(key: str, words: str) -> None:
    assert names.party(key) == words


def test_values_of_facets_are_told_in_words() -> None:
    assert names.label("quad", "4") == "material conflict"
    assert names.label("confidence", "high") == "0.8 and more"
    assert names.label("article", "sha256:" + "a" * 64) == "a" * 12
    assert names.label("type", "AID") == "AID"


def test_only_codes_have_a_page_as_a_pair() -> None:
    assert [names.is_code(key) for key in ("RUS", "rus", "RUSSIA", "", None, "RU\n")] == [True] + [False] * 5
