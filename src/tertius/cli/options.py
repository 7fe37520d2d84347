"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import click

from tertius.errors import UsageError
from tertius.ontology import TYPES

Command = TypeVar("Command", bound=Callable[..., object])

MODALITIES = ("actual", "future", "hypothetical", "negated")


def iso_day(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Check a date option; raises UsageError unless it is a day of the calendar as YYYY-MM-DD."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise UsageError(
            f"{parameter.opts[0]} {value!r} is not a date: write it as YYYY-MM-DD, such as 2024-03-05"
        ) from None


def day_option(name: str, help: str) -> Callable[[Command], Command]:
    """An option that takes an ISO date."""
    return click.option(name, callback=iso_day, metavar="DATE", help=help)


def ledger_option(command: Command) -> Command:
    """The ledger that a command reads."""
    return click.option(
        "--ledger",
        default="ledger",
        show_default=True,
        envvar="TERTIUS_LEDGER",
        metavar="FOLDER",
        help="The ledger to ask.",
    )(command)


def format_option(command: Command) -> Command:
    """How rows are written."""
    choices = click.Choice(["table", "json", "jsonl", "csv"])
    return click.option(
        "--format", "format_", type=choices, default="table", show_default=True, help="How to write the rows."
    )(command)


def type_option(command: Command) -> Command:
    """PLOVER event types, any letter case."""
    choices = click.Choice(list(TYPES), case_sensitive=False)
    return click.option("--type", "types", type=choices, multiple=True, help="PLOVER event type; may be given again.")(
        command
    )


def write_whole(path: Path, text: str) -> None:
    """Write a file in one go: one that was there stays whole until the new one is. Raises OSError."""
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
