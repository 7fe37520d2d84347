from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tertius.datasets import exporting
from tertius.datasets.exporting import FORMATS, Format, Wanted
from tertius.datasets.tables import rows
from tertius.errors import TertiusError, UsageError
from tertius.ledger.ledger import Ledger
from tertius.show.tables import csv_cell
from tests.datasets import samples
from tests.datasets.samples import columns, commas, run, tabbed
from tests.samples import reading

SHARED = Path(__file__).parents[3] / "shared" / "data" / "formats"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A merged event that was read, two GDELT rows, an ICEWS row and a UCDP row. Read only."""
    tmp_path = tmp_path_factory.mktemp("exporting")
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    ledger.add([reading()], ["articles/one.txt"])
    ledger.merge()
    (tmp_path / "g.tsv").write_text(
        tabbed(
            [samples.gdelt(), samples.gdelt(GLOBALEVENTID=501, EventCode="040", Actor1Name="=1+1", ActionGeo_Lat="")]
        )
    )
    (tmp_path / "e.tab").write_text(tabbed([samples.icews()], columns("icews")))
    (tmp_path / "u.csv").write_text(commas([samples.ucdp()], columns("ucdp")))
    for dataset, name in (("gdelt", "g.tsv"), ("icews", "e.tab"), ("ucdp", "u.csv")):
        assert run(ledger, dataset, tmp_path / name).failed == []
    return ledger


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def ids(ledger: Ledger, path: Path, **wanted: Any) -> list[str]:
    exporting.export(ledger, path, "csv", Wanted(**wanted))
    return sorted(row["id"].split("-")[-1] for row in csv_rows(path))


def test_csv_has_every_act_with_its_evidence(ledger: Ledger, tmp_path: Path) -> None:
    done = exporting.export(ledger, tmp_path / "acts.csv", "csv")
    found = csv_rows(tmp_path / "acts.csv")
    assert done.rows == len(found) == 5
    assert list(found[0]) == exporting.columns()
    assert [row["date"] for row in found] == sorted(row["date"] for row in found)
    by = {row["dataset"]: row for row in found}
    read = by["tertius"]
    assert (read["source_code"], read["type"], read["target_code"]) == ("NOR GOV", "SANCTION", "RUS GOV")
    assert (read["file"], read["mentions"], read["independent_sources"]) == ("articles/one.txt", "1", "1")
    assert read["all_targets"] == "RUS GOV"
    assert read["text"].startswith("Norway expelled")
    assert (by["ucdp"]["fatalities"], by["ucdp"]["file"], by["ucdp"]["line"]) == ("12", "u.csv", "2")


def test_cells_cannot_be_formulas(ledger: Ledger, tmp_path: Path) -> None:
    for form in ("csv", "icews", "gdelt"):
        exporting.export(ledger, tmp_path / "acts", form)  # type: ignore[arg-type]
        text = (tmp_path / "acts").read_text(encoding="utf-8")
        assert "'=1+1" in text
        assert "\t=1" not in text
        assert ",=1" not in text
    assert "'=1+1" in (tmp_path / "acts.actors.csv").read_text(encoding="utf-8")
    assert csv_cell("=1+1") == "'=1+1"  # the same rule as everywhere


def test_parquet_and_json_lines_hold_the_same(ledger: Ledger, tmp_path: Path) -> None:
    import duckdb

    for form in ("parquet", "jsonl"):
        exporting.export(ledger, tmp_path / f"acts.{form}", form)  # type: ignore[arg-type]
    lines = [json.loads(line) for line in (tmp_path / "acts.jsonl").read_text(encoding="utf-8").splitlines()]
    with duckdb.connect() as connection:
        found = connection.execute("SELECT id, source_name, contexts, latitude FROM read_parquet(?)", [
            str(tmp_path / "acts.parquet")
        ]).fetchall()  # fmt: skip
    assert [(o["id"], o["source_name"], o["contexts"], o["latitude"]) for o in lines] == found
    assert "=1+1" in {row[1] for row in found}  # raw: nothing runs Parquet


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"datasets": ("gdelt",)}, ["gdelt:500", "gdelt:501"]),
        ({"types": ("CONSULT",)}, ["gdelt:501", "icews:1001"]),
        ({"source": "RUS"}, ["gdelt:500", "gdelt:501"]),
        ({"source": "rus gov", "types": ("ACCUSE",)}, ["gdelt:500"]),
        ({"target": "putin"}, ["icews:1001"]),
        ({"until": "2016-12-31"}, ["ucdp:4001"]),
        ({"since": "2016-02-02", "until": "2018-03-15"}, ["gdelt:500", "gdelt:501", "ucdp:4001"]),
        ({"since": "2024-01-01"}, ["e1"]),
        ({"since": "2024-01-01", "mentions": True}, ["m1"]),
        ({"modality": "negated"}, []),
        ({"limit": 1}, ["ucdp:4001"]),
        ({"source": "'; DROP VIEW coded; --"}, []),
    ],
)
def test_filters(ledger: Ledger, tmp_path: Path, wanted: dict[str, Any], expected: list[str]) -> None:
    assert ids(ledger, tmp_path / "x.csv", **wanted) == expected


def test_like_icews(ledger: Ledger, tmp_path: Path) -> None:
    exporting.export(ledger, tmp_path / "e.tab", "icews")
    lines = (tmp_path / "e.tab").read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == list(columns("icews"))
    found = [dict(zip(columns("icews"), line.split("\t"), strict=True)) for line in lines[1:]]
    icews = next(row for row in found if row["Event ID"] == "1001")
    original = dict(zip(columns("icews"), samples.icews(), strict=True))
    same = ("Event Date", "Source Name", "Source Sectors", "Event Text", "CAMEO Code", "Intensity", "Target Name",
            "Story ID", "Sentence Number", "Publisher", "City", "Country", "Latitude", "Longitude")  # fmt: skip
    assert {name: icews[name] for name in same} == {name: original[name] for name in same}
    read = next(row for row in found if row["Event ID"].endswith("-e1"))
    assert (read["Source Country"], read["Source Sectors"], read["CAMEO Code"]) == ("Norway", "Government", "166")
    assert read["Intensity"].startswith("-")


def test_like_gdelt(ledger: Ledger, tmp_path: Path) -> None:
    exporting.export(ledger, tmp_path / "g.tsv", "gdelt", Wanted(datasets=("gdelt",)))
    lines = [line.split("\t") for line in (tmp_path / "g.tsv").read_text(encoding="utf-8").splitlines()]
    found = dict(zip(columns("gdelt"), lines[0], strict=True))
    original = dict(zip(columns("gdelt"), samples.gdelt(), strict=True))
    kept = [name for name, cell in original.items() if cell and name not in ("ActionGeo_Type", "DATEADDED")]
    numbers = ("GoldsteinScale", "FractionDate")
    assert {name: found[name] for name in kept if name not in numbers} == {
        name: original[name] for name in kept if name not in numbers
    }
    assert all(float(found[name]) == pytest.approx(float(original[name]), abs=0.02) for name in numbers)


def test_geojson(ledger: Ledger, tmp_path: Path) -> None:
    done = exporting.export(ledger, tmp_path / "acts.geojson", "geojson")
    found = json.loads((tmp_path / "acts.geojson").read_text(encoding="utf-8"))
    assert found["type"] == "FeatureCollection"
    assert len(found["features"]) == done.rows == 4  # one row has no latitude
    oslo = next(feature for feature in found["features"] if feature["id"] == "icews:1001")
    assert oslo["geometry"] == {"type": "Point", "coordinates": [10.75, 59.91]}
    assert oslo["properties"]["type"] == "CONSULT"


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_graphs(ledger: Ledger, tmp_path: Path, form: Format) -> None:
    path = tmp_path / f"ties.{form}"
    done = exporting.export(ledger, path, form)
    root = ElementTree.parse(path).getroot()
    edges = [element for element in root.iter() if element.tag.endswith("}edge")]
    nodes = [element for element in root.iter() if element.tag.endswith("}node")]
    assert len(edges) == done.rows == 3
    assert {element.get("id") for element in nodes} >= {e.get(end) for e in edges for end in ("source", "target")}
    networkx = pytest.importorskip("networkx", reason="reads the files as others would; not a dependency")
    graph = networkx.read_gexf(path, version="1.3") if form == "gexf" else networkx.read_graphml(path)
    labels = networkx.get_node_attributes(graph, "label")
    ties = {(labels[s], labels[t]): data for s, t, data in graph.edges(data=True)}
    assert ties["RUS GOV", "UNO"]["acts"] == 2
    assert ties["RUS GOV", "UNO"]["verbal_conflict"] == 1
    assert ties["NOR GOV", "RUS GOV"]["last"] == "2024-03-04"


def test_a_graph_survives_what_xml_forbids(tmp_path: Path) -> None:
    from tertius.datasets import graphs

    path = tmp_path / "g.gexf"
    graphs.write(path, "gexf", ["source", "target", "acts"], [("a\x00<&>\x0b", "\ud800", 1)])
    assert [e.get("label") for e in ElementTree.parse(path).getroot().iter() if e.tag.endswith("}node")] == [
        "a <&> ",
        " ",
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_every_export_has_its_companions(ledger: Ledger, tmp_path: Path, form: Format) -> None:
    done = exporting.export(ledger, tmp_path / "out", form)
    assert all(path.is_file() for path in done.files)
    assert not list(tmp_path.glob("*.part"))
    bib = (tmp_path / "out.bib").read_text(encoding="utf-8")
    assert "@software{tertius" in bib
    codebook = (tmp_path / "out.codebook.md").read_text(encoding="utf-8")
    if form != "gdelt-mentions":
        assert "@misc{ucdp" in bib
        assert "CC BY 4.0" in codebook
        assert {row["code"] for row in csv_rows(tmp_path / "out.actors.csv")} >= {"RUS GOV", "NOR GOV", "MLI REB"}
    if form in ("csv", "parquet", "jsonl"):
        assert all(f"| `{column}` |" in codebook for column in exporting.columns())


def test_every_column_has_a_meaning() -> None:
    assert {column for column, _ in rows("codebook")} == set(exporting.columns())


def test_an_empty_ledger_exports(tmp_path: Path) -> None:
    ledger = Ledger.create_or_open(tmp_path / "empty")
    for form in FORMATS:
        assert exporting.export(ledger, tmp_path / f"out.{form}", form).rows == 0
    assert json.loads((tmp_path / "out.geojson").read_text())["features"] == []


def test_places_where_no_file_can_be_made(ledger: Ledger, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no" / "x.csv"):
        with pytest.raises(UsageError, match="name a file"):
            exporting.export(ledger, path, "csv")
    kept = tmp_path / "kept.csv"
    kept.write_text("as before")
    (tmp_path / "kept.csv.part").mkdir()
    with pytest.raises(TertiusError, match="could not be written"):
        exporting.export(ledger, kept, "csv")
    assert kept.read_text() == "as before"


def again(ledger: Ledger, folder: Path, dataset: str, form: Format, **wanted: Any) -> None:
    """Export, import into a new ledger, export again: the same bytes."""
    first, second = folder / "first", folder / "second"
    exporting.export(ledger, first, form, Wanted(**wanted))
    other = Ledger.create_or_open(folder / f"other-{form}")
    outcome = run(other, dataset, first)
    assert outcome.failed == []
    assert sum(one.skipped for one in outcome) == 0
    exporting.export(other, second, form)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().count(b"\n") > 0


def test_round_trips(ledger: Ledger, tmp_path: Path) -> None:
    for dataset, form in (("icews", "icews"), ("gdelt", "gdelt"), ("tertius", "csv")):
        again(ledger, tmp_path, dataset, form, datasets=("gdelt", "icews", "ucdp"))  # type: ignore[arg-type]


def test_round_trip_of_mentions(tmp_path: Path) -> None:
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    (tmp_path / "m.tsv").write_text(tabbed([samples.mentions(), samples.mentions(SentenceID=4)]))
    run(ledger, "gdelt-mentions", tmp_path / "m.tsv")
    again(ledger, tmp_path, "gdelt-mentions", "gdelt-mentions")


@pytest.mark.parametrize(
    ("dataset", "file", "form", "rows"),
    [
        ("icews", "icews.2018.sample.tab", "icews", 3705),
        ("gdelt", "gdelt1.events.sample.tsv", "gdelt", 50),
        ("gdelt", "gdelt2.events.sample.tsv", "gdelt", 50),
        ("gdelt-mentions", "gdelt2.mentions.sample.csv", "gdelt-mentions", 1635),
    ],
)
def test_round_trips_of_real_rows(tmp_path: Path, dataset: str, file: str, form: Format, rows: int) -> None:
    if not SHARED.is_dir():
        pytest.skip("../shared is missing: it holds the sample files")
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    outcome = run(ledger, dataset, SHARED / file)
    assert [(one.rows, one.skipped) for one in outcome] == [(rows, 0)]
    assert outcome.doubts == []
    again(ledger, tmp_path, dataset, form)
    if dataset != "gdelt-mentions":
        again(ledger, tmp_path, "tertius", "csv")
