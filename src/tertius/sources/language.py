"""In which language is it? py3langid on the head of the text; a short or doubtful text passes as English."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from tertius.errors import WrongLanguage
from tertius.sources import limits

NAMES = {
    "ar": "Arabic", "de": "German", "es": "Spanish", "fa": "Persian", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "pl": "Polish",
    "pt": "Portuguese", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def language(text: str) -> str:
    """ISO 639-1 code of the text's language (639-3 where that has none); 'en' where the evidence is thin."""
    head = text[: limits.LANGUAGE_CHARACTERS]
    if sum(map(str.isalpha, head)) < limits.LANGUAGE_LETTERS:
        return "en"
    code, probability = _identifier().classify(head)
    return str(code) if probability >= limits.LANGUAGE_CERTAINTY else "en"


def check(text: str, *, any_language: bool = False) -> str:
    """The language of the text. Raises WrongLanguage if it is not English, unless any is wanted."""
    found = language(text)
    if found != "en" and not any_language:
        name = NAMES.get(found, f"the language '{found}'")
        raise WrongLanguage(f"it is in {name}, and Tertius reads English: translate it, or try it with --any-language")
    return found


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
