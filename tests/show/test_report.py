from __future__ import annotations

import re
from html.parser import HTMLParser

from tertius.show.report import report_html
from tests.ledger.test_disputes import contradiction
from tests.samples import TEXT, reading


class _Page(HTMLParser):
    """Ids, links and everything that could load or run something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name == "href" and value]


def test_every_row_jumps_to_its_words_and_back() -> None:
    page = _Page(report_html([reading(), reading(TEXT + " More.")]))
    assert len(page.ids) == len(set(page.ids))
    inside = [link[1:] for link in page.links]
    assert set(inside) <= set(page.ids)
    for key in ("d1", "d2"):
        for record in ("m1", "q1", "f1"):
            assert f"{key}-{record}-text" in inside, "the row links to its words"
            assert f"{key}-{record}" in inside, "the words link to the row"


def test_it_is_self_contained() -> None:
    html = report_html([reading()])
    page = _Page(html)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "src"]
    assert all(link.startswith("#") for link in page.links)
    assert not re.search(r"url\((?!#)|@import", html)


def test_hostile_text_stays_text() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    hostile = reading(TEXT + f"\n\n{evil} {{{{ 7*7 }}}}", title=f"{evil}\"'>")
    page = _Page(report_html([hostile]))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert "{{ 7*7 }}" in report_html([hostile])


def test_the_article_stands_in_the_page_word_for_word() -> None:
    class Text(HTMLParser):
        words = ""
        inside = skip = 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.inside += ("class", "text") in attrs
            self.skip += tag == "sup"

        def handle_endtag(self, tag: str) -> None:
            self.skip -= tag == "sup"

        def handle_data(self, data: str) -> None:
            if self.inside and not self.skip:
                self.words += data

    parser = Text()
    parser.feed(report_html([reading()]).split("<footer")[0])
    assert " ".join(parser.words.split()) == " ".join(TEXT.split())


def test_an_article_without_anything() -> None:
    import msgspec

    empty = msgspec.structs.replace(reading(), mentions=(), attributions=(), figures=(), actors=())
    assert "No political event was found" in report_html([empty])


def test_disputes_have_their_own_section_and_link_to_both_sides() -> None:
    html = report_html([reading(), contradiction().reading()])
    page = _Page(html)
    assert ">Disputed<" in html
    assert {"#d2-m1", "#d2-m2"} <= set(page.links)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert "Disputed" not in report_html([reading()])


def test_who_reports_a_speaker_is_shown() -> None:
    import msgspec

    one = reading()
    (inner,) = one.attributions
    outer = msgspec.structs.replace(inner, id="q2", speaker=msgspec.structs.replace(inner.speaker, name="Reuters"))
    said = (msgspec.structs.replace(inner, within="q2"), outer)
    figures = (msgspec.structs.replace(one.figures[0], attribution="q1"),)
    html = report_html([msgspec.structs.replace(one, attributions=said, figures=figures)])
    assert html.count("reported by Reuters") == 3, "beside the event, the quotation and the figure"
