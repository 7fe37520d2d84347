"""`tertius forecast`: the chance that somebody acts, beside its usual rate."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
import msgspec

from tertius.cli.options import type_option
from tertius.cli.studying import draw, load, put, query, study_options
from tertius.errors import UsageError

if TYPE_CHECKING:
    from tertius.studies.forecasts.drivers import Driver
    from tertius.studies.forecasts.outlook import Forecast, Forecaster, Moment

LONG = 20_000  # acts that take longer than one waits for without a word
TABLE = (
    "source", "target", "what", "within", "chance", "low", "high", "usual", "last", "method",
)  # fmt: skip

within_option = click.option(
    "--within", multiple=True, type=click.IntRange(min=1), metavar="DAYS",
    help="Days ahead (default: 7 and 30); again for more.",
)  # fmt: skip


@click.command()
@click.argument("pair", nargs=-1, metavar="[A B]")
@click.option("--all", "every", is_flag=True, help="All pairs: what departs most from the usual.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=25, show_default=True, metavar="N", help="N rows of --all."
)
@type_option
@within_option
@click.option(
    "--rows", "wanted", type=click.Choice(["chances", "drivers", "time"]), default="chances", show_default=True,
    help="Chances, what drives them, or what would have been forecast on past days.",
)  # fmt: skip
@click.option("--no-record", is_flag=True, help="Do not keep these forecasts for 'tertius record'.")
@study_options
def forecast(
    pair: tuple[str, ...], every: bool, limit: int, types: tuple[str, ...], within: tuple[int, ...], wanted: str,
    no_record: bool, ledger: str, until: str | None, origins: tuple[str, ...], show_sql: bool, svg: str | None,
    format_: str,
) -> None:  # fmt: skip
    """The chance of at least one act of A on B within 7 and 30 days, by quad class, beside its usual rate.

    It is learnt from the ledger, from all pairs, which takes a minute or more. Forecasts are kept in the ledger, and
    'tertius record' says how good they were.

    \b
    Examples:
      tertius forecast Russia Ukraine --svg chance.svg
      tertius forecast USA PRK --type SANCTION --within 14
      tertius forecast USA PRK --rows drivers --format json
      tertius forecast --all --limit 50
    """
    if show_sql:
        click.echo(query())
        return
    if every == bool(pair) or len(pair) not in (0, 2):
        raise UsageError("name two actors, source first, or ask for all pairs: tertius forecast A B, or --all")
    if every and (wanted != "chances" or svg):
        raise UsageError("--rows drivers, --rows time and --svg are for one pair: tertius forecast A B")
    learnt = learn(ledger, until, origins, within, types, pair)
    if wanted == "time":
        rows: Sequence[Any] = learnt.over_time(*pair)
        put(rows, format_, learnt.notes())
    else:
        found = learnt.unusual(limit) if every else learnt.forecast(*pair)
        _show(found, wanted, format_, learnt.notes())
        if not no_record:
            keep(ledger, found, origins, hindsight=bool(until and learnt.record.future))
    if svg:
        draw(svg, chart(learnt, *pair))


def learn(
    ledger: str, until: str | None, origins: Sequence[str], within: Sequence[int], types: Sequence[str],
    actors: Sequence[str] = (),
) -> Forecaster:  # fmt: skip
    """Load the acts and learn from them; says on stderr that it takes a while, and from which day it forecasts."""
    from tertius.studies.forecasts import outlook

    record = load(ledger, until, origins)
    for actor in actors:
        record.number(actor)  # an unknown actor is said before minutes of training
    if len(record) > LONG:
        click.echo(f"Learning from {len(record)} acts: this takes a minute or more.", err=True)
    started = time.perf_counter()
    learnt = outlook.forecaster(record, within, types, until)
    if len(record) > LONG:
        click.echo(f"Learnt in {time.perf_counter() - started:.0f} seconds.", err=True)
    click.echo(f"Forecast from {learnt.origin}, the last day that is known.", err=True)
    return learnt


def keep(ledger: str, found: Sequence[Forecast], origins: Sequence[str], *, hindsight: bool) -> None:
    """Keep the forecasts in the ledger."""
    from tertius.ledger import forecasts
    from tertius.ledger.ledger import Ledger

    rows = [msgspec.to_builtins(one) for one in found]
    new = forecasts.keep(Ledger.open(ledger), rows, origins, hindsight=hindsight)
    if new:
        late = ", marked as made in hindsight: the ledger holds later acts" if hindsight else ""
        click.echo(f"{new} forecasts kept{late}; 'tertius record' scores them when they are due.", err=True)


def _show(found: Sequence[Forecast], wanted: str, format_: str, notes: Sequence[str]) -> None:
    if wanted == "drivers":
        put([_driver(one, each) for one in found for each in one.drivers], format_, notes)
    elif format_ == "table":
        why = list(dict.fromkeys(one.note for one in found if one.note))
        told = TABLE if len({(one.source, one.target) for one in found}) > 1 else TABLE[2:]
        put([{name: getattr(one, name) for name in told} for one in found], format_, [*notes, *why])
        for one in found:
            click.echo(one.sentence)
    else:
        put(found, format_)


def _driver(one: Forecast, each: Driver) -> dict[str, Any]:
    own: dict[str, Any] = msgspec.to_builtins(each)
    return {"what": one.what, "within": one.within, "chance": one.chance, **own}


def chart(learnt: Forecaster, source: str, target: str) -> str:
    """The chances of past days and now against the usual rate, by quad class, over the shortest number of days."""
    from tertius.show.charts import beneath
    from tertius.show.forecasts import against_usual

    told, past = learnt.forecast(source, target), learnt.over_time(source, target)
    shortest = min(one.within for one in told)
    charts = []
    for now in (one for one in told if one.within == shortest):
        own = [one for one in past if (one.what, one.within) == (now.what, shortest)]
        title = f"{now.source} on {now.target}: {now.what} within {shortest} days"
        charts.append(against_usual([*map(_point, own), _point(now)], now.quad, title))
    return beneath(charts, "Forecasts against usual rates")


def _point(one: Forecast | Moment) -> Any:
    from tertius.show.forecasts import Point

    return Point(one.origin, one.chance, one.low, one.high, one.usual, getattr(one, "came", None))
