from __future__ import annotations

import csv
import gzip
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from tertius.datasets import limits
from tertius.errors import LedgerError, MissingColumn, TooLarge
from tertius.ledger import bulk, store
from tertius.ledger.ledger import Ledger
from tests.datasets import samples
from tests.datasets.samples import coded, columns, commas, run, tabbed


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.create_or_open(tmp_path / "ledger")


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def some(row: dict[str, object], *names: str) -> tuple[object, ...]:
    return tuple(row[name] for name in names)


PARTIES = ("source_country", "source_sector", "source_code", "target_country", "target_sector", "target_code")
WHAT = ("type", "mode", "quad", "intensity", "cameo", "goldstein")


def test_icews(ledger: Ledger, tmp_path: Path) -> None:
    rows = [samples.icews(), samples.icews(Event_ID=1002, Event_Text="Make statement", CAMEO_Code="010", Intensity=0)]
    done = run(ledger, "icews", write(tmp_path / "e.tab", tabbed(rows, columns("icews"))))
    assert [(one.rows, one.skipped) for one in done] == [(2, 0)]
    first, second = coded(ledger)
    assert some(first, "id", "dataset", "file", "line") == ("icews:1001", "icews", "e.tab", 2)
    assert some(first, *PARTIES) == ("NOR", "GOV", "NOR GOV", "RUS", "GOV", "RUS GOV")
    assert some(first, *WHAT) == ("CONSULT", None, 1, 2.5, "040", 1.0)
    assert some(first, "date", "end", "date_precision") == (date(2018, 6, 1), date(2018, 6, 1), "day")
    assert some(first, "place", "place_country", "latitude", "publisher", "story", "sentence") == (
        "Oslo", "NOR", 59.91, "The Fjord Times", "77", 2,
    )  # fmt: skip
    assert some(second, *WHAT) == (None, None, None, None, "010", 0.0)  # PLOVER has no statements


def test_icews_without_the_cameo_code_goes_by_the_words(ledger: Ledger, tmp_path: Path) -> None:
    place = columns("icews").index("CAMEO Code")
    header = [name for name in columns("icews") if name != "CAMEO Code"]
    rows = [
        samples.icews(Event_Text="Express intent to cooperate economically"),
        samples.icews(Event_Text="Do a thing"),
    ]
    path = write(tmp_path / "e.tab", tabbed([r[:place] + r[place + 1 :] for r in rows], header))
    outcome = run(ledger, "icews", path)
    assert [some(r, "cameo", "type", "contexts", "doubt") for r in coded(ledger)] == [
        ("0311", "AGREE", ["economic"], None),
        (None, None, None, "unknown event Do a thing"),
    ]
    assert outcome.doubts == [("e.tab, line 3", "unknown event Do a thing", 1)]


@pytest.mark.parametrize(
    ("given", "code"), [("40", "040"), ("040", "040"), ("311", "0311"), ("173", "173"), ("14", "014")]
)
def test_codes_that_lost_their_zero(ledger: Ledger, tmp_path: Path, given: str, code: str) -> None:
    run(ledger, "icews", write(tmp_path / "e.tab", tabbed([samples.icews(CAMEO_Code=given)], columns("icews"))))
    assert coded(ledger)[0]["cameo"] == code


def test_icews_columns_under_other_names_and_in_another_order(ledger: Ledger, tmp_path: Path) -> None:
    header = [name.replace(" ", "_").lower() for name in reversed(columns("icews"))]
    run(ledger, "icews", write(tmp_path / "e.csv", commas([samples.icews()[::-1]], header)))
    assert some(coded(ledger)[0], *PARTIES) == ("NOR", "GOV", "NOR GOV", "RUS", "GOV", "RUS GOV")


@pytest.mark.parametrize(
    ("sectors", "country", "found"),
    [
        ("Military,Government", "Norway", ("NOR", "MIL")),
        ("Parties,Ideological,Opposition Major Party (Out Of Government)", "Norway", ("NOR", "OPP")),
        ("Health Ministry,Government", "Norway", ("NOR", "GOV")),
        ("Consumer Goods Business,Business", "Norway", ("NOR", "BUS")),
        ("Global,Global Diplomatic IGOs,International Government Organization", "NA", ("IGO", None)),
        ("NA", "NA", (None, None)),
        ("Never Heard Of", "Norway", ("NOR", None)),
    ],
)
def test_icews_sectors(
    ledger: Ledger, tmp_path: Path, sectors: str, country: str, found: tuple[str | None, str | None]
) -> None:
    one = samples.icews(Source_Sectors=sectors, Source_Country=country, Source_Name="Somebody")
    run(ledger, "icews", write(tmp_path / "e.tab", tabbed([one], columns("icews"))))
    assert some(coded(ledger)[0], "source_country", "source_sector") == found


def test_gdelt_of_all_ages(ledger: Ledger, tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{n}.tsv", tabbed([samples.gdelt(n, GLOBALEVENTID=n)])) for n in (0, 1, 2)]
    assert [len(samples.gdelt(n)) for n in (0, 1, 2)] == [57, 58, 61]
    assert [one.rows for one in run(ledger, "gdelt", *paths)] == [1, 1, 1]
    for number, found in enumerate(coded(ledger)):
        assert found["id"] == f"gdelt:{number}"
        assert some(found, *PARTIES) == ("RUS", "GOV", "RUS GOV", "UNO", None, "UNO")
        assert some(found, *WHAT) == ("ACCUSE", "disapprove", 3, -2.0, "112", -2.0)
        assert some(found, "place", "place_country", "province", "latitude", "longitude") == (
            "Geneva, Switzerland", "CHE", "SZ07", 46.2, 6.15,
        )  # fmt: skip
        assert some(found, "mentions", "sources", "articles", "tone", "root") == (6, 2, 5, -2.5, True)
        assert some(found, "published", "doubt") == (date(2018, 3, 2), None)
        assert found["publisher"] == (None if number == 0 else "news.example")


def test_polecat(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, "polecat", write(tmp_path / "p.txt", tabbed([samples.polecat()], columns("polecat"))))
    found = coded(ledger)[0]
    assert some(found, *PARTIES) == ("NOR", "GOV", "NOR GOV", "RUS", "MIL", "RUS MIL")
    assert some(found, *WHAT) == ("ACCUSE", "disapprove", 3, -2.0, None, None)
    assert some(found, "contexts", "published", "doubt") == (["diplomatic", "military"], date(2021, 5, 5), None)


def test_polecat_with_stray_tabs(ledger: Ledger, tmp_path: Path) -> None:
    """A tab inside a name or title shifts everything behind it; the row is mended, or named where it cannot be."""
    header = columns("polecat")
    good = [samples.polecat(Event_ID=f"g{n}") for n in range(8)]
    title = samples.polecat(Event_ID="title", Actor_Title="deputy\tminister")
    name = samples.polecat(Event_ID="name", Recipient_Name="Northern\tNavy")
    torn = ["torn", *["x"] * 45]
    path = write(tmp_path / "p.txt", tabbed([*good, title, name, torn], header))
    outcome = run(ledger, "polecat", path)
    assert [(one.rows, one.skipped) for one in outcome] == [(10, 1)]
    assert outcome.bad == [("p.txt, line 12", "46 cells instead of 40")]
    mended = {found["id"].split(":")[1]: found for found in coded(ledger)}
    for which, line in (("title", 10), ("name", 11)):
        assert some(mended[which], *PARTIES) == ("NOR", "GOV", "NOR GOV", "RUS", "MIL", "RUS MIL")
        assert some(mended[which], "line", "latitude", "published") == (line, 69.6, date(2021, 5, 5))
    assert mended["name"]["target_name"] == "Northern Navy"
    assert ledger.rows("SELECT where_found, reason FROM failures") == [
        {"where_found": "p.txt, line 12", "reason": "46 cells instead of 40"}
    ]


def test_phoenix(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, "phoenix", write(tmp_path / "p.txt", tabbed([samples.phoenix()])))
    found = coded(ledger)[0]
    assert some(found, *PARTIES) == ("NOR", "GOV", "NOR GOV", "RUS", "MIL", "RUS MIL")
    assert some(found, *WHAT) == ("ACCUSE", "disapprove", 3, -2.0, "112", -2.0)
    assert some(found, "date", "place_country", "publisher", "url") == (
        date(2015, 6, 7), "NOR", "fjord", "http://news.example/b",
    )  # fmt: skip


def test_ucdp(ledger: Ledger, tmp_path: Path) -> None:
    rows = [
        samples.ucdp(),
        samples.ucdp(id=4002, type_of_violence=3, side_b="Civilians", side_a="Some Front", gwnoa=""),
    ]
    run(ledger, "ucdp", write(tmp_path / "u.csv", commas(rows, columns("ucdp"))))
    first, second = coded(ledger)
    assert some(first, *PARTIES) == ("MLI", "MIL", "MLI MIL", "MLI", "REB", "MLI REB")
    assert some(first, "date", "end", "date_precision") == (date(2016, 2, 1), date(2016, 2, 3), "range")
    assert some(first, "fatalities", "fatalities_low", "fatalities_high", "type", "text") == (
        12, 10, 15, "ASSAULT", 'Clash, "heavy" losses',
    )  # fmt: skip
    assert some(second, "source_sector", "target_sector", "contexts") == ("REB", "CVL", ["human_security"])


def test_acled(ledger: Ledger, tmp_path: Path) -> None:
    rows = [
        samples.acled(),
        samples.acled(
            event_id_cnty="MLI2", event_date="2018-01-06", event_type="Protests", sub_event_type="Peaceful protest",
            actor1="Protesters (Mali)", inter1="Protesters", actor2="", inter2="", fatalities=0,
        ),
        samples.acled(event_id_cnty="MLI3", actor1="Military Forces of France (2017-)", inter1=8, inter2="Rebel group"),
    ]  # fmt: skip
    run(ledger, "acled", write(tmp_path / "a.csv", commas(rows, columns("acled"))))
    first, second, third = coded(ledger)
    assert some(first, "date", "type", "mode", "fatalities", "line") == (date(2018, 1, 5), "ASSAULT", "firearms", 3, 2)
    assert first["text"] == 'They fought, "hard".'
    assert some(first, *PARTIES) == ("MLI", "MIL", "MLI MIL", "MLI", "REB", "MLI REB")
    assert some(second, "type", "mode", "source_sector", "target_country", "line") == (
        "PROTEST",
        "demo",
        "CVL",
        None,
        4,
    )
    assert some(third, "source_code", "target_code") == ("FRA MIL", "MLI REB")


def test_gdelt_mentions(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, "gdelt-mentions", write(tmp_path / "m.tsv", tabbed([samples.mentions()])))
    assert coded(ledger) == []
    found = ledger.rows("SELECT * FROM reports")[0]
    assert some(found, "event", "publisher", "url", "sentence", "confidence", "tone") == (
        "gdelt:500", "news.example", "http://news.example/a", 3, 0.7, -1.5,
    )  # fmt: skip
    assert str(found["reported"]) == "2018-03-02 10:15:00"


MAP = {"date": "Day", "source_country": "A", "target_country": "B", "text": "Note"}


def test_any_table_with_a_map(ledger: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", 'Day;A;B;Note\n03/05/2018;365;385;"one; ""two""\nthree"\n04/05/2018;365;9999;x\n')
    gw = {"source_country": "gw", "target_country": "gw"}
    outcome = run(
        ledger, "clashes", path, columns=MAP, schemes=gw, fixed={"type": "assault"}, dates="DMY", licence="CC0"
    )
    first, second = coded(ledger)
    assert some(first, "date", "source_code", "target_code", "type", "quad", "text", "line") == (
        date(2018, 5, 3), "RUS", "NOR", "ASSAULT", 4, 'one; "two" three', 2,
    )  # fmt: skip
    assert some(second, "target_country", "doubt", "line") == (None, "unknown target_country 9999", 4)
    assert outcome.doubts == [("c.csv, line 4", "unknown target_country 9999", 1)]
    assert first["id"].startswith("clashes:")
    assert first["id"] != second["id"]
    assert ledger.rows("SELECT licence FROM imports") == [{"licence": "CC0"}]


def test_a_map_by_cameo_code(ledger: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", "d,code\n2018-01-01,190\n2018-01-02,999\n")
    run(ledger, "own", path, columns={"date": "d", "cameo": "code"})
    assert [some(r, "type", "cameo", "doubt") for r in coded(ledger)] == [
        ("ASSAULT", "190", None),
        (None, "999", "unknown event code 999"),
    ]


def test_a_map_with_bodies_and_sectors(ledger: Ledger, tmp_path: Path) -> None:
    path = write(
        tmp_path / "c.csv", "d,a,s\n2018-01-01,United Nations,mil\n2018-01-02,norway,army\n2018-01-03,NOR,GOV\n"
    )
    run(ledger, "own", path, columns={"date": "d", "source_country": "a", "source_sector": "s"})
    assert [some(r, "source_code", "doubt") for r in coded(ledger)] == [
        ("UNO MIL", None),
        ("NOR", "unknown source_sector army"),
        ("NOR GOV", None),
    ]


def test_dates_in_other_orders_are_not_guessed(ledger: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", "Day,A,B,Note\n03/05/2018,NOR,RUS,x\n")
    failed = run(ledger, "own", path, columns=MAP).failed
    assert "--dates DMY or MDY" in str(failed[0])
    run(ledger, "own", path, columns=MAP, dates="MDY")
    assert coded(ledger)[0]["date"] == date(2018, 3, 5)


def test_malformed_rows_are_named_and_skipped(ledger: Ledger, tmp_path: Path) -> None:
    good = [samples.gdelt(GLOBALEVENTID=n) for n in range(9)]
    rows = [*good[:4], samples.gdelt()[:-1], *good[4:], samples.gdelt(SQLDATE="nix")]
    outcome = run(ledger, "gdelt", write(tmp_path / "g.tsv", tabbed(rows)))
    assert [(one.rows, one.skipped) for one in outcome] == [(9, 2)]
    assert outcome.bad == [
        ("g.tsv, line 5", "60 cells instead of 61"),
        ("g.tsv, line 11", "no date that can be read in 'nix'"),
    ]
    assert [found["line"] for found in coded(ledger)] == [1, 2, 3, 4, 6, 7, 8, 9, 10]
    assert ledger.rows("SELECT count(*) AS n FROM failures") == [{"n": 2}]


def test_lines_are_those_of_the_file(ledger: Ledger, tmp_path: Path) -> None:
    """Over empty lines, several files in one write and pieces of one file: each row names the line it stands on."""
    rows = [samples.gdelt(GLOBALEVENTID=n) for n in range(1, 40)]
    text = tabbed(rows[:10]) + "\n\n" + tabbed(rows[10:])
    paths = [
        write(tmp_path / name, text.replace("RUSGOV", code))
        for name, code in (("a.tsv", "RUSGOV"), ("b.tsv", "RUSMIL"))
    ]
    run(ledger, "gdelt", *paths)
    for found in coded(ledger):
        number = int(found["id"].removeprefix("gdelt:"))
        assert found["line"] == (number if number <= 10 else number + 2)


def test_pieces_of_a_large_file(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BLOCK_BYTES", 2_000)
    monkeypatch.setattr(limits, "PIECE_BYTES", 10_000)
    monkeypatch.setattr(limits, "FLUSH_BYTES", 25_000)
    rows = [samples.gdelt(GLOBALEVENTID=n, SQLDATE=20180101 + n % 28) for n in range(1, 400)]
    assert [one.rows for one in run(ledger, "gdelt", write(tmp_path / "g.tsv", tabbed(rows)))] == [399]
    assert [found["line"] for found in coded(ledger)] == list(range(1, 400))
    assert all(found["id"] == f"gdelt:{found['line']}" for found in coded(ledger))


def test_packed_files(ledger: Ledger, tmp_path: Path) -> None:
    text = tabbed([samples.gdelt()]).encode()
    (tmp_path / "a.tsv.gz").write_bytes(gzip.compress(text))
    with zipfile.ZipFile(tmp_path / "b.CSV.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../one.export.CSV", text)
        archive.writestr("__MACOSX/._one.export.CSV", b"rubbish")
        archive.writestr("readme.pdf", b"rubbish")
    assert [one.rows for one in run(ledger, "gdelt", tmp_path / "a.tsv.gz", tmp_path / "b.CSV.zip")] == [1, 1]
    assert [found["file"] for found in coded(ledger)] == ["a.tsv.gz", "b.CSV.zip/one.export.CSV"]
    assert sorted(p.name for p in tmp_path.parent.iterdir() if p.name == "one.export.CSV") == []


def test_odd_bytes(ledger: Ledger, tmp_path: Path) -> None:
    """A byte order mark, Windows line ends, Latin-1, NULs, and the separators that the import itself uses."""
    one = "\t".join(samples.gdelt(Actor1Name="SÃO\x01PAULO", Actor2Name="UNITED\x1fNATIONS"))
    raw = b"\xef\xbb\xbf" + one.encode() + b"\r\n" + one.encode("latin-1").replace(b"MOSCOW", b"MO\x00W") + b"\r\n"
    path = tmp_path / "g.tsv"
    path.write_bytes(raw)
    assert [one.rows for one in run(ledger, "gdelt", path)] == [2]
    assert [found["source_name"] for found in coded(ledger)] == ["SÃO PAULO", "S�O PAULO"]


def test_coordinates_out_of_range_and_unknown_codes_are_left_out(ledger: Ledger, tmp_path: Path) -> None:
    rows = [
        samples.gdelt(ActionGeo_Lat=460.2),
        samples.gdelt(EventCode="---"),
        samples.gdelt(Actor1CountryCode="XQX"),
        samples.gdelt(Actor1CountryCode="EUR", Actor1KnownGroupCode=""),
    ]
    outcome = run(ledger, "gdelt", write(tmp_path / "g.tsv", tabbed(rows)))
    found = coded(ledger)
    assert some(found[0], "latitude", "longitude", "doubt") == (None, None, "coordinates out of range")
    assert some(found[1], "type", "cameo", "quad", "doubt") == (None, "---", 3, "unknown event code ---")
    assert some(found[2], "source_country", "source_given", "doubt") == (None, "RUSGOV", "unknown country XQX")
    assert some(found[3], "source_country", "doubt") == (None, None)  # CAMEO's EUR is the continent, not the union
    assert {reason for _, reason, _ in outcome.doubts} == {f["doubt"] for f in found[:3]}


def test_duplicate_ids_are_kept(ledger: Ledger, tmp_path: Path) -> None:
    path = write(
        tmp_path / "e.tab", tabbed([samples.icews(), samples.icews(Event_Date="2018-06-02")], columns("icews"))
    )
    run(ledger, "icews", path)
    assert [some(found, "id", "line") for found in coded(ledger)] == [("icews:1001", 2), ("icews:1001", 3)]


def test_files_that_overlap_are_not_counted_twice(ledger: Ledger, tmp_path: Path) -> None:
    """ACLED, UCDP and POLECAT are downloaded in parts that overlap, and their ids tell events apart."""
    first, second, third = (samples.acled(event_id_cnty=f"MLI{n}") for n in (1, 2, 3))
    paths = [
        write(tmp_path / name, commas(rows, columns("acled")))
        for name, rows in (("a.csv", [first, second]), ("b.csv", [second, third]), ("c.csv", [third]))
    ]
    outcome = run(ledger, "acled", *paths[:2])
    assert [(one.rows, one.repeated) for one in outcome] == [(2, 0), (1, 1)]
    outcome = run(ledger, "acled", paths[2])
    assert [(one.rows, one.repeated, one.skipped) for one in outcome] == [(0, 1, 0)]
    assert [found["id"] for found in coded(ledger)] == ["acled:MLI1", "acled:MLI2", "acled:MLI3"]


def test_the_same_file_twice_changes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "g.tsv", tabbed([samples.gdelt()]))
    copy = write(tmp_path / "copy.tsv", path.read_text())
    assert [one.again for one in run(ledger, "gdelt", path, copy)] == [True, False]
    before = ledger.rows("SELECT * FROM coded")
    assert [one.again for one in run(ledger, "gdelt", path)] == [True]
    assert ledger.rows("SELECT * FROM coded") == before
    assert len(ledger.rows("SELECT * FROM imports")) == 1


def test_terms_are_kept(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, "ucdp", write(tmp_path / "u.csv", commas([samples.ucdp()], columns("ucdp"))))
    found = ledger.rows("SELECT * FROM imports")[0]
    assert some(found, "dataset", "file", "rows", "skipped", "licence") == ("ucdp", "u.csv", 1, 0, "CC BY 4.0")
    assert "Uppsala" in found["terms"]


def test_a_truncated_gzip_shows_nothing(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PIECE_BYTES", 1_000_000)
    monkeypatch.setattr(limits, "FLUSH_BYTES", 1_000_000)
    random.seed(1)
    rows = [samples.gdelt(GLOBALEVENTID=random.randrange(10**9), AvgTone=random.random()) for _ in range(12_000)]
    packed = gzip.compress(tabbed(rows).encode())
    (tmp_path / "g.tsv.gz").write_bytes(packed[: len(packed) * 4 // 5])
    outcome = run(ledger, "gdelt", tmp_path / "g.tsv.gz", write(tmp_path / "good.tsv", tabbed([samples.gdelt()])))
    assert "damaged" in str(outcome.failed[0])
    assert "g.tsv.gz" in str(outcome.failed[0])
    assert [found["file"] for found in coded(ledger)] == ["good.tsv"]
    (tmp_path / "g.tsv.gz").write_bytes(packed)
    assert [one.rows for one in run(ledger, "gdelt", tmp_path / "g.tsv.gz")] == [12_000]


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_a_bomb_is_refused(ledger: Ledger, tmp_path: Path, kind: str) -> None:
    line = ("\t" * 60 + "\n").encode()
    text = line * (40_000_000 // len(line))
    path = tmp_path / f"bomb.tsv.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(text, 9))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.tsv", text)
    failed = run(ledger, "gdelt", path).failed
    assert isinstance(failed[0], TooLarge)
    assert "times its size" in str(failed[0])
    assert coded(ledger) == []


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04\x00\x00\x00\x00 not text", "binary"),
        ("a\tb\n".encode("utf-16"), "UTF-16"),
        (b"one,two,three\n1,2,3\n", "no header that is known"),
        (b"<html><body>404</body></html>\n", "one column"),
        (b"x" * 5_000_000, "no table of events"),
    ],
)
def test_a_file_of_another_form(ledger: Ledger, tmp_path: Path, raw: bytes, words: str) -> None:
    path = tmp_path / "x.tsv"
    path.write_bytes(raw)
    failed = run(ledger, "gdelt", path).failed
    assert words in str(failed[0])
    assert "x.tsv" in str(failed[0])
    assert ledger.rows("SELECT * FROM imports") == []


@pytest.mark.parametrize("megabytes", [0.5, 2.5])
def test_a_very_long_cell(ledger: Ledger, tmp_path: Path, megabytes: float) -> None:
    url = "http://news.example/" + "x" * int(megabytes * 1_000_000)
    path = write(tmp_path / "g.tsv", tabbed([samples.gdelt(), samples.gdelt(SOURCEURL=url), samples.gdelt()]))
    outcome = run(ledger, "gdelt", path)
    assert outcome.failed == []
    assert [one.rows for one in outcome] == [3]
    assert coded(ledger)[1]["url"] == url


def test_a_broken_archive(ledger: Ledger, tmp_path: Path) -> None:
    write(tmp_path / "x.zip", "no archive")
    failed = run(ledger, "gdelt", tmp_path / "x.zip", tmp_path / "absent.tsv").failed
    assert "archive is damaged" in str(failed[0])
    assert "no such file" in str(failed[1])


def test_another_data_set_with_as_many_columns(ledger: Ledger, tmp_path: Path) -> None:
    """58 columns, but not GDELT's: no row has a date where GDELT has one. The file is refused, not skipped through."""
    path = write(tmp_path / "x.tsv", tabbed([["7", "word", *["x"] * 56]] * 20))
    good = write(tmp_path / "g.tsv", tabbed([samples.gdelt()]))
    outcome = run(ledger, "gdelt", path, good)
    assert "is it GDELT" in str(outcome.failed[0])
    assert [one.path for one in outcome] == [good]
    assert [found["file"] for found in coded(ledger)] == ["g.tsv"]


def test_a_column_too_few(ledger: Ledger, tmp_path: Path) -> None:
    header = [name if name != "Target Country" else "Something" for name in columns("icews")]
    path = write(tmp_path / "e.tab", tabbed([samples.icews()], header))
    failed = run(ledger, "icews", path).failed
    assert isinstance(failed[0], MissingColumn)
    assert "--map 'Target Country=THEIR NAME'" in str(failed[0])
    run(ledger, "icews", path, columns={"Target Country": "Something"})
    assert coded(ledger)[0]["target_country"] == "RUS"


def test_an_open_quotation_mark(ledger: Ledger, tmp_path: Path) -> None:
    csv.field_size_limit(10_000_000)  # as reading articles leaves it
    rows = commas([samples.ucdp()] * 3, columns("ucdp")) + '"4,' + "x" * 200_000 + "\n"
    failed = run(ledger, "ucdp", write(tmp_path / "u.csv", rows)).failed
    assert "line 5" in str(failed[0])
    assert "quotation mark" in str(failed[0])


def test_a_ledger_that_cannot_be_written(ledger: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "g.tsv", tabbed([samples.gdelt()]))
    (ledger.folder / "coded").rename(ledger.folder / "away")
    (ledger.folder / "coded").write_text("a file where the table's folder was")
    with pytest.raises(LedgerError, match="could not be written"):
        run(ledger, "gdelt", path)


FULL = """
import resource, signal, sys
from pathlib import Path
from tertius.datasets import limits
from tertius.errors import LedgerError
from tertius.ledger.ledger import Ledger
from tests.datasets.samples import run
ledger = Ledger.open(sys.argv[1])
limits.BLOCK_BYTES, limits.PIECE_BYTES = 10_000, int(sys.argv[3])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    run(ledger, "gdelt", Path(sys.argv[2]))
except LedgerError as error:
    print(error)
"""


@pytest.mark.parametrize(("piece", "file"), [(1_000_000, "TMPDIR"), (20_000, "already stays")])
def test_no_space_left(ledger: Ledger, tmp_path: Path, piece: int, file: str) -> None:
    """The disk refuses more than 50 kB of a file: the scratch file, or the table's."""
    random.seed(2)
    rows = [samples.gdelt(GLOBALEVENTID=random.randrange(10**12), AvgTone=random.random()) for _ in range(6_000)]
    path = write(tmp_path / "g.tsv", tabbed(rows))
    command = [sys.executable, "-c", FULL, str(ledger.folder), str(path), str(piece)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "could not be written" in ran.stdout, ran.stderr
    assert file in ran.stdout
    assert coded(ledger) == []
    assert [one.rows for one in run(ledger, "gdelt", path)] == [6_000]


def _import(folder: Path, paths: list[Path]) -> None:
    limits.FLUSH_BYTES = limits.PIECE_BYTES = 60_000
    limits.BLOCK_BYTES = 20_000
    limits.FLUSH_FILES = 2
    list(run(Ledger.create_or_open(folder), "gdelt", *paths))


def test_killed_imports_show_whole_files_and_are_completed(tmp_path: Path) -> None:
    """Killed at random moments; afterwards the rows are those of an undisturbed import."""
    random.seed(3)
    paths = [
        write(tmp_path / f"{n}.tsv", tabbed([samples.gdelt(GLOBALEVENTID=n * 1000 + i) for i in range(300)]))
        for n in range(1, 7)
    ]
    context = multiprocessing.get_context("spawn")
    Ledger.create_or_open(tmp_path / "killed")
    for _ in range(4):
        process = context.Process(target=_import, args=(tmp_path / "killed", paths))
        process.start()
        time.sleep(random.uniform(0.9, 1.9))
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        seen = Ledger.open(tmp_path / "killed").rows("SELECT file, count(*) AS n FROM coded GROUP BY file")
        assert all(found["n"] == 300 for found in seen)
    _import(tmp_path / "killed", paths)
    _import(tmp_path / "whole", paths)
    ask = "SELECT * EXCLUDE (batch) FROM coded ORDER BY id"
    assert Ledger.open(tmp_path / "killed").rows(ask) == Ledger.open(tmp_path / "whole").rows(ask)


def test_two_importers_at_once_lose_nothing(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{n}.tsv", tabbed([samples.gdelt(GLOBALEVENTID=n)])) for n in range(1, 13)]
    Ledger.create_or_open(tmp_path / "ledger")
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_import, args=(tmp_path / "ledger", some)) for some in (paths[:8], paths[4:])]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    found = Ledger.open(tmp_path / "ledger").rows("SELECT id FROM coded ORDER BY length(id), id")
    assert [one["id"] for one in found] == [f"gdelt:{n}" for n in range(1, 13)]


def test_a_ledger_of_an_earlier_tertius_gets_the_new_columns(ledger: Ledger, tmp_path: Path) -> None:
    import shutil

    import deltalake
    import duckdb

    shutil.rmtree(ledger.folder / "coded")
    with duckdb.connect() as connection:
        old = connection.sql("SELECT 'gdelt:1' AS id, 'b' AS batch")
        deltalake.write_deltalake(str(ledger.folder / "coded"), old)
    assert run(ledger, "gdelt", write(tmp_path / "g.tsv", tabbed([samples.gdelt()]))).failed == []
    assert [found["id"] for found in coded(ledger)] == ["gdelt:500"]
    assert set(store.columns("coded")) <= {field.name for field in store.opened(ledger.folder, "coded").schema().fields}


def test_bulk_rows_carry_their_number(ledger: Ledger, tmp_path: Path) -> None:
    """Other engines plan by Delta's numbers of rows."""
    import deltalake

    run(ledger, "gdelt", write(tmp_path / "g.tsv", tabbed([samples.gdelt()] * 7)))
    assert deltalake.DeltaTable(str(ledger.folder / "coded")).count() == 7
    assert bulk.imported(ledger) == {("gdelt", ledger.rows("SELECT sha256 FROM imports")[0]["sha256"])}
