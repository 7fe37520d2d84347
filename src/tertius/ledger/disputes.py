"""Who contradicts whom within and between readings that need not be in a ledger.

The rule is one view, `dispute_rows` in views.sql; over a ledger `queries.rows(ledger, "dispute_rows", ...)` asks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tertius.ledger import store

if TYPE_CHECKING:
    from tertius.records import Reading

Row = dict[str, Any]


def among(readings: Iterable[Reading]) -> list[Row]:
    """Acts and figures that one speaker asserts and another denies, doubts or gives differently: one row for two sides.

    `id` and `other_id` name the records, `speaker` and `other_speaker` who stands for each (docs/attribution.md)."""
    with store.over(readings) as connection:
        cursor = connection.execute("FROM dispute_rows ORDER BY document, length(id), id, other_id")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
