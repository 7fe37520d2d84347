"""What links and figures a page has, read as a browser would read it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urlsplit


class Figure(NamedTuple):
    """A count on a page: what it says and where its rows are."""

    count: int
    href: str
    words: str


class Reader(HTMLParser):
    """Links, figures, ids, and tags of one page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.figures: list[Figure] = []
        self.ids: set[str] = set()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []  # the tag before some words, and the words
        self._open: tuple[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.add(str(found["id"]))
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
            if found.get("data-count") is not None:
                self._open = (str(found["data-count"]), str(found["href"]))

    def handle_data(self, data: str) -> None:
        if data.strip() and self.tags:
            self.texts.append((self.tags[-1][0], data))
        if self._open:
            count, href = self._open
            self.figures.append(Figure(int(count), href, data))
            self._open = None


def kind(href: str) -> str:
    """The page kind of an address: '/event/3f..' -> '/event'."""
    return "/" + urlsplit(href).path.strip("/").split("/")[0]
