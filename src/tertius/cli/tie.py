"""`tertius tie A B`: what two players do to one another over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tertius.cli.studying import draw, load, put, query, study_options

if TYPE_CHECKING:
    from tertius.studies.tie import Tie


@click.command()
@click.argument("a")
@click.argument("b")
@click.option(
    "--rows", "wanted", type=click.Choice(["time", "changes", "reciprocity", "voices", "figures"]), default="time",
    show_default=True, help="Over time, changes of pace, answers in kind, who says what, figures for the pair.",
)  # fmt: skip
@study_options
def tie(
    a: str, b: str, wanted: str, ledger: str, until: str | None, origins: tuple[str, ...], show_sql: bool,
    svg: str | None, format_: str,
) -> None:  # fmt: skip
    """What A does to B and B to A: acts a week by quad class with intervals, changes of pace, answers in kind.

    \b
    Examples:
      tertius tie Russia Ukraine --svg tie.svg
      tertius tie USA PRK --rows changes --format json
      tertius tie USA PRK --rows voices
    """
    from tertius.studies import tie as study

    if show_sql:
        own = {"voices": study.VOICES_SQL, "figures": study.FIGURES_SQL}
        click.echo(own.get(wanted) or query())
        return
    record = load(ledger, until, origins)
    found = study.tie(record, a, b)
    rows: Any = {"time": found.periods, "changes": found.changes, "reciprocity": found.reciprocity}.get(wanted)
    if rows is None:
        from tertius.ledger.ledger import Ledger

        ask = study.voices if wanted == "voices" else study.figures
        rows = ask(Ledger.open(ledger), record, a, b, until)
    put(rows, format_, [found.sentence])
    if svg:
        draw(svg, chart(found))


def chart(found: Tie) -> str:
    """Acts a week of the first on the second by quad class, above those of the second on the first."""
    from datetime import date

    from tertius.ontology import QUAD_NAMES
    from tertius.show.charts import Line, beneath, over_time

    days = {p.start: float(date.fromisoformat(p.start).toordinal()) for p in found.periods}
    step = max(1, len(days) // 6)
    ticks = [(day, start) for start, day in list(days.items())[::step]]
    charts = []
    for source, target in dict.fromkeys((p.source, p.target) for p in found.periods):
        own = [p for p in found.periods if p.source == source]
        lines = [
            Line(name, quad, [(days[p.start], p.weekly, p.low, p.high) for p in own if p.quad == quad])
            for quad, name in QUAD_NAMES.items()
        ]
        marks = [float(date.fromisoformat(c.date).toordinal()) for c in found.changes if c.source == source]
        charts.append(over_time(lines, ticks, marks, f"{source} on {target}"))
    return beneath(charts, "Tie over time")
