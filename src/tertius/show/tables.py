"""Readings as flat rows, and rows as JSON, JSON lines, CSV or Arrow."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TextIO

if TYPE_CHECKING:
    from tertius.records import Attribution, Mention, Participant, Reading

Format = Literal["table", "json", "jsonl", "csv"]
Row = dict[str, Any]

MENTION_COLUMNS = (
    "id", "date", "date_end", "date_from", "source", "source_words", "type", "mode", "quad", "intensity", "modality",
    "factuality", "target", "target_words", "reciprocal", "speaker", "speaker_code", "stance", "place", "contexts",
    "confidence", "trigger", "sentence", "published", "title", "document",
)  # fmt: skip


def mention_rows(reading: Reading) -> list[Row]:
    """One flat row a mention, with the columns of MENTION_COLUMNS; several actors are joined by '; '."""
    said = {a.id: a for a in reading.attributions}
    return [_mention_row(reading, m, said.get(m.attribution or "")) for m in reading.mentions]


def _mention_row(reading: Reading, mention: Mention, said: Attribution | None) -> Row:
    speaker = said.speaker if said else None
    return {
        "id": f"{short_id(reading.document.id)}-{mention.id}",
        "date": mention.when.start,
        "date_end": mention.when.end,
        "date_from": mention.when.origin,
        "source": actors_in_words(mention.sources),
        "source_words": "; ".join(p.text for p in mention.sources),
        "type": mention.type,
        "mode": mention.mode,
        "quad": mention.quad,
        "intensity": mention.intensity,
        "modality": mention.modality,
        "factuality": mention.factuality.verdict,
        "target": actors_in_words(mention.targets),
        "target_words": "; ".join(p.text for p in mention.targets),
        "reciprocal": mention.reciprocal,
        "speaker": speaker.name if speaker else None,
        "speaker_code": " ".join(filter(None, (speaker.country, speaker.sector))) or None if speaker else None,
        "stance": said.stance if said else None,
        "place": mention.where.name if mention.where else None,
        "contexts": "; ".join(mention.contexts),
        "confidence": mention.confidence,
        "trigger": mention.trigger.text,
        "sentence": mention.sentence.text,
        "published": reading.document.published,
        "title": reading.document.title,
        "document": reading.document.id,
    }


def short_id(document_id: str) -> str:
    """The first twelve characters of a document's hash, as ids in a ledger begin."""
    return document_id.removeprefix("sha256:")[:12]


def actors_in_words(participants: Sequence[Participant]) -> str:
    """The codes of some participants, each once, in order; the article's words where there is no code."""
    return "; ".join(dict.fromkeys(p.code or p.text for p in participants))


def write(rows: Iterable[Mapping[str, Any]], format: Format, stream: TextIO, columns: Sequence[str] = ()) -> None:
    """Write rows as a JSON array, JSON lines or CSV. `columns` heads a CSV that has no rows."""
    if format == "csv":
        write_csv(rows, stream, columns)
    elif format == "jsonl":
        for row in rows:
            stream.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")
    else:
        write_json_array((json.dumps(row, ensure_ascii=False, default=_plain) for row in rows), stream)


def write_json_array(objects: Iterable[str], stream: TextIO) -> None:
    """Write encoded JSON objects as one array, each as soon as it comes."""
    first = True
    stream.write("[")
    for one in objects:
        stream.write(("\n" if first else ",\n") + one)
        first = False
    stream.write("]\n" if first else "\n]\n")


def write_csv(rows: Iterable[Mapping[str, Any]], stream: TextIO, columns: Sequence[str] = ()) -> None:
    """Write rows as CSV with a header; cells that a spreadsheet would run as formulas get a leading apostrophe."""
    writer = csv.writer(stream, lineterminator="\n")
    header = list(columns)
    if header:
        writer.writerow(header)
    for row in rows:
        if not header:
            header = list(row)
            writer.writerow(header)
        writer.writerow([csv_cell(row.get(name)) for name in header])


def csv_cell(value: Any) -> Any:
    """A value as a CSV cell: lists joined by '; ', text that starts with = + - @ tab or return made harmless."""
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    if not isinstance(value, str):
        return value
    risky = value.startswith(("=", "+", "-", "@", "\t", "\r"))
    # csv leaves a bare carriage return unquoted when lines end in \n, and readers take it for a new row.
    return ("'" if risky else "") + value.replace("\r\n", "\n").replace("\r", "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"cannot write {type(value).__name__} as JSON")


def mentions_arrow(readings: Iterable[Reading]) -> Any:
    """The mentions of some readings as an Arrow table (arro3; pyarrow, polars and pandas take it as it is)."""
    import tempfile
    from pathlib import Path

    import arro3.core
    import duckdb

    text = io.StringIO()
    write([row for reading in readings for row in mention_rows(reading)], "jsonl", text)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "rows.jsonl"
        path.write_text(text.getvalue(), encoding="utf-8")
        types = {name: _ARROW_TYPES.get(name, "VARCHAR") for name in MENTION_COLUMNS}
        relation = connection.read_json(str(path), columns=types, format="newline_delimited")
        return arro3.core.Table.from_arrow(relation)


_ARROW_TYPES = {
    "date": "DATE", "date_end": "DATE", "published": "DATE", "quad": "TINYINT", "intensity": "DOUBLE",
    "reciprocal": "BOOLEAN", "confidence": "DOUBLE",
}  # fmt: skip


def mentions_html(reading: Reading) -> str:
    """The mentions as a small HTML table for notebooks; everything that comes from the article is escaped."""
    from markupsafe import Markup

    columns = ("date", "source", "type", "modality", "target", "speaker", "sentence")
    head = Markup("").join(Markup("<th>{}</th>").format(name) for name in columns)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(row[c] or "") for c in columns))
        for row in mention_rows(reading)
    )
    title = Markup("<caption>{}</caption>").format(reading.document.title or reading.document.id[:19])
    return Markup("<table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(title, head, body)
