"""Ledgers that hold made-up acts; the acts are made as benchmarks.answers makes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.answers import START, act, triad
from tertius.ledger import store
from tertius.ledger.ledger import Ledger

__all__ = ["START", "act", "ledger_of", "triad"]


def ledger_of(folder: Path, rows: Iterable[dict[str, Any]]) -> Ledger:
    """A ledger that holds these acts as an imported data set."""
    ledger = Ledger.create_or_open(folder)
    coded = [
        {
            "dataset": "made-up", "batch": "b", "id": row["id"], "date": row["date"], "source_country": row["source"],
            "target_country": row["target"], "type": row["type"], "quad": row["quad"], "intensity": row["intensity"],
        }
        for row in rows
    ]  # fmt: skip
    store.append(ledger.folder, {"coded": coded, "imports": [{"batch": "b", "dataset": "made-up", "sha256": "x"}]})
    return ledger
