"""The SQL of an import: scratch files into cells, cells into columns of the ledger, and what could not be read.

Three steps that DuckDB runs as one: `raw` numbers the lines, `given` names their cells as the data set does, `told`
(sql/*.sql, or the user's map) says what they mean; the outer statement adds evidence, codes and PLOVER's scores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from tertius.datasets import limits
from tertius.datasets.files import PARTED
from tertius.datasets.layouts import Layout
from tertius.ledger import store

if TYPE_CHECKING:
    import duckdb

Table = Literal["coded", "reports"]
# Their ids tell events apart and their files overlap (weekly and yearly downloads, releases): an id is taken in once.
ONCE = ("polecat", "ucdp", "acled")

_GIVEN = """
raw AS (
    SELECT "row", parse_filename(filename) AS scratch, row_number() OVER () AS n
    FROM read_csv([{paths}], columns = {{'row': 'VARCHAR'}}, delim = '\\x01', quote = '', escape = '', header = false,
                  auto_detect = false, filename = true, max_line_size = {line_bytes})
), cells AS (
    SELECT p.batch, p.file, p.digest, r.n - p.before + p.first - 1 AS line, p.headed, r."row",
           string_split(r."row", '{delimiter}') AS c
    FROM raw r JOIN pieces p ON p.scratch = r.scratch
    WHERE r."row" IS NOT NULL
), given AS (
    SELECT batch, file, digest, {line} AS line, len(c) - {extra} AS width, "row", {cells}
    FROM cells WHERE NOT (headed AND line = 1)
)"""

_HASHED = "left(md5(concat_ws(':', t.digest, t.file, t.line)), 16)"
_ID = "coalesce(t.whole_id, concat({dataset}, ':', coalesce(t.id, " + _HASHED + ")))"

# What the outer statement makes of what was told; every other column is as it was told.
_MADE = {
    "end": 'coalesce(t."end", t."date")',
    "date_precision": "coalesce(t.date_precision, 'day')",
    "source_code": "nullif(concat_ws(' ', t.source_country, t.source_sector), '')",
    "target_code": "nullif(concat_ws(' ', t.target_country, t.target_sector), '')",
    "quad": "coalesce(p.quad, t.quad)",
    "intensity": "coalesce(t.intensity, p.intensity)",
    "modality": "coalesce(t.modality, 'actual')",
    "latitude": "CASE WHEN outside(t.latitude, t.longitude) IS NULL THEN t.latitude END",
    "longitude": "CASE WHEN outside(t.latitude, t.longitude) IS NULL THEN t.longitude END",
    "doubt": "CASE WHEN t.doubts <> '' OR outside(t.latitude, t.longitude) IS NOT NULL "
    "THEN distinct_doubts(concat_ws('; ', nullif(t.doubts, ''), outside(t.latitude, t.longitude))) END",
}

_BAD = """CASE WHEN t.width <> {width} THEN concat(t.width, ' cells instead of {width}')
    WHEN {dated} AND t."{day}" IS NULL THEN concat('no date that can be read in ''', t.date_given, '''',
        CASE WHEN regexp_full_match(t.date_given, '\\d+[/.-]\\d+[/.-]\\d+.*') THEN ': say --dates DMY or MDY' END)
    END"""


class Statement(NamedTuple):
    """One import statement: what `told` says of scratch files of one layout, and how bad rows are known."""

    table: Table
    dataset: str
    told: str  # SQL over `given`
    layout: Layout
    paths: tuple[str, ...]

    def good(self) -> str:
        """The rows to write, with all columns of the table in order and in type."""
        made = (_MADE | {"id": _ID.format(dataset=literal(self.dataset))}) if self.table == "coded" else {}
        made = {"dataset": f"coalesce(t.dataset, {literal(self.dataset)})"} | made
        columns = ", ".join(
            f"CAST({made.get(column, 't.' + name(column))} AS {kind}) AS {name(column)}"
            for column, kind in store.columns(self.table).items()
        )
        scores = 'LEFT JOIN plover p ON p."type" = t."type" AND p.mode = coalesce(t.mode, \'\')'
        once = "LEFT JOIN here h ON h.id = t.id" if self.dataset in ONCE else ""
        new = "AND h.id IS NULL" if once else ""
        joined = f"{scores} {once}" if self.table == "coded" else ""
        return f"WITH {self._all_told()} SELECT {columns} FROM all_told t {joined} WHERE ({self._bad()}) IS NULL {new}"

    def repeated(self) -> str:
        """How many rows are here already from another file, by batch."""
        ask = "SELECT t.batch, count(*) FROM all_told t SEMI JOIN here h ON h.id = t.id"
        return f"WITH {self._all_told()} {ask} WHERE ({self._bad()}) IS NULL GROUP BY t.batch"

    def bad(self) -> str:
        """The rows that cannot be read, as batch, file, line, width and reason."""
        ask = f"SELECT t.batch, t.file, t.line, t.width, {self._bad()} AS reason FROM all_told t"
        return f"WITH {self._all_told()} SELECT * FROM ({ask}) WHERE reason IS NOT NULL LIMIT {limits.NAMED}"

    def wide(self) -> str:
        """Rows with too many cells, as batch, file, digest, line and row."""
        ask = f'SELECT batch, file, digest, line, "row" FROM given WHERE width > {self.layout.width}'
        return f"WITH {self.given()} {ask} LIMIT {limits.MENDED}"

    def given(self) -> str:
        """The common table expressions up to `given`."""
        layout = self.layout
        extra = 1 if layout.quoted else 0
        cells = ", ".join(
            f"{'CAST(NULL AS VARCHAR)' if place is None else f'c[{place + 1 + extra}]'} AS {name(column)}"
            for column, place in zip(layout.columns, layout.places, strict=True)
        )
        return _GIVEN.format(
            paths=", ".join(map(literal, self.paths)),
            line_bytes=limits.LINE_BYTES,
            delimiter=PARTED if layout.quoted else layout.delimiter,
            line="CAST(c[1] AS BIGINT)" if layout.quoted else "line",
            extra=extra,
            cells=cells,
        )

    def _all_told(self) -> str:
        every = f"FROM template_{self.table} UNION ALL BY NAME FROM told"
        return f"{self.given()}, told AS ({self.told}), all_told AS ({every})"

    def _bad(self) -> str:
        day = "date" if self.table == "coded" else "reported"
        return _BAD.format(width=self.layout.width, day=day, dated="false" if self.dataset == "tertius" else "true")


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables that give every statement all columns, the list of scratch files, and ids that are here."""
    # Every statement has the files on the left and small tables on the right; DuckDB cannot know how large a file is,
    # and would build its hash tables from the wrong side.
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    extra = {
        "whole_id": "VARCHAR",
        "digest": "VARCHAR",
        "width": "BIGINT",
        "date_given": "VARCHAR",
        "doubts": "VARCHAR",
    }
    for table in ("coded", "reports"):
        columns = ", ".join(f"{name(column)} {kind}" for column, kind in (store.columns(table) | extra).items())
        connection.execute(f"CREATE TABLE template_{table}({columns})")
    connection.execute(
        "CREATE TABLE pieces(scratch VARCHAR, batch VARCHAR, file VARCHAR, digest VARCHAR, first BIGINT, "
        "before BIGINT, headed BOOLEAN)"
    )
    connection.execute("CREATE TABLE here(id VARCHAR)")


def literal(text: str) -> str:
    """Text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def name(column: str) -> str:
    """A name as an identifier of SQL."""
    return '"' + column.replace('"', '""') + '"'
