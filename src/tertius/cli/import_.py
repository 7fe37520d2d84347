"""`tertius import NAME FILE...`: event data of others into a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tertius.cli.options import ledger_option
from tertius.errors import SourceError, UsageError

if TYPE_CHECKING:
    from tertius.datasets.importing import Bad, Imported, Importer, Options

SHOWN = 5  # skipped rows, and kinds of doubts, that are printed
FILES_SHOWN = 20

KNOWN = ("icews", "polecat", "gdelt", "gdelt-mentions", "phoenix", "ucdp", "acled", "tertius")


@click.command("import")
@click.argument("dataset", metavar="NAME")
@click.argument("sources", metavar="FILE...", nargs=-1, required=True)
@ledger_option
@click.option("--format", "format_", type=click.Choice(["csv"]), help="NAME is a data set of your own: a CSV table.")
@click.option(
    "--map", "maps", multiple=True, metavar="COLUMN=THEIRS", help="Which of its columns is which; again for each."
)
@click.option("--set", "sets", multiple=True, metavar="COLUMN=VALUE", help="What is the same in all rows.")
@click.option("--dates", type=click.Choice(["DMY", "MDY"]), help="What 03/05/2018 means in it.")
@click.option("--licence", metavar="TEXT", help="Under what licence it may be used; kept with the rows.")
@click.option("--quiet", is_flag=True, help="Say nothing on stderr but errors.")
def import_(
    dataset: str,
    sources: tuple[str, ...],
    ledger: str,
    format_: str | None,
    maps: tuple[str, ...],
    sets: tuple[str, ...],
    dates: str | None,
    licence: str | None,
    quiet: bool,
) -> None:
    """Import event data of others into a ledger: icews, polecat, gdelt, gdelt-mentions, phoenix, ucdp, acled, tertius.

    Files may be packed (.gz, .zip) and may have a header or none. A file is imported whole or not at all, and only
    once; malformed rows are named, skipped, and kept in the ledger's table of failures. 'tertius' takes back what
    'tertius export' wrote as CSV.

    \b
    Examples:
      tertius import icews events.2018.tab --ledger ledger
      tertius import gdelt 20180101.export.CSV.zip
      tertius import clashes clashes.csv --format csv --map date=Day --map source_country=SideA:gw \\
          --map target_country=SideB:gw --set type=ASSAULT --dates DMY
    """
    options = _options(dataset, format_, maps, sets, dates, licence)
    files = [file for source in sources for file in _files(Path(source))]
    failed = _run(ledger, options, files, quiet)
    if failed:
        raise SystemExit(SourceError.exit_code)


def _options(
    dataset: str,
    format_: str | None,
    maps: tuple[str, ...],
    sets: tuple[str, ...],
    dates: str | None,
    licence: str | None,
) -> Options:
    from tertius.datasets import own
    from tertius.datasets.importing import Options

    columns, schemes = {}, {}
    for ours, theirs in _pairs("--map", maps).items():
        theirs, _, scheme = theirs.partition(":") if format_ else (theirs, "", "")
        columns[ours] = theirs
        if scheme:
            schemes[ours] = scheme
    fixed = _pairs("--set", sets)
    if format_ and dataset in KNOWN:
        raise UsageError(f"{dataset} is the name of a known data set: leave --format out, or choose another name")
    if not format_ and dataset not in KNOWN:
        known = ", ".join(KNOWN)
        raise UsageError(f"{dataset!r} is no data set that is known ({known}): for your own add --format csv --map ...")
    if not format_ and fixed:
        raise UsageError("--set goes with --format csv: leave it out")
    if format_:
        own.check(columns, schemes, fixed)
    return Options(dataset, columns, schemes, fixed, dates, licence)  # type: ignore[arg-type]


def _pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for one in given:
        ours, equals, theirs = one.partition("=")
        if not (ours and equals and theirs):
            raise UsageError(f"{option} {one!r}: write it as COLUMN=..., such as {option} date=Day")
        pairs[ours] = theirs
    return pairs


def _files(source: Path) -> list[Path]:
    """A file, or the files in a folder, hidden ones left out."""
    if not source.is_dir():
        return [source]
    found = sorted(path for path in source.rglob("*") if path.is_file() and not path.name.startswith("."))
    if not found:
        raise UsageError(f"{source} is a folder without files: name the files to import")
    return found


def _run(folder: str, options: Options, files: list[Path], quiet: bool) -> int:
    """Import the files and return how many could not be."""
    from tertius.datasets.importing import Importer
    from tertius.ledger.ledger import Ledger

    ledger = Ledger.create_or_open(folder)
    failures: list[SourceError] = []

    def failed(error: SourceError) -> None:
        failures.append(error)
        _say(f"skipped: {error.where}: {error.reason}" if error.where else f"skipped: {error.reason}")

    with Importer(ledger, options) as importer:
        if not quiet and importer.first:
            _say(f"{importer.terms.title} ({importer.terms.licence}): {importer.terms.terms}")
        done = []
        for one in importer.run(files, failed):
            done.append(one)
            if not quiet and len(files) <= FILES_SHOWN:
                _say(_told(one))
        ledger.skipped([(error.where, error.reason) for error in failures])
        if not quiet:
            _tell(importer)
            _say(_summary(done, len(files)))
    return len(failures)


def _told(one: Imported) -> str:
    """What became of one file."""
    repeated = f", {one.repeated:,} left out that are here from another file" if one.repeated else ""
    return f"{one.path}: " + ("it is here already" if one.again else f"{one.rows:,} rows{repeated}")


def _summary(done: list[Imported], files: int) -> str:
    again = sum(one.again for one in done)
    before = f", {again:,} here before" if again else ""
    rows, skipped, repeated = (sum(getattr(one, part) for one in done) for part in ("rows", "skipped", "repeated"))
    left = f", {repeated:,} here from another file" if repeated else ""
    return f"{len(done) - again:,} of {files:,} files imported{before}: {rows:,} rows, {skipped:,} skipped{left}"


def _tell(importer: Importer) -> None:
    """The first rows that were skipped, and what was doubtful in rows that were kept."""
    for bad in importer.bad[:SHOWN]:
        _say(f"skipped: {bad.where}: {bad.reason}")
    if len(importer.bad) > SHOWN:
        _say(f"... and {len(importer.bad) - SHOWN:,} more: all are in the ledger's table 'failures'")
    doubts = _summed(importer.doubts)
    for doubt, (count, where) in list(doubts.items())[:SHOWN]:
        _say(f"kept without it: {doubt} ({count:,} rows, first {where})")
    if len(doubts) > SHOWN:
        _say(f"... and {len(doubts) - SHOWN:,} other doubts: see the column 'doubt' of the table 'coded'")


def _summed(doubts: list[Bad]) -> dict[str, tuple[int, str]]:
    """Doubts with the number of rows and the first of them, the most frequent first."""
    found: dict[str, tuple[int, str]] = {}
    for doubt in doubts:
        count, where = found.get(doubt.reason, (0, doubt.where))
        found[doubt.reason] = count + doubt.rows, where
    return dict(sorted(found.items(), key=lambda item: -item[1][0]))


def _say(line: str) -> None:
    from tertius.show.marks import printable

    click.echo(printable(line), err=True)
