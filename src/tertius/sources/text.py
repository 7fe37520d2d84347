"""Bytes to text, once, at the door: after it there is no NUL, no lone surrogate and one kind of line end.

Offsets everywhere else refer to the text that leaves here; nothing else of it is changed.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from tertius.errors import EmptySource, NoArticle, NotText, SourceError, TooLarge
from tertius.sources import limits

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_KINDS = (
    (b"%PDF", "a PDF: turn it into text first, for instance with pdftotext"),
    (b"PK\x03\x04", "a zip archive or an office document: unpack it, or save it as text"),
    (b"\xd0\xcf\x11\xe0", "an old office document: save it as text"),
    (b"PAR1", "a Parquet file: give it a name that ends in .parquet"),
    (b"\x1f\x8b", "compressed: give it a name that ends in .gz"),
    (b"{\\rtf", "an RTF document: save it as text"),
)
HEADLINE = 160  # characters that a headline has at most
_SAMPLE = 50_000  # bytes that the encoding is guessed from
_CONTROL_SHARE = 0.01  # of the characters; real text has next to none


class Article(NamedTuple):
    """An article as a source gives it: its text, and what the source says about it. `where` names the place."""

    where: str
    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: str | None = None  # ISO date


def read_text(data: bytes, where: str) -> Article:
    """The article in a plain text file. Raises EmptySource, NotText or TooLarge."""
    return Article(where, normalise(decode(data)))


def headline(text: str) -> str | None:
    """The first line of a text, where it stands alone like a headline: short, and no sentence that ends in a stop."""
    first, _, rest = text.lstrip().partition("\n")
    first = first.strip()
    alone = rest.startswith(("\n", "\r\n")) and bool(rest.strip())
    return first if alone and 0 < len(first) <= HEADLINE and first[-1] not in ".:;,-–—" else None


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode by byte order mark, as UTF-8, by the declared encoding, or by what charset-normalizer makes of it.

    Raises EmptySource, TooLarge, and NotText for what is no text in any encoding.
    """
    if len(data) > limits.TEXT_BYTES:
        raise TooLarge(f"it is larger than {limits.TEXT_BYTES:,} bytes: split it into single articles")
    if not data.strip(b"\0 \t\r\n\f\v"):
        raise EmptySource("it is empty: nothing to read")
    _refuse_known_kinds(data)
    text = _marked(data) or _decoded(data, "utf-8") or _decoded(data, declared) or _guessed(data)
    if text is None or len(_CONTROL.findall(text)) + text.count("\0") > _CONTROL_SHARE * len(text):
        raise NotText("it is not text: give a text, HTML, JSONL, CSV or Parquet file")
    return text


def normalise(text: str) -> str:
    r"""The text as it is stored: NUL and lone surrogates replaced one for one, line ends `\n`, no byte order mark."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _UNSTORABLE.sub(REPLACEMENT, text)


def check_text(text: str) -> None:
    """Raise EmptySource, TooLarge or NoArticle for a text that cannot be read as an article."""
    if not text.strip():
        raise EmptySource("it is empty: nothing to read")
    if len(text) > limits.TEXT_CHARACTERS:
        raise TooLarge(f"it has more than {limits.TEXT_CHARACTERS:,} characters: split it into single articles")
    words = (match for _, match in zip(range(limits.SENTENCE_WORDS), _WORD.finditer(text), strict=False))
    if len(list(words)) < limits.SENTENCE_WORDS:
        raise NoArticle("it holds no sentences: give the text of an article")


def encoding_of(sample: bytes) -> str:
    """The encoding of a stream that begins with this sample. Raises EmptySource or NotText."""
    if marked := next((encoding for mark, encoding in _MARKS if sample.startswith(mark)), None):
        return marked
    if _utf8_but_for_the_end(sample):
        decode(sample.decode("utf-8", "ignore").encode())
        return "utf-8"
    decode(sample)
    return _guess(sample) or "utf-8"


def known_encoding(name: str | None) -> str | None:
    """The codec for an encoding that a page or a server declares; None for one that Python does not know as text."""
    if not name:
        return None
    try:
        codec = codecs.lookup(name.strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    latin = codec.name in {"iso8859-1", "ascii"}  # the web reads both as windows-1252
    return "cp1252" if latin else codec.name if codec._is_text_encoding else None


def _refuse_known_kinds(data: bytes) -> None:
    for magic, kind in _KINDS:
        if data.startswith(magic):
            raise NotText(f"it is {kind}")


def _marked(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return None


def _decoded(data: bytes, encoding: str | None) -> str | None:
    codec = known_encoding(encoding)
    if codec is None:
        return None
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _utf8_but_for_the_end(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _guessed(data: bytes) -> str | None:
    encoding = _guess(data)
    return data.decode(encoding, "replace") if encoding else None


def _guess(data: bytes) -> str | None:
    """What charset-normalizer takes the bytes for; windows-1252 wherever that fits, since the articles are English."""
    import charset_normalizer

    matches = charset_normalizer.from_bytes(data[:_SAMPLE])
    if any("cp1252" in match.could_be_from_charset for match in matches):
        return "cp1252"
    best = matches.best()
    return best.encoding if best is not None else None


def named(error: SourceError, where: str) -> SourceError:
    """The same error with the place where it happened, unless it names one already."""
    return error if error.where else type(error)(error.reason, where)
