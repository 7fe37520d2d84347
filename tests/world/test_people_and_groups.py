"""The tables of people, posts and groups: whole, in code, and right about what everybody knows."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib.resources import files

import pytest

from tertius.ontology import INTERNATIONAL, SECTORS

Row = dict[str, str]


@lru_cache(maxsize=8)
def table(name: str) -> tuple[Row, ...]:
    text = files("tertius.world").joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


@lru_cache(maxsize=1)
def posts_of() -> dict[str, list[Row]]:
    held: dict[str, list[Row]] = defaultdict(list)
    for post in table("posts"):
        held[post["person"]].append(post)
    return held


def surface(row: Row) -> list[str]:
    return [row["name"], *(alias for alias in row["aliases"].split("|") if alias)]


def called(rows: Iterable[Row], name: str) -> list[Row]:
    return [row for row in rows if name in surface(row)]


def on_day(person: Row, day: str) -> tuple[str, str]:
    """Country and sector on a day: government first, then the latest post, else the person's own."""
    held = [p for p in posts_of()[person["id"]] if p["start"] <= day and (not p["end"] or day <= p["end"])]
    if not held:
        return person["country"], person["sector"]
    best = max(held, key=lambda post: (post["sector"] == "GOV", post["start"]))
    return best["country"], best["sector"]


def countries() -> frozenset[str]:
    return frozenset(row["country"] for row in table("countries")) | frozenset(INTERNATIONAL)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("groups", ["id", "name", "kind", "country", "sector", "aliases"]),
        ("people", ["id", "name", "country", "sector", "aliases"]),
        ("posts", ["person", "role", "country", "sector", "start", "end"]),
    ],
)
def test_columns_and_whole_rows(name: str, columns: list[str]) -> None:
    assert list(table(name)[0]) == columns
    broken = [row for row in table(name) if None in row or None in row.values()]
    assert broken == []


@pytest.mark.parametrize("name", ["groups", "people", "posts"])
def test_the_header_names_sources_licence_and_date(name: str) -> None:
    text = files("tertius.world").joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    header = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    assert all(word in header for word in ("Sources:", "Licence:", "Last check:"))


@pytest.mark.parametrize(("name", "prefix"), [("groups", "group:"), ("people", "person:")])
def test_ids_are_unique_slugs(name: str, prefix: str) -> None:
    ids = Counter(row["id"] for row in table(name))
    assert [key for key, times in ids.items() if times > 1] == []
    assert [key for key in ids if not key.startswith(prefix) or key != key.lower() or " " in key] == []


@pytest.mark.parametrize(("name", "least"), [("groups", 700), ("people", 3500), ("posts", 4500)])
def test_as_many_rows_as_world_news_needs(name: str, least: int) -> None:
    assert len(table(name)) >= least


def test_every_post_belongs_to_a_person() -> None:
    known = {row["id"] for row in table("people")}
    assert [post for post in table("posts") if post["person"] not in known] == []


def test_dates_of_office_are_dates_in_order() -> None:
    for post in table("posts"):
        start = date.fromisoformat(post["start"])
        end = date.fromisoformat(post["end"]) if post["end"] else date.max
        assert start <= end, post
        assert start.isoformat() == post["start"], post


def test_no_post_is_given_twice() -> None:
    times = Counter(tuple(post.values()) for post in table("posts"))
    assert [post for post, count in times.items() if count > 1] == []


@pytest.mark.parametrize("name", ["groups", "people", "posts"])
def test_countries_and_sectors_are_codes(name: str) -> None:
    known = countries() | {""}
    assert {row["country"] for row in table(name)} <= known
    assert {row["sector"] for row in table(name) if row["sector"]} <= set(SECTORS)


def test_only_international_offices_lack_a_sector() -> None:
    assert {post["country"] for post in table("posts") if not post["sector"]} <= set(INTERNATIONAL)
    assert [row for row in (*table("people"), *table("groups")) if not row["sector"]] == []


@pytest.mark.parametrize("name", ["groups", "people"])
def test_aliases_are_clean(name: str) -> None:
    for row in table(name):
        names = surface(row)
        assert len(names) == len(set(names)), row
        assert all(each == each.strip() and "#" not in each and len(each) > 1 for each in names), row


@pytest.mark.parametrize("surname", ["May", "Park", "Brown", "Johnson", "King", "Khan", "Kim", "Lee", "Major", "Young"])
def test_common_words_and_surnames_stand_for_nobody(surname: str) -> None:
    assert called(table("people"), surname) == []


def test_namesakes_are_few() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for row in table("people"):
        for name in surface(row):
            owners[name].add(row["id"])
    shared = {name: ids for name, ids in owners.items() if len(ids) > 1}
    assert len(shared) < 20, shared


FACTS = [
    ("Donald Trump", "2014-05-01", "USA", "PTY"),
    ("Donald Trump", "2016-06-15", "USA", "PTY"),
    ("Trump", "2017-10-10", "USA", "GOV"),
    ("Trump", "2022-03-01", "USA", "PTY"),
    ("Trump", "2025-03-01", "USA", "GOV"),
    ("Barack Obama", "2007-02-10", "USA", "LEG"),
    ("Obama", "2016-12-31", "USA", "GOV"),
    ("Obama", "2019-01-01", "USA", "ELI"),
    ("Hillary Clinton", "2012-09-11", "USA", "GOV"),
    ("Hillary Clinton", "2016-09-01", "USA", "PTY"),
    ("Hillary Clinton", "2018-01-01", "USA", "ELI"),
    ("Ted Cruz", "2016-02-01", "USA", "PTY"),
    ("Ted Cruz", "2018-02-01", "USA", "LEG"),
    ("Bernie Sanders", "2016-03-01", "USA", "PTY"),
    ("James Comey", "2016-07-05", "USA", "COP"),
    ("John Roberts", "2015-06-26", "USA", "JUD"),
    ("Paul Ryan", "2016-06-01", "USA", "LEG"),
    ("Vladimir Putin", "2009-06-01", "RUS", "GOV"),
    ("Mikhail Gorbachev", "1987-12-08", "SUN", "GOV"),
    ("Mikhail Gorbachev", "2005-01-01", "RUS", "ELI"),
    ("Angela Merkel", "2015-09-04", "DEU", "GOV"),
    ("Angela Merkel", "2022-09-04", "DEU", "ELI"),
    ("Theresa May", "2017-06-09", "GBR", "GOV"),
    ("Theresa May", "2020-06-09", "GBR", "LEG"),
    ("Emmanuel Macron", "2017-03-01", "FRA", "PTY"),
    ("Emmanuel Macron", "2018-03-01", "FRA", "GOV"),
    ("Erdoğan", "2010-01-01", "TUR", "GOV"),
    ("Zelenskyy", "2022-02-24", "UKR", "GOV"),
    ("Petro Poroshenko", "2015-02-12", "UKR", "GOV"),
    ("Bashar al-Assad", "2013-08-21", "SYR", "GOV"),
    ("Narendra Modi", "2013-01-01", "IND", "GOV"),
    ("Kim Jong Un", "2017-10-10", "PRK", "GOV"),
    ("Park Geun-hye", "2016-01-06", "KOR", "GOV"),
    ("Aung San Suu Kyi", "1995-07-10", "MMR", "OPP"),
    ("Aung San Suu Kyi", "2017-09-19", "MMR", "GOV"),
    ("Hassan Nasrallah", "2006-07-12", "LBN", "REB"),
    ("Abdullah Öcalan", "1998-01-01", "TUR", "REB"),
    ("Osama bin Laden", "2001-09-11", "", "REB"),
    ("Nelson Mandela", "1996-01-01", "ZAF", "GOV"),
    ("Robert Mugabe", "2017-11-01", "ZWE", "GOV"),
    ("Jair Bolsonaro", "2016-04-17", "BRA", "LEG"),
    ("Nicolás Maduro", "2017-08-01", "VEN", "GOV"),
    ("Juan Guaidó", "2019-01-23", "VEN", "OPP"),
    ("Pope Francis", "2014-05-25", "VAT", "REL"),
    ("Qassem Soleimani", "2015-01-01", "IRN", "MIL"),
    ("Ali Khamenei", "2015-07-14", "IRN", "GOV"),
    ("Mohammed bin Salman", "2018-10-02", "SAU", "GOV"),
    ("Ban Ki-moon", "2005-01-01", "KOR", "GOV"),
    ("Ban Ki-moon", "2012-01-01", "UNO", ""),
    ("Federica Mogherini", "2015-07-14", "EUR", ""),
    ("Jens Stoltenberg", "2011-07-22", "NOR", "GOV"),
    ("Jens Stoltenberg", "2016-07-08", "NAT", ""),
    ("Joaquín Guzmán", "2015-07-11", "MEX", "CRM"),
    ("Rodrigo Londoño", "2016-09-26", "COL", "REB"),
]


@pytest.mark.parametrize(("name", "day", "country", "sector"), FACTS)
def test_who_a_person_was_on_a_day(name: str, day: str, country: str, sector: str) -> None:
    (person,) = called(table("people"), name)
    assert on_day(person, day) == (country, sector)


@pytest.mark.parametrize(
    ("role", "country", "day", "name"),
    [
        ("president", "USA", "1963-11-23", "Lyndon B. Johnson"),
        ("president", "USA", "2017-01-20", "Donald Trump"),
        ("secretary of state", "USA", "2017-10-10", "Rex Tillerson"),
        ("foreign minister", "RUS", "2015-09-30", "Sergey Lavrov"),
        ("prime minister", "GBR", "1982-04-02", "Margaret Thatcher"),
        ("chancellor", "DEU", "1990-10-03", "Helmut Kohl"),
        ("prime minister", "IND", "1971-12-16", "Indira Gandhi"),
        ("prime minister", "JPN", "2014-05-05", "Shinzo Abe"),
        ("secretary-general", "UNO", "1999-01-01", "Kofi Annan"),
        ("secretary-general", "NAT", "2012-05-20", "Anders Fogh Rasmussen"),
        ("pope", "VAT", "2010-01-01", "Pope Benedict XVI"),
        ("president", "EGY", "1973-10-06", "Anwar Sadat"),
    ],
)
def test_who_held_an_office(role: str, country: str, day: str, name: str) -> None:
    people = {row["id"]: row["name"] for row in table("people")}
    held = [
        people[post["person"]]
        for post in table("posts")
        if (post["role"], post["country"]) == (role, country)
        and post["start"] <= day
        and (not post["end"] or day <= post["end"])
    ]
    assert name in held


@pytest.mark.parametrize(
    ("name", "country", "sector"),
    [
        ("Hizballah", "LBN", "REB"),
        ("Hamas", "PSE", "REB"),
        ("Fatah", "PSE", "PTY"),
        ("Houthis", "YEM", "REB"),
        ("Taliban", "AFG", "REB"),
        ("TTP", "PAK", "REB"),
        ("LeT", "PAK", "REB"),
        ("CPI-Maoist", "IND", "REB"),
        ("Naxalites", "IND", "REB"),
        ("ULFA", "IND", "REB"),
        ("NSCN-IM", "IND", "REB"),
        ("BJP", "IND", "PTY"),
        ("LTTE", "LKA", "REB"),
        ("ISIS", "", "REB"),
        ("al-Qaida", "", "REB"),
        ("Boko Haram", "NGA", "REB"),
        ("Al-Shabaab", "SOM", "REB"),
        ("PKK", "TUR", "REB"),
        ("YPG", "SYR", "REB"),
        ("FARC", "COL", "REB"),
        ("Los Zetas", "MEX", "CRM"),
        ("MS-13", "SLV", "CRM"),
        ("Republicans", "USA", "PTY"),
        ("Democrats", "USA", "PTY"),
        ("GOP", "USA", "PTY"),
        ("Conservative Party", "GBR", "PTY"),
        ("CDU", "DEU", "PTY"),
        ("United Russia", "RUS", "PTY"),
        ("Likud", "ISR", "PTY"),
        ("ANC", "ZAF", "PTY"),
        ("Popular Mobilization Forces", "IRQ", "PRM"),
        ("Peshmerga", "IRQ", "MIL"),
    ],
)
def test_home_and_sector_of_well_known_groups(name: str, country: str, sector: str) -> None:
    first, *_ = called(table("groups"), name)
    assert (first["country"], first["sector"]) == (country, sector)
