"""The nouns of Tertius: what is read from an article, as frozen records.

Offsets are Unicode code points into `Document.text`; in every span `text == document.text[start:end]`.
The JSON form of a `Reading` (msgspec writes it from these definitions) is documented in docs/format.md.
Records hold data only; what is known about types, quad classes and sectors is in `tertius.ontology`.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal

import msgspec

Kind = Literal["state", "office", "person", "organisation", "group"]
Modality = Literal["actual", "future", "hypothetical", "negated"]
Precision = Literal["day", "week", "month", "quarter", "year", "range", "unknown"]
Stance = Literal["asserts", "denies", "doubts", "believes"]
Force = Literal["weak", "neutral", "strong"]
Verdict = Literal["asserted", "alleged", "believed", "doubted", "denied", "expected", "possible"]
QuoteKind = Literal["direct", "indirect", "mixed"]
PublishedFrom = Literal["given", "metadata", "dateline", "unknown"]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all records: immutable, compared by value."""


class Document(Record, frozen=True, kw_only=True):
    """One article, as read. `id` is a hash of its text, so the same article always has the same id."""

    id: str
    title: str | None
    url: str | None
    publisher: str | None
    published: str | None  # ISO date, YYYY-MM-DD
    published_from: PublishedFrom
    language: str  # ISO 639-1
    text: str

    @classmethod
    def from_text(
        cls,
        text: str,
        *,
        title: str | None = None,
        url: str | None = None,
        publisher: str | None = None,
        published: str | None = None,
        published_from: PublishedFrom | None = None,
        language: str = "en",
    ) -> Document:
        """Make a document from its text; `published` counts as given unless `published_from` says otherwise."""
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return cls(
            id=f"sha256:{digest}",
            title=title,
            url=url,
            publisher=publisher,
            published=published,
            published_from=published_from or ("given" if published else "unknown"),
            language=language,
            text=text,
        )


class Span(Record, frozen=True, kw_only=True):
    """A stretch of the document: code points `start` (included) to `end` (excluded), and the words there."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Span:
        """The span of `text` from `start` to `end`."""
        return cls(start=start, end=end, text=text[start:end])


class Participant(Span, frozen=True, kw_only=True):
    """A span that takes part in an event as source or target, and the actor that it stands for."""

    actor: str | None = None  # id of an Actor of the same reading
    country: str | None = None
    sector: str | None = None
    code: str | None = None  # country and sector joined by a space; what is unknown is left out


class Actor(Record, frozen=True, kw_only=True):
    """Somebody who is mentioned, resolved across the article."""

    id: str
    name: str
    kind: Kind
    country: str | None  # ISO 3166 alpha-3, or UNO, EUR, NAT, IGO, NGO, MNC, WST ...
    sector: str | None  # PLOVER sector
    code: str | None
    role: str | None = None  # 'foreign minister', as the article or the world tables give it
    known_as: Literal["world", "article"] = "article"
    mentions: tuple[Span, ...] = ()


class When(Record, frozen=True, kw_only=True):
    """The days on which an event took place, both ends included, ISO dates. `from` says how they are known."""

    start: str | None
    end: str | None
    precision: Precision
    origin: Literal["expression", "publication", "unknown"] = msgspec.field(name="from")
    expression: Span | None = None


class Where(Record, frozen=True, kw_only=True):
    """The place of an event. Coordinates are WGS84 degrees; `geonames` is a GeoNames id."""

    name: str
    country: str | None
    latitude: float | None
    longitude: float | None
    geonames: int | None
    expression: Span


class Factuality(Record, frozen=True, kw_only=True):
    """How a careful reader takes an act, on the word of the Attribution with the id `by` (None: of the writer).

    `asserted` and `denied`: said to have happened, or not to have; `expected`: said to be coming; `alleged`, `believed`
    and `doubted` lie between; `possible` binds nobody. It tells what the article says, not what is true.
    """

    verdict: Verdict
    by: str | None = None


class Mention(Record, frozen=True, kw_only=True):
    """One mention of an event: source acts on target, in the PLOVER ontology."""

    id: str
    type: str
    mode: str | None
    quad: int  # 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
    intensity: float  # PLOVER score, -10 to +10
    modality: Modality
    trigger: Span
    sentence: Span
    sources: tuple[Participant, ...]
    targets: tuple[Participant, ...]
    reciprocal: bool
    when: When
    where: Where | None
    attribution: str | None  # id of the innermost Attribution; None: the writer's own word
    contexts: tuple[str, ...]
    confidence: float  # calibrated probability that a careful coder would code this row
    factuality: Factuality = Factuality(verdict="asserted")


class Speaker(Record, frozen=True, kw_only=True):
    """On whose word a content stands. Anonymous speakers keep the words that the article has for them as name."""

    actor: str | None
    name: str | None
    country: str | None
    sector: str | None
    anonymous: bool


class Attribution(Record, frozen=True, kw_only=True):
    """Words, thoughts or decisions that the article lays in somebody's mouth. Each role may have several spans."""

    id: str
    kind: QuoteKind
    stance: Stance
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    speaker: Speaker
    speaker_certain: bool
    force: Force = "neutral"  # of the cue: 'insisted' is strong, 'claimed' weak
    within: str | None = None  # id of the Attribution that reports this one; None: the writer does


class Period(Record, frozen=True, kw_only=True):
    """First and last day, ISO dates, both included; either may be open."""

    start: str | None
    end: str | None


class Figure(Record, frozen=True, kw_only=True):
    """A number with its unit and what it measures. Ranges and bounds are in `low` and `high`."""

    id: str
    start: int
    end: int
    text: str
    value: float | None
    low: float | None
    high: float | None
    unit: str  # ISO 4217 currency, '%', 'km', ... or the noun that is counted
    measure: str | None
    period: Period | None
    between: tuple[str, ...]  # ids of Actors
    change: str | None  # the words that say how it changed: 'more than doubled'
    attribution: str | None


class Reader(Record, frozen=True, kw_only=True):
    """Which version of Tertius and of its models made a reading."""

    tertius: str
    models: dict[str, str]


class Reading(Record, frozen=True, kw_only=True):
    """Everything that was read from one document."""

    document: Document
    reader: Reader
    actors: tuple[Actor, ...]
    mentions: tuple[Mention, ...]
    attributions: tuple[Attribution, ...]
    figures: tuple[Figure, ...]
    warnings: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The reading as one JSON object (docs/format.md)."""
        return msgspec.json.encode(self).decode()

    def to_dict(self) -> dict[str, Any]:
        """The reading as plain dictionaries and lists, in the same form as the JSON."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built

    def chain(self, attribution: str | None) -> tuple[Attribution, ...]:
        """The attribution with this id and those that report it, outermost first; empty for None, the writer."""
        said = {one.id: one for one in self.attributions}
        found: list[Attribution] = []
        while attribution in said and len(found) < len(said):
            found.append(said[attribution])
            attribution = found[-1].within
        return tuple(reversed(found))

    def to_arrow(self) -> Any:
        """The mentions as an Arrow table, one row a mention. Needs pyarrow, or any reader of Arrow's C stream."""
        from tertius.show.tables import mentions_arrow

        return mentions_arrow([self])

    def _repr_html_(self) -> str:
        from tertius.show.tables import mentions_html

        html: str = mentions_html(self)
        return html


def actor_code(country: str | None, sector: str | None) -> str | None:
    """'RUS GOV' from 'RUS' and 'GOV'; what is unknown is left out; None if both are."""
    return " ".join(part for part in (country, sector) if part) or None
