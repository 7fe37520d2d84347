"""How reliable the predictability of actors is: even against odd weeks, and against mere activity.

    python -m benchmarks.predictability DIR

DIR has the form of ../shared/data/icews/tkg14 (entity2id, relation2id, and acts as `subject relation object day`).
Actors are folded to countries, types are PLOVER's. Targets, for the actors with enough acts for a tier: split-half rank
correlation of at least 0.85, correlation with log activity within 0.15 of zero. The last line is JSON.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from tertius.ontology import TYPES
from tertius.studies.predictability import RELIABLE, halves, predictability
from tertius.studies.record import Floats, Record, of_rows
from tertius.world import entities

LEAST_CORRELATION, MOST_ACTIVITY = 0.85, 0.15
APART = re.compile(r"rebel|insurg|separatist|militant|guerrilla|protest|criminal|gang|terroris", re.I)


def rows(folder: Path, start: date = date(2014, 1, 1)) -> Iterator[dict[str, Any]]:
    """The acts of a folder between countries, once a day, pair and type."""
    countries = {number: _country(name) for number, name in _names(folder / "entity2id.txt")}
    kinds = {number: _kind(name) for number, name in _names(folder / "relation2id.txt")}
    seen = set()
    for file in (folder / "train.txt", folder / "valid.txt", folder / "test.txt"):
        for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
            subject, relation, object_, day = line.split()[:4]
            source, target, (kind, quad) = countries[subject], countries[object_], kinds[relation]
            days = int(day) // 24 if folder.name == "tkg18" else int(day)
            act = (days, source, target, kind)
            if source and target and act not in seen:
                seen.add(act)
                yield {
                    "id": f"{folder.name}:{len(seen)}", "date": start + timedelta(days), "source": source,
                    "target": target, "type": kind, "quad": quad,
                }  # fmt: skip


def _names(file: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        name, _, number = line.rpartition("\t")
        yield number.strip(), name.replace("_", " ").strip()


def _country(name: str) -> str | None:
    """The country of an actor by its name or the name in brackets; rebels, protesters and criminals have none."""
    if APART.search(name):
        return None
    inside = re.search(r"\(([^()]+)\)$", name)
    known = entities.named(inside.group(1) if inside else name)
    return next((one.country for one in known if one.country and one.sector not in ("REB", "UAF", "CRM")), None)


def _kind(name: str) -> tuple[str, int]:
    """PLOVER's type and quad class of a CAMEO event name; a statement has no type and is verbal cooperation."""
    type_ = _types().get(_plain(name), "")
    return (type_, TYPES[type_].quad) if type_ else ("OTHER", 1)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _types() -> dict[str, str]:
    if not _CACHE:
        table = files("tertius.datasets").joinpath("tables/cameo.csv").read_text(encoding="utf-8")
        lines = [line for line in table.splitlines() if not line.startswith("#")]
        _CACHE.update({_plain(row["name"]): row["type"] for row in csv.DictReader(lines)})
    return _CACHE


_CACHE: dict[str, str] = {}


def ranks(values: Floats) -> Floats:
    """Ranks, ties shared."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray(((ends - counts + ends + 1) / 2)[place], np.float64)


def measure(record: Record) -> dict[str, float]:
    """Split-half rank correlation, and the correlation of bits with log activity."""
    told = predictability(record, RELIABLE)
    bits, acts = np.array([row.bits for row in told]), np.array([row.acts for row in told])
    width = np.array([(row.high - row.low) / 2 for row in told])
    return {
        "acts": len(record),
        "actors": len(told),
        "split_half": _split_half(record, RELIABLE),
        **{f"split_half_from_{least}_acts": _split_half(record, least) for least in (50, 100)},
        "with_log_activity": float(np.corrcoef(bits, np.log(acts))[0, 1]),
        "median_bits": float(np.median(bits)),
        "median_stationary": float(np.median([row.stationary for row in told])),
        "half_width_at_200_to_300_acts": float(np.median(width[(acts >= 200) & (acts <= 300)])),
    }


def _split_half(record: Record, least: int) -> float:
    split = halves(record, least)
    even, odd = (np.array([row[at] for row in split]) for at in (2, 3))
    return float(np.corrcoef(ranks(even), ranks(odd))[0, 1])


def main() -> int:
    """Measure, print, and say by the exit code whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    if not (folder / "entity2id.txt").is_file():
        print(f"{folder} has no entity2id.txt: name a folder like ../shared/data/icews/tkg14")
        return 2
    started = time.perf_counter()
    found = measure(of_rows(rows(folder)))
    found["seconds"] = time.perf_counter() - started
    met = found["split_half"] >= LEAST_CORRELATION and abs(found["with_log_activity"]) <= MOST_ACTIVITY
    for name, value in found.items():
        print(f"{name}: {value:.3f}")
    print(json.dumps({**{name: round(value, 4) for name, value in found.items()}, "met": met}))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
