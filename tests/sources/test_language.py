from __future__ import annotations

import pytest

from tertius.errors import WrongLanguage
from tertius.sources.language import check, language

GERMAN = "Der Minister hat am Montag den Angriff auf die Hauptstadt scharf verurteilt und neue Sanktionen angekündigt."
FRENCH = "Le ministre a condamné lundi l'attaque contre la capitale et annoncé de nouvelles sanctions contre le régime."
ENGLISH = "The minister condemned Monday's attack on the capital and announced new sanctions against the government."


@pytest.mark.parametrize(("text", "code"), [(GERMAN, "de"), (FRENCH, "fr"), (ENGLISH, "en")])
def test_languages_are_told_apart(text: str, code: str) -> None:
    assert language(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "Modi, Xi hold talks in Samarkand.",
        "Xi Jinping, Kim Jong Un meet in Pyongyang",
        "Merkel visits Erdogan in Ankara",
        "Hamas, Hezbollah, Houthis: Sanaa, Beirut, Gaza",
        "",
        "1234",
        "Putin ärgert Kim",
    ],
)
def test_short_texts_are_not_refused_on_thin_evidence(text: str) -> None:
    assert language(text) == "en"


def test_another_language_is_named_with_the_cure() -> None:
    with pytest.raises(WrongLanguage, match=r"German.*--any-language"):
        check(GERMAN)
    assert check(GERMAN, any_language=True) == "de"


def test_only_the_head_is_looked_at() -> None:
    assert language(ENGLISH * 20 + GERMAN * 400) == "en"
