"""The way in: files, folders, tables, addresses and the standard input, as a stream of documents.

Whatever cannot be read comes as a `Skipped` in its place, and the rest is read all the same.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from tertius.errors import EmptySource, FetchRefused, NotText, Skipped, SourceError, UsageError
from tertius.records import Document, PublishedFrom
from tertius.sources import dates, files, language, limits, tables, web
from tertius.sources.html import PageReader, is_page
from tertius.sources.text import Article, check_text, headline, named, normalise, read_text

if TYPE_CHECKING:
    from tertius.sources.files import Kind

STDIN = "-"
_TWICE = "the same text was read before: it counts once"
Source = str | Path


def articles(
    sources: Source | Iterable[Source],
    *,
    published: str | None = None,
    fetch: bool = False,
    text_column: str | None = None,
    any_language: bool = False,
) -> Iterator[Document | Skipped]:
    """The articles in some sources, one after another, each text once.

    A source is a path of a file or folder, '-' for the standard input, or an http(s) address (read only with `fetch`).
    `published` (YYYY-MM-DD) wins over dates that are found. Raises UsageError, and only for an impossible `published`.
    """
    found = located(sources, published=published, fetch=fetch, text_column=text_column, any_language=any_language)
    return (item if isinstance(item, Skipped) else item[1] for item in found)


def located(
    sources: Source | Iterable[Source],
    *,
    published: str | None = None,
    fetch: bool = False,
    text_column: str | None = None,
    any_language: bool = False,
) -> Iterator[tuple[str, Document] | Skipped]:
    """As `articles`, each document with the file, line or address that it came from."""
    day = dates.given(published) if published is not None else None
    listed = [sources] if isinstance(sources, str | Path) else sources
    door = _Door(fetch=fetch, text_column=text_column)
    return _documents(door, listed, day, any_language)


def document(article: str | Path | Document, *, published: str | None = None) -> Document:
    """One document: from its text, from the `Path` of a file with one article, or as it is.

    Raises UsageError for an impossible date or a file with several articles, SourceError for what cannot be read.
    """
    day = dates.given(published) if published is not None else None
    if isinstance(article, Document):
        return article if day is None else Document.from_text(
            article.text, title=article.title, url=article.url, publisher=article.publisher,
            published=day, language=article.language,
        )  # fmt: skip
    if isinstance(article, str):
        return _document(Article("", normalise(article)), day, any_language=False)
    found = list(islice(articles([article], published=day), 2))
    if not found:
        raise EmptySource("there is no article in it", str(article))
    if isinstance(found[0], Skipped):
        raise found[0].reason
    if len(found) > 1:
        raise UsageError(f"{article} holds several articles: go through tertius.sources.articles.articles(...)")
    return found[0]


def count(sources: Iterable[Source]) -> int | None:
    """How many articles the sources hold, for a progress bar; None where that shows only on reading them."""
    total = 0
    for source in sources:
        path = Path(source)
        if str(source) == STDIN or files.kind_of(path) in files.TABLES:
            return None
        try:
            for item in files.walk(path) if path.is_dir() else [path]:
                total += 1
                if total > limits.COUNTED_FILES or (isinstance(item, Path) and files.kind_of(item) in files.TABLES):
                    return None
        except SourceError:
            total += 1
    return total


def _documents(
    door: _Door, sources: Iterable[Source], published: str | None, any_language: bool
) -> Iterator[tuple[str, Document] | Skipped]:
    seen: set[str] = set()
    with closing(door):
        for source in sources:
            for item in door.read(source):
                if isinstance(item, Skipped):
                    yield item
                    continue
                try:
                    made = _document(item, published, any_language=any_language)
                    if made.id in seen:
                        yield Skipped(item.where, SourceError(_TWICE, item.where), harmless=True)
                    else:
                        seen.add(made.id)
                        yield item.where, made
                except SourceError as error:
                    yield Skipped(item.where, named(error, item.where))


def _document(article: Article, published: str | None, *, any_language: bool) -> Document:
    """The document of an article. Raises EmptySource, TooLarge, NoArticle, WrongLanguage."""
    check_text(article.text)
    found = language.check(article.text, any_language=any_language)
    day, origin = _published(article, published)
    return Document.from_text(
        article.text,
        title=article.title or headline(article.text),
        url=article.url,
        publisher=article.publisher,
        published=day,
        published_from=cast(PublishedFrom, origin),
        language=found,
    )


def _published(article: Article, given: str | None) -> tuple[str | None, str]:
    if given:
        return given, "given"
    if article.published:
        return article.published, "metadata"
    day = dates.dateline(article.text, dates.year_of(article.url))
    return (day, "dateline") if day else (None, "unknown")


class _Door:
    """Opens sources of every kind, holding what they share: the reader of pages and the options."""

    def __init__(self, *, fetch: bool, text_column: str | None) -> None:
        self.fetch = fetch
        self.text_column = text_column
        self.pages = PageReader()

    def close(self) -> None:
        self.pages.close()

    def read(self, source: Source) -> Iterator[Article | Skipped]:
        """The articles in one source; what goes wrong comes as Skipped."""
        where, path = str(source), Path(source)
        try:
            if where == STDIN:
                yield from self._stdin()
            elif web.is_address(where):
                yield self._address(where)
            elif path.is_dir():
                yield from self._folder(path)
            elif not path.exists():
                raise files.missing(path)
            else:
                yield from self._file(path)
        except SourceError as error:
            yield Skipped(where, named(error, where))
        except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
            yield _refused(error, path)

    def _folder(self, folder: Path) -> Iterator[Article | Skipped]:
        for item in files.walk(folder):
            if isinstance(item, Skipped):
                yield item
            else:
                yield from self._one_of(item)

    def _one_of(self, path: Path) -> Iterator[Article | Skipped]:
        """A file in a folder: its failure is its own."""
        try:
            if not path.is_file():
                raise SourceError("a link that leads nowhere: mend or delete it")
            yield from self._file(path)
        except SourceError as error:
            yield Skipped(str(path), named(error, str(path)))
        except OSError as error:
            yield _refused(error, path)

    def _file(self, path: Path) -> Iterator[Article | Skipped]:
        kind = files.kind_of(path)
        if kind == "parquet":
            from tertius.sources.parquet import read_parquet

            if path.suffix.lower() == ".gz":
                raise NotText("a Parquet file packed with gzip: unpack it first")
            yield from read_parquet(path, self.text_column)
            return
        with files.opened(path) as stream:
            yield from self._stream(stream, str(path), kind)

    def _stdin(self) -> Iterator[Article | Skipped]:
        stream = io.BufferedReader(sys.stdin.buffer, limits.CHUNK)  # type: ignore[type-var]
        try:
            yield from self._stream(stream, "standard input", "lines" if stream.peek().lstrip()[:1] == b"{" else None)
        finally:
            stream.detach()  # or the end of the reader would close the standard input

    def _stream(self, stream: IO[bytes], where: str, kind: Kind | None) -> Iterator[Article | Skipped]:
        if kind == "lines":
            yield from tables.read_lines(stream, where, self.text_column)
        elif kind == "json":
            yield from tables.read_json(stream, where, self.text_column)
        elif kind == "csv":
            yield from tables.read_csv(stream, where, self.text_column)
        else:
            yield self._single(files.whole(stream), where, kind)

    def _single(self, data: bytes, where: str, kind: Kind | None) -> Article:
        page = kind == "page" or is_page(data)
        return self.pages.read(data, where) if page else read_text(data, where)

    def _address(self, url: str) -> Article:
        if not self.fetch:
            raise FetchRefused("addresses are fetched only when you ask for it: add --fetch", url)
        got = web.fetch(url)
        if is_page(got.data) or got.content_type in {"text/html", "application/xhtml+xml"}:
            return self.pages.read(got.data, url, url=got.url, declared=got.charset)
        if got.content_type in {"text/plain", ""}:
            return read_text(got.data, url)._replace(url=got.url)
        raise NotText(f"the server sends '{got.content_type[:60]}', no page: save it and read the file", url)


def _refused(error: OSError | ValueError, path: Path) -> Skipped:
    if isinstance(error, OSError):
        return files.skipped(error, path)
    return Skipped(str(path), SourceError(f"it is no path ({error}): check it", str(path)))
