from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertius.errors import EmptySource, NoArticle, NotText, SourceError, TooLarge
from tertius.sources import limits
from tertius.sources.text import (
    REPLACEMENT,
    check_text,
    decode,
    encoding_of,
    headline,
    known_encoding,
    normalise,
    read_text,
)

WORDS = "Łukasz Żak, the prime minister’s aide, said “no” on Monday. Café Zürich stayed shut; Málaga did not."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marked_encodings_are_honoured(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert normalise(decode(mark + WORDS.encode(encoding))) == WORDS


def test_a_wrong_encoding_is_found_out() -> None:
    words = "The café in Zürich stayed open, said the minister’s aide. “We are naïve no more,” she added in Málaga."
    assert decode(words.encode("cp1252")) == words


def test_a_declared_encoding_is_used() -> None:
    words = "Łukasz Żak powiedział"
    assert decode(words.encode("iso8859-2"), "iso-8859-2") == words


@pytest.mark.parametrize(
    ("name", "codec"), [("ISO-8859-1", "cp1252"), ("utf8", "utf-8"), ("nonsense", None), ("zlib", None), ("a\0b", None)]
)
def test_declared_encodings_are_known_or_ignored(name: str, codec: str | None) -> None:
    assert known_encoding(name) == codec


@pytest.mark.parametrize("data", [b"", b"  \n\t ", b"\0\0\0", b"\xef\xbb\xbf \n"])
def test_empty_files(data: bytes) -> None:
    with pytest.raises(EmptySource, match="empty"):
        check_text(normalise(decode(data)))


@pytest.mark.parametrize(
    ("data", "cure"),
    [
        (b"%PDF-1.7 ...", "pdftotext"),
        (b"PK\x03\x04....", "save it as text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "give a text"),
        (b"\x7fELF\x02\x01\x01\0\0\0" + bytes(range(256)) * 40, "give a text"),
        (b"PAR1abc", ".parquet"),
        (b"\x1f\x8b\x08abc", ".gz"),
    ],
)
def test_binary_files_are_refused_with_the_cure(data: bytes, cure: str) -> None:
    with pytest.raises(NotText, match=cure):
        decode(data)


def test_a_stray_nul_is_replaced_one_for_one() -> None:
    assert normalise("one\0two\ud800three") == f"one{REPLACEMENT}two{REPLACEMENT}three"
    assert read_text(b"Kyiv and Oslo " * 20 + b"agreed\0 on it.", "f").text.endswith(f"agreed{REPLACEMENT} on it.")


def test_line_ends_become_one_kind_and_inner_space_stays() -> None:
    assert normalise("a  b\r\n\r\n c\rd\t") == "a  b\n\n c\nd\t"


def test_too_large_a_file() -> None:
    with pytest.raises(TooLarge, match="split"):
        decode(b"a" * (limits.TEXT_BYTES + 1))


def test_too_long_an_article() -> None:
    with pytest.raises(TooLarge, match="split"):
        check_text("word " * (limits.TEXT_CHARACTERS // 5 + 1))


@pytest.mark.parametrize("text", ["1234 5678", "...", "Hello there", "— – —"])
def test_no_sentences(text: str) -> None:
    with pytest.raises(NoArticle, match="no sentences"):
        check_text(text)


def test_the_encoding_of_a_stream_may_be_cut_within_a_character() -> None:
    assert encoding_of("Zürich".encode()[:2]) == "utf-8"
    assert encoding_of(b"\xef\xbb\xbfid,text\n") == "utf-8-sig"
    assert "é".encode(encoding_of("id,text\n1,Le café à Málaga fermé à midi\n".encode("cp1252"))) == b"\xe9"


@given(st.text(st.characters(codec=None)))
def test_what_leaves_the_door_is_storable(text: str) -> None:
    stored = normalise(text)
    stored.encode("utf-8")
    assert "\0" not in stored
    assert "\r" not in stored
    assert normalise(stored.removeprefix("\ufeff")) == stored.removeprefix("\ufeff")


@given(st.binary())
def test_bytes_become_text_or_a_source_error(data: bytes) -> None:
    try:
        text = decode(data)
    except SourceError as error:
        text = error.reason
        assert ":" in text
    assert isinstance(text, str)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Peru arrests strike leaders\n\nLIMA - Police fired tear gas.", "Peru arrests strike leaders"),
        ("“We will not go,” says minister\n\nThe minister spoke.", "“We will not go,” says minister"),
        ("Police fired tear gas.\n\nThey left.", None),
        ("Police fired tear gas\nat thousands of miners.", None),
        ("Peru arrests strike leaders", None),
        ("word " * 60 + "\n\nText.", None),
        ("", None),
    ],
)
def test_a_first_line_that_stands_alone_is_the_title(text: str, title: str | None) -> None:
    assert headline(text) == title
