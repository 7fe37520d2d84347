"""A user's own table of actors: merged and winning, with every problem named by line and column."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tertius.errors import WorldError
from tertius.world import entities, user

HEADER = "id,name,kind,country,sector,aliases,role,start,end\n"


@pytest.fixture(autouse=True)
def nothing_merged() -> Iterator[None]:
    yield
    entities.merge(())


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "actors.csv"


def test_a_good_table_is_merged_and_wins(table: Path) -> None:
    table.write_text(
        "# our own actors\n" + HEADER + "mine:front,Front of the River,group,TCD,REB,River Front|FoR,,,\n"
        "mine:duval,Maria Duval,person,FRA,ELI,Duval,foreign minister,2020-01-01,2023-06-30\n"
        "mine:duval,Maria Duval,person,FRA,GOV,Duval,prime minister,2023-07-01,\n"
        "mine:kremlin,Kremlin Bar,organisation,CHE,BUS,Kremlin,,,\n"
    )
    assert user.use(table) == ()
    assert entities.named("River Front")[0].sector == "REB"
    assert [known.names[0] for known in entities.named("the Kremlin")] == ["Kremlin Bar", "Russia"]
    duval = entities.entity("mine:duval")
    held = [entities.post_on(duval, day) for day in ("2021-01-01", "2024-01-01")]
    assert [post.role for post in held if post] == ["foreign minister", "prime minister"]
    assert duval in entities.holders("prime minister", "FRA", "2024-01-01")


def test_an_id_of_ours_is_changed_where_the_row_says_something(table: Path) -> None:
    table.write_text("id,name,country,sector,aliases\norg:nato,The Alliance,,MIL,Alliance of the North\n")
    assert user.use(table) == ()
    changed = entities.named("NATO")[0]
    assert (changed.id, changed.names[0], changed.country, changed.sector) == ("org:nato", "The Alliance", "NAT", "MIL")
    assert entities.named("Alliance of the North") == (changed,)
    assert entities.shipped("org:nato") != changed


@pytest.mark.parametrize(
    ("row", "warning"),
    [
        (",Nobody,group,TCD,REB,,,,", "line 3, column 'id': empty"),
        ("x:a,,group,TCD,REB,,,,", "line 3, column 'name': empty"),
        ("x:a,Nobody,tribe,TCD,REB,,,,", "line 3, column 'kind': unknown kind 'tribe'"),
        ("x:a,Nobody,,TCD,REB,,,,", "line 3, column 'kind': empty"),
        ("x:a,Nobody,group,CHAD,REB,,,,", "line 3, column 'country': unknown code 'CHAD'"),
        ("x:a,Nobody,group,TCD,RBL,,,,", "line 3, column 'sector': unknown code 'RBL'"),
        ("x:a,Nobody,group,TCD", "line 3: 4 cells, where the header has 9; the row is left out"),
        ("x:ok,Nobody,group,TCD,REB,,,,", "line 3, column 'id': 'x:ok' stands on line 2 already; the row is left out"),
    ],
)
def test_a_broken_row_is_named_and_the_rest_used(table: Path, row: str, warning: str) -> None:
    table.write_text(HEADER + "x:ok,Good Row,group,TCD,REB,,,,\n" + row + "\nx:last,Last Row,group,TCD,REB,,,,\n")
    warnings = user.use(table)
    assert len(warnings) == 1
    assert warnings[0].startswith(warning)
    assert entities.named("Good Row")[0].id == "x:ok"
    assert entities.named("Last Row")[0].id == "x:last"
    assert entities.named("Nobody") == ()


@pytest.mark.parametrize(
    ("start", "end", "warning"),
    [
        (
            "2020-05-01",
            "2019-05-01",
            "line 2, column 'end': the office ends (2019-05-01) before it begins (2020-05-01)",
        ),
        ("2020-02-31", "", "line 2, column 'start': '2020-02-31' is not a date"),
        ("2020-01-01", "soon", "line 2, column 'end': 'soon' is not a date"),
    ],
)
def test_an_impossible_office_is_left_out_but_not_the_person(table: Path, start: str, end: str, warning: str) -> None:
    table.write_text(HEADER + f"x:a,Ann Example,person,FRA,GOV,,mayor,{start},{end}\n")
    warnings = user.use(table)
    assert len(warnings) == 1
    assert warnings[0].startswith(warning)
    assert entities.named("Ann Example")[0].posts == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no header row"),
        (b"name,kind\nA,group\n", "no column 'id'"),
        (b"id,name,name\n", "column 'name' stands twice"),
        (b"id,name\n\xff\xfe\n", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_table(table: Path, content: bytes, message: str) -> None:
    table.write_bytes(content)
    with pytest.raises(WorldError, match=message):
        user.read(table)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be read"):
        user.read(tmp_path / "none.csv")
    with pytest.raises(WorldError, match="cannot be read"):
        user.read(tmp_path)


def test_reading_changes_nothing(table: Path) -> None:
    table.write_text(HEADER + "x:a,Ann Example,person,FRA,GOV,,,,\n")
    found, warnings = user.read(table)
    assert [known.id for known in found] == ["x:a"]
    assert warnings == ()
    assert entities.named("Ann Example") == ()


def test_a_byte_order_mark_and_lower_case_codes_are_taken(table: Path) -> None:
    table.write_bytes(b"\xef\xbb\xbfid,name,kind,country,sector\r\nx:a,Ann Example,person,fra,gov\r\n")
    (known,), warnings = user.read(table)
    assert (known.country, known.sector) == ("FRA", "GOV")
    assert warnings == ()


def test_a_cell_without_end_is_reported(table: Path) -> None:
    table.write_text(HEADER + "x:a,Ann Example,person,FRA,GOV,,,,\nx:b," + "y" * 200_000 + ",group,,,,,,\n")
    found, warnings = user.read(table)
    assert [known.id for known in found] == ["x:a"]
    assert len(warnings) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text())
def test_arbitrary_text_gives_entities_or_a_world_error(table: Path, content: str) -> None:
    table.write_text(HEADER + content, encoding="utf-8", errors="replace", newline="")
    try:
        user.read(table)
    except WorldError:
        pytest.fail("the header is good, so every row must be taken or reported")
