"""Country codes of other data sets, to and from ours."""

import pytest

from tertius.world import codes


@pytest.mark.parametrize(
    ("country", "scheme", "code"),
    [
        ("DEU", "iso2", "DE"),
        ("DEU", "numeric", "276"),
        ("DEU", "cow", "255"),
        ("DEU", "gw", "260"),
        ("DEU", "fips", "GM"),
        ("YEM", "cow", "679"),
        ("YEM", "gw", "678"),
        ("SRB", "gw", "340"),
        ("TLS", "cameo", "TMP"),
        ("AFG", "numeric", "004"),
        ("USA", "cow", "2"),
        ("KOS", "cow", "347"),
        ("KOS", "numeric", None),
        ("UNO", "cow", None),
        ("XYZ", "iso2", None),
    ],
)
def test_code_of(country: str, scheme: codes.Scheme, code: str | None) -> None:
    assert codes.code_of(country, scheme) == code


@pytest.mark.parametrize(
    ("code", "scheme", "country"),
    [
        ("365", "cow", "RUS"),
        ("002", "cow", "USA"),
        ("260", "gw", "DEU"),
        ("345", "cow", "SRB"),
        ("rs", "fips", "RUS"),
        ("RS", "iso2", "SRB"),
        ("CH", "fips", "CHN"),
        ("CH", "iso2", "CHE"),
        ("ROM", "cameo", "ROU"),
        ("004", "numeric", "AFG"),
        ("", "cow", None),
        ("ZZ", "iso2", None),
    ],
)
def test_country_of(code: str, scheme: codes.Scheme, country: str | None) -> None:
    assert codes.country_of(code, scheme) == country


def test_codes_go_there_and_back() -> None:
    former = {"SUN", "YUG"}  # their Correlates of War codes went to Russia and Serbia
    for country in codes.countries() - former:
        for scheme in ("iso2", "numeric", "cow", "gw", "fips", "cameo"):
            code = codes.code_of(country, scheme)
            assert code is None or codes.country_of(code, scheme) == country
