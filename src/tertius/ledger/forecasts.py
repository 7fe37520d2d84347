"""Forecasts that were issued: a table of its own, to which rows are only added, so that they can be scored when due."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tertius.ledger import store
from tertius.ledger.ledger import Ledger

Row = dict[str, Any]

NAMED = ("source", "target", "what", "within", "origin", "model", "data", "origins")  # in the id
TOLD = (*NAMED, "quad", "until", "chance", "low", "high", "usual", "base_rate", "last", "method")


def digest(row: Mapping[str, Any]) -> str:
    """The id of a forecast: a hash of what is forecast, from what, and how."""
    told = json.dumps([row[name] for name in NAMED], default=str)
    return "forecast-" + hashlib.sha256(told.encode()).hexdigest()[:16]


def keep(
    ledger: Ledger, forecasts: Sequence[Mapping[str, Any]], origins: Sequence[str] = (), *, hindsight: bool = False
) -> int:
    """Keep forecasts that are issued now (rows with the columns of TOLD) and return how many were new.

    `origins`: the data sets that they were made from; none for all. `hindsight`: the ledger already holds
    later acts, so that they prove less. A forecast from the same acts by the same method is
    kept once, whenever it is issued. Raises LedgerError.
    """
    known = {row["id"] for row in ledger.rows("SELECT id FROM forecasts")}
    now = datetime.now(UTC).replace(tzinfo=None).isoformat()
    new: dict[str, Row] = {}
    for forecast in forecasts:
        row: Row = {name: forecast.get(name) for name in TOLD} | {"origins": sorted(origins), "hindsight": hindsight}
        row["id"] = digest(row)
        if row["id"] not in known:
            new[row["id"]] = row | {"issued": now}
    if new:
        store.append(ledger.folder, {"forecasts": list(new.values())})
    return len(new)


def kept(ledger: Ledger) -> list[Row]:
    """All forecasts that are kept, in the order of the days that they were made from."""
    return ledger.rows("SELECT * FROM forecasts ORDER BY origin, within, source, target, what, issued, id")
