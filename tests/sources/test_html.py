from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertius.errors import NoArticle, SourceError, TooLarge
from tertius.sources import html, limits
from tertius.sources.html import PageReader, bounded, is_page
from tests.sources.pages import JSON_LD, METADATA, PARAGRAPHS, page


@pytest.fixture
def reader() -> Iterator[PageReader]:
    made = PageReader()
    yield made
    made.close()


def test_the_article_and_nothing_around_it(reader: PageReader) -> None:
    article = reader.read(page(head=METADATA).encode(), "a.html")
    assert all(paragraph in article.text for paragraph in PARAGRAPHS)
    assert "Home" not in article.text
    assert "Terms" not in article.text
    assert article.title == "Norway expels two"
    assert article.publisher == "The Fjord Times"
    assert article.published == "2024-03-05"
    assert article.url == "https://fjord.example/2024/03/05/norway-expels-two"


def test_metadata_in_json_ld(reader: PageReader) -> None:
    article = reader.read(page(head=JSON_LD).encode(), "a.html")
    assert (article.title, article.publisher, article.published) == (
        "Norway expels two",
        "The Fjord Times",
        "2024-03-05",
    )


def test_no_date_is_guessed_from_the_words(reader: PageReader) -> None:
    words = "On 3 April 2019 the minister left office after a vote that nobody had expected in the capital."
    assert reader.read(page(words, *PARAGRAPHS).encode(), "a.html").published is None


def test_the_declared_charset_is_used(reader: PageReader) -> None:
    polish = "Minister Łukasz Żak expelled two diplomats on Monday, calling the decision unavoidable for his country."
    data = page(polish, *PARAGRAPHS, head="<meta charset='iso-8859-2'>").replace("“", '"').replace("”", '"')
    assert "Łukasz Żak" in reader.read(data.encode("iso8859-2"), "a.html").text


def test_entities_are_not_resolved(reader: PageReader) -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY own "INSIDE"><!ENTITY file SYSTEM "file:///etc/hostname">'
        '<!ENTITY net SYSTEM "http://127.0.0.1:9/x">]>'
    )
    source = page(*PARAGRAPHS, "The minister said that &own; and &file; and &net; would be read by nobody at all.")
    article = reader.read(source.replace("<!DOCTYPE html>", bomb).encode(), "a.html")
    with open("/etc/hostname") as file:  # noqa: PTH123
        assert file.read().strip() not in article.text
    assert "INSIDE" not in article.text.replace("&own;", "")


@pytest.mark.parametrize(
    "source",
    [
        "<html><body><nav>" + "".join(f"<a href='/{n}'>Topic {n}</a> " for n in range(60)) + "</nav></body></html>",
        "<html><head><title>Nothing</title></head><body></body></html>",
        "<html><body><div id='app'></div><script>start()</script></body></html>",
    ],
)
def test_a_page_without_an_article(reader: PageReader, source: str) -> None:
    with pytest.raises(NoArticle, match="no article"):
        reader.read(source.encode(), "a.html")


def test_five_megabytes_with_forty_thousand_attributes_on_a_tag(reader: PageReader) -> None:
    attributes = " ".join(f'data-{n}="{"x" * 110}"' for n in range(40_000))
    source = page(before=f"<div {attributes}>menu</div>").encode()
    assert len(source) > 4_900_000
    begun = time.monotonic()
    assert PARAGRAPHS[0] in reader.read(source, "a.html").text
    assert time.monotonic() - begun < 20


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HTML_HERE_BYTES", 0)
    reader = PageReader(seconds=0.01)
    with pytest.raises(TooLarge, match="seconds"):
        reader.read(page().encode(), "a.html")
    reader.seconds = 60
    assert PARAGRAPHS[0] in reader.read(page().encode(), "b.html").text  # in a fresh process
    reader.close()


def test_too_large_a_page(reader: PageReader) -> None:
    with pytest.raises(TooLarge, match="larger than"):
        reader.read(b"<html>" + b"x" * limits.TEXT_BYTES, "a.html")


@pytest.mark.parametrize(
    "kept",
    [
        "<a title=\"x>y\" b='1' c>t</a>",
        '<script>if (a<b && c > "</p>") go()</script><p class="c">hi</p>',
        "<A HREF=x/>y<br/>",
        "< notatag <3 a<b 1<2",
        "<title>a < b</title>",
        '<!-- <a b " --><p a=1>x',
        '<p class="it\'s">x</p>',
        '<script type="x">' + " ".join(f"a{n}=1" for n in range(300)) + "</script>",
        "<!-- <p " + " ".join(f"a{n}=1" for n in range(300)) + "> -->",
    ],
)
def test_ordinary_markup_is_left_alone(kept: str) -> None:
    assert bounded(kept) == kept


def test_surplus_attributes_go_and_the_text_stays() -> None:
    tag = "<p " + " ".join(f'a{n}="v>{n}"' for n in range(500)) + " >text</p>"
    cut = bounded(tag)
    assert f'a{limits.HTML_ATTRIBUTES - 1}="' in cut
    assert f"a{limits.HTML_ATTRIBUTES}=" not in cut
    assert cut.endswith(">text</p>")


@pytest.mark.parametrize(
    "piece",
    [
        "<a",
        '<a x="',
        "<a x='",
        "<!--",
        "<script>",
        "<script></script>",
        "<a =\"'",
        "<a b =",
        "<a  ",
        "<p>x</p>",
        "<a b",
    ],
)
def test_time_grows_with_the_length_only(piece: str) -> None:
    begun = time.process_time()
    bounded("<a " + piece * (2_000_000 // len(piece)))
    assert time.process_time() - begun < 5


@given(st.text("<>/!-=\"' abscript"))
def test_any_markup_can_be_bounded(source: str) -> None:
    assert bounded(bounded(source)) == bounded(source)
    assert len(bounded(source)) <= len(source)


@given(st.text(max_size=300))
def test_any_page_is_read_or_refused(source: str) -> None:
    try:
        html.PageReader().read(f"<html><body>{source}</body></html>".encode("utf-8", "replace"), "x")
    except SourceError as error:
        assert error.reason  # noqa: PT017


def test_pages_are_known_by_their_beginning() -> None:
    assert is_page(b"\xef\xbb\xbf\n<!-- saved --> <!DOCTYPE html><html>")
    assert is_page(b"<HTML>")
    assert not is_page(b"The <html> tag stands first on a page.")
