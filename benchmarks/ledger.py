"""How fast the ledger takes in and answers for event data: python -m benchmarks.ledger [--rows 10000000] [--folder F]

Makes GDELT-shaped rows (61 columns, seeded, few actors in most rows as in the world), imports them in a process of its
own and times: rows a second (from the files as text to visible rows), the monthly counts of one dyad by type, the 50
most active dyads, and peak memory. The same questions go to plain DuckDB over the same Parquet files, and on the first
million rows to SQLite (with and without an index) and to pandas, where it is installed. Times are the best of five,
with the ledger opened anew each time. The last line is JSON; ratios are the other's seconds divided by ours.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tertius.datasets.tables import rows as table
from tertius.ledger import store
from tertius.ledger.ledger import Ledger
from tertius.world import codes

PER_FILE = 500_000
SMALL = 1_000_000  # rows for the comparison with SQLite and pandas
TIMES = 5
DYAD = ("RUS", "USA")
MONTHLY = """
    SELECT year("date") AS y, month("date") AS m, "type", count(*) AS n FROM {}
    WHERE source_country = 'RUS' AND target_country = 'USA' GROUP BY ALL ORDER BY ALL"""
ACTIVE = """
    SELECT source_country, target_country, count(*) AS n FROM {}
    WHERE source_country IS NOT NULL AND target_country IS NOT NULL GROUP BY ALL ORDER BY n DESC, 1, 2 LIMIT 50"""
SQLITE_MONTHLY = """
    SELECT substr(date, 1, 7) AS m, type, count(*) AS n FROM coded
    WHERE source_country = 'RUS' AND target_country = 'USA' GROUP BY m, type"""
SQLITE_ACTIVE = """
    SELECT source_country, target_country, count(*) AS n FROM coded
    WHERE source_country IS NOT NULL AND target_country IS NOT NULL GROUP BY 1, 2 ORDER BY n DESC LIMIT 50"""
COLUMNS = ("date", "source_country", "target_country", "type")

_ROWS = """
SELECT 1000000000 + i, strftime(d, '%Y%m%d'), strftime(d, '%Y%m'), strftime(d, '%Y'), year(d) + dayofyear(d) / 366,
       a1 || r1, n1, a1, '', '', '', '', r1, '', '', a2 || r2, n2, a2, '', '', '', '', r2, '', '',
       CAST(u(i, 1) < 0.6 AS INTEGER), e, e[:3], e[:2], 1 + CAST(floor(4 * u(i, 2)) AS INTEGER),
       round(20 * u(i, 3) - 10, 1), m, 1 + CAST(floor(3 * u(i, 4)) AS INTEGER), m, round(20 * u(i, 5) - 12, 12),
       4, n1 || ' City', 'RS', 'RS48', '', x, y, '-29600', 4, n2 || ' City', 'US', 'USDC', 'DC001', y, x, '531871',
       4, n1 || ' City, Some District, Some Province', 'RS', 'RS48', '25', x, y, '-29600',
       strftime(d + 1, '%Y%m%d') || '101500',
       'https://www.newspaper' || CAST(floor(3000 * power(u(i, 6), 2)) AS INTEGER) || '.example/'
       || strftime(d, '%Y/%m/%d') || '/a-story-about-' || lower(n1) || '-and-' || lower(n2) || '-' || hash(i) || '.html'
FROM (
    SELECT i, DATE '2015-02-18' + CAST(i * 3000 // {rows} AS INTEGER) AS d,
           places[1 + CAST(floor({many} * power(u(i, 7), 3)) AS INTEGER)] AS a1, 'ACTOR ' || a1 AS n1,
           places[1 + CAST(floor({many} * power(u(i, 8), 3)) AS INTEGER)] AS a2, 'ACTOR ' || a2 AS n2,
           roles[1 + CAST(floor(len(roles) * power(u(i, 9), 2)) AS INTEGER)] AS r1,
           roles[1 + CAST(floor(len(roles) * power(u(i, 10), 2)) AS INTEGER)] AS r2,
           events[1 + CAST(floor(len(events) * power(u(i, 11), 2)) AS INTEGER)] AS e,
           1 + CAST(floor(10 * power(u(i, 12), 4)) AS INTEGER) AS m,
           round(180 * u(i, 13) - 90, 4) AS x, round(180 * u(i, 14) - 90, 4) AS y
    FROM range({first}, {last}) r(i), lists
)"""


def make(folder: Path, rows: int) -> list[Path]:
    """Write files of GDELT 2.0 events with as many rows in all."""
    import duckdb

    first = ["USA", "RUS", "CHN", "GBR", "ISR", "IND", "", "FRA", "UKR", "IRN", "PSE", "TUR"]
    places = first + sorted(set(codes.of_scheme("cameo")) - set(first))
    roles = ["", "", "", "", "GOV", "GOV", "MIL", "CVL", "BUS", "OPP", "COP", "REB", "LEG", "MED", "EDU", "JUD", "NGO"]
    events = [row[0] for row in table("cameo") if len(row[0]) > 2]
    events.sort(key=lambda code: (code[:2] not in ("04", "01", "05", "11", "19", "03"), len(code), code[::-1]))
    paths = []
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("CREATE MACRO u(i, k) AS (hash(i * 32 + k) % 9007199254740992) / 9007199254740992.0")
        connection.execute("CREATE TABLE lists AS SELECT ? AS places, ? AS roles, ? AS events", [places, roles, events])
        for begin in range(0, rows, PER_FILE):
            last = min(begin + PER_FILE, rows)
            paths.append(folder / f"{begin // PER_FILE:04}.export.CSV")
            select = _ROWS.format(rows=rows, many=len(places), first=begin, last=last)
            how = "FORMAT csv, DELIMITER '\\t', QUOTE '', ESCAPE '', HEADER false"
            connection.execute(f"COPY ({select}) TO '{paths[-1]}' ({how})")
    return paths


def load(folder: Path, paths: list[Path]) -> dict[str, float]:
    """Import files into a new ledger: seconds, CPU seconds and the peak of memory of this process."""
    from tertius.datasets.importing import Importer, Options

    begun = time.perf_counter()
    with Importer(Ledger.create_or_open(folder), Options("gdelt")) as importer:
        rows = sum(one.rows for one in importer.run(paths, _fail))
    return {
        "rows": rows,
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time(),
        "peak_mb": _peak(),
    }


def ask(folder: Path) -> dict[str, float]:
    """Both questions to the ledger, through its views and in plain DuckDB on its files."""
    import duckdb

    found = store.files(folder, "coded")
    listed = ", ".join(f"'{path}'" for path in found)

    def plain(question: str) -> list[Any]:
        with duckdb.connect() as connection:
            return connection.execute(question.format(f"read_parquet([{listed}])")).fetchall()

    def ours(question: str) -> list[Any]:
        return [tuple(row.values()) for row in Ledger.open(folder).rows(question.format("dyads"))]

    times = {}
    for name, question in (("monthly", MONTHLY), ("active", ACTIVE)):
        times[name], answer = _best(partial(ours, question))
        times[f"{name}_duckdb"], same = _best(partial(plain, question))
        assert answer == same, f"{name}: the ledger and DuckDB disagree"
        assert answer, f"{name}: no rows"
    return times | {"peak_mb": _peak()}


def compare(folder: Path) -> dict[str, float | None]:
    """The questions on a smaller ledger, to SQLite and, where it is installed, to pandas."""
    times: dict[str, float | None] = dict(ask(folder))
    with tempfile.TemporaryDirectory() as scratch, sqlite3.connect(Path(scratch) / "coded.sqlite") as connection:
        listed = ", ".join(f'"{column}"' for column in COLUMNS)
        found = [tuple(row.values()) for row in Ledger.open(folder).rows(f"SELECT {listed} FROM coded")]
        connection.execute("CREATE TABLE coded(date TEXT, source_country TEXT, target_country TEXT, type TEXT)")
        connection.executemany("INSERT INTO coded VALUES (?, ?, ?, ?)", ((str(row[0]), *row[1:]) for row in found))
        for index in ("", "_indexed"):
            for name, question in (("monthly", SQLITE_MONTHLY), ("active", SQLITE_ACTIVE)):
                times[f"{name}_sqlite{index}"], _ = _best(partial(_answer, connection, question))
            connection.execute("CREATE INDEX IF NOT EXISTS dyad ON coded(source_country, target_country, date, type)")
    return times | (_pandas(folder) if find_spec("pandas") else {"monthly_pandas": None, "active_pandas": None})


def _answer(connection: sqlite3.Connection, question: str) -> list[Any]:
    return connection.execute(question).fetchall()


def _pandas(folder: Path) -> dict[str, float]:
    """pandas with the four columns in memory as strings; reading them is not timed."""
    pandas = import_module("pandas")  # only here: a tool of comparison
    found = Ledger.open(folder).rows(f"SELECT {', '.join(COLUMNS)} FROM coded")
    frame = pandas.DataFrame(found)
    frame["date"] = pandas.to_datetime(frame["date"])

    def monthly() -> Any:
        some = frame[(frame.source_country == DYAD[0]) & (frame.target_country == DYAD[1])]
        return some.groupby([some["date"].dt.to_period("M"), "type"], dropna=False).size()

    def active() -> Any:
        return frame.groupby(["source_country", "target_country"]).size().nlargest(50)

    return {"monthly_pandas": _best(monthly)[0], "active_pandas": _best(active)[0]}


def _best(question: Callable[[], Any]) -> tuple[float, Any]:
    seconds = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        answer = question()
        seconds.append(time.perf_counter() - begun)
    return min(seconds), answer


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _fail(error: Exception) -> None:
    raise error


def _apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run in a fresh process, whose peak of memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def measure(folder: Path, rows: int) -> dict[str, Any]:
    """All figures, as they are printed."""
    paths = make(folder, rows)
    megabytes = sum(path.stat().st_size for path in paths) / 1e6
    loaded = _apart(load, folder / "ledger", paths)
    asked = _apart(ask, folder / "ledger")
    _apart(load, folder / "small", paths[: SMALL // PER_FILE])
    small = _apart(compare, folder / "small")
    stored = sum(path.stat().st_size for path in (folder / "ledger" / "coded").glob("*.parquet")) / 1e6
    return {
        "rows": int(loaded["rows"]),
        "text_mb": round(megabytes),
        "stored_mb": round(stored),
        "rows_per_second": round(loaded["rows"] / loaded["seconds"]),
        "rows_per_cpu_second": round(loaded["rows"] / loaded["cpu_seconds"]),
        "import_seconds": round(loaded["seconds"], 1),
        "import_peak_mb": round(loaded["peak_mb"]),
        "query_peak_mb": round(asked["peak_mb"]),
        "monthly_seconds": round(asked["monthly"], 3),
        "active_seconds": round(asked["active"], 3),
        "ratios": {f"{name}_duckdb": round(asked[f"{name}_duckdb"] / asked[name], 2) for name in ("monthly", "active")},
        "small_rows": min(rows, SMALL),
        "small_seconds": {name: round(small[name], 3) for name in ("monthly", "active")},
        "small_ratios": {
            key: None if value is None else round(value / small[key.split("_")[0]], 2)
            for key, value in small.items()
            if "_" in key and key != "peak_mb"
        },
    }


def main() -> None:
    """Make, import, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, help="where to work (5 GB for 10 million rows); else a temporary folder")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tertius-benchmark-", dir=arguments.folder))
    try:
        print(json.dumps(measure(folder, arguments.rows)))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
