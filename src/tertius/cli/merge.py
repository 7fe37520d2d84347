"""`tertius merge`: mentions of the same act become one event."""

from __future__ import annotations

import click

from tertius.cli.options import ledger_option
from tertius.ledger.ledger import Ledger


@click.command()
@ledger_option
@click.option("--anew", is_flag=True, help="Merge also where nothing has changed since the last time.")
def merge(ledger: str, anew: bool) -> None:
    """Merge the mentions of the same act into events, across sentences and articles.

    'tertius read --ledger' does it at its end; call this after an interrupted run, or when the rule has changed. The
    mentions stay as they are. The rule is told in the documentation, under 'How mentions are merged'.
    """
    opened = Ledger.open(ledger)
    done = opened.merge(anew=anew)
    count = opened.rows("SELECT (SELECT count(*) FROM mentions) AS mentions, (SELECT count(*) FROM events) AS events")[
        0
    ]
    state = "" if done else " (up to date)"
    click.echo(f"{count['mentions']:,} mentions, {count['events']:,} events{state}", err=True)
