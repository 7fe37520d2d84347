"""`tertius record`: how good the forecasts were that have come due, and what would have been forecast in the past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tertius.cli.studying import draw, load, put, query, study_options
from tertius.errors import UsageError

if TYPE_CHECKING:
    from tertius.studies.forecasts.scoring import Bin

SHARE = 0.7  # of the record is past before a backtest begins
BACK = ("scores", "reliability")


@click.command("record")
@click.option(
    "--rows", "wanted", type=click.Choice(["scores", "reliability", "misses", "all"]), default="scores",
    show_default=True, help="Scores by kind, chances against what came, the worst misses, or each forecast.",
)  # fmt: skip
@click.option("--hindsight", is_flag=True, help="Also forecasts made with --until while later acts were known.")
@click.option("--backtest", is_flag=True, help="Score what would have been forecast on past days of this ledger.")
@click.option(
    "--every", type=click.IntRange(min=1), metavar="DAYS", help="Days from one past forecast to the next (7)."
)
@study_options
def record_(
    wanted: str, hindsight: bool, backtest: bool, every: int | None, ledger: str, until: str | None,
    origins: tuple[str, ...], show_sql: bool, svg: str | None, format_: str,
) -> None:  # fmt: skip
    """How good the forecasts were: those of 'tertius forecast' that have come due, or --backtest on past days.

    Brier and log scores beside those of the usual rates, chances against how often they came true, and the misses.

    \b
    Examples:
      tertius record
      tertius record --rows misses --format json
      tertius record --backtest --every 14 --svg reliability.svg
    """
    if show_sql:
        click.echo(query() if backtest else "SELECT * FROM forecasts ORDER BY origin")
        return
    if every and not backtest:
        raise UsageError("--every goes with --backtest: tertius record --backtest --every 14")
    if backtest:
        if wanted not in BACK:
            raise UsageError(f"a backtest has {' and '.join(BACK)}: choose --rows among them")
        rows, sentences, bins = _back(ledger, until, origins, every or 7, wanted)
    else:
        rows, sentences, bins = _due(ledger, until, origins, wanted, hindsight)
    put(rows, format_, sentences)
    if svg:
        draw(svg, chart(bins))


def _due(
    ledger: str, until: str | None, origins: tuple[str, ...], wanted: str, hindsight: bool
) -> tuple[list[Any], list[str], list[Bin]]:
    """Rows, sentences and bins of the forecasts that are kept."""
    from tertius.ledger import forecasts
    from tertius.ledger.ledger import Ledger
    from tertius.studies.forecasts.due import due

    every = [row for row in forecasts.kept(Ledger.open(ledger)) if row["origins"] == sorted(origins)]
    kept = [row for row in every if hindsight or not row["hindsight"]]
    late = len(every) - len(kept)
    left_out = [f"{late} forecasts made in hindsight are left out: --hindsight scores them too."] if late else []
    if not kept:
        return [], ["No forecast is kept here yet: 'tertius forecast A B' issues some.", *left_out], []
    found = due(kept, load(ledger, until, origins))
    rows: dict[str, list[Any]] = {
        "scores": found.scores(), "reliability": found.reliability(), "misses": found.misses(), "all": found.scored,
    }  # fmt: skip
    return rows[wanted], [found.sentence(), *left_out], found.reliability()


def _back(
    ledger: str, until: str | None, origins: tuple[str, ...], every: int, wanted: str
) -> tuple[list[Any], list[str], list[Bin]]:
    """Rows, sentences and bins of a backtest."""
    import numpy as np

    from tertius.studies.forecasts import backtest, outlook, panel, scoring, training

    acts = panel.acts(load(ledger, until, origins))
    first = int(acts.days * SHARE)
    horizons = [h for h in outlook.WITHIN if training.possible(int(acts.known[:first].sum()), h)] or [outlook.WITHIN[0]]
    click.echo(f"Learning {backtest.REFITS} times from what was known then: this takes minutes.", err=True)
    past = backtest.backtest(acts, range(4), horizons, first, every)
    chance, came = (np.concatenate([getattr(one, name) for one in past]) for name in ("chance", "came"))
    bins = scoring.reliability(chance, came)
    found = [backtest.standing(acts, one) for one in past]
    said = (
        f"Forecast every {every} days from {min(one.first for one in found)} on, learning anew {backtest.REFITS} times "
        "from the days before alone. Skill is the share by which log-loss is below that of the simpler forecast."
    )
    return (list(bins) if wanted == "reliability" else list(found)), [said], bins


def chart(bins: list[Bin]) -> str:
    """The chances that were given against how often they came true."""
    from tertius.show.forecasts import Share, reliability

    return reliability([Share(one.chance, one.came, one.low, one.high, one.forecasts) for one in bins])
