"""`tertius answers`: when x presses b, does a step in for b?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tertius.cli.studying import draw, load, put, query, study_options
from tertius.errors import UsageError

if TYPE_CHECKING:
    from tertius.studies.answers import How
    from tertius.studies.record import Record


@click.command()
@click.option("--to", "pressure", metavar="X:B", help="X presses B: codes or names of countries.")
@click.option("--by", metavar="A", help="Who may step in for B.")
@click.option("--screen", "every", is_flag=True, help="Ask it of all triads with enough data.")
@click.option(
    "--how", type=click.Choice(["support", "confront"]), default="support", show_default=True,
    help="Stepping in: A supports B, or A presses X.",
)  # fmt: skip
@click.option("--window", type=int, default=7, show_default=True, metavar="DAYS", help="Within how many days.")
@click.option(
    "--rows", "wanted", type=click.Choice(["answer", "curve", "events"]), default="answer", show_default=True,
    help="The answer, the days around a trigger, or the acts behind it.",
)  # fmt: skip
@study_options
def answers(
    pressure: str | None, by: str | None, every: bool, how: How, window: int, wanted: str, ledger: str,
    until: str | None, origins: tuple[str, ...], show_sql: bool, svg: str | None, format_: str,
) -> None:  # fmt: skip
    """When X presses B, does A step in for B? With its uncertainty, and with what could not have been seen.

    \b
    Examples:
      tertius answers --to USA:PRK --by Russia
      tertius answers --to USA:PRK --by RUS --rows events --format csv
      tertius answers --screen --how confront
    """
    if show_sql:
        click.echo(query())
        return
    if every == bool(pressure or by) or (not every and not (pressure and by)):
        raise UsageError("say --to X:B and --by A for one triad, or --screen for all")
    if every:
        _screen(load(ledger, until, origins), how, window, format_, svg, wanted)
        return
    from tertius.show import drawings
    from tertius.studies import answers as study

    x, colon, b = (pressure or "").partition(":")
    if not (x and colon and b):
        raise UsageError(f"--to {pressure!r}: write who presses and who is pressed, such as USA:PRK")
    found = study.answers(
        load(ledger, until, origins), x.strip(), b.strip(), (by or "").strip(), how=how, window=window
    )
    rows = {"answer": [found.answer], "curve": found.curve, "events": found.evidence}[wanted]
    put(rows, format_, [found.answer.sentence])
    if svg:
        draw(svg, drawings.around_triggers(found))


def _screen(record: Record, how: How, window: int, format_: str, svg: str | None, wanted: str) -> None:
    from tertius.show import drawings
    from tertius.studies import answers as study

    if wanted != "answer":
        raise UsageError(f"--rows {wanted} goes with one triad: say --to X:B and --by A")
    found = study.screen(record, how=how, window=window)
    put(found, format_, [study.summary(found)])
    if svg:
        draw(svg, drawings.triads(found))
