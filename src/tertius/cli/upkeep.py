"""`tertius status`, `tertius compact`, `tertius check`: looking after a ledger."""

from __future__ import annotations

import sys
from typing import Any

import click

from tertius.cli.options import format_option, ledger_option
from tertius.errors import LedgerError
from tertius.ledger import upkeep
from tertius.ledger.ledger import Ledger

SHOWN = 50  # broken rows that are named; the rest are counted


@click.command()
@ledger_option
@format_option
def status(ledger: str, format_: str) -> None:
    """Say what a ledger holds, by source and period, and what could not be read and why."""
    found = upkeep.status(Ledger.open(ledger))
    if format_ == "table":
        _print_status(found)
        return
    from tertius.show.tables import write

    write([_flat(found)], format_, sys.stdout)  # type: ignore[arg-type]


def _flat(found: upkeep.Status) -> dict[str, Any]:
    parts = {"folder": str(found.folder), "merged": found.merged, "megabytes": round(found.megabytes, 3)}
    return (
        parts
        | {"files": found.files}
        | found.tables
        | {
            name: [{k: str(v) if v is not None else None for k, v in row.items()} for row in getattr(found, name)]
            for name in ("documents_by_publisher", "coded_by_file", "failures_by_reason")
        }
    )


def _print_status(found: upkeep.Status) -> None:
    from rich.console import Console

    from tertius.show.terminal import plain_table

    console = Console()
    counts = ", ".join(f"{count:,} {name}" for name, count in found.tables.items() if count)
    click.echo(f"{found.folder}: {counts or 'empty'}; {found.megabytes:,.1f} MB in {found.files:,} files")
    for name in ("documents_by_publisher", "coded_by_file", "failures_by_reason"):
        rows = getattr(found, name)
        if rows:
            click.echo(f"\n{name.replace('_', ' ')}:")
            console.print(plain_table(rows, console.width))
    if not found.merged:
        click.echo("Not all mentions are merged into events: run 'tertius merge'.")


@click.command()
@ledger_option
@click.option("--forget-history", is_flag=True, help="Remove earlier states too: --as-of then knows the present only.")
def compact(ledger: str, forget_history: bool) -> None:
    """Join a ledger's many small files into few, so that it answers faster and takes less room."""
    done = upkeep.compact(Ledger.open(ledger), forget_history=forget_history)
    click.echo(f"{done.before:,} files joined into {done.after:,}; {done.removed:,} removed", err=True)


@click.command()
@ledger_option
def check(ledger: str) -> None:
    """Verify every hash, every span and every batch of a ledger; exit code 6 if something is damaged.

    A span is verified by its words: they must stand in the document's text where the span says.
    """
    broken = upkeep.check(Ledger.open(ledger))
    for one in broken[:SHOWN]:
        click.echo(": ".join(filter(None, (one.table, one.row, one.problem))))
    if broken:
        more = f" ({len(broken) - SHOWN:,} more not shown)" if len(broken) > SHOWN else ""
        raise LedgerError(f"{ledger} is damaged in {len(broken):,} places{more}: restore it from a copy, or read again")
    click.echo("whole: every hash, span and batch is as it was written", err=True)
