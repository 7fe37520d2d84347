"""The report on a ledger: every study of it on one page, each figure with its acts, each act with its sentence.

One self-contained HTML file with no script and nothing from the network, as report.py makes of single articles. A study
for which there is too little says so in its own words and takes nothing from the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from markupsafe import Markup

from tertius.errors import StudyError
from tertius.ledger import forecasts
from tertius.ledger.ledger import Ledger
from tertius.ontology import QUAD_NAMES
from tertius.show import drawings
from tertius.show import forecasts as pictures
from tertius.show.report import environment
from tertius.studies import answers, predictability, rem, tie, words
from tertius.studies.record import Record, name_of
from tertius.studies.rem.sentences import sentences
from tertius.version import VERSION

if TYPE_CHECKING:
    from tertius.studies.forecasts.outlook import Forecast, Moment
    from tertius.studies.forecasts.scoring import Bin

PAIRS = 12  # busiest pairs in the table; of these
TIES = 3  # are shown over time
TRIADS = 3  # of a screen, with their days around the pressure
ACTORS = 40
IDS = 30  # acts that a figure lists; more are counted

_EVIDENCE = """
    SELECT a.id, a.origin, a."date", a.source_name, a.source_country, a.target_name, a.target_country, a."type", a.quad,
           e.sentence, e.asserted_by, e.denied_by, m.document, d.title, d.publisher, d.url
    FROM acts a
    LEFT JOIN event_rows e ON e.id = a.id
    LEFT JOIN events x ON x.id = a.id
    LEFT JOIN mentions m ON m.id = x.mentions[1]
    LEFT JOIN documents d ON d.id = m.document
    WHERE list_contains(?, a.id)
    ORDER BY a."date", a.id"""


class Cell(NamedTuple):
    """Words or a number; `ids` are the acts that it counts, `more` how many of them are not listed."""

    text: str
    ids: tuple[str, ...] = ()
    more: int = 0


class Table(NamedTuple):
    """A table: what it shows, its heads, and its rows, a cell for each head."""

    caption: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


class Chapter(NamedTuple):
    """One study: its question, what it found, or (in `missing`) why it could not tell."""

    key: str
    title: str
    page: str  # the page of the documentation that tells how
    found: Sequence[str] = ()
    drawn: Sequence[Markup] = ()
    tables: Sequence[Table] = ()
    missing: str = ""


class Asked(NamedTuple):
    """What is looked at closely: pairs and triads (who presses, is pressed, may step in); else the busiest."""

    pairs: tuple[tuple[str, str], ...] = ()
    triads: tuple[tuple[str, str, str], ...] = ()
    forecasts: bool = True  # learnt from all pairs, which takes minutes for a large ledger


def dossier(ledger: Ledger, record: Record, asked: Asked, title: str) -> str:
    """The whole page. Raises UsageError for actors that do not act in the record."""
    pairs = asked.pairs or _busiest(record, TIES)
    for name in {name for pair in (*pairs, *asked.triads) for name in pair}:
        record.number(name)
    told = list(_chapters(ledger, record, pairs, asked))
    ids = sorted(
        {id_ for one in told for table in one.tables for row in table.rows for cell in row for id_ in cell.ids}
    )
    page = environment().get_template("dossier.html")
    return page.render(
        chapters=told, evidence=ledger.rows(_EVIDENCE, [ids]) if ids else [], title=title, version=VERSION
    )  # fmt: skip


def _ids(told: Sequence[Chapter]) -> Iterator[str]:
    for table in (table for one in told for table in one.tables):
        for cell in (cell for row in table.rows for cell in row):
            yield from cell.ids


def _chapters(ledger: Ledger, record: Record, pairs: Sequence[tuple[str, str]], asked: Asked) -> Iterator[Chapter]:
    yield _scene(record)
    for a, b in pairs:
        yield _tried(f"{name_of(a)} and {name_of(b)}", "tie", lambda a=a, b=b: _pair(ledger, record, a, b))  # type: ignore[misc]
    yield _tried("Who acts on whom, and who answers whom", "responses", lambda: _responses(record))
    yield _tried("When one presses another, who steps in?", "answers", lambda: _answers(record, asked.triads))
    yield _tried("How predictable is each?", "predictability", lambda: _predictability(record))
    if asked.forecasts:
        yield _tried("What comes next?", "forecasts", lambda: _forecasts(ledger, record, pairs))


def _tried(title: str, page: str, tell: Callable[[], Chapter]) -> Chapter:
    key = "-".join(title.lower().replace("?", "").replace(",", "").split())
    try:
        return tell()._replace(key=key, title=title, page=page)
    except StudyError as error:
        return Chapter(key, title, page, missing=str(error))


def _cell(record: Record, chosen: Any) -> Cell:
    """A count with its acts."""
    ids = record.ids_of(chosen)
    return counted(len(ids), ids)


def counted(count: int, ids: Sequence[str]) -> Cell:
    """A number with the first of the acts that it counts."""
    return Cell(f"{count:,}", tuple(ids[:IDS]), max(count - IDS, 0))


def _busiest(record: Record, most: int) -> tuple[tuple[str, str], ...]:
    """The pairs, whoever acts, with the most acts."""
    size = len(record.actors)
    low, high = np.minimum(record.source, record.target), np.maximum(record.source, record.target)
    pair, count = np.unique(low * size + high, return_counts=True)
    chosen = pair[np.argsort(-count, kind="stable")][:most].tolist()
    return tuple((record.actors[at // size], record.actors[at % size]) for at in chosen)


def _scene(record: Record) -> Chapter:
    """What the studies rest on, and the busiest pairs."""
    last = date.fromordinal(record.first + record.days - 1)
    found = [
        f"{len(record):,} acts between {len(record.actors):,} countries and organisations in {record.days:,} days, from"
        f" {record.dated(0)} to {last}; the same source, target and type count once a day."
    ]
    left = [f"{n:,} {what}" for n, what in ((record.self_acts, "within one"), (record.future, "later")) if n]
    if left:
        found.append(f"Left out: {', '.join(left)}.")
    rows = []
    for a, b in _busiest(record, PAIRS):
        for source, target in ((a, b), (b, a)):
            numbers = record.number(source), record.number(target)
            cells = [_cell(record, record.where(*numbers, (quad,))) for quad in QUAD_NAMES]
            rows.append((Cell(f"{name_of(source)} → {name_of(target)}"), *cells))
    table = Table("The busiest pairs: acts by quad class", ("Who → whom", *QUAD_NAMES.values()), rows)
    return Chapter("rests-on", "What this rests on", "", found, (), (table,))


def _pair(ledger: Ledger, record: Record, a: str, b: str) -> Chapter:
    """One pair over time, its changes, its voices, and its words against its deeds."""
    one = tie.tie(record, a, b)
    changes = [
        (
            Cell(c.date), Cell(f"{c.source} → {c.target}"), Cell(c.tone),
            Cell(f"{c.before:.2f} [{c.before_low:.2f}, {c.before_high:.2f}]"),
            Cell(f"{c.after:.2f} [{c.after_low:.2f}, {c.after_high:.2f}]", c.ids),
        )
        for c in one.changes
    ]  # fmt: skip
    voices = [
        (Cell(v.side), Cell(f"{v.source} → {v.target}"), Cell(QUAD_NAMES[v.quad]), Cell(v.verdict),
         counted(v.reports, v.ids))
        for v in tie.voices(ledger, record, a, b)
    ]  # fmt: skip
    told = words.words(record, a, b)
    drawn = [_drawn(drawings.both_ways(one))]
    if any(row.enough for row in told):
        drawn.append(_drawn(drawings.words_and_deeds(told)))
    tables = [
        Table("Changes of pace: acts a week before and after, and the acts that follow",
              ("From", "Who → whom", "Tone", "Before", "After"), changes),
        Table("Who says so", ("Side", "Who → whom", "Class", "Verdict", "Reports"), voices),
    ]  # fmt: skip
    kept = [table for table in tables if table.rows]
    return Chapter("", "", "", [one.sentence, *(row.sentence for row in told)], drawn, kept)


def _responses(record: Record) -> Chapter:
    acts = rem.of_record(record)
    found = rem.responses(acts)
    drawn = [drawings.forest(found), drawings.goodness(found)]
    with suppress(StudyError):  # the sentences say that nothing can be told within pairs
        drawn.insert(1, drawings.decay(rem.decay_profile(acts)))
    return Chapter("", "", "", sentences(found), [_drawn(one) for one in drawn])


def _answers(record: Record, triads: Sequence[tuple[str, str, str]]) -> Chapter:
    """The triads asked, or the clearest of all that have enough data."""
    found: list[str] = []
    drawn: list[Markup] = []
    chosen = list(triads)
    if not chosen:
        screened = answers.screen(record)
        found.append(answers.summary(screened))
        drawn += [_drawn(drawings.triads(screened))] if screened else []
        clearest = sorted(screened, key=lambda one: one.p if one.p is not None else 1.0)
        chosen = [(one.x, one.b, one.a) for one in clearest[:TRIADS]]
    tables = []
    for x, b, a in chosen:
        study = answers.answers(record, x, b, a)
        found.append(study.answer.sentence)
        drawn.append(_drawn(drawings.around_triggers(study)))
        rows = [
            (Cell(e.date), counted(len(e.responses), e.responses), counted(len(e.triggers), e.triggers))
            for e in study.evidence[-IDS:]
        ]
        caption = f"{name_of(a)}, after {name_of(x)} presses {name_of(b)}: the last days with responses"
        tables += [Table(caption, ("Day", "Responses", "Pressure before"), rows)] if rows else []
    return Chapter("", "", "", found, drawn, tables)


def _predictability(record: Record) -> Chapter:
    rows = predictability.predictability(record)
    told = [
        (Cell(name_of(r.actor)), _cell(record, record.where(record.number(r.actor), None)),
         Cell(f"{r.bits:.2f} [{r.low:.2f}, {r.high:.2f}]"), Cell(f"{r.whom:.2f}"), Cell(f"{r.how:.2f}"),
         Cell(f"{r.stationary:.2f}"), Cell(r.tier))
        for r in rows[:ACTORS]
    ]  # fmt: skip
    heads = ("Actor", "Acts in the record", "Bits an act", "Whom", "How", "Own constant rates", "Tier")
    table = Table("Surprise per act, most predictable first", heads, told)
    return Chapter("", "", "", [predictability.tiers(rows)], [_drawn(drawings.predictabilities(rows))], (table,))


def _forecasts(ledger: Ledger, record: Record, pairs: Sequence[tuple[str, str]]) -> Chapter:
    """The chances of the pairs both ways, what drives them, how they stood before, and the record so far."""
    from tertius.studies.forecasts import outlook
    from tertius.studies.forecasts.due import due

    learnt = outlook.forecaster(record)
    past = due(forecasts.kept(ledger), record)
    found, rows = [*learnt.notes(), past.sentence()], []
    drawn = [_drawn(pictures.reliability([_share(one) for one in past.reliability()]))] if past.scored else []
    for source, target in (way for a, b in pairs for way in ((a, b), (b, a))):
        told = learnt.forecast(source, target)
        before = learnt.over_time(source, target)
        found.append(max(told, key=lambda one: abs(one.chance - one.usual)).sentence)
        rows += [_chance(one) for one in told]
        drawn += [_drawn(_course(one, before)) for one in told if one.quad == 4 and one.within == told[0].within]
    heads = ("Who → whom", "At least one act of", "Within", "Chance", "Usual rate", "What drives it most")
    return Chapter("", "", "", found, drawn, (Table(f"From {learnt.origin}", heads, rows),))


def _chance(one: Forecast) -> tuple[Cell, ...]:
    first = one.drivers[0] if one.drivers else None
    why = Cell(f"{first.words} (odds × {first.odds:.2f})", tuple(first.evidence)) if first else Cell(one.note)
    return (
        Cell(f"{name_of(one.source)} → {name_of(one.target)}"), Cell(one.what), Cell(f"{one.within} days"),
        Cell(f"{one.chance:.1%} [{one.low:.1%}, {one.high:.1%}]"), Cell(f"{one.usual:.1%}"), why,
    )  # fmt: skip


def _course(one: Forecast, before: Sequence[Moment]) -> str:
    """The chance on past days and now, against the usual rate."""
    own = [m for m in before if (m.what, m.within) == (one.what, one.within)]
    points = [pictures.Point(m.origin, m.chance, m.low, m.high, m.usual, m.came) for m in own]
    points.append(pictures.Point(one.origin, one.chance, one.low, one.high, one.usual))
    title = f"{name_of(one.source)} on {name_of(one.target)}: {one.what} within {one.within} days"
    return pictures.against_usual(points, one.quad, title)


def _share(one: Bin) -> pictures.Share:
    return pictures.Share(one.chance, one.came, one.low, one.high, one.forecasts)


def _drawn(svg: str) -> Markup:
    """A chart of ours, in which all text is escaped already."""
    return Markup(svg)  # noqa: S704
