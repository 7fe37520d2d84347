"""Attributions that the grammar of a sentence shows: a cue word, its subject, and what it governs.

Drafts hold token numbers, not records: the rules here and the trained tagger both make them, and
`tertius.reading.attributions` turns them into records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from tertius.reading.attributions import cues

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))
_VERB_PARTS = frozenset(("aux", "auxpass", "neg", "prt"))
_VIEWS = frozenset(("view", "opinion", "word", "telling", "account", "judgment", "judgement", "estimation", "eye"))


FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))
LONGEST = 400  # words of a clause: bounds the work on hostile text
NEAR = 12  # words between "what" and its cue
_MISTAKEN = frozenset(("relcl", "acl", "ccomp"))
_QUOTING = frozenset(("quote", "cite", "describe", "record", "report"))
_POINTS = frozenset((",", ".", ";", ":", "-", "–", "—"))


class Draft(NamedTuple):
    """An attribution as sorted token numbers of the Doc; `certain` is False where its speaker is a guess."""

    source: tuple[int, ...]
    cue: tuple[int, ...]
    content: tuple[int, ...]
    certain: bool = True
    origin: str = "grammar"


def clauses(doc: Doc) -> list[Draft]:
    """Drafts from every cue word that governs a clause, an infinitive, an object or the sentence around it."""
    found = [draft for token in doc if (draft := _draft(token)) and draft.content]
    governed = {i for draft in found if draft.source for i in draft.content}
    return [draft for draft in found if not _bare_noun(doc, draft, governed)]


def _bare_noun(doc: Doc, draft: Draft, governed: set[int]) -> bool:
    """'rejected claims that ...': the noun is nobody's, the verb above it has the speaker and the stance."""
    noun = doc[draft.cue[-1]]
    return not draft.source and noun.pos_ == "NOUN" and noun.i in governed and noun.dep_ in ("dobj", "pobj")


def _draft(token: Token) -> Draft | None:
    if token.lower_ == "according":
        return _according(token)
    if token.lower_ == "in" and token.dep_ == "prep":
        return _in_view(token)
    known = cues.of(token)
    if token.tag_ == "NNS" and token.dep_ == "ROOT":
        return _mistaken(token)
    if known is None:
        return None
    if "s" in known.frames:
        return _adverb(token)
    if known.pos == "VERB":
        return _verb(token, known)
    if known.pos == "NOUN":
        return _noun(token, known)
    return _adjective(token, known)


def _mistaken(token: Token) -> Draft | None:
    """'Finnish intelligence suspects that ...': a verb that the tagger took for a plural."""
    known = cues.of(token)
    clause = next((child for child in token.children if child.i > token.i and child.dep_ in _MISTAKEN), None)
    if known is None or "c" not in known.frames or clause is None or token.nbor().lower_ != "that":
        return None
    source = range(token.left_edge.i, token.i)
    return Draft(trim(token.doc, source), (token.i,), trim(token.doc, subtree(clause)))


def _according(token: Token) -> Draft | None:
    to = next((child for child in token.children if child.lower_ == "to"), None)
    to = to or (token.nbor() if token.i + 1 < len(token.doc) and token.nbor().lower_ == "to" else None)
    source = next((child for child in to.children if child.dep_ == "pobj"), None) if to else None
    if to is None or source is None:
        return None
    phrase = subtree(source)
    governor = token.head if token.head is not token else None
    if governor is None:
        return None
    clause = _clause_of(governor)
    content = _without(subtree(clause), subtree(token))
    return Draft(phrase, (token.i, to.i), trim(token.doc, _side(token.doc, content, token.i)))


def _in_view(token: Token) -> Draft | None:
    """'In Moscow's view, ...', 'in the words of one diplomat, ...'."""
    noun = next((child for child in token.children if child.lemma_ in _VIEWS), None)
    source = _owner(noun) if noun is not None else ()
    if noun is None or not source:
        return None
    content = _without(subtree(_clause_of(token.head)), subtree(token))
    return Draft(source, (token.i, noun.i), trim(token.doc, content))


def _side(doc: Doc, content: tuple[int, ...], cue: int) -> tuple[int, ...]:
    """Where a parenthetical closes the clause, what follows its comma with a new subject is no longer part of it."""
    top = top_of(doc[cue])
    return tuple(i for i in content if top_of(doc[i]) == top)


def _clause_of(token: Token) -> Token:
    while token.dep_ not in ("ROOT", "ccomp", "advcl", "relcl", "conj") and token.head is not token:
        token = token.head
    return token


def _adverb(token: Token) -> Draft | None:
    clause = token.head if token.head.pos_ == "VERB" else _clause_of(token.head)
    content = _without(subtree(clause), (token.i,))
    return Draft((), (token.i,), trim(token.doc, content))


def _verb(token: Token, known: cues.Cue) -> Draft | None:
    if token.dep_ in ("aux", "auxpass", "amod", "compound"):
        return None
    cue = cue_words(token)
    source = source_of(token)
    content = _until_next_cue(token, _content(token, known, set(cue) | set(source)))
    return Draft(source, cue, trim(token.doc, content))


def _until_next_cue(token: Token, content: tuple[int, ...]) -> tuple[int, ...]:
    """'said that ..., adding that ...': the participle belongs to the speaker, not to what he said."""
    for i in content:
        word = token.doc[i]
        behind = word.i > token.i and word.i > 0 and word.nbor(-1).text == ","
        if behind and word.tag_ == "VBG" and word.dep_ == "advcl" and cues.of(word):
            return tuple(j for j in content if j < i)
    return content


def cue_words(token: Token) -> tuple[int, ...]:
    """A cue's main word with its auxiliaries, negation and particle."""
    parts = [child.i for child in token.children if child.dep_ in _VERB_PARTS and abs(child.i - token.i) <= 4]
    return tuple(sorted([token.i, *parts]))


def _content(token: Token, known: cues.Cue, taken: set[int]) -> tuple[int, ...]:
    if any(token.doc[i].lower_ == "what" for i in range(max(token.left_edge.i, token.i - NEAR), token.i)):
        predicate = _predicate_after(token)
        if predicate:
            return predicate
    for child in token.children:
        if _governs(child, known):
            words = subtree(child)
            if words[0] < token.i < words[-1]:
                return _without(words, _parenthesis(token, child))
            return _without(words, taken)
    if token.dep_ == "parataxis" and "c" in known.frames:
        return _without(subtree(token.head), subtree(token))
    if "c" in known.frames and token.dep_ in ("ccomp", "advcl", "dep", "conj", "ROOT"):
        around = _around(token, taken)
        if around:
            return around
    return _objects(token, known, taken)


def _predicate_after(token: Token) -> tuple[int, ...]:
    """'what Manila claimed was a drill': what follows the cue."""
    if token.i + 1 >= len(token.doc) or token.nbor().pos_ not in ("VERB", "AUX"):
        return ()
    return tuple(range(token.i + 1, token.nbor().right_edge.i + 1))


def _governs(child: Token, known: cues.Cue) -> bool:
    if child.dep_ == "ccomp":
        if "x" in known.frames or "c" in known.frames:
            return True
        return "o" in known.frames and "q" not in known.frames
    if child.dep_ == "xcomp":
        gerund = child.tag_ == "VBG"
        return ("g" in known.frames and gerund) or ("x" in known.frames and not gerund) or child.tag_ == "VBZ"
    return False


def _parenthesis(token: Token, clause: Token) -> tuple[int, ...]:
    own = [token.i]
    for child in token.children:
        if child is not clause:
            own += subtree(child)
    return tuple(own)


def _around(token: Token, taken: set[int]) -> tuple[int, ...]:
    """The sentence before a cue that stands behind a comma: 'The pact, the minister said, would be signed.'"""
    if not taken or not any(i != token.i for i in taken):
        return ()
    doc, first = token.doc, min(taken)
    start = top_of(token).left_edge.i
    if first - start < 3 or doc[first - 1].text != ",":
        return ()
    after = [child for child in token.children if child.i > token.i and child.dep_ in ("ccomp", "dobj")]
    return () if after else tuple(range(start, first - 1))


def _objects(token: Token, known: cues.Cue, taken: set[int]) -> tuple[int, ...]:
    words: list[int] = []
    for child in token.children:
        if child.i < token.i:
            continue
        direct = child.dep_ in ("dobj", "oprd", "attr") and "o" in known.frames
        phrase = child.dep_ == "prep" and (child.lower_ in known.frames or bool(words))
        if direct or phrase or (words and child.dep_ in ("advcl", "oprd", "xcomp")):
            words += subtree(child)
    return _without(tuple(sorted(set(words))), taken)


def _noun(token: Token, known: cues.Cue) -> Draft | None:
    light = token.dep_ == "dobj" and token.head.lemma_ in cues.LIGHT_VERBS
    for child in (*token.children, *(token.head.children if light else ())):
        clause = child.dep_ in ("acl", "relcl", "ccomp") and _complementizer(child, known)
        phrase = child.dep_ == "prep" and child.lower_ in known.frames and child.i > token.i
        if clause or phrase:
            content = subtree(child)
            source = _owner(token)
            return Draft(source, (token.i,), trim(token.doc, _without(content, source)))
    return None


def _complementizer(clause: Token, known: cues.Cue) -> bool:
    if any(child.dep_ == "mark" and child.lower_ == "that" for child in clause.children):
        return True
    marked = any(child.lower_ == "that" and child.dep_ in ("mark", "det") for child in clause.children)
    infinitive = any(child.lower_ == "to" and child.dep_ == "aux" for child in clause.children)
    return marked or (infinitive and "x" in known.frames)


def _owner(noun: Token) -> tuple[int, ...]:
    """'Moscow's claim', 'the claim by Moscow', 'Moscow made the claim', 'Moscow rejected claims' (nobody's)."""
    for child in noun.children:
        if child.dep_ == "poss":
            return subtree(child)
        if child.dep_ == "prep" and child.lower_ in ("by", "of", "from"):
            inside = next((word for word in child.children if word.dep_ == "pobj"), None)
            if inside is not None and child.i > noun.i:
                return subtree(inside)
    verb = noun.head
    if noun.dep_ == "dobj" and verb.lemma_ in cues.LIGHT_VERBS:
        return source_of(verb)
    return ()


def _adjective(token: Token, known: cues.Cue) -> Draft | None:
    if token.dep_ not in ("acomp", "conj", "ROOT", "oprd"):
        return None
    copula = token.head if token.dep_ != "ROOT" else token
    for child in (*token.children, *copula.children):
        clause = child.dep_ in ("ccomp", "xcomp") and child.i > token.i
        phrase = child.dep_ == "prep" and child.lower_ in known.frames and child.head is token
        if clause or phrase:
            cue = tuple(sorted({copula.i, token.i, *(c.i for c in copula.children if c.dep_ in _VERB_PARTS)}))
            return Draft(source_of(copula), cue, trim(token.doc, subtree(child)))
    return None


def source_of(verb: Token) -> tuple[int, ...]:
    """The words for whoever does a verb: its subject, or the one that it shares with the verb above it."""
    seen = 0
    token = verb
    while seen < 6:
        subject = _subject(token)
        if subject is not None:
            whole = subtree(subject)
            return trim(verb.doc, _without(whole, subtree(verb)) if verb.i in whole else whole)
        if token.dep_ in ("acl", "relcl"):
            return trim(verb.doc, _without(subtree(token.head), subtree(token)))
        if token.lower_ == "as" and (quoted := _quoted(token.head)) is not None:
            return trim(verb.doc, _without(subtree(quoted), subtree(verb)))
        if token.dep_ not in ("conj", "xcomp", "advcl", "pcomp", "prep", "dep", "ccomp", "parataxis"):
            return ()
        token = token.head
        seen += 1
    return ()


def _subject(verb: Token) -> Token | None:
    agent = next((child for child in verb.children if child.dep_ == "agent"), None)
    if agent is not None:
        return next((child for child in agent.children if child.dep_ == "pobj"), None)
    passive = any(child.dep_ in ("nsubjpass", "auxpass") for child in verb.children)
    if passive and verb.lemma_ not in ("quote", "convince", "persuade", "worry", "concern"):
        return None
    for child in verb.children:
        if child.dep_ in _SUBJECTS:
            return _antecedent(child)
    return None


def _quoted(verb: Token) -> Token | None:
    """'quoted officials as saying', 'officials were quoted as saying': the officials."""
    if verb.lemma_ not in _QUOTING:
        return None
    return next((child for child in verb.children if child.dep_ in ("dobj", "nsubjpass")), None)


def _antecedent(subject: Token) -> Token:
    relative = subject.tag_ in ("WP", "WDT") and subject.head.dep_ == "relcl"
    return subject.head.head if relative else subject


def top_of(token: Token) -> Token:
    """The root of a word's sentence (`token.sent` looks at the whole document each time)."""
    for _ in range(LONGEST):
        if token.head.i == token.i:
            break
        token = token.head
    return token


def subtree(token: Token) -> tuple[int, ...]:
    """Token numbers of a word and everything below it, sorted; of an endless 'sentence' only what is near."""
    first, last = token.left_edge.i, token.right_edge.i
    if last - first < LONGEST:
        return tuple(word.i for word in token.subtree)
    return tuple(range(max(first, token.i - LONGEST // 2), min(last, token.i + LONGEST // 2) + 1))


def trim(doc: Doc, words: Iterable[int]) -> tuple[int, ...]:
    """Without line breaks, and each piece without commas and stops at its ends (quotation marks and brackets stay)."""
    kept: list[int] = []
    for piece in _pieces(doc, sorted(words)):
        while piece and doc[piece[-1]].text in _POINTS:
            piece.pop()
        while piece and doc[piece[0]].text in _POINTS:
            piece.pop(0)
        kept += piece
    return tuple(kept)


def runs(doc: Doc, words: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Contiguous runs of token numbers as spans of the text, start and end in code points; spaces do not part them."""
    for piece in _pieces(doc, sorted(words)):
        last = doc[piece[-1]]
        yield doc[piece[0]].idx, last.idx + len(last)


def _pieces(doc: Doc, words: Iterable[int]) -> Iterator[list[int]]:
    piece: list[int] = []
    for i in words:
        if doc[i].is_space:
            continue
        if piece and any(not doc[j].is_space or "\n" in doc[j].text for j in range(piece[-1] + 1, i)):
            yield piece
            piece = []
        piece.append(i)
    if piece:
        yield piece


def _without(words: tuple[int, ...], taken: Iterable[int]) -> tuple[int, ...]:
    gone = set(taken)
    return tuple(i for i in words if i not in gone)
