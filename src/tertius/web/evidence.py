"""Evidence: an article with every span that was read marked in it, and all its records."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from starlette.requests import Request

from tertius.errors import NoSuchRecord
from tertius.ledger import corrections
from tertius.ledger.store import ledger_id
from tertius.records import Reading
from tertius.show.report import section
from tertius.show.tables import mention_rows
from tertius.web.desk import Row, View
from tertius.web.pages import Page, to

_ID = re.compile(r"(?:sha256:)?([0-9a-f]{12,64})")
PARTS = {"mentions": "mentions_as_read", "attributions": "attributions", "figures": "figures"}  # and their views


def article(request: Request, view: View) -> Page:
    """`/article/ID`: the hash of a document, or the twelve characters of it that record ids begin with."""
    document = _document(view, request.path_params["id"])
    reading = _reading(view, document)
    merged = view.number("SELECT count(DISTINCT id) FROM screen_reports WHERE document = ?", [document["id"]])
    title = reading.document.title or "Untitled article"
    said_of = _said_of(view, document["id"], reading)
    values = {"s": section(reading, "d"), "sections": [1], "merged": merged, "document": document, "said_of": said_of}
    rows = [
        {**row, "corrected": said_of[m.id]["told"]}
        for row, m in zip(mention_rows(reading), reading.mentions, strict=True)
    ]
    return Page("article.html", title, rows, None, values, {"reading": reading.to_dict()})


def _said_of(view: View, document: str, reading: Reading) -> dict[str, Row]:
    """For each mention where it is corrected, and what was said of it."""
    sql = "FROM correction_rows WHERE document = ? AND holds AND verdict <> 'withdrawn'"
    told = {row["id_now"]: corrections.told(row) for row in view.rows(sql, [document])}
    ids = {mention.id: ledger_id(document, mention.id) for mention in reading.mentions}
    return {local: {"href": to("/mention", id), "told": told.get(id, "")} for local, id in ids.items()}


def _document(view: View, wanted: str) -> Row:
    """The document with an id. Raises NoSuchRecord."""
    match = _ID.fullmatch(wanted)
    sql = "SELECT * FROM documents WHERE starts_with(id, ?) ORDER BY id LIMIT 1"
    found = view.rows(sql, ["sha256:" + match[1]]) if match else []
    if not found:
        raise NoSuchRecord(f"no article {wanted[:80]!r} in this ledger: choose one under 'Articles'")
    return found[0]


def _reading(view: View, document: Row) -> Reading:
    """What was read from a document, as the reader gave it."""
    actors = view.rows('SELECT * FROM actors WHERE document = ? ORDER BY length("id"), "id"', [document["id"]])
    parts = {part: _records(view, place, document["id"]) for part, place in PARTS.items()}
    reader = {"tertius": document["tertius"] or "", "models": dict(document["models"] or {})}
    made = {"document": document, "reader": reader, "actors": actors, "warnings": document["warnings"] or [], **parts}
    return msgspec.convert(msgspec.to_builtins(made), Reading)


def _records(view: View, table: str, document: str) -> list[Row]:
    found = view.rows(f"SELECT * FROM {table} WHERE document = ? ORDER BY length(id), id", [document])
    for row in found:
        for place, key in ((row, "id"), (row, "attribution"), (row, "within"), (row.get("factuality") or {}, "by")):
            place.update(_local(place, key))
        if row.get("factuality", ...) is None:  # of a ledger that an earlier Tertius wrote
            del row["factuality"]
    return found


def _local(place: dict[str, Any], key: str) -> dict[str, Any]:
    """An id of the ledger as the reading has it: 'm1' from '3f2a9c1b04d2-m1'."""
    return {key: place[key].partition("-")[2]} if place.get(key) else {}
