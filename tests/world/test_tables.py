"""The world tables that ship: codes valid, ids unique, names shared only on purpose, dates in order, enough rows."""

import datetime
import re
from collections import Counter, defaultdict
from importlib import resources

import pytest

from tertius import ontology
from tertius.errors import WorldError
from tertius.world import codes, entities, tables

ENTITY_COLUMNS = ("id", "name", "country", "sector", "aliases")
LEAST_ROWS = {
    "countries": 205,
    "organisations": 250,
    "institutions": 700,
    "groups": 500,
    "regions": 300,
    "people": 1000,
    "posts": 1000,
    "agents": 600,
}
COUNTRIES = codes.countries() | set(ontology.INTERNATIONAL)
# an actor without a country of its own may stand as NGO or IGO where a sector is asked for
SECTORS = set(ontology.SECTORS) | {"NGO", "IGO"}


def listed(table: str, *columns: str) -> list[list[str]]:
    found = list(tables.rows(table, columns))
    assert found, f"{table}.csv is empty"
    return found


def ids(table: str) -> list[str]:
    return [row[0] for row in listed(table, "id")]


@pytest.mark.parametrize(("table", "least"), LEAST_ROWS.items())
def test_tables_have_enough_rows(table: str, least: int) -> None:
    first = next(line for line in tables.text(table).splitlines() if not line.startswith("#")).split(",")[0]
    assert len(listed(table, first)) >= least


@pytest.mark.parametrize("table", [*LEAST_ROWS, "ordinary"])
def test_a_header_names_sources_licence_and_date(table: str) -> None:
    header = [line for line in tables.text(table).splitlines() if line.startswith("#")]
    said = " ".join(header)
    assert "Source" in said
    assert "Licence" in said
    assert re.search(r"\b20\d\d-\d\d\b", said)


@pytest.mark.parametrize("table", LEAST_ROWS)
def test_cells_are_trimmed_and_lists_have_no_empty_or_double_parts(table: str) -> None:
    header = next(line for line in tables.text(table).splitlines() if not line.startswith("#")).split(",")
    for row in tables.rows(table, header):
        for cell in row:
            parts = cell.split("|")
            assert all(part == part.strip() for part in parts), row
            assert len(parts) == 1 or all(parts), row
            assert len(set(parts)) == len(parts), row


@pytest.mark.parametrize("table", ["organisations", "institutions", "groups", "regions", "people"])
def test_codes_are_known(table: str) -> None:
    for id_, country, sector in listed(table, "id", "country", "sector"):
        assert not country or country in COUNTRIES, id_
        assert not sector or sector in SECTORS, id_
        assert country or sector, id_


def test_codes_of_posts_and_agents_are_known() -> None:
    for person, country, sector in listed("posts", "person", "country", "sector"):
        assert not country or country in COUNTRIES, person
        assert not sector or sector in SECTORS, person
        assert country or sector, person
    for singular, plural, sector, person in listed("agents", "singular", "plural", "sector", "person"):
        assert sector in SECTORS, (singular, plural)
        assert person in ("yes", "no"), (singular, plural)


def test_ids_are_unique_over_all_tables() -> None:
    every = [
        id_
        for table in ("countries", "organisations", "institutions", "groups", "regions", "people")
        for id_ in ids(table)
    ]
    assert [id_ for id_, times in Counter(every).items() if times > 1] == []


def test_every_post_belongs_to_a_person_and_its_dates_are_in_order() -> None:
    people = set(ids("people"))
    for person, role, start, end in listed("posts", "person", "role", "start", "end"):
        assert person in people
        assert role == role.strip() != ""
        for day in (start, end):
            assert not day or datetime.date.fromisoformat(day).isoformat() == day, (person, role)
        assert not end or start <= end, (person, role)


def test_country_codes_are_well_formed_and_not_shared() -> None:
    forms = {
        "iso2": r"[A-Z]{2}",
        "numeric": r"\d{3}",
        "cow": r"\d{1,3}",
        "gw": r"\d{1,3}",
        "fips": r"[A-Z]{2}",
        "cameo": r"[A-Z]{3}",
    }
    # a successor state keeps its predecessor's code: 365 Russia, 345 Serbia
    successors = {"cow": {"365", "345"}, "gw": {"365", "345"}, "cameo": set()}
    for scheme, form in forms.items():
        holders: dict[str, list[str]] = defaultdict(list)
        for id_, cell in listed("countries", "id", scheme):
            for code in tables.cells(cell):
                assert re.fullmatch(form, code), (id_, scheme, code)
                holders[code].append(id_)
        shared = {code for code, states in holders.items() if len(states) > 1}
        assert shared <= successors.get(scheme, set()), {code: holders[code] for code in shared}


def test_every_living_state_has_its_codes() -> None:
    former = {"SUN", "YUG", "DDR", "CSK", "RVN", "YMD"}
    for id_, sector, iso2, numeric, fips, cameo in listed(
        "countries", "id", "sector", "iso2", "numeric", "fips", "cameo"
    ):
        if id_ in former or sector == "PRE":
            continue
        assert iso2, id_
        assert numeric or id_ == "KOS", id_
        assert fips, id_
        assert cameo, id_


def test_neighbours_are_countries_and_mutual() -> None:
    near = {id_: set(tables.cells(cell)) for id_, cell in listed("countries", "id", "neighbours")}
    former = {"SUN", "YUG", "DDR", "CSK", "RVN", "YMD"}
    for country, others in near.items():
        assert country not in others
        assert others <= set(near), country
        if country not in former:
            assert all(country in near[other] for other in others - former), country


def test_partially_recognised_entities_carry_the_claimant() -> None:
    for id_, country, sector in listed("countries", "id", "country", "sector"):
        assert (sector == "PRE") == (id_ != country), id_
        assert sector in ("GOV", "PRE"), id_
        assert country in codes.countries(), id_


def test_countries_share_names_only_on_purpose() -> None:
    holders: dict[str, list[str]] = defaultdict(list)
    for id_, name, names, capitals, seats in listed("countries", "id", "name", "names", "capitals", "seats"):
        for form in {name, *tables.cells(names), *tables.cells(capitals), *tables.cells(seats)}:
            holders[form].append(id_)
    assert {form: who for form, who in holders.items() if len(who) > 1} == {
        "Congo": ["COD", "COG"],
        "Korea": ["KOR", "PRK"],
    }


def test_countries_share_adjectives_only_on_purpose() -> None:
    holders: dict[str, set[str]] = defaultdict(set)
    for id_, adjectives, demonyms in listed("countries", "id", "adjectives", "demonyms"):
        for word in (*tables.cells(adjectives), *tables.cells(demonyms)):
            holders[word].add(id_)
    shared = {word for word, who in holders.items() if len(who) > 1}
    assert shared == {"Congolese", "Dominican", "Dominicans"}


@pytest.mark.parametrize("table", ["organisations", "institutions", "regions"])
def test_bodies_share_names_only_as_short_acronyms(table: str) -> None:
    holders: dict[str, list[str]] = defaultdict(list)
    for id_, name, aliases in listed(table, "id", "name", "aliases"):
        for form in (name, *tables.cells(aliases)):
            holders[form].append(id_)
    shared = [form for form, who in holders.items() if len(who) > 1 and not re.fullmatch(r"[A-Z]{2,5}", form)]
    assert shared == []


def test_no_body_stands_in_two_tables() -> None:
    first_names: dict[tuple[str, str], str] = {}
    for table in ("organisations", "groups", "institutions"):
        for id_, name, country in listed(table, "id", "name", "country"):
            assert (name, country) not in first_names or first_names[name, country] == id_, (name, country)
            first_names[name, country] = id_


def test_no_agent_noun_has_two_sectors() -> None:
    sectors: dict[str, set[str]] = defaultdict(set)
    for singular, plural, sector in listed("agents", "singular", "plural", "sector"):
        assert singular or plural
        for words in {singular, plural} - {""}:
            assert words == words.lower()
            sectors[words].add(sector)
    assert {words for words, found in sectors.items() if len(found) > 1} == set()


def test_ordinary_words_are_names_of_the_tables() -> None:
    names = entities.names()
    listed_words = [name for (name,) in tables.rows("ordinary", ("name",))]
    assert len(set(listed_words)) == len(listed_words)
    assert sum(name in names for name in listed_words) > 0.9 * len(listed_words)


def test_the_tables_stay_small() -> None:
    folder = resources.files("tertius.world").joinpath("tables")
    size = sum(len(file.read_bytes()) for file in folder.iterdir() if file.name.endswith(".csv"))
    assert size < 7_000_000


def test_a_missing_table_has_no_rows() -> None:
    assert list(tables.rows("no-such-table", ("id",))) == []


def test_a_missing_column_says_so() -> None:
    with pytest.raises(WorldError, match=r"countries\.csv has no column 'shoe size'"):
        next(tables.rows("countries", ("shoe size",)))
