"""What a number is a number of, where a symbol or word beside it says so: currencies, per cent, physical units.

Currency words that several countries use ('pesos', 'dinars') are decided by an adjective before them ('Chilean pesos'),
else by the country of which the article speaks most, else by currencies.csv.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from tertius.reading.figures import numbers
from tertius.reading.figures.numbers import Number, one_of


class Measured(NamedTuple):
    """A number with its unit; the span holds both. `money` tells ISO 4217 codes from other units."""

    start: int
    end: int
    unit: str
    money: bool


class Currency(NamedTuple):
    code: str
    country: str
    symbols: tuple[str, ...]
    nouns: tuple[str, ...]
    adjectives: tuple[str, ...]
    plain: bool


@lru_cache(maxsize=1)
def currencies() -> tuple[Currency, ...]:
    """The rows of currencies.csv."""
    with Path(__file__).with_name("currencies.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return tuple(
        Currency(
            row["code"],
            row["country"],
            _listed(row["symbols"]),
            _listed(row["nouns"]),
            _listed(row["adjectives"]),
            row["plain"] == "1",
        )
        for row in rows
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


@lru_cache(maxsize=1)
def _symbols() -> dict[str, str]:
    marks = {symbol: currency.code for currency in currencies() for symbol in currency.symbols}
    return marks | {currency.code: currency.code for currency in currencies()}


@lru_cache(maxsize=1)
def _symbol_left() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])({one_of(_symbols())})\s?$")


@lru_cache(maxsize=1)
def _currency_right() -> re.Pattern[str]:
    nouns = {noun for currency in currencies() for noun in currency.nouns}
    adjectives = {adjective for currency in currencies() for adjective in currency.adjectives}
    codes = {currency.code for currency in currencies()}
    signs = {symbol for symbol in _symbols() if not symbol[-1].isascii()}
    return re.compile(
        rf"(?:\s|-|\sof\s)(?:(?P<adjective>{one_of(adjectives)})\s)?(?P<noun>(?i:{one_of(nouns)}))(?!\w)"
        rf"|\s?(?P<symbol>{one_of(codes)})(?!\w)|\s?(?P<sign>{one_of(signs)})"
    )


@lru_cache(maxsize=1)
def _unit_names() -> dict[str, str]:
    return {name.lower(): unit for unit, names in numbers.table()["units"].items() for name in names}


@lru_cache(maxsize=1)
def _unit_right() -> re.Pattern[str]:
    exact = {name for name in _short_names() if not name.islower()}
    words = set(_unit_names()) - {name.lower() for name in exact} - {"%"}
    return re.compile(rf"\s?(?P<per>%)|(?:\s|-|\sof\s|(?<=\d))(?P<unit>(?i:{one_of(words)})|{one_of(exact)})(?![\w²³])")


def _short_names() -> list[str]:
    return [name for names in numbers.table()["units"].values() for name in names if len(name) < 4]


def measured(text: str, number: Number, countries: Mapping[str, int]) -> Measured | None:
    """The unit beside a number, or None. `countries`: how often the article names each country (ISO 3166 alpha-3)."""
    left = _symbol_left().search(text, max(number.start - 6, 0), number.start)
    if left:
        return Measured(left.start(), _past_code(text, number.end), _symbols()[left[1]], money=True)
    right = _currency_right().match(text, number.end)
    if right and not _is_weight(text, number, right):
        code = _symbols()[right["symbol"] or right["sign"]] if not right["noun"] else _code(right, countries)
        return Measured(number.start, right.end(), code, money=True)
    return _physical(text, number)


_COUNTED = re.compile(r"\s[^\W\d_]")
_LENGTH = re.compile(r"\s(?:tall|high|long|wide|deep|away|from|above|below|off|across|thick|and|of|in|to|by|at|on)\b")
_OF_STUFF = re.compile(r"\s(?:of\s(?!the\b|its\b|aid\b|debt\b|public\b|taxpayer)|\(\d+(?:\.\d+)?[\s-]?k)|-")


def _is_weight(text: str, number: Number, match: re.Match[str]) -> bool:
    """'500 pounds of explosives', 'a 40-pound shell': pounds that no adjective makes money."""
    noun = (match["noun"] or "").lower()
    if not noun.startswith("pound") or match["adjective"] or number.mantissa is not None:
        return False
    return text[number.end : number.end + 1] == "-" or bool(_OF_STUFF.match(text, match.end()))


def _past_code(text: str, end: int) -> int:
    """'$5 million USD': the code belongs to the figure."""
    match = re.compile(r"\s(?:USD|AUD|CAD|US\sdollars)\b").match(text, end)
    return match.end() if match else end


def _code(match: re.Match[str], countries: Mapping[str, int]) -> str:
    noun, adjective = match["noun"].lower(), match["adjective"]
    fitting = [currency for currency in currencies() if noun in currency.nouns]
    if adjective:
        described = [currency for currency in fitting if adjective in currency.adjectives]
        return (described or fitting)[0].code
    plain = next((currency for currency in fitting if currency.plain), fitting[0])
    if noun.startswith("dollar"):
        return plain.code
    return max(fitting, key=lambda currency: (countries.get(currency.country, 0), currency is plain)).code


def _physical(text: str, number: Number) -> Measured | None:
    start = number.end - 1 if number.letter and text[number.end - 1] == "m" else number.end
    if start < number.end and _COUNTED.match(text, number.end) and not _LENGTH.match(text, number.end):
        return None  # '1.5m people' are a million and a half
    right = _unit_right().match(text, start)
    if not right or (start < number.end and not right["unit"]):
        return None
    name = "%" if right["per"] else " ".join(right["unit"].lower().split())
    exact = next((unit for unit, names in numbers.table()["units"].items() if right["unit"] in names), None)
    return Measured(number.start, right.end(), exact or _unit_names()[name], money=False)
