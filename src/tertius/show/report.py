"""The report: one self-contained HTML file for any number of readings, with no script and nothing from the network.

Every row jumps to its words in the article, and the marked words jump back to their row. Article text is hostile
input: the template environment escapes everything, and no text is ever marked as safe.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from tertius.ontology import INTERNATIONAL, QUAD_NAMES, SECTORS
from tertius.show.disputes import report_rows
from tertius.show.graph import COLOURS, DASHES, Edge, who_acts_on_whom
from tertius.show.marks import Mark, Role, Segment, segments
from tertius.show.tables import actors_in_words
from tertius.show.terminal import days
from tertius.version import VERSION

if TYPE_CHECKING:
    import jinja2

    from tertius.records import Attribution, Figure, Mention, Participant, Reading, Speaker

CSS_ROLES: dict[Role, str] = {
    "source": "src", "target": "tgt", "trigger": "act", "speaker": "who", "cue": "cue", "content": "said",
    "figure": "num",
}  # fmt: skip


def report_html(readings: Sequence[Reading], title: str | None = None) -> str:
    """The whole page for some readings."""
    sections = [section(reading, f"d{n}") for n, reading in enumerate(readings, 1)]
    name = title or (sections[0].title if len(sections) == 1 else f"{len(sections)} articles")
    page = environment().get_template("report.html")
    return page.render(
        sections=sections, title=name, version=VERSION, quads=QUAD_NAMES, colours=COLOURS, dashes=DASHES,
        disputes=report_rows(readings),
    )  # fmt: skip


class Section(NamedTuple):
    """Everything that the page shows of one article. `key` begins all ids of the article on the page."""

    key: str
    title: str
    reading: Reading
    events: list[dict[str, Any]]
    quotes: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    pairs: list[dict[str, Any]]
    graph: Markup | None
    left_out: int
    inside: bool  # whether somebody acts within one country
    paragraphs: list[list[Piece]]


def section(reading: Reading, key: str) -> Section:
    """What the page shows of one reading."""
    said = {a.id: a for a in reading.attributions}
    edges = list(_edges(reading.mentions, key))
    graph, left_out = who_acts_on_whom(edges, _names(reading, edges), key) if edges else (None, 0)
    return Section(
        key=key,
        title=reading.document.title or "Untitled article",
        reading=reading,
        events=[_event_row(m, said, reading) for m in reading.mentions],
        quotes=[_quote_row(a, reading) for a in reading.attributions],
        figures=[_figure_row(f, said, reading) for f in reading.figures],
        pairs=_pairs(reading),
        graph=graph,
        left_out=left_out,
        inside=any(edge.source == edge.target for edge in edges),
        paragraphs=list(_paragraphs(reading, key)),
    )


def _event_row(mention: Mention, said: dict[str, Attribution], reading: Reading) -> dict[str, Any]:
    by = said.get(mention.attribution or "")
    return {
        "id": mention.id,
        "mention": mention,
        "source": _party(mention.sources),
        "target": _party(mention.targets),
        "when": days(mention.when.start, mention.when.end),
        "speaker": speaker_words(by.speaker) if by else None,
        "said": by,
        "reported_by": reported_by(reading, mention.attribution),
    }


def reported_by(reading: Reading, attribution: str | None) -> str:
    """Who reports an attribution, outermost first: 'Reuters, officials'; empty for the writer alone."""
    return ", ".join(speaker_words(one.speaker) for one in reading.chain(attribution)[:-1])


def _quote_row(attribution: Attribution, reading: Reading) -> dict[str, Any]:
    return {
        "reported_by": reported_by(reading, attribution.id),
        "id": attribution.id,
        "said": attribution,
        "speaker": speaker_words(attribution.speaker),
        "words": " … ".join(span.text for span in attribution.content),
    }


def _figure_row(figure: Figure, said: dict[str, Attribution], reading: Reading) -> dict[str, Any]:
    by = said.get(figure.attribution or "")
    period = figure.period
    return {
        "id": figure.id,
        "figure": figure,
        "value": number_words(figure),
        "when": days(period.start, period.end) if period else "",
        "speaker": speaker_words(by.speaker) if by else None,
        "said": by,
        "reported_by": reported_by(reading, figure.attribution),
    }


def _party(participants: Sequence[Participant]) -> dict[str, str]:
    words = "; ".join(dict.fromkeys(p.text for p in participants))
    return {"code": actors_in_words(participants), "words": words}


def speaker_words(speaker: Speaker) -> str:
    """'Maria Duval [FRA GOV]', the article's own words for an anonymous speaker, 'somebody' for none."""
    code = " ".join(filter(None, (speaker.country, speaker.sector)))
    return (speaker.name or "somebody") + (f" [{code}]" if code else "")


def number_words(figure: Figure) -> str:
    """The value, or its range, with thousands separated."""
    if figure.value is not None:
        return f"{figure.value:,.12g}"
    return " to ".join(f"{bound:,.12g}" for bound in (figure.low, figure.high) if bound is not None)


def _key(participant: Participant) -> str:
    """What a participant is in the graph: its country, or else its sector, or else its words."""
    return participant.country or participant.sector or participant.text


def _acts(mentions: Iterable[Mention]) -> dict[tuple[str, str], dict[int, list[Mention]]]:
    acts: dict[tuple[str, str], dict[int, list[Mention]]] = defaultdict(lambda: defaultdict(list))
    for mention in mentions:
        pairs = {(_key(s), _key(t)) for s in mention.sources for t in mention.targets}
        if mention.reciprocal and len(pairs) > 1:  # 'A and B met': both are on both sides, neither met itself
            pairs = {(s, t) for s, t in pairs if s != t}
        for pair in sorted(pairs):
            acts[pair][mention.quad].append(mention)
    return acts


def _edges(mentions: Iterable[Mention], key: str) -> Iterator[Edge]:
    for (source, target), quads in _acts(mentions).items():
        for quad, counted in sorted(quads.items()):
            words = f"{source} → {target}: {QUAD_NAMES[quad]}, {', '.join(m.trigger.text for m in counted)}"
            yield Edge(source, target, quad, len(counted), f"#{key}-{counted[0].id}", words)


def _pairs(reading: Reading) -> list[dict[str, Any]]:
    acts = _acts(reading.mentions)
    rows = [{"source": s, "target": t, "quads": sorted(quads.items())} for (s, t), quads in acts.items()]
    return sorted(rows, key=lambda row: -sum(len(mentions) for _, mentions in row["quads"]))


def _names(reading: Reading, edges: Iterable[Edge]) -> dict[str, str]:
    states = {a.country: a.name for a in reversed(reading.actors) if a.kind == "state" and a.country}
    known = {**SECTORS, **INTERNATIONAL, **states}
    return {code: known.get(code, code) for edge in edges for code in (edge.source, edge.target)}


class Piece(NamedTuple):
    """A stretch of the article as it is drawn: words, CSS classes, the row it links to, the ids that rows link to."""

    text: str
    classes: str
    href: str
    ids: tuple[str, ...]
    numbers: tuple[str, ...]  # the records whose words begin here
    hint: str


def _paragraphs(reading: Reading, key: str) -> Iterator[list[Piece]]:
    marks = list(marks_of(reading))
    text, start = reading.document.text, 0
    firsts = _first_marks(marks)
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        if line.strip():
            yield [_piece(s, key, firsts, reading) for s in segments(text, marks, start, end)]
        start = end


def marks_of(reading: Reading) -> Iterator[Mark]:
    """All spans of a reading that the article view marks."""
    for m in reading.mentions:
        yield Mark(m.trigger.start, m.trigger.end, "trigger", m.id)
        for role, participants in (("source", m.sources), ("target", m.targets)):
            for p in participants:
                yield Mark(p.start, p.end, role, m.id)  # type: ignore[arg-type]
    for a in reading.attributions:
        for role, spans in (("speaker", a.source), ("cue", a.cue), ("content", a.content)):
            for span in spans:
                yield Mark(span.start, span.end, role, a.id)  # type: ignore[arg-type]
    for f in reading.figures:
        yield Mark(f.start, f.end, "figure", f.id)


_MAIN: dict[str, Role] = {"m": "trigger", "q": "content", "f": "figure"}


def _first_marks(marks: Iterable[Mark]) -> dict[int, list[str]]:
    """Where the main words of each record begin: offset -> record ids."""
    begun: dict[str, int] = {}
    for mark in marks:
        if mark.role == _MAIN[mark.record[0]]:
            begun[mark.record] = min(mark.start, begun.get(mark.record, mark.start))
    firsts: dict[int, list[str]] = defaultdict(list)
    for record, offset in begun.items():
        firsts[offset].append(record)
    return firsts


def _piece(segment: Segment, key: str, firsts: dict[int, list[str]], reading: Reading) -> Piece:
    triggers = [m for m in segment.marks if m.role == "trigger"]
    linked = triggers or [m for m in segment.marks if m.role == "figure"]
    quads = {m.id: m.quad for m in reading.mentions}
    classes = {CSS_ROLES[m.role] for m in segment.marks} | {f"q{quads[m.record]}" for m in triggers[:1]}
    begun = firsts.get(segment.start, [])
    return Piece(
        text=segment.text,
        classes=" ".join(sorted(classes)),
        href=f"#{key}-{linked[0].record}" if linked else "",
        ids=tuple(f"{key}-{record}-text" for record in begun),
        numbers=tuple(record for record in begun),
        hint="; ".join(dict.fromkeys(f"{m.record} {m.role}" for m in segment.marks)),
    )


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("tertius.show"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
