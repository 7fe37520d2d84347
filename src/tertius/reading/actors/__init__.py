"""Who is mentioned? Everybody in an article, resolved: 'Moscow', 'the Kremlin', 'Putin' and 'he'.

The article is read twice. First its names (phrases.py, people.py, casting.py): countries, organisations and people that
the world tables know, people by title ('French Foreign Minister Jean Dupont') and apposition ('Anna Petrova, head of
the Council on ...'). A name introduced once is known afterwards by surname or title. Roles hold at the publication date
(roles.py). Then, word by word (scene.py), common nouns ('the ministry', 'protesters'; nominals.py) and pronouns
(coreference.py, speech.py), each resolved from what stands before it. What has no country of its own belongs to the
country that the article plays in at that place (setting.py).

Decisions on purpose
- A country's name, adjective, capital or seat of government alone is its government: 'RUS GOV'. A dateline is nobody.
- 'Iranian-backed militia', 'pro-Russian separatists', 'American-armed rebels': whoever is backed belongs to where the
  article plays, not to the backer. 'American-led NATO forces' are NATO's.
- 'US-led coalition', 'the coalition' (of forces): 'WST MIL', as a western state leads it or nobody is named; another
  leader keeps it ('Saudi-led coalition' is 'SAU MIL'). 'Western' is WST.
- 'EU foreign ministers' are 'EUR GOV'; 'the international community' is IGO.
- 'A Russian company', 'British Airways': the country with BUS. Sports clubs, streets, seas and products are nobody.
- Refugees, 'terrorists', 'allies', 'other countries' have no country unless the article gives one.
- Who is sent belongs to the sender: 'Egypt deployed two warships', 'Norway is sending an envoy, Jane Doe'.
- Whoever stands for election on the day is of a party (PTY), though a senator; news then means the candidate.
- Regions, rivers and religions ('the Nile', 'Islam') have no country; 'the region' or 'a city' that only says where
  something happens is nobody.
- 'We' outside quotation marks is whoever was announced ('Minister X said:'), else the English-speaking country that the
  text speaks of most.
- A name that is a common noun ('Congress', 'Special Task Force') belongs to the country that the article plays in; so
  does an ambiguous name. A short acronym of a country that the article never mentions is not resolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tertius.reading.actors.phrases import PhraseKind, Reference, Referent
from tertius.reading.actors.scene import Scene
from tertius.records import Actor, Participant, Span, actor_code

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tertius.records import Document


class Phrase(NamedTuple):
    """A phrase that may stand for an actor: code points, head token, kind, ids of the actors (none: unresolved)."""

    start: int
    end: int
    head: int
    kind: PhraseKind
    actors: tuple[str, ...]


def find(doc: Doc, document: Document) -> Cast:
    """Find everybody in an article. `doc` is the parse of `document.text`."""
    return Cast(Scene(doc, document), document.text)


class Cast:
    """Everybody in an article: `actors`, the `phrases` that stand for them, and whom any span stands for."""

    def __init__(self, scene: Scene, text: str) -> None:
        self._scene = scene
        self._text = text
        self._ids: dict[Referent, str] = {}
        references = sorted(scene.references(), key=lambda r: (r.start, r.end))
        mentions: dict[Referent, list[Reference]] = {}
        for reference in references:
            for referent in reference.referents:
                mentions.setdefault(referent, []).append(reference)
        for n, referent in enumerate(mentions, 1):
            self._ids[referent] = f"a{n}"
        self.actors = tuple(self._actor(referent, at) for referent, at in mentions.items())
        self.phrases = tuple(
            Phrase(r.start, r.end, r.head, r.kind, tuple(self._ids[x] for x in r.referents)) for r in references
        )

    def participants(self, start: int, end: int) -> tuple[Participant, ...]:
        """Whom a span of the text stands for: one participant an actor, with None where nothing is known."""
        text = self._text[start:end]
        found = self._scene.at(start, end)
        return tuple(self._participant(start, end, text, r) for r in found) or (
            Participant(start=start, end=end, text=text),
        )

    def _participant(self, start: int, end: int, text: str, referent: Referent) -> Participant:
        return Participant(
            start=start,
            end=end,
            text=text,
            actor=self._ids.get(referent),
            country=referent.country,
            sector=referent.sector,
            code=actor_code(referent.country, referent.sector),
        )

    def _actor(self, referent: Referent, mentions: list[Reference]) -> Actor:
        spans = dict.fromkeys((m.start, m.end) for m in mentions)
        return Actor(
            id=self._ids[referent],
            name=referent.name,
            kind=referent.kind,
            country=referent.country,
            sector=referent.sector,
            code=actor_code(referent.country, referent.sector),
            role=referent.role,
            known_as="world" if referent.entity is not None else "article",
            mentions=tuple(Span.of(self._text, *span) for span in spans),
        )
