"""Articles, failures and disputes: plain lists that figures on other pages link to."""

from __future__ import annotations

from starlette.requests import Request

from tertius.show.disputes import subject
from tertius.web.desk import View
from tertius.web.filters import filters, once
from tertius.web.pages import PAGE_ROWS, Page, address, slice_of

_ARTICLES = """
    SELECT d.id, d.title, d.publisher, d.published, d.published_from, d.url, d.where_found, d.added,
           (SELECT count(DISTINCT r.id) FROM screen_reports r WHERE r.document = d.id) AS events
    FROM documents d
    WHERE (? IS NULL OR coalesce(d.publisher, 'no publisher named') = ?)
      AND (? IS NULL OR d.id IN (SELECT document FROM screen_reports WHERE id = ?))
      AND (? OR d.id IN (SELECT document FROM screen WHERE {}))"""


def articles(request: Request, view: View) -> Page:
    """`/articles`: everything that was read.

    `publisher` and `event` (the reports of it) choose; the filters of `/events` choose those that told of such first.
    """
    once(request.query_params)
    query = dict(request.query_params)
    publisher, event = query.pop("publisher", None), query.get("event")
    wanted = filters(query)
    condition, values_of_condition = wanted.where()
    asked = _ARTICLES.format(condition)
    bound = [publisher, publisher, event, event, not wanted.chosen, *values_of_condition]
    limit, offset = slice_of(request)
    rows = view.rows(f"{asked} ORDER BY d.added DESC, d.published DESC, d.id LIMIT ? OFFSET ?", [*bound, limit, offset])
    count = view.number(f"SELECT count(*) FROM ({asked})", bound)
    values = {"publisher": publisher, "event": event, "wanted": wanted, **steps(request, limit, offset, count)}
    return Page("articles.html", "Articles", rows, count, values)


def publishers(_request: Request, view: View) -> Page:
    """`/publishers`: where the articles come from."""
    rows = view.rows(
        """SELECT publisher, count(*) AS articles, min(published) AS first, max(published) AS last
           FROM documents WHERE publisher IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"""
    )
    nameless = view.number("SELECT count(*) FROM documents WHERE publisher IS NULL")
    return Page("publishers.html", "Publishers", rows, values={"nameless": nameless})


def failures(request: Request, view: View) -> Page:
    """`/failures`: what could not be read, and why."""
    limit, offset = slice_of(request)
    rows = view.rows(
        "SELECT id, where_found, reason, added FROM failures ORDER BY added DESC, id LIMIT ? OFFSET ?", [limit, offset]
    )
    count = view.number("SELECT count(*) FROM failures")
    return Page("failures.html", "Could not be read", rows, count, steps(request, limit, offset, count))


def disputes(request: Request, view: View) -> Page:
    """`/disputes`: what one speaker asserts and another denies, side by side."""
    limit, offset = slice_of(request)
    rows = view.rows("FROM screen_disputes ORDER BY published DESC NULLS LAST, document, id, other_id")
    count = len(rows)
    shown = [{**row, "subject": subject(row)} for row in rows[offset : offset + limit]]
    return Page("disputes.html", "Disputed", shown, count, steps(request, limit, offset, count))


def steps(request: Request, limit: int, offset: int, count: int) -> dict[str, str | None]:
    """Where the pages before and after are."""
    number = offset // PAGE_ROWS + 1
    return {
        "earlier": address(request, page=number - 1) if offset else None,
        "later": address(request, page=number + 1) if offset + limit < count else None,
    }
