from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertius.datasets import layouts, mending
from tertius.datasets.codes import load
from tertius.datasets.layouts import DATASETS, Dataset
from tertius.datasets.tables import rows
from tertius.errors import MissingColumn, SourceError
from tertius.ontology import CONTEXTS, INTERNATIONAL, SECTORS, TYPES
from tertius.world import codes
from tests.datasets import samples


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|"])
def test_headers_of_every_data_set(dataset: Dataset, delimiter: str) -> None:
    names = samples.columns(dataset)
    found = layouts.of(dataset, delimiter.join(names))
    assert found == layouts.Layout(names, tuple(range(len(names))), len(names), True, delimiter)


@pytest.mark.parametrize("dataset", DATASETS)
def test_files_without_a_header_go_by_their_width(dataset: Dataset) -> None:
    found = layouts.of(dataset, "\t".join(["7"] * len(samples.columns(dataset))))
    assert not found.header
    with pytest.raises(SourceError, match="check that the file is"):
        layouts.of(dataset, "\t".join(["7"] * 200))


def test_columns_that_a_file_lacks_have_no_place() -> None:
    assert layouts.of("gdelt", "\t".join(["7"] * 57)).places[-1] is None
    found = layouts.of("icews", "\t".join(n for n in samples.columns("icews") if n != "CAMEO Code"))
    assert found.places[samples.columns("icews").index("CAMEO Code")] is None


def test_a_map_that_names_a_missing_column() -> None:
    with pytest.raises(MissingColumn, match=r"no column 'When' \(--map date=When\): it has Day, A"):
        layouts.mapped("Day,A", {"date": "When"})


@given(st.text(max_size=200))
def test_any_first_line_is_a_layout_or_an_error_of_ours(line: str) -> None:
    for dataset in DATASETS:
        try:
            found = layouts.of(dataset, line)
        except SourceError:
            continue
        assert len(found.places) == len(found.columns)


@given(st.integers(0, 39), st.integers(1, 3))
def test_a_stray_tab_anywhere_leaves_what_matters_in_place(place: int, tabs: int) -> None:
    """Wherever a cell is torn, the mended row has its dates, codes and coordinates where they belong."""
    layout = layouts.of("polecat", "\t".join(samples.columns("polecat")))
    cells = samples.polecat(Actor_Title="first deputy prime minister", Raw_Placename="town of the long name")
    torn = [*cells[:place], *["part"] * tabs, *cells[place:]]
    mended = mending.mend("polecat", torn, layout)
    if mended is None:
        return
    assert len(mended) == layout.width
    for name in ("Event Date", "Event Type", "Latitude", "Longitude", "Publication Date"):
        at = layout.columns.index(name)
        assert cells[at] in mended[at]


def test_rows_that_cannot_be_mended() -> None:
    layout = layouts.of("polecat", "\t".join(samples.columns("polecat")))
    assert mending.mend("polecat", ["x"] * 45, layout) is None
    assert mending.mend("gdelt", ["x"] * 62, layouts.of("gdelt", "\t".join(["7"] * 61))) is None


def test_the_tables_use_the_codes_of_the_ontology() -> None:
    for code, _, goldstein, type_, mode, contexts in rows("cameo"):
        assert code.isdigit()
        assert not goldstein or -10 <= float(goldstein) <= 10
        assert bool(type_) == (code[:2] not in ("01", "02"))
        assert not type_ or not mode or mode in TYPES[type_].modes, code
        assert set(contexts.split("|")) - {""} <= set(CONTEXTS), code
    for _, _, type_, mode, contexts in rows("acled"):
        assert not mode or mode in TYPES[type_].modes
        assert set(contexts.split("|")) - {""} <= set(CONTEXTS)
    for _, given_, sector, international, _ in rows("actors"):
        assert not sector or sector in SECTORS, given_
        assert not international or international in INTERNATIONAL, given_
    known = codes.countries() | set(INTERNATIONAL) | {""}
    assert {country for _, _, country in rows("countries")} <= known


def test_what_is_written_for_others_reads_back() -> None:
    """Every sector and international code survives the forms of GDELT and ICEWS, where they have a word for it."""
    import duckdb

    sectors = {(scheme, code): (sector, body) for scheme, code, sector, body, _ in rows("actors")}
    ask = "SELECT arg_min(sector, rank::INT) FROM icews_sectors WHERE ? LIKE given"
    with duckdb.connect() as connection:
        load(connection)
        for ours, role, group, icews in rows("given"):
            assert not role or sectors["cameo", role][0] == ours
            assert not group or sectors["cameo", group][1] == ours
            assert not icews or connection.execute(ask, [icews]).fetchone() == (ours,)


def test_codes_of_a_scheme() -> None:
    gw = codes.of_scheme("gw")
    assert (gw["365"], gw["2"]) == ("RUS", "USA")
    assert set(gw.values()) <= codes.countries()
