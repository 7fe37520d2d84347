"""'Copy as SQL' and 'copy as Python': the statement that gives the rows on the screen, over the ledger's own views.

The definitions of the screen's tables are taken from screen.sql itself, so that the statement cannot say anything else
than the page does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Any

from tertius.datasets.statements import literal
from tertius.web.filters import Filters

_TABLE = re.compile(r"^CREATE TABLE (\w+) AS\n(.*?);$", re.MULTILINE | re.DOTALL)


def as_sql(wanted: Filters, limit: int, offset: int = 0) -> str:
    """One SELECT for `tertius sql` and the SQL box, with its values in it."""
    statement, values = _statement(wanted, limit, offset)
    parts = statement.split("?")
    return parts[0] + "".join(literal(value) + part for value, part in zip(values, parts[1:], strict=True))


def as_python(wanted: Filters, limit: int, offset: int = 0) -> str:
    """A few lines of Python that bind the values. `rows` is then what the page shows."""
    statement, values = _statement(wanted, limit, offset)
    bound = f", {values!r}" if values else ""
    return (
        "from tertius.ledger.ledger import Ledger\n\n"
        'ledger = Ledger.open("ledger")  # the folder of your ledger\n'
        f'rows = ledger.rows("""\n{statement}\n"""{bound})\n'
    )


def _statement(wanted: Filters, limit: int, offset: int) -> tuple[str, list[Any]]:
    condition, values = wanted.where()
    used = ["screen", *(name for name in definitions() if name != "screen" and re.search(rf"FROM {name}\b", condition))]
    tables = ",\n".join(f"{name} AS (\n{_indented(definitions()[name])}\n)" for name in used)
    statement = (
        f"WITH {tables}\n"
        "SELECT e.* FROM event_rows e JOIN screen s ON s.id = e.id\n"
        f"WHERE e.id IN (SELECT id FROM screen WHERE {condition})\n"
        'ORDER BY s."day" DESC NULLS LAST, e.id\n'
        f"LIMIT {limit:d} OFFSET {offset:d}"
    )
    return statement, values


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in text.splitlines())


@lru_cache(maxsize=1)
def definitions() -> dict[str, str]:
    """The SELECT of each table of screen.sql, by name."""
    return dict(_TABLE.findall(resources.files("tertius.web").joinpath("screen.sql").read_text(encoding="utf-8")))
