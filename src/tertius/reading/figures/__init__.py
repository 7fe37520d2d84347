"""How much, how many? Money, counts of things, percentages, physical quantities and lengths of sentences.

`value` is the stated number; what 'at least', 'up to' and 'about' say about it is in `low` and `high` ('about' is read
as rounded to the last place that is not zero). A range has only `low` and `high`. 'Tens of thousands' has its lowest
number as value. Dates, ages, ordinals, scores, addresses and numbers that are part of a name are no figures.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tertius.reading import times
from tertius.reading.figures import measures, numbers, parties, units
from tertius.reading.figures.numbers import Number, one_of
from tertius.reading.times.expressions import TimeExpression
from tertius.records import Figure

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from tertius.reading.actors import Cast

FARTHEST_NOUN = 8  # tokens between a number and the noun that it counts


class Quantity(NamedTuple):
    """A number with what it counts, before it is tied to the clause; `head` stands for it in the parse."""

    start: int
    end: int
    number: Number
    unit: str
    head: Token
    kind: str  # money, unit, count, people (nobody named), sentence


def find(doc: Doc, cast: Cast, expressions: tuple[TimeExpression, ...]) -> tuple[Figure, ...]:
    """The figures of an article in order; `attribution` is left None."""
    finder = _Finder(doc, cast, expressions)
    return tuple(_figure(finder, quantity, f"f{n}") for n, quantity in enumerate(finder.quantities(), 1))


def _figure(finder: _Finder, quantity: Quantity, name: str) -> Figure:
    text, head = finder.text, quantity.head
    low, high = bounds(text, quantity, finder.token_at)
    measured = measures.measure(text, head, quantity.end, quantity.kind, quantity.unit)
    return Figure(
        id=name,
        start=quantity.start,
        end=quantity.end,
        text=text[quantity.start : quantity.end],
        value=quantity.number.value,
        low=low,
        high=high,
        unit=quantity.unit,
        measure=measured,
        period=times.governing_period(finder.doc, finder.expressions, head),
        between=parties.between(finder.cast, text, head, quantity.start, measured),
        change=measures.change(text, head.sent.start_char, quantity.start, quantity.unit),
        attribution=None,
    )


# --- bounds ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _bound_left() -> re.Pattern[str]:
    words = numbers.table()["bounds"]
    filler = one_of(words["filler"])
    return re.compile(
        rf"(?<!\w)(?i:(?P<low>{one_of(words['low'])})|(?P<high>{one_of(words['high'])})|(?P<about>{one_of(words['about'])}))"
        rf"(?:\s(?i:{filler}|the|a|an))?[\s~]?$"
    )


_MORE_RIGHT = re.compile(r"\+|\s(?i:or\s(?:more|(?P<fewer>fewer|less)|(?P<so>so)))\b")


def bounds(text: str, quantity: Quantity, token_at: Callable[[int], Token]) -> tuple[float | None, float | None]:
    """`low` and `high` from the number itself and from the words around it."""
    number = quantity.number
    left = _bound_left().search(text, max(quantity.start - 30, 0), quantity.start)
    right = _MORE_RIGHT.match(text, quantity.end) or _MORE_RIGHT.match(text, number.end)
    if number.value is None or number.low is not None:
        return number.low, number.high
    if left and left["low"] == "over" and token_at(left.start()).dep_ == "prt":  # 'took over 350 hectares'
        left = None
    if (left and left["low"]) or (right and not (right["fewer"] or right["so"])):
        return number.value, None
    if (left and left["high"]) or (right and right["fewer"]):
        return None, number.value
    if (left and left["about"]) or (right and right["so"]):
        half = numbers.rounding(number.value)
        return number.value - half, number.value + half
    return None, None


# --- quantities ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _labels() -> frozenset[str]:
    return frozenset(numbers.table()["nouns"]["labels"])


@lru_cache(maxsize=1)
def _never() -> frozenset[str]:
    return frozenset(numbers.table()["nouns"]["never"])


@lru_cache(maxsize=1)
def _plural() -> frozenset[str]:
    return frozenset(numbers.table()["nouns"]["plural"])


_SENTENCE_RIGHT = re.compile(r"(?:\s|-)(?i:(year|month|day|week)s?)\b")
_PENALTY = re.compile(r"(?i:sentenc|jail|imprison|prison|behind bars|in custody|penal colony|labou?r camp|prison term)")
_PHONE = re.compile(r"\+?\d[\d ()-]{7,}\d")
_DEFINITE = frozenset(["the", "these", "those", "both", "all", "its", "their", "his", "her", "our", "your", "my"])
_RANKS = frozenset(["first", "next", "past", "top"])  # 'the first five', 'the top 10'
_TOLL_LEFT = re.compile(r"\b(?i:toll)\b[^.;\n]{0,40}\s(?i:to|at|of|reached|hit|passed|is|was)\s(?:\w+\s){0,2}$")
_SHARE_LEFT = re.compile(r"\b(?i:one|two|three|four|\d)\s(?i:in|out\sof)\s(?:every\s)?$")  # 'one in five voters'
_OF = re.compile(r"\s(?i:of)\s(?:(?i:the|these|those|his|her|its|their|our)\s)?|\s")
_FATE_RIGHT = re.compile(
    r"\s(?i:(?:people\s|others\s)?(?:(?:were|was|are|is|have\sbeen|has\sbeen|had\sbeen)\s(?:\w+ly\s)?)?(\w+))\b"
)


def _is_phone(written: str) -> bool:
    return sum(character.isdigit() for character in written) >= 9 and (written[0] in "+0" or written.count("-") >= 2)


class _Finder:
    """Reads the numbers of one article one by one."""

    def __init__(self, doc: Doc, cast: Cast, expressions: tuple[TimeExpression, ...]) -> None:
        self.doc = doc
        self.cast = cast
        self.expressions = expressions
        self.text = doc.text  # spaCy builds it anew at each call
        self.starts = [token.idx for token in doc]
        self.times = [(expression.start, expression.end) for expression in expressions]
        self.time_starts = [start for start, _ in self.times]
        self.countries = Counter(actor.country for actor in cast.actors for _ in actor.mentions if actor.country)

    def quantities(self) -> list[Quantity]:
        found: list[Quantity] = []
        for number in numbers.find(self.text):
            quantity = self._quantity(number) if not self._excluded(number) else None
            if not quantity:
                continue
            if found and self._converted(found[-1], quantity):
                found[-1] = found[-1]._replace(end=quantity.end + 1)
            else:
                found.append(quantity)
        return found

    def token_at(self, offset: int) -> Token:
        return self.doc[max(bisect_right(self.starts, offset) - 1, 0)]

    def _converted(self, before: Quantity, quantity: Quantity) -> bool:
        """'100 km (60 miles)': the same figure in another unit."""
        between = self.text[before.end : quantity.start]
        bracket = re.fullmatch(r"\s\((?:(?i:about|around|roughly|some|or|over|nearly)\s)?", between)
        closed = self.text[quantity.end : quantity.end + 1] == ")"
        return bool(bracket) and closed and before.kind == quantity.kind != "count"

    # --- what is no figure -------------------------------------------------------------------------------------------

    def _excluded(self, number: Number) -> bool:
        return self._in_time(number) or self._in_name(number) or self._is_code(number)

    def _in_time(self, number: Number) -> bool:
        at = bisect_right(self.time_starts, number.start) - 1
        inside = at >= 0 and self.times[at][1] > number.start
        return inside or (at + 1 < len(self.times) and self.times[at + 1][0] < number.end)

    def _in_name(self, number: Number) -> bool:
        """'Resolution 2231', 'No. 10', 'Boeing 737 jets', '10 Downing Street'."""
        token = self.token_at(number.start)
        if token.i == 0:
            return False
        before = self.doc[token.i - 1]
        if before.lower_ in _RANKS or (before.lower_ in _labels() and not number.spelled):
            return True
        compound = before.pos_ == "PROPN" and before.dep_ in ("compound", "nmod") and before.head.i > token.i
        return compound and not number.spelled and before.ent_type_ not in ("GPE", "NORP", "DATE")

    def _is_code(self, number: Number) -> bool:
        """Footnotes, clock times, telephone numbers, parts of words such as F-16, scores and fractions."""
        before, after = self.text[max(number.start - 2, 0) : number.start], self.text[number.end : number.end + 2]
        if before.endswith("[") and after.startswith("]"):
            return True
        if re.match(r"[:/]\d|[-–]\d", after) or re.search(r"[:/]$|\w[-–]$", before):
            return True
        if _SHARE_LEFT.search(self.text, max(number.start - 20, 0), number.start):
            return True
        if number.spelled:
            return False
        return any(
            phone.start() <= number.start < phone.end() and _is_phone(phone[0])
            for phone in _PHONE.finditer(self.text, max(number.start - 18, 0), number.end + 18)
        )

    # --- what is counted ---------------------------------------------------------------------------------------------

    def _quantity(self, number: Number) -> Quantity | None:
        measured = units.measured(self.text, number, self.countries)
        if measured:
            head = self._head(measured.start, measured.end)
            return Quantity(
                measured.start, measured.end, number, measured.unit, head, "money" if measured.money else "unit"
            )
        return self._sentence(number) or self._counted(number) or self._people(number)

    def _head(self, start: int, end: int) -> Token:
        """The token of a stretch that the others hang on."""
        token = self.token_at(end - 1)
        for _ in range(6):
            if token.head.i == token.i or not start <= token.head.idx < end:
                break
            token = token.head
        return token

    def _sentence(self, number: Number) -> Quantity | None:
        """'sentenced to 12 years', 'a 20-year sentence'; other lengths of time are no figures."""
        unit = _SENTENCE_RIGHT.match(self.text, number.end)
        if not unit:
            return None
        around = self.text[max(number.start - 50, 0) : unit.end() + 25].split("\n")
        if not any(_PENALTY.search(line) for line in around) and not self._served(number):
            return None
        head = self._head(number.start, unit.end())
        return Quantity(number.start, unit.end(), number, unit[1].lower() + "s", head, "sentence")

    def _served(self, number: Number) -> bool:
        return self.token_at(number.start).head.head.lemma_.lower() in ("sentence", "jail", "imprison")

    def _counted(self, number: Number) -> Quantity | None:
        noun = self._noun(number)
        if noun is None or not self._is_count(number, noun):
            return None
        end = noun.idx + len(noun.text)
        return Quantity(number.start, end, number, noun.lower_, noun, "count")

    def _noun(self, number: Number) -> Token | None:
        """The head of the noun phrase behind the number, over adjectives, names and 'of the'."""
        gap = _OF.match(self.text, number.end)
        if not gap or gap.end() >= len(self.text):
            return None
        token = self.token_at(gap.end())
        if token.idx != gap.end():
            return None
        last: Token | None = None
        for here in self.doc[token.i : token.i + FARTHEST_NOUN]:
            if here.pos_ in ("NOUN", "PROPN") or (last is None and here.tag_ in ("NNS", "NN")):
                last = here
                if here.tag_ in ("NNS", "NNPS") and not self._is_compound(here):
                    break
            elif not self._modifies(here, last):
                break
        return last

    def _is_compound(self, token: Token) -> bool:
        following = self.doc[token.i + 1] if token.i + 1 < len(self.doc) else token
        return token.dep_ == "compound" and token.head.i > token.i and following.pos_ in ("NOUN", "PROPN")

    def _modifies(self, token: Token, last: Token | None) -> bool:
        """Words that may stand between a number and its noun."""
        if token.tag_ in ("JJ", "JJR", "JJS", "HYPH", "POS", "VBN", "VBG", "NN", "CD") or token.text in ("-", "–"):
            return last is None or (token.tag_ in ("HYPH", "POS", "NN", "CD", "VBN") and token.head.i > token.i)
        if token.text in (",", "and") and last is None:
            return token.head.i > token.i or token.head.pos_ == "ADJ"
        return last is None and token.pos_ in ("ADV", "ADJ") and token.head.i > token.i

    def _is_count(self, number: Number, noun: Token) -> bool:
        if noun.lemma_.lower() in _never() or noun.lower_ in _never():
            return False
        single = number.value == 1
        several = noun.tag_ in ("NNS", "NNPS") or noun.lower_ in _plural()
        if single:
            return noun.pos_ in ("NOUN", "PROPN") and not several and self._counts_one(number, noun)
        return several and not self._is_anaphor(number, noun)

    def _counts_one(self, number: Number, noun: Token) -> bool:
        """'one' is mostly a pronoun or an article; it counts where people come to harm, or behind 'at least'."""
        if not number.spelled:
            return True
        before = self.text[max(number.start - 12, 0) : number.start].lower().split()
        word = before[-1] if before else ""
        harmed = measures.fate(noun) is not None
        swapped = word == "of" and self.token_at(number.start).ent_type_ == "CARDINAL" and noun.ent_type_ == "NORP"
        return harmed or swapped or word in ("least", "only", "just", "than")

    def _is_anaphor(self, number: Number, noun: Token) -> bool:
        """'the two sides', 'both leaders', 'its five neighbours' point at things already named."""
        token = self.token_at(number.start)
        before = self.doc[token.i - 1].lower_ if token.i else ""
        adjacent = noun.idx - number.end <= 1
        return before in _DEFINITE and number.spelled and number.value is not None and number.value <= 10 and adjacent

    def _people(self, number: Number) -> Quantity | None:
        """'killing 12', 'Two were arrested', 'five dead': people, by what happened to them."""
        token = self._head(number.start, number.end)
        right = _FATE_RIGHT.match(self.text, number.end)
        word = right[1].lower() if right else ""
        dead = word in numbers.table()["nouns"]["fates"]
        suffered = bool(right) and word in measures.fate_words() and token.dep_ in ("nsubjpass", "nsubj")
        harmed = token.dep_ in ("dobj", "nsubjpass", "conj", "nummod", "obj") and measures.fate(token) is not None
        behind = self._behind_fate(number) or bool(
            _TOLL_LEFT.search(self.text, max(number.start - 60, 0), number.start)
        )
        crowd = bool(number.spelled and number.low) and token.dep_ == "nsubj"  # 'Thousands rallied'
        after = self.text[number.end : number.end + 1]
        if number.value == 1 and self.text[number.end : number.end + 4].lower() == " of ":
            return None
        if not (dead or suffered or crowd or ((harmed or behind) and self._stands_alone(number))) or after in (
            "-",
            "%",
        ):
            return None
        end = right.end() if dead and right else number.end
        return Quantity(number.start, end, number, "people", token, "people")

    def _behind_fate(self, number: Number) -> bool:
        before = self.text[max(number.start - 40, 0) : number.start]
        plain = _bound_left().sub("", before).split()
        return bool(plain) and plain[-1].lower() in measures.fate_words()

    def _stands_alone(self, number: Number) -> bool:
        """No noun of its own follows: the end, a mark, 'and', 'in', a verb."""
        token = self.token_at(number.end - 1)
        if token.i + 1 >= len(self.doc):
            return True
        after = self.doc[token.i + 1]
        return after.pos_ in ("PUNCT", "CCONJ", "ADP", "SPACE", "AUX", "VERB", "SCONJ", "ADV", "PRON")
