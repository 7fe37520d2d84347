"""What lies beside an export: its codebook (Markdown), its actors (CSV), and BibTeX entries for what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tertius.datasets.statements import literal
from tertius.datasets.tables import rows, text
from tertius.datasets.terms import terms_of
from tertius.version import VERSION

if TYPE_CHECKING:
    import duckdb

_FORMS = {
    "parquet": "Parquet, one row an act",
    "csv": "CSV in UTF-8, one row an act; lists are joined by '; ', and text that a spreadsheet would run as a formula "
    "begins with an apostrophe",
    "jsonl": "JSON lines, one object an act",
    "icews": "the 20 columns of ICEWS, tab-separated with a header, one row for each pair of actors; acts "
    "without a CAMEO code have the one that stands for their PLOVER type and mode, with its Goldstein score",
    "gdelt": "the 61 columns of GDELT 2.0 events, tab-separated without a header, one row for each pair; acts without "
    "a CAMEO code have the one that stands for their PLOVER type and mode; what Tertius does not know is empty",
    "gdelt-mentions": "the 16 columns of GDELT 2.0 mentions, tab-separated without a header",
    "geojson": "GeoJSON (RFC 7946), one feature for each act whose place is known",
    "gexf": "GEXF 1.3: actors, and one edge for each pair of a source and a target with the number of acts by quad "
    "class, mean intensity, first and last day",
    "graphml": "GraphML: actors, and one edge for each pair of a source and a target with the number of acts by quad "
    "class, mean intensity, first and last day",
}


def write(connection: duckdb.DuckDBPyConnection, file: Path, format: str, columns: Sequence[str]) -> tuple[Path, ...]:
    """Write the companions of an export of `chosen` and return their paths. Raises OSError.

    `columns` are those of the export, in order; none for a graph.
    """
    codebook, actors, bib = (file.with_name(f"{file.name}.{end}") for end in ("codebook.md", "actors.csv", "bib"))
    source = '(SELECT dataset, reported AS "date" FROM reports)' if format == "gdelt-mentions" else "chosen"
    found = connection.execute(
        f'SELECT dataset, count(*), min("date")::DATE, max("date")::DATE FROM {source} GROUP BY 1 ORDER BY 1'
    ).fetchall()
    licences = dict(connection.execute("SELECT dataset, any_value(licence) FROM imports GROUP BY dataset").fetchall())
    codebook.write_text(_codebook(file, format, columns, found, licences), encoding="utf-8")
    bib.write_text(_bibtex([row[0] for row in found]), encoding="utf-8")
    if format == "gdelt-mentions":
        return codebook, bib
    guarded = ", ".join(
        f"CASE WHEN regexp_matches({c}, '^[=+@\\t\\r-]') THEN '''' ELSE '' END || {c} AS {c}" for c in _ACTOR
    )
    connection.execute(
        f"COPY (SELECT {guarded}, as_source, as_target FROM ({text('sql/actors.sql')})) TO {literal(str(actors))} "
        "(FORMAT csv, HEADER)"
    )
    return codebook, actors, bib


_ACTOR = ("code", "name", "country", "sector")


def _codebook(
    file: Path,
    format: str,
    columns: Sequence[str],
    found: Sequence[tuple[str, int, object, object]],
    licences: dict[str, str],
) -> str:
    lines = [
        f"# {file.name}",
        "",
        f"Written by Tertius {VERSION} on {datetime.now(UTC).date()}. Form: {_FORMS[format]}.",
        "Types, modes, scores and sectors are PLOVER's (Open Event Data Alliance, CC BY-SA 4.0).",
        "",
        "| data set | acts | first day | last day | licence | terms |",
        "|---|---|---|---|---|---|",
    ]
    for dataset, acts, first, last in found:
        own = dataset == "tertius" and dataset not in licences
        terms = terms_of(dataset, licences.get(dataset))
        title, licence, asked = ("read from articles", "that of the articles", "") if own else terms
        lines.append(f"| {title} | {acts:,} | {first} | {last} | {licence} | {asked} |")
    if columns:
        meanings = dict(rows("codebook"))
        told = (f"| `{c}` | {meanings.get(c, 'as its name says in the codebook of that data set')} |" for c in columns)
        lines += ["", "| column | meaning |", "|---|---|", *told]
    return "\n".join(lines) + "\n"


def _bibtex(datasets: Sequence[str]) -> str:
    year = datetime.now(UTC).year
    entries = [
        f"@software{{tertius,\n  title = {{Tertius}},\n  version = {{{VERSION}}},\n  year = {{{year}}},\n"
        "  note = {Reads political news: who did what to whom, when, where, how much, and on whose word}\n}"
    ]
    for dataset in datasets:
        if dataset != "tertius":
            terms = terms_of(dataset)
            key = "".join(letter for letter in dataset if letter.isalnum()) or "dataset"
            entries.append(f"@misc{{{key},\n  title = {{{_tex(terms.title)}}},\n  note = {{{_tex(terms.terms)}}}\n}}")
    return "\n\n".join(entries) + "\n"


def _tex(words: str) -> str:
    return "".join(f"\\{letter}" if letter in "&%$#_{}" else letter for letter in words)
