from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertius.errors import UsageError
from tertius.sources import dates


def test_a_given_day() -> None:
    assert dates.given("2024-02-29") == "2024-02-29"


@pytest.mark.parametrize("text", ["2023-02-29", "2024-13-01", "March 2024", "20240305", "2024-W10-2", "", "٢٠٢٤-٠٣-٠٥"])
def test_an_impossible_day_says_the_form(text: str) -> None:
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        dates.given(text)


@pytest.mark.parametrize(
    "value",
    [
        "2024-03-05", "2024-03-05T10:00:00Z", "2024-03-05 23:10:00+02:00", "20240305", "20240305T101500Z", "2024/3/5",
        "2024.03.05", "March 5, 2024", "5 March 2024", "Mar. 5 2024", "Tuesday, March 5th, 2024",
        "Tue, 05 Mar 2024 10:00:00 GMT", date(2024, 3, 5), datetime(2024, 3, 5, 10, tzinfo=UTC),
    ],
)  # fmt: skip
def test_the_usual_forms_in_metadata(value: object) -> None:
    assert dates.metadata(value) == "2024-03-05"


@pytest.mark.parametrize(
    "value", ["03/04/2024", "March 5", "2024", "2024-02-30", "yesterday", "", None, 1709600000, "9999-01-01", True]
)
def test_what_is_no_single_day_is_unknown(value: object) -> None:
    assert dates.metadata(value) is None


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [
        ("KYIV, March 3, 2024 (Agency) - The minister resigned.", None, "2024-03-03"),
        ("LONDON, 3 March 2024 (Agency) — The minister resigned.", None, "2024-03-03"),
        ("GENEVA, Switzerland, Mar. 3 (Agency) - Talks began.", 2023, "2023-03-03"),
        ("Talks begin\n\nGENEVA, 3 March 2022 – Talks began.", None, "2022-03-03"),
        ("KYIV, March 3 (Agency) - The minister resigned.", None, None),
        ("On Monday, March 3, 2024 (a holiday) - nothing happened.", None, None),
        ("KYIV (Agency) - The minister resigned on March 3, 2024.", None, None),
        ("OSLO, February 30, 2024 (Agency) - Nothing.", None, None),
    ],
)
def test_datelines(text: str, year: int | None, day: str | None) -> None:
    assert dates.dateline(text, year) == day


@pytest.mark.parametrize(
    ("url", "year"),
    [
        ("https://news.example/2024/03/05/talks", 2024),
        ("https://news.example/world/2019/mar/05/talks", 2019),
        ("https://news.example/item/9024/12/x", None),
        ("https://news.example/2024-talks", None),
        (None, None),
    ],
)
def test_the_year_in_an_address(url: str | None, year: int | None) -> None:
    assert dates.year_of(url) == year


@given(st.text())
def test_no_text_raises(text: str) -> None:
    for found in (dates.metadata(text), dates.dateline(text), dates.dateline(f"OSLO, {text} (A) - x", 2020)):
        assert found is None or date.fromisoformat(found)
    dates.year_of(text)
