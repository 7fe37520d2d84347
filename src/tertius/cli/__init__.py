"""The command line: one file per command, each imported only when it is called.

`tertius --help` must stay quick, so the group knows the name, the place and the one-line help of each command without
importing it.
"""

from __future__ import annotations

import importlib
import sys
from typing import NamedTuple

import click

from tertius.errors import TertiusError
from tertius.version import VERSION


class Lazy(NamedTuple):
    """Where a command lives ('module:attribute') and its one line of help."""

    place: str
    help: str


COMMANDS: dict[str, Lazy] = {
    "read": Lazy("tertius.cli.read:read", "Read articles: who did what to whom, on whose word."),
    "events": Lazy("tertius.cli.lists:events", "List the events in a ledger, merged over all reports."),
    "quotes": Lazy("tertius.cli.lists:quotes", "List who says what in a ledger."),
    "figures": Lazy("tertius.cli.lists:figures", "List the figures in a ledger."),
    "disputes": Lazy("tertius.cli.disputes:disputes", "List what one speaker asserts and another denies."),
    "import": Lazy(
        "tertius.cli.import_:import_", "Import event data of others: ICEWS, POLECAT, GDELT, UCDP, ACLED ..."
    ),
    "export": Lazy("tertius.cli.export:export", "Export events: Parquet, CSV, JSON lines, GeoJSON, GEXF, GraphML ..."),
    "show": Lazy("tertius.cli.show:show", "Show one record of a ledger in its sentence and context."),
    "explain": Lazy("tertius.cli.explain:explain", "Show why a mention was read so, with what else was considered."),
    "correct": Lazy("tertius.cli.correct:correct", "Correct how a mention was read, or withdraw a correction."),
    "corrections": Lazy("tertius.cli.correct:corrections", "List what was corrected, and by whom."),
    "serve": Lazy("tertius.cli.serve:serve", "Show a ledger in the browser, down to the sentence."),
    "sql": Lazy("tertius.cli.sql:sql", "Ask a ledger one SELECT statement."),
    "answers": Lazy("tertius.cli.answers:answers", "When X presses B, does A step in for B?"),
    "predictability": Lazy("tertius.cli.predictability:predictability", "How predictable each actor is, in bits."),
    "responses": Lazy("tertius.cli.responses:responses", "Who acts on whom and how: alignment, and response."),
    "tie": Lazy("tertius.cli.tie:tie", "What two players do to one another over time."),
    "words": Lazy("tertius.cli.words:words", "Whether a player's deeds match its words."),
    "report": Lazy("tertius.cli.report:report", "Write the studies of a ledger as one HTML page."),
    "next": Lazy("tertius.cli.next:next_", "Whom an actor acts on next, with base rates and reasons."),
    "forecast": Lazy("tertius.cli.forecast:forecast", "The chance that A acts on B, beside its usual rate."),
    "scenario": Lazy("tertius.cli.scenario:scenario", "What if? The same chances with supposed acts added."),
    "record": Lazy("tertius.cli.record:record_", "How good the forecasts were that have come due."),
    "merge": Lazy("tertius.cli.merge:merge", "Merge the mentions of the same act into events."),
    "status": Lazy("tertius.cli.upkeep:status", "Say what a ledger holds, and what could not be read."),
    "check": Lazy("tertius.cli.upkeep:check", "Verify every hash, span and batch of a ledger."),
    "compact": Lazy("tertius.cli.upkeep:compact", "Join a ledger's small files."),
}


class LazyGroup(click.Group):
    """A group of commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].place.split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.help) for name, lazy in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="tertius")
def tertius() -> None:
    """Tertius reads political news and shows who did what to whom, when, where, how much, and on whose word.

    Start with: tertius read ARTICLE.txt --published 2024-03-05
    """


def main() -> None:
    """Run the command line; an error that Tertius knows is one line on stderr and its own exit code."""
    try:
        tertius(prog_name="tertius")
    except TertiusError as error:
        click.echo(f"tertius: {error}", err=True)
        sys.exit(error.exit_code)
