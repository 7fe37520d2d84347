"""Which of all places of a name does the article mean?

Each candidate is scored by its people, by what the text says beside the name ('Paris, Texas'), by the countries that
the article is about, and by how near it lies to the other places of the article: places in one text lie together
(Leidner 2007, 'Toponym Resolution in Text'). The score is linear in these features; training/world/tune_places.py
learned the weights from annotated news as a conditional logit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tertius.reading.places.vocabulary import abbreviations, candidates, is_alias, larger, words
from tertius.world import entities

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from spacy.tokens import Doc

    from tertius.reading.actors import Cast
    from tertius.reading.places.toponyms import Toponym
    from tertius.world.gazetteer import Place as Candidate

    Scores = NDArray[np.float64]

EARTH = 6371.0  # kilometres
NEAR, FAR = 60.0, 400.0  # kilometres within which places count as in one area, and in one part of the world
LARGE = 500_000  # people; of such a city news uses other names than its own: 'Mecca'
KNOWN = 0.3  # how much less it then counts against a place that the name is not its main one
NAMESAKE = 0.1  # share of a division's people in the town that it is named after
ROUNDS = 3  # how often each place is chosen anew in the light of the others
CLOSING = frozenset({",", ".", ")", ";", ":", "-", "–", "—", "--", "?", "!"})
POINTS = {"city", "admin1", "admin2"}  # what has a position worth measuring from


class Weights(NamedTuple):
    """What speaks for a candidate, in units of log-odds."""

    people: float = 1.22  # for each power of ten
    country: float = 5.0  # a country, against a city of the same name
    region: float = 2.0  # a state, a province, a part of the world
    county: float = -1.06
    namesake: float = -2.2  # a division, against the town in it that it is named after
    alias: float = -2.92  # the name is not the place's main one
    capital: float = 0.12
    beside: float = 5.14  # its country or state follows: 'Paris, Texas, ...'
    linked: float = 3.0  # 'Idlib in Syria', "Syria's Idlib"
    division: float = 2.34  # a division, and the text says 'province', 'state' beside the name
    settlement: float = 2.08  # a city, and the text says 'city of', 'town of'
    company: float = 2.67  # share of the other places in the same country; where there are none, of the actors
    state: float = 2.41  # share of the other places that lie in the same state or province
    near: float = 2.38  # nearness to the three nearest other places of the article
    far: float = 3.46  # the same, on the scale of a part of the world


LOCAL = Weights._fields.index("company")  # features that do not depend on the other places


def choose(doc: Doc, toponyms: Sequence[Toponym], context: Counter[str], weights: Weights) -> list[Candidate]:
    """The best candidate of each toponym; one name is one place throughout an article."""
    import numpy as np

    names = group(toponyms)
    own = local_features(doc, toponyms, names)
    vector = np.array(weights)
    chosen = {name: int((features @ vector[:LOCAL]).argmax()) for name, features in own.items()}
    for _ in range(ROUNDS):
        before = dict(chosen)
        for name, features in own.items():
            here = toponyms[names[name][0]].candidates
            others = [toponyms[names[o][0]].candidates[c] for o, c in chosen.items() if o != name]
            scores = features @ vector[:LOCAL] + company_features(here, others, context) @ vector[LOCAL:]
            chosen[name] = int(scores.argmax())
        if chosen == before:
            break
    return [toponym.candidates[chosen[toponym.name.casefold()]] for toponym in toponyms]


def group(toponyms: Sequence[Toponym]) -> dict[str, list[int]]:
    """The toponyms of each name, by their number."""
    names: dict[str, list[int]] = {}
    for n, toponym in enumerate(toponyms):
        names.setdefault(toponym.name.casefold(), []).append(n)
    return names


def context(doc: Doc, toponyms: Sequence[Toponym], cast: Cast) -> Counter[str]:
    """How much the article is about each country: shares of its actors' mentions, the toponyms themselves left out."""
    starts = {doc[toponym.first].idx for toponym in toponyms}
    counts = Counter[str]()
    for actor in cast.actors:
        if actor.country:
            counts[actor.country] += sum(mention.start not in starts for mention in actor.mentions)
    total = counts.total() or 1
    return Counter({country: count / total for country, count in counts.items()})


def local_features(doc: Doc, toponyms: Sequence[Toponym], names: dict[str, list[int]]) -> dict[str, Scores]:
    """For each name an array (candidates, LOCAL): the features that come from the name and what stands beside it."""
    import numpy as np

    found: dict[str, Scores] = {}
    for name, numbers in names.items():
        hints = [_Hints.of(doc, toponyms[n]) for n in numbers]
        merged = _Hints(
            frozenset().union(*(h.beside for h in hints)),
            frozenset().union(*(h.linked for h in hints)),
            any(h.division for h in hints),
            any(h.town for h in hints),
        )
        first = toponyms[numbers[0]]
        towns = Counter({p.country: p.population for p in reversed(first.candidates) if p.kind == "city"})
        found[name] = np.array([_local(first.name, place, merged, towns) for place in first.candidates], float)
    return found


class _Hints(NamedTuple):
    beside: frozenset[str]
    linked: frozenset[str]
    division: bool
    town: bool

    @classmethod
    def of(cls, doc: Doc, toponym: Toponym) -> _Hints:
        after = doc[toponym.last + 1].lower_ if toponym.last + 1 < len(doc) else ""
        before = doc[toponym.first - 1] if toponym.first else None
        kind = (
            doc[toponym.first - 2].lower_ if before is not None and before.lower_ == "of" and toponym.first > 1 else ""
        )
        said = after if after in words("division") else kind
        return cls(
            _follows(doc, toponym),
            _linked(doc, toponym),
            said in words("division") and said != "city",
            kind in words("settlement") or (before is not None and before.lower_ in words("settlement")),
        )


def _local(name: str, place: Candidate, hints: _Hints, towns: Counter[str]) -> tuple[float, ...]:
    import math

    own = {place.name} if place.kind != "city" else set()
    around = {place.admin1} if place.kind == "country" else {place.country, place.admin1}
    division = place.kind in {"admin1", "admin2"}
    capital = place.kind == "city" and entities.capital(place.name) == place.country
    namesake = division and towns[place.country] > NAMESAKE * place.population
    people = min(place.population, towns[place.country]) if namesake else place.population
    return (
        math.log10(people + 10),
        place.kind == "country",
        place.kind in {"admin1", "region"},
        place.kind == "admin2",
        namesake,
        is_alias(name, place) * (KNOWN if place.population >= LARGE else 1.0),
        capital,
        bool(hints.beside & (around - own)),
        bool(hints.linked & (around - own)),
        hints.division and division,
        hints.town and place.kind == "city",
    )


def _follows(doc: Doc, toponym: Toponym) -> frozenset[str]:
    """Countries (codes) and states (names) that follow a name as in an address: 'Paris, Texas, ...', 'Salem, Ore.'."""
    start = toponym.last + 2
    if start >= len(doc) or doc[start - 1].text not in {",", "("}:
        return frozenset()
    for end in (start + 3, start + 2, start + 1):
        hint = doc[start:end].text
        closed = end >= len(doc) or doc[end].text in CLOSING or hint in abbreviations()
        if closed and larger(hint):
            return _of_a_town(toponym, hint)
    return frozenset()


def _linked(doc: Doc, toponym: Toponym) -> frozenset[str]:
    """The same, linked by words: 'Idlib in Syria', "Syria's Idlib"."""
    after = doc[toponym.last + 1 : toponym.last + 5]
    hints = [after[1:end].text for end in (2, 3, 4)] if len(after) and after[0].lower_ == "in" else []
    before = doc[max(0, toponym.first - 3) : toponym.first]
    if len(before) >= 2 and before[-1].lower_ in {"'s", "’s"}:
        hints += [before[-2].text, before[:-1].text]
    return frozenset(name for hint in hints for name in _of_a_town(toponym, hint))


def _of_a_town(toponym: Toponym, hint: str) -> frozenset[str]:
    """What a hint says of a name; a country is in no other country: 'China, Japan' is a list."""
    nation = any(place.kind == "country" for place in toponym.candidates)
    states = {place.name for place in candidates(hint) if place.kind == "admin1"}
    return (frozenset(states) if nation else larger(hint)) - {toponym.name}


def company_features(here: Sequence[Candidate], others: Sequence[Candidate], context: Counter[str]) -> Scores:
    """An array (candidates, 4): how well each goes with the article's other places, or its actors."""
    import numpy as np

    countries = Counter(other.country for other in others if other.country)
    states = Counter((other.country, other.admin1) for other in others if other.admin1)
    total = countries.total()
    shares = Counter({country: n / total for country, n in countries.items()}) if total else context
    near, far = _closeness(here, [other for other in others if other.kind in POINTS])
    return np.column_stack(
        [
            np.array([shares[place.country] for place in here]),
            np.array([states[place.country, place.admin1] for place in here]) / max(1, len(others)),
            near,
            far,
        ]
    )


def _closeness(here: Sequence[Candidate], others: Sequence[Candidate]) -> tuple[Scores, Scores]:
    """How near each candidate lies to the three nearest other places, 0 to 1, on two scales."""
    import numpy as np

    if not others:
        return np.zeros(len(here)), np.zeros(len(here))
    nearest = np.sort(kilometres(_positions(here), _positions(others)), axis=1)[:, :3]
    return np.exp(-nearest / NEAR).mean(axis=1), np.exp(-nearest / FAR).mean(axis=1)


def _positions(places: Sequence[Candidate]) -> Scores:
    import numpy as np

    return np.radians([(place.latitude, place.longitude) for place in places])


def kilometres(a: Scores, b: Scores) -> Scores:
    """Great-circle distances (haversine) between positions in radians: (n, 2) and (m, 2) give (n, m) kilometres."""
    import numpy as np

    d = b[None, :, :] - a[:, None, :]
    h = np.sin(d[..., 0] / 2) ** 2 + np.cos(a[:, None, 0]) * np.cos(b[None, :, 0]) * np.sin(d[..., 1] / 2) ** 2
    result: Scores = 2 * EARTH * np.arcsin(np.sqrt(np.clip(h, 0, 1)))
    return result
