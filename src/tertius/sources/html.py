"""The article on a web page: its text and metadata, by trafilatura, behind limits on attributes, seconds and memory.

lxml's HTML parser knows no external entities and reads nothing from disk or network; a test pins that.
"""

from __future__ import annotations

import re
from typing import Any

from tertius.errors import NoArticle, SourceError, TooLarge
from tertius.processes import Worker, WorkerDied, WorkerFailed, WorkerLate
from tertius.sources import dates, limits
from tertius.sources.text import Article, decode, normalise

# One attribute, by the rules of HTML's tokeniser. Possessive throughout: each character is looked at once.
_ATTRIBUTE = r"""(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?+|'[^']*+'?+|[^\s>"'][^\s>]*+)?+)?+)"""
_TAG = rf"(?:{_ATTRIBUTE}){{0,{limits.HTML_ATTRIBUTES}}}+"
_MARKUP = re.compile(
    rf"""(<!--(?:.*?-->|.*+))                                          # a comment stays
       | (<(?:script|style|textarea|title)(?=[\s/>]){_TAG})(?:{_ATTRIBUTE})*+  # what is inside these is no markup:
         (.*?(?=</(?:script|style|textarea|title))|.*+)
       | (<[a-z][^\s/>]*+{_TAG})(?:{_ATTRIBUTE})*+                     # any other tag""",
    re.I | re.S | re.X,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{2,30})", re.I)
_PAGE = re.compile(rb"\s{0,1000}(?:<!--.{0,2000}?-->\s{0,1000})?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]{0,3}(?:\s|$)")
_DATES = {"extensive_search": False, "original_date": True}  # no guesses from the words of the page


class PageReader:
    """Reads pages; large ones in a process of its own that is killed when it takes too long or too much memory."""

    def __init__(self, *, seconds: float = limits.HTML_SECONDS) -> None:
        self.seconds = seconds
        self._worker: Worker[tuple[str, str | None], dict[str, str | None] | None] = Worker(
            _extracted, megabytes=limits.HTML_MEGABYTES
        )

    def read(self, data: bytes, where: str, *, url: str | None = None, declared: str | None = None) -> Article:
        """The article on a page. Raises EmptySource, NotText, TooLarge, NoArticle."""
        page = bounded(normalise(decode(data, declared or declared_charset(data))))
        task = (page, url)
        found = _extracted(task) if len(data) <= limits.HTML_HERE_BYTES else self._guarded(task)
        text = normalise(found["text"] or "") if found else ""
        if not found or not has_sentence(text):
            raise NoArticle("no article was found on the page: save the article itself, or its text")
        return Article(where, text, found["title"], found["url"], found["publisher"], dates.metadata(found["date"]))

    def close(self) -> None:
        """End the process, if there is one."""
        self._worker.close()

    def _guarded(self, task: tuple[str, str | None]) -> dict[str, str | None] | None:
        try:
            return self._worker.call(task, self.seconds)
        except WorkerLate as error:
            raise TooLarge(
                f"the page took more than {self.seconds:g} seconds: save the text of its article instead"
            ) from error
        except WorkerDied as error:
            raise TooLarge("the page takes too much memory: save the text of its article instead") from error
        except WorkerFailed as error:
            raise SourceError(f"the page cannot be read ({error}): save the text of its article instead") from error


def is_page(data: bytes) -> bool:
    """Whether bytes of unknown kind begin as an HTML page."""
    return _PAGE.match(data[:4000].lstrip(b"\xef\xbb\xbf")) is not None


def declared_charset(data: bytes) -> str | None:
    """The encoding that the page declares in its head."""
    match = _CHARSET.search(data[:4000])
    return match[1].decode("ascii", "replace") if match else None


def bounded(page: str) -> str:
    """The page with at most HTML_ATTRIBUTES attributes on each tag, in time linear in its length."""
    return _MARKUP.sub(r"\1\2\3\4", page)


def has_sentence(text: str) -> bool:
    """Whether a paragraph of the text is a sentence of some length; what is left of navigation has none."""
    return any(
        len(line.split()) >= limits.PAGE_SENTENCE_WORDS and _SENTENCE_END.search(line) for line in text.split("\n")
    )


def _extracted(task: tuple[str, str | None]) -> dict[str, str | None] | None:
    """What trafilatura finds: text, title, url, publisher, date."""
    import trafilatura

    page, url = task
    found: Any = trafilatura.bare_extraction(
        page, url=url, with_metadata=True, include_comments=False, date_extraction_params=_DATES
    )
    if found is None:
        return None
    return {
        "text": found.text,
        "title": found.title or None,
        "url": url or found.url or None,
        "publisher": found.sitename or found.hostname or None,
        "date": found.date or None,
    }
