"""What the commands ask of a ledger: the rows of one of its views, filtered. Values are always bound."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from tertius.errors import NoSuchRecord
from tertius.ledger.ledger import Ledger

View = Literal["event_rows", "mention_rows", "quote_rows", "figure_rows", "one_a_day", "dispute_rows"]


class Filters(NamedTuple):
    """Which rows are wanted; None or empty wants all. Dates are ISO and both included.

    `source`, `target`: a country or actor code ('RUS', 'RUS GOV') or words of the actor's name in the article.
    `speaker`: a country code or words of the speaker's name. `since`, `until`: the day of the event (or of what the
    figure measures) where it is known, otherwise of publication. `as_of`: as the ledger stood at the end of that day.
    """

    source: str | None = None
    target: str | None = None
    types: tuple[str, ...] = ()
    speaker: str | None = None
    modality: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int | None = None
    as_of: str | None = None


def rows(ledger: Ledger, view: View, filters: Filters = Filters()) -> list[dict[str, Any]]:  # noqa: B008 (immutable)
    """The rows of a view that match the filters, oldest first. Filters that the view has no column for are ignored."""
    conditions, values = _where(view, filters)
    sql = f"SELECT * FROM {view}"
    if conditions:
        sql += " WHERE " + " AND ".join(conditions)
    sql += f" ORDER BY {_KINDS_OF_ROWS[view].day} NULLS LAST, {_KINDS_OF_ROWS[view].then}"
    if filters.limit is not None:
        sql, values = sql + " LIMIT ?", [*values, filters.limit]
    return ledger.rows(sql, values, filters.as_of)


class _Kind(NamedTuple):
    """How a view is filtered and ordered: SQL over its columns, with a question mark for each value."""

    day: str
    last_day: str
    then: str
    party: str | None = None  # {0}: 'source' or 'target'; three values: country, code, words
    speaker: str | None = None  # two values: country, words


_LISTED = (
    "(list_contains({0}_countries, ?) OR list_contains({0}, ?)"
    " OR contains(lower(array_to_string({0}_words, ' | ')), lower(?)))"
)
_DOCUMENT_AND_ID = "document, length(id), id"
_KINDS_OF_ROWS: dict[View, _Kind] = {
    "event_rows": _Kind(
        "coalesce(start_date, first_report)", "coalesce(end_date, start_date, first_report)", "first_report, id",
        _LISTED,
        "(list_contains(speaker_countries, ?) OR contains(lower(array_to_string("
        "list_concat(asserted_by, doubted_by, denied_by), ' | ')), lower(?)))",
    ),
    "mention_rows": _Kind(
        "coalesce(start_date, published)", "coalesce(end_date, start_date, published)", _DOCUMENT_AND_ID,
        _LISTED, "(speaker_country = ? OR contains(lower(speaker), lower(?)))",
    ),
    "quote_rows": _Kind(
        "published", "published", _DOCUMENT_AND_ID, None, "(country = ? OR contains(lower(speaker), lower(?)))"
    ),
    "figure_rows": _Kind(
        "coalesce(start_date, published)", "coalesce(end_date, start_date, published)", _DOCUMENT_AND_ID,
        None, "(speaker_country = ? OR contains(lower(speaker), lower(?)))",
    ),
    "one_a_day": _Kind(
        '"date"', '"date"', 'origin, source_country, source_sector, target_country, target_sector, "type"',
        "({0}_country = ? OR concat_ws(' ', {0}_country, {0}_sector) = ? OR {0}_sector = upper(?))",
    ),
    "dispute_rows": _Kind(
        "coalesce(start_date, published)", "coalesce(end_date, start_date, published)",
        f"{_DOCUMENT_AND_ID}, other_id", _LISTED,
        "(? IN (country, other_country) OR contains(lower(concat_ws(' | ', speaker, other_speaker)), lower(?)))",
    ),
}  # fmt: skip


def _where(view: View, filters: Filters) -> tuple[list[str], list[Any]]:
    kind = _KINDS_OF_ROWS[view]
    conditions: list[str] = []
    values: list[Any] = []

    def add(condition: str, *bound: Any) -> None:
        conditions.append(condition)
        values.extend(bound)

    if kind.party:
        for side, wanted in (("source", filters.source), ("target", filters.target)):
            if wanted:
                add(kind.party.format(side), wanted.upper(), wanted.upper(), wanted)
        if filters.types:
            add(f'"type" IN ({", ".join("?" * len(filters.types))})', *filters.types)
        if filters.modality and view != "one_a_day":
            add("modality = ?", filters.modality)
    if filters.speaker and kind.speaker:
        add(kind.speaker, filters.speaker.upper(), filters.speaker)
    if filters.since:
        add(f"{kind.last_day} >= CAST(? AS DATE)", filters.since)
    if filters.until:
        add(f"{kind.day} <= CAST(? AS DATE)", filters.until)
    return conditions, values


class Evidence(NamedTuple):
    """One record of the ledger and the article that it was read from."""

    table: str  # 'mentions', 'attributions' or 'figures'
    record: dict[str, Any]
    document: dict[str, Any]
    attribution: dict[str, Any] | None  # on whose word it stands
    reporters: tuple[dict[str, Any], ...] = ()  # the attributions that report that one, outermost first
    corrected: tuple[dict[str, Any], ...] = ()  # the row of correction_rows that holds, if there is one


_TABLES = {"m": "mentions", "q": "attributions", "f": "figures"}


def evidence(ledger: Ledger, record_id: str) -> Evidence:
    """The record with this id ('3f2a9c1b04d2-m1') as it was read, with its article and speaker. Raises NoSuchRecord."""
    _, _, local = record_id.partition("-")
    table = _TABLES.get(local[:1])
    stored = "mentions_as_read" if table == "mentions" else table
    found = ledger.rows(f"SELECT * FROM {stored} WHERE id = ?", [record_id]) if table else []
    if not found:
        raise _missing(ledger, record_id)
    record = found[0]
    document = ledger.rows("SELECT * FROM documents WHERE id = ?", [record["document"]])[0]
    said = ledger.rows("SELECT * FROM attributions WHERE id = ?", [record.get("attribution")])
    reporters = _reporters(ledger, said[0] if said else record)
    holds = "FROM correction_rows WHERE id_now = ? AND holds AND verdict <> 'withdrawn'"
    corrected = ledger.rows(holds, [record_id]) if table == "mentions" else []
    return Evidence(table or "", record, document, said[0] if said else None, reporters, tuple(corrected))


def _reporters(ledger: Ledger, record: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    sql = """WITH RECURSIVE up AS (
                 SELECT *, 1 AS level FROM attributions WHERE id = ?
                 UNION ALL SELECT q.*, level + 1 FROM attributions q JOIN up ON q.id = up."within")
             FROM up ORDER BY level DESC"""
    return tuple(ledger.rows(sql, [record.get("within")]))


def is_event(record_id: str) -> bool:
    """Whether an id has the form of a merged event's: '3f2a9c1b04d2-e1'."""
    return record_id.partition("-")[2].startswith("e")


def event(ledger: Ledger, event_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A merged event's row of event_rows, and the mention_rows that it was made of, those reported first in front.

    Raises NoSuchRecord.
    """
    found = ledger.rows("FROM event_rows WHERE id = ?", [event_id])
    if not found:
        raise _missing(ledger, event_id)
    sql = """SELECT m.* FROM mention_rows m, (SELECT mentions AS ids FROM events WHERE id = ?) e
             WHERE list_contains(e.ids, m.id) ORDER BY list_position(e.ids, m.id)"""
    return found[0], ledger.rows(sql, [event_id])


def _missing(ledger: Ledger, record_id: str) -> NoSuchRecord:
    return NoSuchRecord(
        f"no record {record_id!r} in {ledger.folder}: ids stand in the first column of 'tertius events'"
    )
