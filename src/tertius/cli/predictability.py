"""`tertius predictability`: how much each actor's acts surprise, in bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from tertius.cli.studying import draw, load, put, query, study_options
from tertius.errors import UsageError

if TYPE_CHECKING:
    from tertius.studies.predictability import Predictability

QUAD_OF_TIER: dict[str, Literal[1, 2, 3, 4]] = {"more predictable": 2, "less predictable": 4}


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
    from tertius.studies import predictability as study

    record = load(ledger, until, origins)
    if actor is None:
        rows = study.predictability(record, least)
        put(rows, format_, [study.tiers(rows)])
        draw(svg, chart(rows))
    elif over_time:
        put(study.over_time(record, actor), format_)
    else:
        put(study.surprising(record, actor, limit), format_)


def chart(rows: list[Predictability]) -> str:
    """A dot for each actor, most predictable first."""
    from tertius.show.charts import Dot, dots

    drawn = [Dot(row.actor, row.bits, row.low, row.high, QUAD_OF_TIER.get(row.tier, 1)) for row in rows]
    return dots(drawn, "Surprise per act", "bits (fewer: more predictable)")
