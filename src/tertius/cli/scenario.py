"""`tertius scenario`: the same forecasts with supposed acts added."""

from __future__ import annotations

import click

from tertius.cli.forecast import learn, within_option
from tertius.cli.options import type_option
from tertius.cli.studying import put, query, study_options
from tertius.errors import UsageError

TABLE = ("source", "target", "what", "within", "chance", "supposing", "difference", "low", "high", "usual")


@click.command()
@click.argument("pair", nargs=-1, metavar="[A B]")
@click.option("--if", "supposed", multiple=True, required=True, metavar="'A TYPE B on DATE'", help="Again for more.")
@click.option(
    "--others", type=click.IntRange(min=0), default=3, show_default=True, metavar="N",
    help="Also the N other pairs that change most.",
)  # fmt: skip
@type_option
@within_option
@study_options
def scenario(
    pair: tuple[str, ...], supposed: tuple[str, ...], others: int, types: tuple[str, ...], within: tuple[int, ...],
    ledger: str, until: str | None, origins: tuple[str, ...], show_sql: bool, svg: str | None, format_: str,
) -> None:  # fmt: skip
    """What if A did this to B? The chances with the supposed acts added, beside those without them.

    It says what usually follows such acts, not what they would cause. Pairs: those of the supposition, both ways, A B
    if named, and those that change most.

    \b
    Examples:
      tertius scenario --if "Russia ASSAULT Ukraine on 2024-03-05"
      tertius scenario USA PRK --if "PRK THREATEN KOR on 2024-03-05" --if "PRK MOBILIZE KOR on 2024-03-06"
    """
    if show_sql:
        click.echo(query())
        return
    if len(pair) not in (0, 2):
        raise UsageError("name two actors, source first, or none: tertius scenario A B --if ...")
    from tertius.studies.forecasts import scenarios

    scenarios.check(supposed)  # what cannot be read is said before minutes of training
    learnt = learn(ledger, until, origins, within, types, pair)
    found = scenarios.scenario(learnt, supposed, [(pair[0], pair[1])] if pair else [], others)
    for warning in found.warnings:
        click.echo(warning, err=True)
    if format_ == "table":
        put([{name: getattr(one, name) for name in TABLE} for one in found.changes], format_, learnt.notes())
        for one in found.changes[:4]:
            click.echo(one.sentence)
    else:
        put(found.changes, format_)
    if svg:
        from tertius.cli.studying import draw
        from tertius.show.charts import Dot, dots

        rows = [
            Dot(f"{c.source} {c.target} {c.what} {c.within}", c.difference, c.low, c.high, c.quad, c.sentence)
            for c in found.changes
        ]
        draw(svg, dots(rows, "What changes", "difference in probability", zero=0.0))
