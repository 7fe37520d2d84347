"""A made-up world whose pairs quarrel in runs: what was done lately tells what comes."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.studies.worlds import act

ACTORS = ("NOR", "SWE", "FIN", "DNK", "ISL", "EST", "LVA", "LTU", "POL", "DEU")


def world(seed: int = 1, days: int = 260, gap: tuple[int, int] = (0, 0)) -> list[dict[str, Any]]:
    """Twenty pairs quarrel, each in bursts of ten days or so; help is steady; nothing is reported in the gap."""
    rng = np.random.default_rng(seed)
    pairs = [(a, b) for a in ACTORS for b in ACTORS if a != b]
    quarrel = [pairs[at] for at in rng.choice(len(pairs), 20, replace=False)]
    hot = dict.fromkeys(quarrel, False)
    rows = []
    for day in range(days):
        for a, b in quarrel:
            hot[a, b] = rng.random() < (0.9 if hot[a, b] else 0.02)
            if rng.random() < (0.45 if hot[a, b] else 0.01):
                rows.append(act(day, a, b, str(rng.choice(["ACCUSE", "THREATEN"]))))
                if rng.random() < 0.3:
                    rows.append(act(day, a, b, "ASSAULT"))
        for a, b in pairs[::3]:
            if rng.random() < 0.05:
                rows.append(act(day, a, b, "CONSULT"))
        if day % 5 == 0:
            rows.append(act(day, "NOR", "SWE", "AID"))
    return [row for at, row in enumerate(rows) if not gap[0] <= _day(row) < gap[1]]


def _day(row: dict[str, Any]) -> int:
    from datetime import date

    from tests.studies.worlds import START

    return (date.fromisoformat(row["date"]) - START).days
