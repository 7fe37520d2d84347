"""How fast the app answers, on the sample ledger and on a large one: python -m benchmarks.web [--rows N] [--ledger F]

Starts `tertius serve` as a user would, once with --sample and once on a ledger of N rows of event data, made as
benchmarks.ledger makes them (or on the ledger F). Each screen is asked for once to warm up and then 20 times, 4 at a
time. The app remembers its pages until the ledger changes, so pairs, triads and filters that nobody has asked for
before are timed too ("anew"), one at a time. Printed are the median and the 95th percentile (anew: the worst) of the
seconds until the last byte, and the peak of the app's memory. The last line is JSON: the worst of both ledgers in
milliseconds, and the peaks in megabytes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

from benchmarks.ledger import _apart, load, make

TIMES, AT_ONCE, DIFFERENT = 20, 4, 5
SECONDS = 600  # for a page; the first of a large ledger waits until its rows are laid out
OPTIONAL = ("/outlook", "/sql")


@contextmanager
def serving(*options: str) -> Iterator[tuple[str, int]]:
    """The address of a running app, and its process id."""
    command = [sys.executable, "-m", "tertius", "serve", "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as app:
        try:
            address = next(line.strip() for line in app.stderr or () if line.startswith("http"))
            yield address.rstrip("/"), app.pid
        finally:
            app.terminate()


def fetched(address: str) -> bytes:
    """The page at an address. Raises HTTPError."""
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:
        page: bytes = answer.read()
    return page


def told(address: str) -> dict[str, Any]:
    """The JSON twin of a page."""
    twin: dict[str, Any] = json.loads(fetched(address + ("&" if "?" in address else "?") + "format=json"))
    return twin


def screens(app: str) -> dict[str, list[str]]:
    """The addresses of each screen, by what is in the ledger."""
    today = told(app + "/")
    pairs = [(row["source"], row["target"]) for row in today["busiest"] if row["source"] != row["target"]]
    pairs = [pair for pair in pairs if all(len(code) == 3 and code.isupper() for code in pair)][:DIFFERENT]
    codes = sorted({code for pair in pairs for code in pair})
    asked = [(x, b, a) for x, b in pairs for a in codes if a not in (x, b)][:DIFFERENT]
    events = [row["id"] for row in told(app + "/events")["rows"][:DIFFERENT]]
    found = {
        "today": ["/"],
        "events": ["/events"],
        "events, filtered": [f"/events?source={quote(s)}&target={quote(t)}" for s, t in pairs],
        "acts": ["/acts"],
        "acts, filtered": [f"/acts?source={quote(s)}&target={quote(t)}" for s, t in pairs],
        "pair": [f"/pair/{a}/{b}" for a, b in pairs],
        "answers": ["/answers"],
        "answers, a triad": [f"/answers?x={x}&b={b}&a={a}" for x, b, a in asked],
        "answers, a network": [f"/answers?actor={code}" for code in codes[:DIFFERENT]],
        "disputed": ["/disputes"],
        "evidence": [f"/event/{event}" for event in events],
    }
    for path in OPTIONAL:
        try:
            fetched(app + path)
            found[path.strip("/")] = [path]
        except HTTPError as error:
            if error.code != 404:
                raise
    return {name: [app + path for path in paths] for name, paths in found.items() if paths}


def times(address: str) -> list[float]:
    """The seconds of TIMES requests, AT_ONCE at a time, after one to warm up."""

    timed(address)
    with ThreadPoolExecutor(AT_ONCE) as askers:
        return list(askers.map(timed, [address] * TIMES))


def timed(address: str) -> float:
    """The seconds that a page takes."""
    begun = time.perf_counter()
    fetched(address)
    return time.perf_counter() - begun


def peak(pid: int) -> int | None:
    """The most memory that a process has held, in megabytes; None where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def measure(name: str, *options: str) -> dict[str, Any]:
    """The figures of one ledger; a line for each screen is printed on the way."""
    worst = {"p50_ms": 0, "p95_ms": 0, "anew_ms": 0}
    with serving(*options) as (app, pid):
        for screen, (first, *others) in screens(app).items():
            seconds = times(first)
            p95 = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
            found = {"p50_ms": statistics.median(seconds), "p95_ms": p95, "anew_ms": max(map(timed, others), default=0)}
            told = {key: round(1000 * value) for key, value in found.items()}
            print(f"{name:7} {screen:20} " + "  ".join(f"{key} {value:6}" for key, value in told.items()), flush=True)
            worst = {key: max(worst[key], value) for key, value in told.items()}
        worst_of = {f"{name}_{key}": value for key, value in worst.items()}
        return {**worst_of, f"{name}_peak_mb": peak(pid)}


def made(folder: Path, rows: int) -> Path:
    """A ledger of event data in a folder; what it was made from is removed."""
    paths = make(folder, rows)
    _apart(load, folder / "ledger", paths)
    for path in paths:
        path.unlink()
    return folder / "ledger"


def main() -> None:
    """Make, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000, help="of the large ledger")
    parser.add_argument("--ledger", type=Path, help="a ledger that is there, instead of a large one made for this")
    parser.add_argument("--folder", type=Path, help="where to work (5 GB for 10 million rows); else a temporary folder")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tertius-benchmark-", dir=given.folder))
    try:
        figures = measure("sample", "--sample")
        ledger = given.ledger or made(folder, given.rows)
        print(json.dumps({"rows": given.rows} | figures | measure("large", "--ledger", str(ledger))))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
