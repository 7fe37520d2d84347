"""Tertius reads political news: who did what to whom, when, where, how much, and on whose word.

    >>> import tertius
    >>> reading = tertius.read("Norway expelled two Russian diplomats on Monday.", published="2024-03-06")
    >>> reading.mentions[0].type
    'SANCTION'

The names below are the public face; everything heavy is imported when it is first used.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tertius.version import VERSION

if TYPE_CHECKING:
    from tertius.records import Document, Reading

__version__ = VERSION
__all__ = ["__version__", "read"]


def read(article: str | Path | Document, *, published: str | None = None) -> Reading:
    """Read one article and return everything that was read from it.

    `article` is the text itself, a `Path` to a text or HTML file, or a `Document`. `published` is the ISO date of
    publication (YYYY-MM-DD), against which 'last month' is resolved; it wins over a date found in the article.
    Raises `tertius.errors.UsageError` for an impossible date and `tertius.errors.SourceError` for a text that cannot
    be read.
    """
    from tertius.reading import reader
    from tertius.sources import articles

    return reader.read(articles.document(article, published=published))
