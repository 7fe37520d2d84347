"""Tables for the terminal (rich). They fold long words, and stay plain text where the output is not a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tertius.show.marks import printable
from tertius.show.tables import mention_rows

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from tertius.records import Reading

QUAD_STYLES = {1: "cyan", 2: "green", 3: "yellow", 4: "red"}
LEAST_COLUMN = 11  # columns of text that a column of any table needs
CONTESTABLE = ("alleged", "believed", "doubted", "denied")  # verdicts that a table shows
NARROW = 100  # columns of text under which a row becomes a block of lines


def mentions_table(reading: Reading, width: int = 120) -> Table:
    """Who did what to whom, when, on whose word, and the sentence: one row a mention."""
    rows = [
        row | {"id": mention.id, "start_date": row["date"], "end_date": row["date_end"]}
        for mention, row in zip(reading.mentions, mention_rows(reading), strict=True)
    ]
    return events_table(rows, width)


def events_table(rows: Iterable[Mapping[str, Any]], width: int = 120) -> Table:
    """Rows of mentions, from a reading or a ledger's mention_rows, or of merged events, from its event_rows."""
    if width < NARROW:
        return _blocks(rows)
    table = _table("id", "when", "source", "what", "target", "on whose word", "sentence")
    for name in ("what", "when"):
        table.columns[_HEADS.index(name)].min_width = 9
    for row in rows:
        when = days(row["start_date"], row["end_date"])
        said = _said(row)
        table.add_row(*_texts(row["id"], when, row["source"]), _what(row), *_texts(row["target"] or "—", said, row))
    return table


_HEADS = ("id", "when", "source", "what", "target", "on whose word", "sentence")


def _texts(*values: Any) -> list[Text]:
    from rich.text import Text

    return [Text(_clip(v["sentence"]) if isinstance(v, Mapping) else _joined(v)) for v in values]


def _what(row: Mapping[str, Any]) -> Text:
    from rich.text import Text

    what = Text(row["type"], style=QUAD_STYLES[row["quad"]])
    if row["modality"] != "actual":
        what.append(f" ({row['modality']})", style="italic")
    if row.get("factuality") in CONTESTABLE:
        what.append(f" ({row['factuality']})", style="italic")
    if row.get("corrected"):
        what.append(" (corrected)", style="italic")
    return what


def _blocks(rows: Iterable[Mapping[str, Any]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid()
    for row in rows:
        when = days(row["start_date"], row["end_date"]) or "day unknown"
        table.add_row(Text.assemble((row["id"], "bold"), f"  {when}"))
        table.add_row(Text.assemble(_joined(row["source"]), "  ", _what(row), "  ", _joined(row["target"]) or "—"))
        table.add_row(Text(f"says {_joined(_said(row))}"))
        table.add_row(Text(_clip(row["sentence"]), style="dim"))
        table.add_row(Text())
    return table


def _said(row: Mapping[str, Any]) -> str:
    """On whose word a mention stands; of a merged event also how many reports and independent sources there are."""
    if "reports" not in row:
        return row["speaker"] or "the writer"
    parts = [_counted(row["reports"], "report"), _counted(row["independent_sources"], "independent source")]
    for stance in ("asserted_by", "doubted_by", "denied_by"):
        if row[stance]:
            parts.append(f"{stance.replace('_', ' ')} {', '.join(row[stance])}")
    return "; ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def plain_table(rows: Sequence[Mapping[str, Any]], width: int = 120) -> Table:
    """Any rows, all with the columns of the first; as blocks of lines where the columns would be too narrow to read."""
    columns = list(rows[0]) if rows else []
    if len(columns) * LEAST_COLUMN > width:
        return _column_blocks(rows)
    table = _table(*columns)
    for row in rows:
        _add(table, *map(_cell, row.values()))
    return table


def _column_blocks(rows: Sequence[Mapping[str, Any]]) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for row in rows:
        for name, value in row.items():
            _add(table, name, _cell(value))
        _add(table, "", "")
    return table


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return _clip("; ".join(map(str, value)))
    return "" if value is None else _clip(str(value))


def quotes_table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """Who says what: rows of a ledger's quote_rows."""
    table = _table("id", "speaker", "how", "words")
    for row in rows:
        speaker = (row["speaker"] or "unknown") + ("" if row["speaker_certain"] else " (?)")
        if row["country"]:
            speaker += f" [{row['country']}]"
        _add(table, row["id"], speaker, f"{row['stance']}, {row['kind']}", _clip(row["content"], 400))
    return table


def figures_table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """How much: rows of a ledger's figure_rows."""
    table = _table("id", "figure", "value", "unit", "measures", "when", "on whose word")
    for row in rows:
        measure = " ".join(filter(None, (row["measure"], row["change"] and f"({row['change']})")))
        when = days(row["start_date"], row["end_date"])
        _add(table, row["id"], row["text"], _number(row), row["unit"], measure, when, row["speaker"] or "the writer")
    return table


def days(start: Any, end: Any) -> str:
    """A day or a period: '2024-03-04', '2024-03-01 to 2024-03-31', '' when unknown."""
    first, last = (d.isoformat() if isinstance(d, date) else d or "" for d in (start, end))
    if first and last and first != last:
        return f"{first} to {last}"
    return first or (f"until {last}" if last else "")


def _table(*columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name == "id")
    return table


def _add(table: Table, *cells: str) -> None:
    from rich.text import Text

    table.add_row(*(Text(printable(cell)) for cell in cells))


def _joined(value: str | Sequence[str]) -> str:
    return printable(value if isinstance(value, str) else "; ".join(dict.fromkeys(value)))


def _clip(text: str, limit: int = 240) -> str:
    flat = printable(" ".join(text.split()))
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _number(row: Mapping[str, Any]) -> str:
    low, high = row["low"], row["high"]
    if row["value"] is not None:
        return f"{row['value']:,.12g}"
    return " to ".join(f"{bound:,.12g}" for bound in (low, high) if bound is not None)
