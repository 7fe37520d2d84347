"""`tertius words A B`: words against deeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tertius.cli.studying import draw, load, put, query, study_options
from tertius.errors import UsageError

if TYPE_CHECKING:
    from tertius.studies.words import LeadLag, Words


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
    from tertius.studies import words as study

    record = load(ledger, until, origins)
    if lead:
        around = study.lead_and_lag(record, a, b)
        put(around, format_)
        draw(svg, lead_chart(around))
        return
    found = study.words(record, a, b)
    put(found, format_, [row.sentence for row in found])
    if svg and not any(row.enough for row in found):
        raise UsageError("--svg: there is too little to draw, as the answer says")
    if svg:
        draw(svg, chart(found))


def chart(found: list[Words]) -> str:
    """Words and deeds of both, from all harsh to all kind."""
    from tertius.show.charts import Dot, dots

    rows = []
    for row in found:
        if row.word_tone is None or row.word_low is None or row.word_high is None:
            continue
        rows.append(Dot(f"{row.source} to {row.target}: words", row.word_tone, row.word_low, row.word_high, 1))
        if row.deed_tone is not None and row.deed_low is not None and row.deed_high is not None:
            rows.append(Dot(f"{row.source} to {row.target}: deeds", row.deed_tone, row.deed_low, row.deed_high, 2))
    return dots(rows, "Words against deeds", "all harsh (-1) to all kind (+1)", 0.0)


def lead_chart(around: list[LeadLag]) -> str:
    """Harsh deeds on the days around harsh words."""
    from tertius.show.charts import Around, peri_event

    points = [Around(p.lag, p.deeds, p.null_low, p.null_high) for p in around]
    first = around[0]
    title = f"{first.source}'s harsh deeds toward {first.target} around the days of its harsh words"
    return peri_event(points, title, "harsh deeds a day")
