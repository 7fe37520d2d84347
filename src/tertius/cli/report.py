"""`tertius report`: every study of a ledger on one page."""

from __future__ import annotations

from pathlib import Path

import click

from tertius.cli.options import ledger_option, write_whole
from tertius.cli.studying import load, origin_option, rows_until
from tertius.errors import UsageError


@click.command()
@click.argument("file", metavar="FILE.html")
@click.option(
    "--pair", "pairs", multiple=True, metavar="A:B", help="Look at this pair; again for more (default: the busiest)."
)
@click.option(
    "--answers", "triads", multiple=True, metavar="X:B:A",
    help="When X presses B, does A step in? Again for more (default: the clearest of all with enough data).",
)  # fmt: skip
@click.option("--no-forecasts", is_flag=True, help="Leave out forecasts, which take minutes for a large ledger.")
@click.option("--title", default="Who acts on whom, and who answers whom", show_default=True, help="The page's title.")
@origin_option
@rows_until
@ledger_option
def report(
    file: str, pairs: tuple[str, ...], triads: tuple[str, ...], no_forecasts: bool, title: str,
    origins: tuple[str, ...], until: str | None, ledger: str,
) -> None:  # fmt: skip
    """Write the studies of a ledger as one HTML file that needs no network: each figure with its acts and sentences.

    \b
    Examples:
      tertius report report.html
      tertius report report.html --pair RUS:UKR --answers USA:PRK:RUS
    """
    path = Path(file)
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"{file}: no file can be made there: name a file in a folder that exists")
    asked_pairs = tuple(_parts(pair, 2, "--pair", "two actors, such as RUS:UKR") for pair in pairs)
    asked_triads = tuple(_parts(triad, 3, "--answers", "X:B:A, such as USA:PRK:RUS") for triad in triads)
    record = load(ledger, until, origins)
    from tertius.ledger.ledger import Ledger
    from tertius.show.dossier import Asked, dossier

    asked = Asked(asked_pairs, asked_triads, not no_forecasts)  # type: ignore[arg-type]
    page = dossier(Ledger.open(ledger), record, asked, title)
    try:
        write_whole(path, page)
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror}): name another file") from error
    click.echo(f"report: {path}")


def _parts(words: str, count: int, option: str, form: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in words.split(":"))
    if len(parts) != count or not all(parts):
        raise UsageError(f"{option} {words!r}: write {form}")
    return parts
