"""`tertius next`: whom an actor acts on next, with the reasons."""

from __future__ import annotations

import click

from tertius.cli.options import format_option, ledger_option, type_option
from tertius.cli.studying import load, origin_option, put, rows_until
from tertius.errors import UsageError


@click.command("next")
@click.argument("actor")
@type_option
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="N targets.")
@ledger_option
@rows_until
@origin_option
@format_option
def next_(
    actor: str, types: tuple[str, ...], limit: int, ledger: str, until: str | None, origins: tuple[str, ...],
    format_: str,
) -> None:  # fmt: skip
    """The most probable next targets of ACTOR's acts of a type, with base rates and reasons.

    The chance is conditional: if ACTOR does it to anybody on the day after the record, is this target among them?

    \b
    Examples:
      tertius next Russia --type THREATEN
      tertius next USA --type SANCTION --until 2024-03-05 --format json
    """
    if not types:
        raise UsageError("say which act: tertius next ACTOR --type THREATEN")
    from tertius.studies.forecasts import following

    record = load(ledger, until, origins)
    record.number(actor)  # an unknown actor is said before minutes of training
    forecaster = following.forecaster(record)
    found = forecaster.targets(actor, types, limit)
    put(found, format_, _about(actor, forecaster.day, forecaster.silence()))


def _about(actor: str, day: str, silence: int) -> list[str]:
    said = [f"If {actor} does it to anybody on {day}: the chance of each target, and its share so far. A is {actor}."]
    if silence:
        said.append(f"{silence} of the last 10 weeks hold no act of anybody: they are missing, not peaceful.")
    return said
