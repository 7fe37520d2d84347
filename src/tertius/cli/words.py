"""`tertius words A B`: words against deeds."""

from __future__ import annotations

import click

from tertius.cli.studying import draw, load, put, query, study_options
from tertius.errors import UsageError


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--lead", is_flag=True, help="A's harsh deeds on the days around its harsh words toward B.")
@study_options
def words(
    a: str, b: str, lead: bool, ledger: str, until: str | None, origins: tuple[str, ...], show_sql: bool,
    svg: str | None, format_: str,
) -> None:  # fmt: skip
    """Whether A does to B as it speaks, and B to A: tone of words and deeds, gap, and excess over like pairs.

    \b
    Examples:
      tertius words Russia Ukraine
      tertius words RUS UKR --lead --svg lead.svg
    """
    if show_sql:
        click.echo(query())
        return
    from tertius.show import drawings
    from tertius.studies import words as study

    record = load(ledger, until, origins)
    if lead:
        around = study.lead_and_lag(record, a, b)
        put(around, format_)
        draw(svg, drawings.deeds_around_words(around))
        return
    found = study.words(record, a, b)
    put(found, format_, [row.sentence for row in found])
    if svg and not any(row.enough for row in found):
        raise UsageError("--svg: there is too little to draw, as the answer says")
    if svg:
        draw(svg, drawings.words_and_deeds(found))
