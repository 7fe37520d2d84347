"""`tertius correct ID` and `tertius corrections`: say what is right where something was read wrongly."""

from __future__ import annotations

import getpass
import sys
from typing import Any

import click

from tertius.cli.options import MODALITIES, format_option, ledger_option
from tertius.errors import UsageError
from tertius.ontology import TYPES


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no name for this number, no environment
        return ""


@click.command()
@click.argument("mention", metavar="ID")
@ledger_option
@click.option("--not-an-event", is_flag=True, help="It tells of no event.")
@click.option("--type", "type_", type=click.Choice(list(TYPES), case_sensitive=False), help="The right event type.")
@click.option("--mode", metavar="MODE", help="The right mode of the type; '' for none.")
@click.option("--modality", type=click.Choice(MODALITIES), help="Whether it happened.")
@click.option(
    "--source", "sources", multiple=True, metavar="WHO", help="Who acts: code ('RUS GOV') or name; may be given again."
)
@click.option("--target", "targets", multiple=True, metavar="WHO", help="Who is acted on; may be given again.")
@click.option("--no-source", is_flag=True, help="Nobody is named who acts.")
@click.option("--no-target", is_flag=True, help="Nobody is named who is acted on.")
@click.option("--withdraw", is_flag=True, help="Take the standing correction back.")
@click.option("--note", default="", metavar="TEXT", help="Why.")
@click.option("--by", default=_user, show_default="your name on this machine", metavar="NAME", help="Who corrects.")
def correct(mention: str, ledger: str, not_an_event: bool, withdraw: bool, note: str, by: str, **right: Any) -> None:
    """Correct how a mention was read: what is right goes before what was read in everything that asks the ledger.

    ID is that of a mention ('tertius events --mentions' lists them). What is not given stays as it stands. Nothing is
    lost: 'tertius corrections' lists what was said, the last word holds, and a later reading of the article keeps it.

    \b
    Examples:
      tertius correct 3f2a9c1b04d2-m1 --type ACCUSE --target "RUS GOV" --note "a reproach, no threat"
      tertius correct 3f2a9c1b04d2-m4 --not-an-event
      tertius correct 3f2a9c1b04d2-m4 --withdraw
    """
    from tertius.ledger import corrections
    from tertius.ledger.ledger import Ledger

    wanted = _right(right)
    asked = [name for name, on in (("--not-an-event", not_an_event), ("--withdraw", withdraw)) if on]
    if len(asked) + any(value is not None for value in wanted) != 1:
        raise UsageError(
            "say what is right (--type, --mode, --modality, --source, --target), or --not-an-event, or --withdraw"
        )
    opened = Ledger.open(ledger)
    if not_an_event:
        row = corrections.reject(opened, mention, by=by, note=note)
    elif withdraw:
        row = corrections.withdraw(opened, mention, by=by, note=note)
    else:
        row = corrections.change(opened, mention, wanted, by=by, note=note)
    opened.merge()
    click.echo(f"{mention} {_outcome(row)}; the events are merged anew", err=True)


def _right(given: dict[str, Any]) -> Any:
    from tertius.ledger.corrections import Right

    sides: dict[str, Any] = {}
    for side in ("source", "target"):
        named, nobody = given[f"{side}s"], given[f"no_{side}"]
        if named and nobody:
            raise UsageError(f"--{side} and --no-{side} exclude each other: choose one")
        sides[f"{side}s"] = named or (() if nobody else None)
    return Right(given["type_"], given["mode"], given["modality"], **sides)


def _outcome(row: dict[str, Any]) -> str:
    from tertius.ledger.corrections import codes

    if row["verdict"] != "changed":
        return {"no event": "is no event", "withdrawn": "stands as it was read"}[row["verdict"]]
    parts = [f"{name} {row[name]}" for name in ("type", "mode", "modality") if row[name]]
    parts += [
        f"{side} {', '.join(codes(row[side])) or 'nobody'}" for side in ("sources", "targets") if row[side] is not None
    ]
    return "corrected: " + "; ".join(parts)


@click.command()
@ledger_option
@format_option
def corrections(ledger: str, format_: str) -> None:
    """List the corrections of a ledger, the last first: what was read, what is right, who says so.

    'holds' marks the last word on a mention; 'id_now' is what the mention is called now.
    """
    from tertius.ledger import corrections as said
    from tertius.ledger.ledger import Ledger

    rows = said.listed(Ledger.open(ledger))
    if format_ != "table":
        from tertius.show.tables import write

        write(rows, format_, sys.stdout, _COLUMNS)  # type: ignore[arg-type]
        return
    from rich.console import Console

    from tertius.show.terminal import plain_table

    console = Console()
    if rows:
        console.print(plain_table([_shown(row) for row in rows], console.width))
    else:
        click.echo("Nothing was corrected: 'tertius correct ID' does it.", err=True)


_COLUMNS = (
    "mention", "verdict", "holds", "by", "at", "note", "said_type", "said_mode", "said_modality", "said_sources",
    "said_targets", "type", "mode", "modality", "sources", "targets", "sentence", "id_now", "document", "id", "after",
)  # fmt: skip


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """What fits beside one another in a terminal."""
    from tertius.ledger.corrections import told

    return {
        "mention": row["id_now"] or row["mention"],
        "when": row["at"].isoformat(" ", "minutes"),
        "by": row["by"],
        "what": told(row) + ("" if row["holds"] else " (no longer holds)"),
        "note": row["note"],
        "sentence": row["sentence"],
    }
