"""`--actors FILE.csv` on the command line: what is wrong with a table is said by row and column, the rest is used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tertius.cli import tertius
from tertius.errors import WorldError
from tertius.world import entities

HEADER = "id,name,kind,country,sector,aliases,role,start,end\n"
GOOD = "x:front,River Front,group,TCD,REB,Front of the River,,,\n"
TEXT = "Ghana waited. The Front of the River attacked a village in Chad on 3 May 2016, and Ann Example condemned it.\n"


@pytest.fixture(autouse=True)
def nothing_merged() -> Iterator[None]:
    yield
    entities.merge(())


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT)
    return path


def read(article: Path, table: str | bytes) -> Result:
    file = article.with_name("actors.csv")
    file.write_bytes(table if isinstance(table, bytes) else table.encode())
    arguments = ["read", str(article), "--actors", str(file), "--format", "json", "--published", "2016-05-04"]
    return CliRunner().invoke(tertius, arguments, catch_exceptions=False)


def codes(ran: Result) -> dict[str, Any]:
    (reading,) = json.loads(ran.stdout)
    return {actor["name"]: actor["code"] for actor in reading["actors"]}


@pytest.mark.parametrize(
    ("row", "warning"),
    [
        ("x:bad,Nobody,group,CHAD,REB,,,,", "line 3, column 'country': unknown code 'CHAD'"),
        ("x:bad,Nobody,group,TCD,RBL,,,,", "line 3, column 'sector': unknown code 'RBL'"),
        ("x:bad,Nobody,tribe,TCD,REB,,,,", "line 3, column 'kind': unknown kind 'tribe'"),
        ("x:bad,,group,TCD,REB,,,,", "line 3, column 'name': empty"),
        ("x:bad,Nobody", "line 3: 2 cells, where the header has 9"),
        ("x:front,Other Front,group,TCD,REB,,,,", "line 3, column 'id': 'x:front' stands on line 2 already"),
        ('x:bad,"Nobody', "line 4"),
    ],
)
def test_a_broken_row_is_named_and_the_rest_used(article: Path, row: str, warning: str) -> None:
    last = "x:ann,Ann Example,person,FRA,GOV,,,,\n"
    ran = read(article, HEADER + GOOD + (row + "\n" + last if '"' not in row else last + row + "\n"))
    assert ran.exit_code == 0
    assert ran.stderr.count("actors.csv: line") == 1
    assert warning in ran.stderr
    assert codes(ran)["River Front"] == "TCD REB"
    assert codes(ran)["Ann Example"] == "FRA GOV"


@pytest.mark.parametrize(
    ("start", "end", "warning"),
    [
        ("2016-05-01", "2015-05-01", "column 'end': the office ends (2015-05-01) before it begins (2016-05-01)"),
        ("2016-02-31", "", "column 'start': '2016-02-31' is not a date"),
    ],
)
def test_an_impossible_office_leaves_the_person(article: Path, start: str, end: str, warning: str) -> None:
    ran = read(article, HEADER + GOOD + f"x:ann,Ann Example,person,FRA,ELI,,mayor,{start},{end}\n")
    assert f"line 3, {warning}" in ran.stderr
    assert codes(ran)["Ann Example"] == "FRA ELI"


def test_an_office_holds_on_the_day_of_publication(article: Path) -> None:
    ran = read(article, HEADER + "x:ann,Ann Example,person,FRA,GOV,,minister,2016-01-01,2017-01-01\n")
    assert "warning: " not in ran.stderr
    (reading,) = json.loads(ran.stdout)
    assert {actor["name"]: actor["role"] for actor in reading["actors"]}["Ann Example"] == "minister"


@pytest.mark.parametrize(
    ("table", "message"),
    [(b"", "no header row"), (b"id,kind\n", "no column 'name'"), (b"id,name\n\xff\n", "not UTF-8")],
)
def test_a_file_that_is_no_table_is_an_error(article: Path, table: bytes, message: str) -> None:
    with pytest.raises(WorldError, match=message):
        read(article, table)
