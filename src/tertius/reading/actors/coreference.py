"""Pronouns and definite descriptions: which earlier mention they take up.

Candidates are the mentions of the last few sentences that agree in number, gender and kind. They are ranked by recency,
by their part in the sentence (subjects first), by how often they were mentioned, and by the shape of the clause: a
possessive looks to the subject of its clause, the subject of a 'said that' clause to the speaker, an object never to
its own subject. 'I' and 'we' in quotation marks are the speaker's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tertius.reading.actors.phrases import table
from tertius.world import entities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from spacy.tokens import Doc, Token

    from tertius.reading.actors.phrases import Reference, Referent

HE = frozenset(("he", "him", "his", "himself"))
SHE = frozenset(("she", "her", "hers", "herself"))
IT = frozenset(("it", "its", "itself"))
THEY = frozenset(("they", "them", "their", "theirs", "themselves"))
I = frozenset(("i", "me", "my", "mine", "myself"))  # noqa: E741 - the pronoun
WE = frozenset(("we", "us", "our", "ours", "ourselves"))
YOU = frozenset(("you", "your", "yours", "yourself", "yourselves"))
RELATIVE = frozenset(("who", "whom", "which", "that", "whose"))
PRONOUNS = HE | SHE | IT | THEY | I | WE | YOU
REFLEXIVE = frozenset(("himself", "herself", "itself", "themselves"))

_SUBJECTS = frozenset(("nsubj", "nsubjpass", "agent"))
_ROLE = {
    "nsubj": 3.0,
    "nsubjpass": 2.6,
    "dobj": 1.4,
    "poss": 1.3,
    "pobj": 0.7,
    "conj": 1.2,
    "appos": 0.8,
    "compound": 0.3,
}
_PLACE = frozenset(("in", "at", "near", "from", "across", "inside", "into", "within"))
_WINDOW = 6  # sentences back
_PER_SENTENCE = 1.6
_OF = frozenset(("of", "on", "for", "to", "in", "against"))
_SHARING = frozenset(("conj", "advcl", "pcomp", "prep"))
_JOINED = 3.0  # for 'Jordan' as whose 'its' is in 'Jordan and its allies'
_MOST = 200  # mentions that are looked at, however long the sentences are
_DEEPEST = 30  # steps up to the verb of a clause
_OFTEN = 4  # mentions after which more do not count


class Candidate(NamedTuple):
    """An earlier mention with its score."""

    score: float
    reference: Reference


class Memory:
    """The mentions of an article up to the word that is being read."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.references: list[Reference] = []
        self._heads: list[int] = []
        self._counts: Counter[Referent] = Counter()
        self._sentence = _sentence_numbers(doc)

    def add(self, reference: Reference) -> None:
        """Take note of a mention; mentions may come in any order."""
        at = bisect_left(self._heads, reference.head)
        self._heads.insert(at, reference.head)
        self.references.insert(at, reference)
        self._counts.update(reference.referents)

    def before(self, i: int, sentences: int = _WINDOW) -> Iterator[Reference]:
        """The mentions before token i, the nearest first, as far back as so many sentences."""
        end = bisect_left(self._heads, i)
        for at in range(end - 1, max(-1, end - _MOST), -1):
            reference = self.references[at]
            if self.distance(reference.head, i) > sentences:
                return
            yield reference

    def distance(self, earlier: int, later: int) -> int:
        """Sentences between two tokens."""
        return self._sentence[later] - self._sentence[earlier]

    def count(self, referent: Referent) -> int:
        """How often somebody has been mentioned so far."""
        return self._counts[referent]

    def best(
        self, token: Token, fits: Callable[[Reference], float | None], sentences: int = _WINDOW
    ) -> Reference | None:
        """The most likely antecedent of a token among the mentions for which `fits` gives a bonus, not None."""
        found: list[Candidate] = []
        for reference in self.before(token.i, sentences):
            bonus = fits(reference) if reference.referents else None
            if bonus is None or _same_clause_argument(self.doc[reference.head], token):
                continue
            found.append(Candidate(bonus + self._score(reference, token), reference))
        return max(found, key=lambda c: (c.score, c.reference.head)).reference if found else None

    def _score(self, reference: Reference, token: Token) -> float:
        head = self.doc[reference.head]
        score = _ROLE.get(head.dep_, 0.5) - _PER_SENTENCE * self.distance(head.i, token.i)
        score += 0.25 * min(_OFTEN, max(self._counts[r] for r in reference.referents))
        if reference.kind == "pronoun":
            score += 0.4
        if head.dep_ == "pobj" and head.head.lower_ in _PLACE:
            score -= 1.0
        if token.dep_ == "poss" and token.head.dep_ == "conj" and token.head.head == head:
            score += _JOINED
        return score + (_clause_bonus(head, token) if self.distance(head.i, token.i) == 0 else 0.0)


def _sentence_numbers(doc: Doc) -> list[int]:
    numbers, n = [], -1
    for token in doc:
        n += bool(token.is_sent_start) or token.i == 0
        numbers.append(n)
    return numbers


def clause(token: Token) -> Token:
    """The verb (or root) of the clause that a token stands in."""
    for _ in range(_DEEPEST):
        if token.head == token or token.pos_ in ("VERB", "AUX"):
            break
        token = token.head
    return token


def _same_clause_argument(candidate: Token, token: Token) -> bool:
    """'Putin met him', 'Putin called, but did not meet with him': subject and object of one verb are two."""
    if token.dep_ == "poss" or token.lower_ in REFLEXIVE:
        return False
    verb = token.head if token.head.pos_ in ("VERB", "AUX") else token.head.head if token.dep_ == "pobj" else None
    if verb is None:
        return False
    if candidate.head == verb:
        return candidate.dep_ in (*_SUBJECTS, "dobj", "dative")
    return token.dep_ not in _SUBJECTS and candidate.dep_ in _SUBJECTS and candidate.head == _with_subject(verb)


def _with_subject(verb: Token) -> Token:
    """The verb whose subject a verb without one of its own shares: 'called' in 'she called him, accusing them'."""
    for _ in range(_DEEPEST):
        if verb.dep_ not in _SHARING or any(child.dep_ in _SUBJECTS for child in verb.children):
            break
        verb = verb.head
    return verb


def _clause_bonus(candidate: Token, token: Token) -> float:
    """How the clauses of one sentence speak for a candidate."""
    if candidate.dep_ not in _SUBJECTS:
        return 0.0
    own = clause(token)
    if token.dep_ == "poss" and candidate.head == own:
        return 2.0
    if token.dep_ in _SUBJECTS and own.dep_ in ("ccomp", "xcomp", "advcl", "conj") and candidate.head == own.head:
        return 1.5
    return 0.0


def agrees(word: str, reference: Reference) -> float | None:
    """Whether a pronoun can take up a mention: a bonus, or None where number, gender or kind differ."""
    if len(reference.referents) > 1:
        return 1.5 if word in THEY else None
    referent = reference.referents[0]
    if word in HE or word in SHE:
        return _person_agrees("m" if word in HE else "f", referent)
    if word in IT:
        return _thing_agrees(reference, referent)
    return _crowd_agrees(referent) if word in THEY else None


def _person_agrees(gender: str, referent: Referent) -> float | None:
    if referent.kind != "person" or referent.plural or (referent.gender and referent.gender != gender):
        return None
    return 0.6 if referent.gender else 0.0


def _thing_agrees(reference: Reference, referent: Referent) -> float | None:
    if referent.kind == "person" or referent.plural:
        return None
    return -1.2 if reference.kind == "adjective" else 0.0


def _crowd_agrees(referent: Referent) -> float | None:
    if referent.kind == "person" and not referent.plural:
        return -3.5
    if referent.plural:
        return 0.8
    return -2.0 if referent.kind == "state" else -1.5


def is_first_or_second(token: Token) -> bool:
    """'I', 'we' and 'you' in any form; 'US' is no pronoun."""
    return (token.lower_ in I or token.lower_ in WE or token.lower_ in YOU) and token.text != "US"


def is_pleonastic(token: Token) -> bool:
    """'It is clear that', 'it took years to': an 'it' that stands for nobody."""
    if token.lower_ != "it" or token.dep_ not in ("nsubj", "expl", "nsubjpass"):
        return False
    if token.dep_ == "expl":
        return True
    verb = token.head
    complements = [c for c in verb.children if c.dep_ in ("acomp", "attr", "oprd")]
    return verb.lemma_ in ("be", "seem", "appear", "become") and any(
        child.dep_ in ("ccomp", "xcomp", "advcl", "csubj") for owner in (verb, *complements) for child in owner.children
    )


def takes_up(noun: str, reference: Reference) -> bool:
    """Whether 'the <noun>' can take up this mention: a minister who was called so, 'the group' for any organisation."""
    if len(reference.referents) != 1 or reference.kind == "adjective":
        return False
    referent = reference.referents[0]
    called = referent.nouns | ({referent.role} if referent.role else set())
    if referent.kind in ("organisation", "office") and noun == kind_of(referent.name):
        return True
    if any(noun == name or name.endswith(f" {noun}") or noun.endswith(f" {name}") for name in called if name):
        return True
    return noun in GENERIC and _is_generic(noun, referent)


def kind_of(name: str) -> str:
    """What the name of a body says it is: 'department' of 'State Department', 'council' of 'Council of Elders'."""
    words = name.split(" (")[0].lower().split()
    end = next(
        (i for i, word in enumerate(words) if i and word in ("of", "on", "for", "to", "in", "against")), len(words)
    )
    return words[end - 1] if words else ""


GENERIC = table("generic")

_SECTORS_OF = table("sectors_of")
_STATES_OF = table("states_of")


def _is_generic(noun: str, referent: Referent) -> bool:
    wanted = GENERIC[noun]
    if wanted in ("m", "f", "person"):
        return _is_generic_person(noun, wanted, referent)
    if referent.kind == "state":
        return wanted == "state" and (noun not in _STATES_OF or referent.country in _STATES_OF[noun])
    if referent.kind not in ("organisation", "group"):
        return False
    if wanted == "armed":
        return referent.sector in ("REB", "PRM", "CRM", "UAF", "OPP", None)
    if wanted == "party":
        return referent.sector in ("PTY", "OPP")
    if referent.kind != "organisation":
        return bool(wanted == "body")
    if wanted == "bloc":
        return referent.country in ("UNO", "EUR", "NAT", "IGO")
    return wanted == "body" or (wanted == "company" and (referent.sector == "BUS" or referent.country == "MNC"))


def _is_generic_person(noun: str, wanted: str, referent: Referent) -> bool:
    if referent.kind != "person" or referent.plural:
        return False
    if wanted != "person":
        return referent.gender in (None, wanted)
    return noun not in _SECTORS_OF or referent.sector in _SECTORS_OF[noun]


def neighbour_of(country: str | None, memory: Memory, i: int, than: str | None = None) -> Referent | None:
    """The state mentioned last that borders on a country; without one, the last state that is another (`than` that)."""
    others = [r.referents[0] for r in memory.before(i) if r.referents and r.referents[0].kind == "state"]
    others = [r for r in others if r.country not in (country, than)]
    near = set(entities.neighbours(country)) if country else set()
    return next((r for r in others if r.country in near), others[0] if others else None)
