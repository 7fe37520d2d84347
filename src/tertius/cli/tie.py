"""`tertius tie A B`: what two players do to one another over time."""

from __future__ import annotations

from typing import Any

import click

from tertius.cli.studying import draw, load, put, query, study_options


@click.command()
@click.argument("a")
@click.argument("b")
@click.option(
    "--rows", "wanted", type=click.Choice(["time", "changes", "reciprocity", "voices", "figures"]), default="time",
    show_default=True, help="Over time, changes of pace, answers in kind, who says what, figures for the pair.",
)  # fmt: skip
@study_options
def tie(
    a: str, b: str, wanted: str, ledger: str, until: str | None, origins: tuple[str, ...], show_sql: bool,
    svg: str | None, format_: str,
) -> None:  # fmt: skip
    """What A does to B and B to A: acts a week by quad class with intervals, changes of pace, answers in kind.

    \b
    Examples:
      tertius tie Russia Ukraine --svg tie.svg
      tertius tie USA PRK --rows changes --format json
      tertius tie USA PRK --rows voices
    """
    from tertius.show import drawings
    from tertius.studies import tie as study

    if show_sql:
        own = {"voices": study.VOICES_SQL, "figures": study.FIGURES_SQL}
        click.echo(own.get(wanted) or query())
        return
    record = load(ledger, until, origins)
    found = study.tie(record, a, b)
    rows: Any = {"time": found.periods, "changes": found.changes, "reciprocity": found.reciprocity}.get(wanted)
    if rows is None:
        from tertius.ledger.ledger import Ledger

        ask = study.voices if wanted == "voices" else study.figures
        rows = ask(Ledger.open(ledger), record, a, b, until)
    put(rows, format_, [found.sentence])
    if svg:
        draw(svg, drawings.both_ways(found))
