"""Crash safety of imports: python -m benchmarks.imports [--points 30]

Makes GDELT-shaped files, kills an import of them with SIGKILL at random moments (each time into the same ledger,
starting anew when all files are in), and looks after each kill: a file is there with all its rows or with none. At the
end of each round the rows must equal those of an import that nobody disturbed. The last line is JSON: points,
interrupted (kills that came before the end), torn (files seen in part), rounds and equal.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import ledger as shaped
from tertius.datasets import limits
from tertius.datasets.importing import Importer, Options
from tertius.ledger.ledger import Ledger

ROWS, PER_FILE = 24_000, 2_000
ASK = "SELECT * EXCLUDE (batch) FROM coded ORDER BY id"


def load(folder: Path, paths: list[Path]) -> None:
    """Import in many small writes, so that kills hit the writing."""
    limits.FLUSH_FILES, limits.FLUSH_BYTES, limits.PIECE_BYTES = 2, 400_000, 150_000
    limits.BLOCK_BYTES = 100_000
    with Importer(Ledger.create_or_open(folder), Options("gdelt")) as importer:
        for _ in importer.run(paths, _fail):
            pass


def _fail(error: Exception) -> None:
    raise error


def kill(folder: Path, paths: list[Path], seconds: float) -> bool:
    """Import in a process of its own and kill it after some seconds; False if it had ended before."""
    process = multiprocessing.get_context("spawn").Process(target=load, args=(folder, paths))
    process.start()
    process.join(seconds)
    interrupted = process.is_alive()
    process.kill()
    process.join()
    return interrupted


def measure(folder: Path, points: int) -> dict[str, Any]:
    """Kill, look, compare."""
    shaped.PER_FILE = PER_FILE
    paths = shaped.make(folder, ROWS)
    begun = time.perf_counter()
    kill(folder / "whole", paths, 600)
    usual = time.perf_counter() - begun
    expected = Ledger.open(folder / "whole").rows(ASK)
    found = {"points": points, "interrupted": 0, "torn": 0, "rounds": 0, "equal": 0}
    random.seed(points)
    Ledger.create_or_open(folder / "killed")
    for point in range(points):
        found["interrupted"] += kill(folder / "killed", paths, random.uniform(0.3 * usual, 0.7 * usual))
        ledger = Ledger.open(folder / "killed")
        seen = ledger.rows("SELECT file, count(*) AS n FROM coded GROUP BY file")
        found["torn"] += sum(row["n"] != PER_FILE for row in seen)
        if len(seen) == len(paths) or point == points - 1:
            kill(folder / "killed", paths, 600)
            found["rounds"] += 1
            found["equal"] += ledger.rows(ASK) == expected
            shutil.rmtree(folder / "killed")
            Ledger.create_or_open(folder / "killed")
    return found


def main() -> None:
    """Kill, look, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=30)
    with tempfile.TemporaryDirectory(prefix="tertius-benchmark-") as folder:
        print(json.dumps(measure(Path(folder), parser.parse_args().points)))


if __name__ == "__main__":
    main()
