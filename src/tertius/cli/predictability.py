"""`tertius predictability`: how much each actor's acts surprise, in bits."""

from __future__ import annotations

import click

from tertius.cli.studying import draw, load, put, query, study_options
from tertius.errors import UsageError


@click.command()
@click.argument("actor", required=False)
@click.option(
    "--least", type=click.IntRange(min=2), default=50, show_default=True, metavar="N", help="Actors with N acts."
)
@click.option("--over-time", is_flag=True, help="ACTOR's surprise in periods of 28 days.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="ACTOR's N acts.")
@study_options
def predictability(
    actor: str | None, least: int, over_time: bool, limit: int, ledger: str,
    until: str | None, origins: tuple[str, ...], show_sql: bool, svg: str | None, format_: str,
) -> None:  # fmt: skip
    """How predictable each actor is: surprise per act in bits, in whom and how; with ACTOR, its most surprising acts.

    \b
    Examples:
      tertius predictability --svg predictability.svg
      tertius predictability "North Korea"
      tertius predictability PRK --over-time --format csv
    """
    if show_sql:
        click.echo(query())
        return
    if actor is None and over_time:
        raise UsageError("--over-time goes with one actor: tertius predictability ACTOR --over-time")
    if actor is not None and svg:
        raise UsageError("--svg draws all actors: leave ACTOR out")
    from tertius.show import drawings
    from tertius.studies import predictability as study

    record = load(ledger, until, origins)
    if actor is None:
        rows = study.predictability(record, least)
        put(rows, format_, [study.tiers(rows)])
        draw(svg, drawings.predictabilities(rows))
    elif over_time:
        put(study.over_time(record, actor), format_)
    else:
        put(study.surprising(record, actor, limit), format_)
