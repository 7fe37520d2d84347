"""`tertius export FILE`: a ledger in the forms that others read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tertius.cli.lists import as_of, country_code, limit, since, until
from tertius.cli.options import MODALITIES, ledger_option, type_option
from tertius.errors import UsageError

FORMATS = ("parquet", "csv", "jsonl", "icews", "gdelt", "gdelt-mentions", "geojson", "gexf", "graphml")
BY_ENDING = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".geojson": "geojson",
    ".gexf": "gexf",
    ".graphml": "graphml",
}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@ledger_option
@click.option("--format", "format_", type=click.Choice(FORMATS), help="The form; otherwise by the file's ending.")
@click.option("--source", metavar="WHO", help="Country, actor code ('RUS', 'RUS GOV') or words of the source's name.")
@click.option("--target", metavar="WHO", help="The same for the target.")
@type_option
@click.option("--modality", type=click.Choice(MODALITIES), help="Whether it happened.")
@click.option(
    "--dataset", "datasets", multiple=True, metavar="NAME", help="Only this data set; 'tertius' is read from articles."
)
@click.option("--mentions", is_flag=True, help="Every mention of an article, not merged events.")
@since
@until
@as_of
@limit
def export(file: Path, ledger: str, format_: str | None, source: str | None, target: str | None, **wanted: Any) -> None:
    """Export the events of a ledger to FILE: merged events of what was read, and imported rows.

    Beside FILE lie its codebook (.codebook.md), its actors (.actors.csv) and what to cite (.bib).

    \b
    Examples:
      tertius export acts.parquet --since 2018-01-01
      tertius export ties.gexf --source Russia --type ACCUSE --type THREATEN
      tertius export like-icews.tab --format icews --dataset tertius
    """
    from tertius.datasets import exporting
    from tertius.ledger.ledger import Ledger

    form = format_ or BY_ENDING.get(file.suffix.lower())
    if form is None:
        raise UsageError(f"{file} has no ending that says its form: add --format {'|'.join(FORMATS)}")
    chosen = exporting.Wanted(source=country_code(source), target=country_code(target), **wanted)
    done = exporting.export(Ledger.open(ledger), file, form, chosen)  # type: ignore[arg-type]
    noun = "edges" if form in ("gexf", "graphml") else "rows"
    click.echo(f"{done.rows:,} {noun} in {file}; beside it {', '.join(path.name for path in done.files[1:])}", err=True)
