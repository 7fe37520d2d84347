"""The SQL box: one SELECT over the ledger's views, asked in the process and within the limits of `tertius sql`."""

from __future__ import annotations

import json
import queue
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from tertius.errors import TertiusError, UsageError
from tertius.ledger import sandbox, store
from tertius.processes import Worker
from tertius.web.desk import Desk, Row
from tertius.web.pages import TWIN_ROWS, Page, format_of, page, to, written

LONGEST = 20_000  # code points of a statement
SHOWN = 200  # rows on the page; its twins hold up to TWIN_ROWS
AT_ONCE = 2  # statements that are answered at the same time
PATIENCE = 5.0  # seconds to wait for one of these to end
CELL = 400  # code points of a cell on the page

_EVIDENCE = re.compile(r"[0-9a-f]{12}-([em])\d+")

EXAMPLES = {
    "Who acts on whom, and how": """SELECT source_country, target_country, type, count(*) AS acts
FROM dyads
WHERE source_country <> target_country
GROUP BY ALL
ORDER BY acts DESC
LIMIT 20""",
    "What is denied": """SELECT id, start_date, source, type, target, denied_by, sentence
FROM event_rows
WHERE len(denied_by) > 0
ORDER BY start_date DESC""",
    "Acts by month and origin": """SELECT date_trunc('month', date) AS month, origin, quad, count(*) AS acts
FROM acts
WHERE date IS NOT NULL
GROUP BY ALL
ORDER BY ALL""",
    "Who is quoted most": """SELECT speaker, stance, count(*) AS times
FROM quote_rows
GROUP BY ALL
ORDER BY times DESC
LIMIT 20""",
    "What was corrected": """SELECT "by", "at", verdict, said_type, type, note, id_now
FROM correction_rows
ORDER BY "at" DESC""",
}


class Busy(TertiusError):
    """Too many statements are being answered at once."""


class Processes:
    """The processes that answer statements, kept for the next ones."""

    def __init__(self) -> None:
        self._all = [sandbox.process() for _ in range(AT_ONCE)]
        self._free: queue.LifoQueue[Worker[sandbox.Statement, sandbox.Answer]] = queue.LifoQueue()
        for worker in self._all:
            self._free.put(worker)

    def ask(self, folder: Path, statement: str) -> sandbox.Answer:
        """Raises UsageError, Busy."""
        try:
            worker = self._free.get(timeout=PATIENCE)
        except queue.Empty:
            cure = "wait for them, and ask again"
            raise Busy(f"{AT_ONCE} statements are being answered already: {cure}") from None
        try:
            return sandbox.ask(folder, statement, rows=TWIN_ROWS, worker=worker)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """End them, whatever they are doing."""
        for worker in self._all:
            worker.close()


class Asked(NamedTuple):
    """A statement and what came of it."""

    statement: str
    rows: list[Row]
    columns: tuple[str, ...]
    more: bool = False
    problem: str = ""
    held: bool = False  # it came from another site, and waits for somebody to press the button


def box(request: Request) -> Response:
    """`/sql`: the box; with `q`, the rows of a statement. The address holds the statement."""
    return _box(request) if _asked_by_us(request) or not request.query_params.get("q") else _held(request)


@page
def _held(request: Request, _view: Any) -> Page:
    return _page(Asked(request.query_params["q"], [], (), held=True))


def _asked_by_us(request: Request) -> bool:
    """Whether a person or program here asks; a link on a page of another site must not put the machine to work."""
    return request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")


def _box(request: Request) -> Response:
    form = format_of(request)
    statement = request.query_params.get("q", "").strip()
    desk: Desk = request.app.state.desk
    desk.view()  # says so if the ledger is gone
    try:
        asked = _answer(request.app.state.processes, desk, statement) if statement else Asked("", [], ())
    except UsageError as error:
        asked = Asked(statement, [], (), problem=str(error))
    status = 400 if asked.problem else 200
    return written(request, _page(asked), form if form != "csv" or not asked.problem else "json", status)


def _answer(processes: Processes, desk: Desk, statement: str) -> Asked:
    """Raises UsageError, and Busy where too many ask at once."""
    if len(statement) > LONGEST:
        raise UsageError(f"the statement has more than {LONGEST:,} characters: ask it with 'tertius sql -'")
    answer = processes.ask(desk.folder, statement)
    columns = _unlike(answer.columns)
    return Asked(statement, [dict(zip(columns, row, strict=True)) for row in answer.rows], columns, answer.more)


def _unlike(columns: Sequence[str]) -> tuple[str, ...]:
    """Names of columns, each once: a second 'id' is 'id_2'."""
    seen: Counter[str] = Counter()
    found: list[str] = []
    for column in columns:
        seen[column] += 1
        name = column if seen[column] == 1 else f"{column}_{seen[column]}"
        while name in found:
            name += "_"
        found.append(name)
    return tuple(found)


def _page(asked: Asked) -> Page:
    shown = [[cell(row[name]) for name in asked.columns] for row in asked.rows[:SHOWN]]
    values = {"asked": asked, "shown": shown, "views": views(), "examples": EXAMPLES, "seconds": sandbox.SECONDS}
    values |= {"most": TWIN_ROWS, "megabytes": sandbox.MEGABYTES, "evidence": evidence}
    told: dict[str, Any] = {"sql": asked.statement, "columns": asked.columns, "more": asked.more}
    if asked.problem:
        told["error"] = asked.problem
    return Page("sql.html", "Ask in SQL", asked.rows, None, values, told)


def cell(value: Any) -> str:
    """A value as it is shown."""
    if value is None:
        return ""
    if isinstance(value, list) and not any(isinstance(one, (dict, list)) for one in value):
        value = "; ".join(map(str, value))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


def evidence(text: str) -> str | None:
    """Where the evidence of an event or mention is shown, if a cell is the id of one."""
    found = _EVIDENCE.fullmatch(text)
    return to("/event" if found[1] == "e" else "/mention", text) if found else None


@lru_cache(maxsize=1)
def views() -> dict[str, list[tuple[str, str]]]:
    """The views that may be asked, with their columns and types."""
    with store.over([]) as connection:
        return {
            name: [(row[0], row[1]) for row in connection.execute(f'DESCRIBE "{name}"').fetchall()]
            for name in sorted(sandbox.documented(connection))
        }
