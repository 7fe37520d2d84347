"""Two sides of one act or figure, side by side: for the terminal and for the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tertius.show.marks import printable
from tertius.show.tables import short_id
from tertius.show.terminal import days

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from tertius.records import Reading

LONGEST = 240  # code points of a side's words in the terminal


def disputes_table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """Rows of a ledger's dispute_rows: what it is about, then one column for each side."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_lines=True)
    for name in ("what", "one side", "the other side"):
        table.add_column(name, overflow="fold", ratio=2 if name == "what" else 3)
    for row in rows:
        table.add_row(
            _text(subject(row), days(row["start_date"], row["end_date"])), _side(row, ""), _side(row, "other_")
        )
    return table


def subject(row: Mapping[str, Any]) -> str:
    """'SDN MIL ASSAULT TCD CVL', or what a figure measures."""
    if row["about"] == "figure":
        return f"{row['measure']} (figure)"
    return " ".join(filter(None, ("; ".join(row["source"]), row["type"], "; ".join(row["target"]))))


def _side(row: Mapping[str, Any], which: str) -> Text:
    words = " ".join(str(row[f"{which}words"]).split())
    clipped = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
    return _text(f"{row[f'{which}speaker']}: {row[f'{which}verdict']}", clipped, row[f"{which}id"])


def _text(head: str, *lines: str) -> Text:
    from rich.text import Text

    text = Text(printable(head), style="bold")
    for line in filter(None, lines):
        text.append(f"\n{printable(line)}", style="not bold")
    return text


def report_rows(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """What the report shows of the disputes among its articles; `href` and `other_href` name the rows on the page."""
    if not any(reading.mentions or reading.figures for reading in readings):
        return []
    from tertius.ledger import disputes

    keys = {short_id(reading.document.id): f"d{n}" for n, reading in reversed(list(enumerate(readings, 1)))}
    return [
        {**row, "subject": subject(row), "href": _href(row["id"], keys), "other_href": _href(row["other_id"], keys)}
        for row in disputes.among(readings)
    ]


def _href(record: str, keys: Mapping[str, str]) -> str:
    document, _, local = record.partition("-")
    return f"#{keys[document]}-{local}"
