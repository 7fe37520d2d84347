"""Hold the accuracy floors: python -m benchmarks.floors --shared FOLDER

Runs each benchmark that floors.toml names and fails if a figure is under its floor. Benchmarks whose annotated data are
missing are skipped, and said so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

FLOORS = Path(__file__).with_name("floors.toml")


def run(module: str, arguments: list[str]) -> dict[str, Any]:
    """The figures that a benchmark prints as its last line."""
    command = [sys.executable, "-m", module, *arguments]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    return figures


def outside(figures: dict[str, Any], floors: dict[str, float], ceilings: dict[str, float]) -> list[str]:
    """What is missing, under its floor or over its ceiling, in words."""
    bounds = [(name, floor, "floor", 1) for name, floor in floors.items()]
    bounds += [(name, ceiling, "ceiling", -1) for name, ceiling in ceilings.items()]
    return [
        f"{name} is {figures.get(name)}, its {kind} is {bound}"
        for name, bound, kind, sign in bounds
        if not isinstance(figures.get(name), int | float) or sign * (figures[name] - bound) < 0
    ]


def main() -> int:
    """Check every floor; 0 if all hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder with the annotated data")
    shared = parser.parse_args().shared
    failed = 0
    held = {
        n: e for n, e in tomllib.loads(FLOORS.read_text(encoding="utf-8")).items() if {"floors", "ceilings"} & e.keys()
    }
    for name, entry in held.items():
        files = [shared / file for file in entry["arguments"]]
        if missing := [
            file for file in [*files, *(shared / need for need in entry.get("needs", []))] if not file.exists()
        ]:
            print(f"{name}: skipped, {missing[0].name} is not here")
            continue
        figures = run(entry["module"], [str(file) for file in files])
        short = outside(figures, entry.get("floors", {}), entry.get("ceilings", {}))
        failed += bool(short)
        print(f"{name}: {'; '.join(short) or 'all floors hold'}  {json.dumps(figures)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
