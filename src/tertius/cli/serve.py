"""`tertius serve`: the local web app."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click


@click.command()
@click.option(
    "--ledger",
    default="ledger",
    show_default=True,
    envvar="TERTIUS_LEDGER",
    metavar="FOLDER",
    help="The ledger to show; it is made where there is none.",
)
@click.option("--sample", is_flag=True, help="Show a ledger of sample articles, which is gone afterwards.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; beyond this machine with --token."
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8437, show_default=True, help="The next free one if taken."
)
@click.option("--token", metavar="SECRET", envvar="TERTIUS_TOKEN", help="Let in only who knows this.")
def serve(ledger: str, sample: bool, host: str, port: int, token: str | None) -> None:
    """Show a ledger in the browser: what changed, which claims match, who said so, down to the sentence.

    Nothing leaves this machine, and only this machine is answered unless --host says otherwise.

    \b
    Examples:
      tertius serve --sample
      tertius serve --ledger ledger
    """
    from tertius.ledger.ledger import Ledger
    from tertius.web import sample as samples
    from tertius.web import serve as serving

    door = serving.rules(host, token)
    if not sample:
        serving.run(Ledger.create_or_open(ledger).folder, door, port, _say)
        return
    with tempfile.TemporaryDirectory(prefix="tertius-") as scratch:
        folder = Path(scratch) / "ledger"
        samples.make(folder, _say)
        serving.run(folder, door, port, _say)


def _say(words: str) -> None:
    click.echo(words, err=True)
