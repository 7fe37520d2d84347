"""Common nouns for actors, composed: whose they are, what they do ('the Russian Foreign Ministry', 'Hamas fighters').

The country comes from the owner: an adjective or a name before the noun, a possessive, or a name after 'of', 'for',
'from', 'in'. The sector comes from the noun; a noun that tells none ('leader', 'spokesman', 'group') takes that of a
noun before it ('rebel leader') or of its owner ('Hamas leader').

Decisions on purpose: the country in 'Iranian-backed militia', 'pro-Russian separatists', 'anti-American protesters' or
'US-led coalition' is not the owner; whoever is backed belongs to where the article plays, and a coalition led by a
western state is the West's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tertius.reading.actors.phrases import words
from tertius.world import entities

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc, Token

    from tertius.reading.actors.phrases import Reference, Referent
    from tertius.world.entities import Agent

    Look = Callable[[int], Reference | None]

# Nouns whose sector their owner or a noun before them decides; the table marks those that tell nothing as UNK.
_YIELDING = words("yielding")
_OWNED_BY = ("of", "for", "from", "in", "at", "with", "within", "inside", "across")
_ALIGNED = words("aligned")
_AGAINST = frozenset(("pro", "anti", "ex", "non"))
_WEST = frozenset(["USA", "GBR", "FRA", "DEU", "CAN", "AUS", "NAT", "EUR", "WST"])
_SENDING = words("sending")
_SCENERY = words("scenery")
_CONDITIONS = frozenset(("affairs", "emergency", "mind", "siege", "war"))
_FIGURES = frozenset(("figure", "figures"))
_WHERE = frozenset(
    ("in", "at", "near", "across", "around", "throughout", "within", "outside", "inside", "into", "to", "from")
)
_JOINERS = frozenset((",", "and", "&", "-", "/", "or", "–"))
_LONGEST = 5  # words of an agent noun ('minister of foreign affairs')
_FARTHEST = 12  # tokens to the left of a head that can belong to its phrase
_FORMER = frozenset(("former", "ex", "late", "ousted", "deposed", "one-time", "onetime", "retired", "erstwhile"))


class Owner(NamedTuple):
    """Whose something is: its country and sector, and the referent where there is one."""

    country: str | None
    sector: str | None
    referent: Referent | None


class Description(NamedTuple):
    """What a noun phrase says: its owners, its sector, its noun, and whether that is a person, plural, no longer so."""

    first: int
    owners: tuple[Owner, ...]
    sector: str | None
    noun: str
    person: bool
    plural: bool
    former: bool
    aligned: tuple[str, ...]  # countries that back, lead or oppose it
    leads: bool  # 'X-led'


def agent_at(doc: Doc, head: int, first: int) -> tuple[Agent | None, int]:
    """The longest agent noun that ends with the head (or goes on with 'of'), and its first token."""
    after = _of_phrase(doc, head)
    for i in range(max(first, head - _LONGEST + 1), head + 1):
        noun = " ".join(doc[i : head + 1].text.lower().split())
        for tail in (*after, ""):
            agent = entities.agent(noun + tail)
            if agent is not None:
                return agent, i
    return None, head


def _of_phrase(doc: Doc, head: int) -> list[str]:
    if head + 2 >= len(doc) or doc[head + 1].lower_ != "of":
        return []
    after = [t.lower_ for t in doc[head + 2 : head + 4]]
    return [" of " + " ".join(after[:n]) for n in range(len(after), 0, -1)]


def describe(head: Token, look: Look, depth: int = 0) -> Description:
    """Read a noun phrase from its head. `look` gives the reference at a token, if one is known."""
    doc = head.doc
    first = _first(head)
    agent, agent_first = agent_at(doc, head.i, first)
    aligned, leads = _aligned(doc, first, head.i, look)
    owners = owners_before(doc, first, head.i, look)
    if not any(o.country or _is_known_group(o) for o in owners):
        after = owners_after(head, look, depth)
        owners = after if not owners or any(o.country for o in after) else owners
    sector = _sector(doc, first, agent_first, agent, owners, head, look)
    if agent is not None and not owners and not aligned:
        owners = (() if agent.person else _owners_explained(head, look)) or _sender(head, look)
    plural = agent.plural if agent else head.tag_ in ("NNS", "NNPS")
    person = agent.person if agent else False
    former = any(t.lower_ in _FORMER for t in doc[first : head.i])
    noun = agent.words if agent else head.lemma_.lower()
    return Description(first, owners, sector, noun, person, plural, former, aligned, leads)


def _is_known_group(owner: Owner) -> bool:
    """'Islamic State fighters in Syria' are the group's, which has no country."""
    return owner.referent is not None and owner.referent.kind == "group" and owner.referent.entity is not None


def is_no_actor(noun: Token) -> bool:
    """'in public', 'a state of emergency', 'a lower figure', 'in the region', 'by air strikes': nobody who acts."""
    before = noun.nbor(-1).lower_ if noun.i else ""
    after = [t.lower_ for t in noun.doc[noun.i + 1 : noun.i + 3]]
    if before == "in" and noun.lower_ in ("public", "force"):
        return True
    if noun.lower_ == "state" and len(after) == 2 and after[0] == "of" and after[1] in _CONDITIONS:
        return True
    if noun.lower_ in _FIGURES and not any(c.dep_ == "compound" for c in noun.children):
        return True
    return noun.lower_ in _SCENERY and noun.dep_ == "pobj" and noun.head.lower_ in _WHERE


def is_new(token: Token) -> bool:
    """'a soldier', 'nine soldiers': others than those whom the article called so before."""
    marks = {c.lower_ for c in token.children if c.dep_ in ("det", "poss", "predet")}
    return bool(marks & {"a", "an", "another"}) or (not marks and any(c.dep_ == "nummod" for c in token.children))


def coalition_country(described: Description) -> str:
    """Whose a coalition of forces is: its leader's ('Saudi-led'); with a western leader, or none named, the West's."""
    leader = described.aligned[0] if described.leads else None
    return leader if leader and leader not in _WEST else "WST"


def _first(head: Token) -> int:
    """The first token of the phrase, without a possessor's own left context beyond reason or an earlier clause."""
    start = max(head.left_edge.i, head.i - _FARTHEST)
    if head.is_sent_start:
        return head.i
    for token in reversed(list(head.doc[start : head.i])):
        if (
            token.is_space
            or token.text in ("(", ")", ";", ":", '"', "“", "”")
            or (token.pos_ == "VERB" and token.dep_ == "ROOT")
        ):
            return token.i + 1
    return start


def describe_before(doc: Doc, end: int, look: Look) -> Description | None:
    """Read the title right before a name that begins at token `end`: 'French Minister' before 'Jean Dupont'."""
    head = end - 1
    first = head
    while first > 0 and end - first < _FARTHEST and _in_title(doc[first - 1]):
        first -= 1
    agent, agent_first = agent_at(doc, head, first)
    if agent is None or not (agent.person or agent.plural):
        return None
    owners = owners_before(doc, first, agent_first, look)
    sector = _sector(doc, first, agent_first, agent, owners, doc[head], look)
    former = any(t.lower_ in _FORMER for t in doc[first:agent_first])
    return Description(first, owners, sector, agent.words, agent.person, agent.plural, former, (), False)


def name_start(head: Token) -> int:
    """The first token of a noun phrase without its article."""
    first = _first(head)
    while first < head.i and head.doc[first].pos_ in ("DET", "PUNCT", "SPACE", "CCONJ", "PRON"):
        first += 1
    return first


def _in_title(token: Token) -> bool:
    if token.is_space or (token.pos_ in ("VERB", "AUX", "ADP", "SCONJ", "PRON") and token.tag_ != "PRP$"):
        return token.lower_ in ("of", "for")
    return token.tag_ == "POS" or token.pos_ not in ("PUNCT", "PART", "DET", "ADV") or token.text in ("-", "’s", "'s")


def sector_of_words(doc: Doc, first: int, last: int) -> str | None:
    """The sector that the words of a name tell: 'Institute for ...' EDU, '... Human Rights Council' SOC."""
    for end in (last, *range(first, last)):
        agent, _ = agent_at(doc, end, first)
        if agent is not None and agent.sector != "UNK":
            return agent.sector
    return None


def owners_before(doc: Doc, first: int, head: int, look: Look) -> tuple[Owner, ...]:
    """Whose the noun at `head` is by the words from `first` on: the name, adjective or possessive nearest to it."""
    i = head - 1
    while i >= first:
        reference = look(i)
        if reference is not None and reference.referents and not is_aligned(doc, reference.first, i):
            owners = [_owner(r) for r in reference.referents]
            return (*_joined(doc, first, reference, look), *owners)
        i = (reference.first if reference is not None else i) - 1
    return ()


def _joined(doc: Doc, first: int, reference: Reference, look: Look) -> list[Owner]:
    """'Israeli and' before 'Palestinian': owners joined to this one."""
    owners: list[Owner] = []
    i = reference.first - 1
    while i > first and doc[i].lower_ in _JOINERS:
        other = look(i - 1)
        if other is None or other.kind != reference.kind:
            break
        owners = [*(_owner(r) for r in other.referents), *owners]
        i = other.first - 1
    return owners


def _owner(referent: Referent) -> Owner:
    return Owner(referent.country, referent.sector, referent)


def is_aligned(doc: Doc, first: int, last: int) -> bool:
    """Whether the name or adjective at these tokens is one in 'Iranian-backed', 'US-led' or 'pro-Russian'."""
    if doc[last].lower_.rpartition("-")[2] in _ALIGNED:
        return True
    after = doc[last + 1 : last + 3]
    if len(after) == 2 and after[0].text in "-–" and after[1].lower_ in _ALIGNED:
        return True
    before = doc[max(0, first - 2) : first]
    return len(before) == 2 and before[1].text in "-–" and before[0].lower_ in _AGAINST


def _aligned(doc: Doc, first: int, head: int, look: Look) -> tuple[tuple[str, ...], bool]:
    found: list[str] = []
    leads = False
    for i in range(max(0, first - 2), head):
        reference = look(i)
        if reference is not None and is_aligned(doc, reference.first, i) and doc[min(i + 2, head)].lower_ != "born":
            found += [r.country for r in reference.referents if r.country]
            leads = leads or (i + 2 < len(doc) and doc[i + 2].lower_ == "led")
    return tuple(found), leads


def owners_after(head: Token, look: Look, depth: int = 0) -> tuple[Owner, ...]:
    """Whose a noun is by what follows: 'the army of Mali', 'officials in Mali'."""
    if depth > 2:
        return ()
    unknown: tuple[Owner, ...] = ()
    for prep in (*head.rights, *_of_joined(head), *_from(head)):
        if prep.dep_ != "prep" or prep.lower_ not in _OWNED_BY:
            continue
        for noun in (child for child in prep.children if child.dep_ == "pobj"):
            owners = _owners_at(noun, look, depth)
            if prep.lower_ in ("in", "at", "from", "with", "across", "inside", "within"):
                owners = tuple(Owner(o.country, _sector_at(prep, o), None) for o in owners if o.country)
            if any(o.country for o in owners):
                return owners
            unknown = unknown or owners
    return unknown


def _from(head: Token) -> list[Token]:
    """'from Syria' in 'refugees coming from Syria', and behind the noun whatever the parser joins it to."""
    after = [head.nbor(1)] if head.i + 1 < len(head.doc) else []
    moving = [prep for verb in head.rights if verb.dep_ == "acl" for prep in verb.children]
    return [
        prep
        for prep in (*after, *moving)
        if prep.lower_ == "from" and any(noun.dep_ == "pobj" and noun.pos_ == "PROPN" for noun in prep.children)
    ]


def _of_joined(head: Token) -> list[Token]:
    """'of Mali' for 'government' in 'the government and people of Mali'."""
    joined = [child for child in head.children if child.dep_ == "conj" and child.i <= head.i + 3]
    bare = [
        noun for noun in joined if noun.pos_ == "NOUN" and not any(c.dep_ in ("det", "poss") for c in noun.children)
    ]
    return [prep for noun in bare for prep in noun.rights if prep.lower_ == "of"]


def _sector_at(prep: Token, owner: Owner) -> str | None:
    """'A researcher at the institute' is of its sector; 'officials in Norway' are not of its government."""
    body = owner.referent is None or owner.referent.kind != "state"
    return owner.sector if body and prep.lower_ in ("at", "with") else None


def _owners_explained(head: Token, look: Look) -> tuple[Owner, ...]:
    """Whose a body is by its apposition: 'the Delta Institute, a think-tank in Warsaw'."""
    for child in head.children:
        if child.dep_ == "appos" and child.i > head.i and look(child.i) is None:
            agent, _ = agent_at(head.doc, child.i, max(head.i + 1, child.left_edge.i))
            if agent is not None and not agent.person:
                return owners_after(child, look, 1) or owners_before(head.doc, child.left_edge.i, child.i, look)
    return ()


def _sender(head: Token, look: Look) -> tuple[Owner, ...]:
    """Whose somebody is who is sent: 'Egypt deployed two warships', 'Norway said it was sending an envoy'."""
    verb = head.head
    if head.dep_ != "dobj" or verb.lemma_ not in _SENDING:
        return ()
    for subject in _subjects(verb):
        reference = look(subject.i)
        if reference is None and subject.pos_ == "PRON":
            reference = next((r for s in _subjects(verb.head) if (r := look(s.i)) is not None), None)
        if reference is not None:
            return tuple(Owner(r.country, None, None) for r in reference.referents if r.country)
    return ()


def _subjects(verb: Token) -> list[Token]:
    """The subjects of a verb, or of the verb that it is joined to."""
    for _ in range(_FARTHEST):
        found = [child for child in verb.children if child.dep_ == "nsubj"]
        if found or verb.dep_ not in ("conj", "xcomp"):
            return found
        verb = verb.head
    return []


def _owners_at(noun: Token, look: Look, depth: int) -> tuple[Owner, ...]:
    reference = look(noun.i)
    if reference is not None and reference.referents:
        joined = [
            o for c in noun.conjuncts if c.i > noun.i and (other := look(c.i)) for o in map(_owner, other.referents)
        ]
        return (*map(_owner, reference.referents), *joined)
    inner = describe(noun, look, depth + 1)
    explained = _explained(noun)
    if explained is not None:
        inner = inner._replace(sector=explained)
    if not inner.owners:
        return (Owner(None, inner.sector, None),) if inner.sector else ()
    return tuple(Owner(o.country, inner.sector or o.sector, None) for o in inner.owners)


def _explained(noun: Token) -> str | None:
    """The sector of the apposition to an organisation: 'the Council on Baltic Affairs, a think-tank'."""
    for child in noun.children:
        if child.dep_ == "appos":
            agent, _ = agent_at(noun.doc, child.i, max(noun.i + 1, child.left_edge.i))
            if agent is not None and not agent.person:
                return agent.sector
    return None


def _sector(
    doc: Doc,
    first: int,
    agent_first: int,
    agent: Agent | None,
    owners: tuple[Owner, ...],
    head: Token,
    look: Look,
) -> str | None:
    own = agent.sector if agent and agent.sector != "UNK" else None
    if any(t.lower_ == "striking" for t in doc[first:agent_first]):
        return "LAB"
    if agent is not None and own is not None and not _yields(head):
        return own
    before = _sector_before(doc, first, agent_first, look)
    if before is not None:
        return before
    bodies = [o.referent for o in owners if o.referent is not None and o.referent.kind == "organisation"]
    if own in (None, "GOV") and _yields(head) and any(body.sector is None for body in bodies):
        return None
    of_owner = next((o.sector for o in owners if o.sector), None)
    if of_owner is not None and (own is None or of_owner != "GOV"):
        return of_owner
    return own


def _yields(head: Token) -> bool:
    return head.lower_ in _YIELDING


def _sector_before(doc: Doc, first: int, agent_first: int, look: Look) -> str | None:
    """The sector of an agent noun among the words before: 'rebel' in 'rebel commander', not 'State' of a name."""
    for last in range(agent_first - 1, first - 1, -1):
        if (name := look(last)) is not None and name.kind == "name":
            continue
        agent, _ = agent_at(doc, last, first)
        if agent is not None and agent.sector != "UNK" and doc[last].lower_ not in _YIELDING:
            return agent.sector
    return None
