"""Run every benchmark of floors.toml and write what they print to docs/benchmarks.md.

    python -m benchmarks.record --shared FOLDER [NAME ...]

With names, only those are run again and the others stand as they were. Each section gives the command, the figures,
the date and the machine, so that a figure is never separated from how it was obtained.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import tomllib
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.floors import FLOORS, run

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
INTRODUCTION = """# Benchmarks

The last run of each benchmark, written by `python -m benchmarks.record --shared FOLDER`. FOLDER holds the annotated
data, which are not in the repository. Accuracy is measured on development data: thresholds and weights were chosen on
other articles. Timings are CPU time of one thread on a shared machine: read them against each other, not by themselves.
Floors that a change may not fall under are in `benchmarks/floors.toml` and are held by `make check`.
"""


def machine() -> str:
    """What the figures were measured on, without the name of the machine."""
    return f"{platform.machine()} {platform.system()}, {_processor()}, Python {platform.python_version()}"


def _processor() -> str:
    try:
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1] if found else platform.processor() or "unknown processor"


def section(name: str, entry: dict[str, Any], figures: dict[str, Any]) -> str:
    """The section of one benchmark."""
    summary = (import_module(entry["module"]).__doc__ or "").strip().splitlines()[0]
    floors, targets = entry.get("floors", {}), entry.get("targets", {})
    rows = [
        f"| {key} | {json.dumps(value)} | {targets.get(key, '')} | {floors.get(key, '')} |"
        for key, value in figures.items()
        if not isinstance(value, dict | list)
    ]
    files = [f"FOLDER/{file}" for file in entry["arguments"]]
    command = " ".join(["python -m", entry["module"], *files, *entry.get("options", [])])
    head = [f"## {name}", "", summary, "", f"`{command}`", ""]
    head += ["| figure | measured | target | floor |", "|---|---|---|---|"]
    note = [entry["note"], ""] if "note" in entry else []
    return "\n".join([*head, *rows, "", *note, f"*{datetime.now(UTC):%Y-%m-%d}, {machine()}*", ""])


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder with the annotated data")
    parser.add_argument("names", nargs="*", help="sections to run again")
    given = parser.parse_args()
    entries = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    old = dict(re.findall(r"(?ms)^## (\S+)\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8")))
    parts = [INTRODUCTION]
    for name, entry in entries.items():
        if given.names and name not in given.names and name in old:
            parts.append(f"## {name}\n{old[name].rstrip()}\n")
            continue
        print(name, flush=True)
        files = [str(given.shared / file) for file in entry["arguments"]]
        figures = run(entry["module"], [*files, *entry.get("options", [])])
        parts.append(section(name, entry, figures))
    PAGE.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
