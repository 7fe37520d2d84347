"""The codes of other data sets as tables in DuckDB, for the statements in sql/ to join with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from tertius import ontology
from tertius.datasets.tables import rows, text
from tertius.world import codes, entities
from tertius.world.tables import cells

if TYPE_CHECKING:
    import duckdb

Dates = Literal["DMY", "MDY"]

_DATES = (
    "%Y-%m-%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d",
    "%d %B %Y", "%d-%B-%Y", "%d %b %Y", "%d-%b-%y", "%d-%b-%Y", "%d%b%Y",
)  # fmt: skip
_SLASHED = {
    "DMY": ("%d/%m/%y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"),
    "MDY": ("%m/%d/%y", "%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y"),
}


def load(connection: duckdb.DuckDBPyConnection, dates: Dates | None = None) -> None:
    """Make the macros and tables that the statements in sql/ use.

    `dates`: which of day and month comes first where a file writes 03/05/2018; None does not guess.
    """
    connection.execute(text("sql/shared.sql"))
    formats = ", ".join(f"'{form}'" for form in (*_DATES, *_SLASHED.get(dates or "", ())))
    connection.execute(f"CREATE MACRO day(cell) AS CAST(TRY_STRPTIME(trim(cell, ' \"'), [{formats}]) AS DATE)")
    _cameo(connection)
    _plover(connection)
    _countries(connection)
    _actors(connection)


def _cameo(connection: duckdb.DuckDBPyConnection) -> None:
    """`cameo`, and the ways in which its codes and names are written."""
    cameo = list(rows("cameo"))
    listed = ([code, words, type_ or None, mode or None] for code, words, _, type_, mode, _ in cameo)
    _table(connection, "cameo", ("code", "name", "type", "mode"), listed)
    _contexts(connection, "cameo", ("code",), [(row[5], row[0]) for row in cameo])
    full = [row[0] for row in cameo if len(row[0]) > 2]
    roots = [row[0] for row in cameo if row[0].startswith("0") and len(row[0]) == 2]
    # Spreadsheets lose the zero in front: 40 is 040, and 14 is 014, since files of rows hold no bare root codes.
    written = {code.lstrip("0"): code for code in full} | {code: code for code in (*roots, *full)}
    _table(connection, "cameo_written", ("given", "code"), written.items())
    # Where a root and one of its codes share a name, the code is meant; of several codes the first.
    by_length = sorted(cameo, key=lambda row: (len(row[0]) == 2, row[0]), reverse=True)
    _table(connection, "cameo_names", ("given", "code"), {row[1].lower(): row[0] for row in by_length}.items())


def _plover(connection: duckdb.DuckDBPyConnection) -> None:
    """`plover`: the quad class and intensity of each type and mode; and ACLED's types."""
    types = [
        (type_, mode, str(kind.quad), str(ontology.intensity(type_, mode or None)))
        for type_, kind in ontology.TYPES.items()
        for mode in ("", *kind.modes)
    ]
    _table(connection, "plover", ("type", "mode", "quad", "intensity"), types)
    connection.execute("ALTER TABLE plover ALTER quad TYPE INTEGER; ALTER TABLE plover ALTER intensity TYPE DOUBLE")
    acled = [[kind.lower(), sub.lower(), type_ or None, mode or None] for kind, sub, type_, mode, _ in rows("acled")]
    _table(connection, "acled_types", ("event_type", "sub_event_type", "type", "mode"), acled)
    contexts = [(row[4], row[0].lower(), row[1].lower()) for row in rows("acled")]
    _contexts(connection, "acled_types", ("event_type", "sub_event_type"), contexts)


def _contexts(
    connection: duckdb.DuckDBPyConnection, table: str, keys: Sequence[str], values: Iterable[Sequence[str]]
) -> None:
    """Add a list of contexts to a table; `values` are the contexts as the CSV has them, then the row's keys."""
    connection.execute(f"ALTER TABLE {table} ADD COLUMN contexts VARCHAR[]")
    where = " AND ".join(f"{key} = ?" for key in keys)
    listed = [[cells(contexts), *key] for contexts, *key in values if contexts]
    connection.executemany(f"UPDATE {table} SET contexts = ? WHERE {where}", listed)


def _countries(connection: duckdb.DuckDBPyConnection) -> None:
    others = list(rows("countries"))
    for scheme in ("cameo", "fips", "gw", "cow", "iso2", "numeric"):
        found: dict[str, str | None] = {given: country or None for s, given, country in others if s == scheme}
        found |= codes.of_scheme(scheme)
        _table(connection, f"countries_{scheme}", ("given", "country"), found.items())
    names = {given.lower(): country for scheme, given, country in others if scheme == "name"}
    for name, known in entities.names().items():
        state = next((entity for entity in known if entity.kind == "state"), None)
        if state and state.country:
            names.setdefault(name.lower(), state.country)
    names |= {code.lower(): code for code in codes.countries()}
    _table(connection, "countries_name", ("given", "country"), names.items())


def _actors(connection: duckdb.DuckDBPyConnection) -> None:
    for scheme in ("cameo", "acled"):
        known = ([given, sector or None, body or None] for s, given, sector, body, _ in rows("actors") if s == scheme)
        _table(connection, f"actors_{scheme}", ("given", "sector", "international"), known)
    known = (
        [given, sector or None, body or None, rank] for s, given, sector, body, rank in rows("actors") if s == "icews"
    )
    _table(connection, "icews_sectors", ("given", "sector", "international", "rank"), known)
    _table(connection, "sectors_plover", ("given",), ([sector] for sector in ontology.SECTORS))
    bodies = {
        name.lower(): entity.country
        for name, found in entities.names().items()
        for entity in found[:1]
        if entity.country in ontology.INTERNATIONAL
    } | {words.lower(): code for code, meaning in ontology.INTERNATIONAL.items() for words in (code, meaning)}
    _table(connection, "bodies", ("given", "country"), bodies.items())
    connection.execute("CREATE TABLE sectors_icews(given VARCHAR, sector VARCHAR, international VARCHAR)")


def load_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that turn our codes into those of others."""
    _table(
        connection, "given_as", ("ours", "role", "group", "icews"), ([c or None for c in row] for row in rows("given"))
    )
    names = {code: entities.entity(code).names[0] for code in codes.countries()}
    listed = [[c, words, codes.code_of(c, "cameo"), codes.code_of(c, "fips")] for c, words in names.items()]
    bodies = [[code, words, None, None] for code, words in ontology.INTERNATIONAL.items()]
    _table(connection, "country_names", ("country", "name", "code", "fips"), [*listed, *bodies])
    cameo = list(rows("cameo"))
    _table(connection, "cameo_scores", ("code", "name", "goldstein"), ([*row[:2], row[2] or None] for row in cameo))
    # The most general code of three or four digits that stands for a type and mode.
    general = sorted((row for row in cameo if len(row[0]) > 2 and row[3]), key=lambda row: (len(row[0]), row[0]))
    of = {(row[3], row[4]): row[0] for row in reversed(general)}
    of |= {
        (kind, mode): of[kind, ""]
        for kind, known in ontology.TYPES.items()
        for mode in known.modes
        if (kind, mode) not in of
    }
    _table(connection, "cameo_of", ("type", "mode", "code"), ([*key, code] for key, code in of.items()))


def learn_sectors(connection: duckdb.DuckDBPyConnection, given: str) -> None:
    """Resolve the lists of sectors that occur in a table of ICEWS rows, each list once."""
    connection.execute(f"""
        INSERT INTO sectors_icews
        WITH lists AS (
            SELECT DISTINCT said(unnest(["Source Sectors", "Target Sectors"])) AS given FROM {given}
        ), parts AS (
            SELECT given, trim(unnest(string_split(given, ','))) AS part FROM lists
            WHERE given NOT IN (SELECT given FROM sectors_icews)
        )
        SELECT p.given, arg_min(s.sector, CAST(s.rank AS INTEGER)), arg_min(s.international, CAST(s.rank AS INTEGER))
        FROM parts p LEFT JOIN icews_sectors s ON p.part LIKE s.given
        WHERE p.given IS NOT NULL GROUP BY p.given""")


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], values: Iterable[Sequence[str | None]]
) -> None:
    """A table of text columns, filled in one statement."""
    lists = [list(column) for column in zip(*values, strict=True)]
    defined = ", ".join(f'"{column}" VARCHAR' for column in columns)
    connection.execute(f"CREATE TABLE {name}({defined})")
    picked = ", ".join("unnest(CAST(? AS VARCHAR[]))" for _ in columns)
    connection.execute(f"INSERT INTO {name} SELECT {picked}", lists)
