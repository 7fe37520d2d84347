"""`tertius responses`: who acts on whom and in what tone, as alignment and as response."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from tertius.cli.studying import draw, load, put, query, study_options
from tertius.errors import UsageError

if TYPE_CHECKING:
    from tertius.studies.record import Record
    from tertius.studies.rem import Acts, Effect, Responses, Settings

ROWS = ("effects", "fit", "decay", "left-out", "together", "statistics")


@click.command()
@click.option("--formula", metavar="TEXT", help="Statistics in place of the study's own, as in goldfish or remstats.")
@click.option("--recent", type=float, default=7.0, show_default=True, metavar="DAYS", help="Half-life of triggers.")
@click.option("--standing", type=float, default=60.0, show_default=True, metavar="DAYS", help="Half-life of ties.")
@click.option("--warm-up", type=float, metavar="DAYS", help="First days that only set the scene (default: up to 30).")
@click.option("--quads", is_flag=True, help="Set each quad class against verbal cooperation, not pressure to support.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of what is drawn at random.")
@click.option(
    "--rows", "wanted", type=click.Choice(ROWS), default="effects", show_default=True,
    help="Effects; predicted and observed pressure; half-lives; what cannot be told; what runs together; the statistics"
    " of each act.",
)  # fmt: skip
@study_options
def responses(
    formula: str | None, recent: float, standing: float, warm_up: float | None, quads: bool, seed: int, wanted: str,
    ledger: str, until: str | None, origins: tuple[str, ...], show_sql: bool, svg: str | None, format_: str,
) -> None:  # fmt: skip
    """Who acts on whom and in what tone: each effect between pairs (alignment) and within them (response).

    \b
    Examples:
      tertius responses --svg forest.svg
      tertius responses --rows decay --svg decay.svg
      tertius responses --rows statistics --format csv > statistics.csv
      tertius responses --formula "acts ~ recip(half_life=7) + triangle(kind=pressure, second_kind=pressure)"
    """
    if show_sql:
        click.echo(query())
        return
    from tertius.studies import rem

    settings = rem.Settings(recent, standing, warm_up, formula, 4 if quads else 2, seed=seed)
    record = load(ledger, until, origins)
    acts = rem.of_record(record)
    if wanted == "statistics":
        _statistics(record, acts, settings, svg, format_)
    elif wanted == "decay":
        _decay(acts, settings, svg, format_)
    else:
        _study(rem.responses(acts, settings), wanted, svg, format_)


def _study(found: Responses, wanted: str, svg: str | None, format_: str) -> None:
    from tertius.show import drawings
    from tertius.studies.rem.sentences import sentences

    if svg and wanted not in ("effects", "fit"):
        raise UsageError(f"--svg draws no {wanted}: use it with --rows effects, fit or decay")
    rows: Any = {
        "effects": found.effects, "fit": found.tone.calibration, "left-out": found.left_out, "together": found.together,
    }[wanted]  # fmt: skip
    if format_ == "table" and wanted == "effects":
        rows = [_told(effect) for effect in found.effects]
    put(rows, format_, sentences(found))
    if svg:
        draw(svg, drawings.forest(found) if wanted == "effects" else drawings.goodness(found))


def _told(effect: Effect) -> dict[str, str | float | None]:
    """An effect as a row that fits a terminal."""
    inside = effect.response, effect.response_low, effect.response_high
    return {
        "model": effect.model,
        "effect": effect.effect,
        "alignment": _interval(effect.alignment, effect.alignment_low, effect.alignment_high),
        "response": None if effect.response is None else _interval(*inside),
        "p": effect.response_p,
    }


def _interval(value: float | None, low: float | None, high: float | None) -> str:
    return f"{value:.2f} [{low:.2f}, {high:.2f}]"


def _decay(acts: Acts, settings: Settings, svg: str | None, format_: str) -> None:
    from tertius.show import drawings
    from tertius.studies import rem

    rows = rem.decay_profile(acts, settings)
    best = max(rows, key=lambda row: row.response_loglik)
    put(rows, format_, [f"Within pairs the record fits best with triggers that halve every {best.half_life:g} days."])
    if svg:
        draw(svg, drawings.decay(rows))


def _statistics(record: Record, acts: Acts, settings: Settings, svg: str | None, format_: str) -> None:
    """The statistics of every act just before it, as CSV, for other programs."""
    from tertius.studies import rem

    if svg:
        raise UsageError("--svg draws no statistics: use it with --rows effects, fit or decay")
    if format_ not in ("csv", "table"):
        raise UsageError(f"--format {format_}: statistics are written as csv")
    formula = rem.parse(settings.formula or rem.default_formula(settings.recent, settings.standing))
    e = acts.events
    days = [date.fromordinal(day).isoformat() for day in record.day.tolist()]
    known = {"date": days, "id": record.ids, "quad": acts.quad.tolist()}
    rem.write(sys.stdout, formula, rem.Data(e), e.time, e.sender, e.receiver, known)
