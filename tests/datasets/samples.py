"""Small files in the exact columns of each data set; all of it is made up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tertius.datasets import layouts
from tertius.datasets.importing import Imported, Importer, Options
from tertius.errors import SourceError
from tertius.ledger.ledger import Ledger


def columns(dataset: str) -> tuple[str, ...]:
    return layouts._columns(dataset)  # type: ignore[arg-type]


def row(dataset: str, without: Iterable[str] = (), **cells: object) -> list[str]:
    """A row of a data set; cells are named with '_' for spaces."""
    given = {
        name.replace("_", " ") if " " in "".join(columns(dataset)) else name: value for name, value in cells.items()
    }
    unknown = set(given) - set(columns(dataset))
    assert not unknown, unknown
    return [str(given.get(name, "")) for name in columns(dataset) if name not in without]


def icews(**cells: object) -> list[str]:
    usual = {
        "Event_ID": 1001, "Event_Date": "2018-06-01", "Source_Name": "Foreign Affairs (Norway)",
        "Source_Sectors": "Executive,Foreign Ministry,Government", "Source_Country": "Norway", "Event_Text": "Consult",
        "CAMEO_Code": "040", "Intensity": "1", "Target_Name": "Vladimir Putin",
        "Target_Sectors": "Executive,Executive Office,Government", "Target_Country": "Russian Federation",
        "Story_ID": 77, "Sentence_Number": 2, "Publisher": "The Fjord Times", "City": "Oslo", "District": "NA",
        "Province": "Oslo", "Country": "Norway", "Latitude": 59.91, "Longitude": 10.75,
    }  # fmt: skip
    return row("icews", **(usual | cells))


def gdelt(version: int = 2, **cells: object) -> list[str]:
    usual = {
        "GLOBALEVENTID": 500, "SQLDATE": 20180301, "MonthYear": 201803, "Year": 2018, "FractionDate": 2018.1644,
        "Actor1Code": "RUSGOV", "Actor1Name": "MOSCOW", "Actor1CountryCode": "RUS", "Actor1Type1Code": "GOV",
        "Actor2Code": "UNO", "Actor2Name": "UNITED NATIONS", "Actor2KnownGroupCode": "UNO", "IsRootEvent": 1,
        "EventCode": 112, "EventBaseCode": 112, "EventRootCode": 11, "QuadClass": 3, "GoldsteinScale": -2.0,
        "NumMentions": 6, "NumSources": 2, "NumArticles": 5, "AvgTone": -2.5, "ActionGeo_Type": 4,
        "ActionGeo_FullName": "Geneva, Switzerland", "ActionGeo_CountryCode": "SZ", "ActionGeo_ADM1Code": "SZ07",
        "ActionGeo_Lat": 46.2, "ActionGeo_Long": 6.15, "DATEADDED": "20180302", "SOURCEURL": "http://news.example/a",
    }  # fmt: skip
    adm2 = [name for name in columns("gdelt") if name.endswith("ADM2Code")]
    without = {2: [], 1: adm2, 0: [*adm2, "SOURCEURL"]}[version]
    return row("gdelt", without, **(usual | cells))


def polecat(**cells: object) -> list[str]:
    usual = {
        "Event_ID": "20210504-7", "Event_Date": "2021-05-04", "Event_Type": "ACCUSE", "Event_Mode": "disapprove",
        "Intensity": -2, "Quad_Code": "VERBAL CONFLICT", "Contexts": "diplomatic;military", "Actor_Name": "Norway",
        "Actor_Country": "NOR", "Actor_COW": "NOR", "Primary_Actor_Sector": "GOV", "Actor_Sectors": "GOV",
        "Actor_Title": "minister", "Recipient_Name": "Navy", "Recipient_Country": "RUS", "Recipient_COW": "RUS",
        "Primary_Recipient_Sector": "MIL", "Recipient_Sectors": "MIL", "Placename": "Tromsø", "Country": "NOR",
        "Latitude": 69.6, "Longitude": 18.9, "GeoNames_ID": 3133895, "Source": "The Fjord Times",
        "Publication_Date": "2021-05-05", "Language": "en", "Version": "1.0",
    }  # fmt: skip
    return row("polecat", **(usual | cells))


def phoenix(**cells: object) -> list[str]:
    usual = {
        "id": "9_1", "story_date": 20150607, "year": 2015, "month": 6, "day": 7, "source": "NORGOV",
        "source_root": "NOR",
        "source_agent": "GOV", "target": "RUSMIL", "target_root": "RUS", "target_agent": "MIL", "code": "112",
        "root_code": "11", "quad_class": 3, "goldstein": -2.0, "lat": 59.9, "lon": 10.7, "placeName": "Oslo",
        "countryName": "NOR", "urls": "http://news.example/b;http://news.example/c", "sources": "fjord;other",
    }  # fmt: skip
    return row("phoenix", **(usual | cells))


def ucdp(**cells: object) -> list[str]:
    usual = {
        "id": 4001, "year": 2016, "type_of_violence": 1, "side_a": "Government of Mali", "side_b": "Some Front",
        "number_of_sources": 2, "source_office": "The Fjord Times", "source_date": "2016-02-04",
        "source_headline": "Clash, \"heavy\" losses", "where_prec": 1, "where_coordinates": "Kidal town",
        "adm_1": "Kidal region", "latitude": 18.44, "longitude": 1.41, "country": "Mali", "date_prec": 2,
        "date_start": "2016-02-01 00:00:00.000", "date_end": "2016-02-03 00:00:00.000", "best": 12, "high": 15,
        "low": 10, "gwnoa": 432,
    }  # fmt: skip
    return row("ucdp", **(usual | cells))


def acled(**cells: object) -> list[str]:
    usual = {
        "event_id_cnty": "MLI1", "event_date": "05 January 2018", "year": 2018, "time_precision": 1,
        "event_type": "Battles", "sub_event_type": "Armed clash", "actor1": "Military Forces of Mali (2013-2020)",
        "inter1": 1, "actor2": "Some Front", "inter2": 2, "country": "Mali", "admin1": "Kidal", "location": "Kidal",
        "latitude": 18.44, "longitude": 1.41, "source": "The Fjord Times", "notes": "They fought,\n\"hard\".",
        "fatalities": 3, "timestamp": 1514764800,
    }  # fmt: skip
    return row("acled", **(usual | cells))


def mentions(**cells: object) -> list[str]:
    usual = {
        "GLOBALEVENTID": 500, "EventTimeDate": 20180301000000, "MentionTimeDate": 20180302101500, "MentionType": 1,
        "MentionSourceName": "news.example", "MentionIdentifier": "http://news.example/a", "SentenceID": 3,
        "Confidence": 70, "MentionDocTone": -1.5,
    }  # fmt: skip
    return row("gdelt-mentions", **(usual | cells))


def tabbed(rows: Iterable[Sequence[str]], header: Sequence[str] = ()) -> str:
    return "".join("\t".join(one) + "\n" for one in ([header] if header else []) + list(rows))


def commas(rows: Iterable[Sequence[str]], header: Sequence[str] = ()) -> str:
    import csv
    import io

    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(([header] if header else []) + list(rows))
    return text.getvalue()


def run(ledger: Ledger, dataset: str, *paths: Path, **options: Any) -> Outcome:
    """Import files; `failed` are the errors of files that could not be."""
    outcome = Outcome()
    with Importer(ledger, Options(dataset, **options)) as importer:
        outcome.done = list(importer.run(paths, outcome.failed.append))
        outcome.bad = [(bad.where, bad.reason) for bad in importer.bad]
        outcome.doubts = [(bad.where, bad.reason, bad.rows) for bad in importer.doubts]
    return outcome


class Outcome:
    def __init__(self) -> None:
        self.done: list[Imported] = []
        self.failed: list[SourceError] = []
        self.bad: list[tuple[str, str]] = []
        self.doubts: list[tuple[str, str, int]] = []

    def __iter__(self) -> Iterator[Imported]:
        return iter(self.done)


def coded(ledger: Ledger) -> list[dict[str, Any]]:
    return ledger.rows("SELECT * FROM coded ORDER BY file, line")
