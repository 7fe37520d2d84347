"""Files of event data into a ledger: each file as a whole or not at all, set by set in DuckDB.

A file is cut into scratch pieces (files.py); many small files or one piece of a large one become one write. Rows are
visible once their file is recorded in `imports`, after its last piece: a killed import shows nothing of it, and running
it again brings it whole. The same file twice, by its hash, changes nothing.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, NamedTuple

from tertius.datasets import codes, files, layouts, limits, mending, own
from tertius.datasets.layouts import DATASETS, Layout
from tertius.datasets.statements import ONCE, Statement, Table, prepare
from tertius.datasets.tables import text
from tertius.datasets.terms import Terms, terms_of
from tertius.errors import EmptySource, SourceError
from tertius.ledger import bulk
from tertius.ledger.ledger import Ledger
from tertius.version import VERSION


class Options(NamedTuple):
    """What is imported and how it is understood."""

    dataset: str  # one of layouts.DATASETS, 'tertius' for an export of Tertius, or a name of the user's own
    columns: Mapping[str, str] = MappingProxyType({})  # ours to theirs, where theirs are not the usual ones
    schemes: Mapping[str, str] = MappingProxyType({})  # of ours that are countries, the scheme of their codes
    fixed: Mapping[str, str] = MappingProxyType({})  # ours that are the same in all rows
    dates: codes.Dates | None = None
    licence: str | None = None


class Imported(NamedTuple):
    """What became of one file."""

    path: Path
    rows: int
    skipped: int
    again: bool = False  # the file was here before
    repeated: int = 0  # rows that were here before, from another file


class Bad(NamedTuple):
    """A row that was skipped, or a doubt about rows that were kept (`rows` of them, `where` the first)."""

    where: str
    reason: str
    rows: int = 1


class Waiting(NamedTuple):
    """A scratch piece that is not written yet."""

    piece: files.Piece
    batch: str
    digest: str
    name: str
    layout: Layout


class Importer:
    """Imports files into a ledger. Use it as a context; what it found wrong is in `bad` and `doubts`."""

    def __init__(self, ledger: Ledger, options: Options) -> None:
        self.ledger = ledger
        self.options = options
        self.terms: Terms = terms_of(options.dataset, options.licence)
        self.table: Table = "reports" if options.dataset == "gdelt-mentions" else "coded"
        self.bad: list[Bad] = []
        self.doubts: list[Bad] = []
        self._known = set(bulk.imported(ledger))
        self.first = all(dataset != options.dataset for dataset, _ in self._known)  # nothing of this data set is here
        self._waiting: list[Waiting] = []
        self._bytes = 0
        self._complete: list[tuple[str, str, Path]] = []  # batch, digest, path
        self._refused: dict[str, SourceError] = {}  # batches most of whose rows cannot be read
        self._rows: dict[str, int] = {}
        self._skipped: dict[str, int] = {}
        self._repeated: dict[str, int] = {}
        self._names = 0
        self._once = options.dataset in ONCE

    def __enter__(self) -> Importer:
        import duckdb

        self._folder = tempfile.TemporaryDirectory(prefix="tertius-import-")
        self.scratch = Path(self._folder.name)
        self._connection = duckdb.connect(config={"memory_limit": limits.MEMORY, "temp_directory": self._folder.name})
        codes.load(self._connection, self.options.dates)
        prepare(self._connection)
        self._learn_ids()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._folder.cleanup()

    def run(self, paths: Sequence[Path], failed: Callable[[SourceError], None]) -> Iterator[Imported]:
        """Import files and tell of each as soon as its rows are visible; `failed` is told of those that cannot be read.

        Raises LedgerError when the ledger cannot be written; files told of stay.
        """
        for path in paths:
            batch = uuid.uuid4().hex
            try:
                with files.readable(path):
                    again = self._take(path, batch)
            except SourceError as error:
                # What was written of it already stays invisible.
                self._waiting = [one for one in self._waiting if one.batch != batch]
                failed(error)
                continue
            if again:
                yield Imported(path, 0, 0, True)
            if self._bytes >= limits.FLUSH_BYTES or len(self._complete) >= (1 if self._once else limits.FLUSH_FILES):
                yield from self._flush(failed)
        yield from self._flush(failed)

    def _take(self, path: Path, batch: str) -> bool:
        """Cut a file into pieces, writing as they grow too many. Returns whether it was here before."""
        digest = files.sha256(path)
        if (self.options.dataset, digest) in self._known:
            return True
        for name, stream in files.tables(path):
            found = files.blocks(stream)
            first = next(found, None)
            if first is None:
                raise EmptySource("it is empty", str(path))
            layout = self._layout(first.split(b"\n", 1)[0].decode("utf-8"))
            blocks = chain([first], found)
            lines = files.parted(blocks, layout.delimiter) if layout.quoted else blocks
            self._names += 1
            for piece in files.pieces(lines, self.scratch, str(self._names)):
                self._waiting.append(Waiting(piece, batch, digest, name, layout))
                self._bytes += piece.path.stat().st_size
                if self._bytes >= limits.FLUSH_BYTES:
                    self._write()
                    if batch in self._refused:
                        raise self._refused.pop(batch)
        self._known.add((self.options.dataset, digest))
        self._complete.append((batch, digest, path))
        return False

    def _layout(self, first_line: str) -> Layout:
        options = self.options
        for dataset in DATASETS:
            if dataset == options.dataset:
                return layouts.of(dataset, first_line, options.columns)
        if options.dataset == "tertius":
            return own.layout(first_line)
        return layouts.mapped(first_line, options.columns)

    def _told(self) -> str:
        options = self.options
        if options.dataset in DATASETS:
            return text(f"sql/{options.dataset}.sql")
        if options.dataset == "tertius":
            return own.told()
        return own.mapped(options.columns, options.schemes, options.fixed)

    def _flush(self, failed: Callable[[SourceError], None]) -> Iterator[Imported]:
        """Write what waits, then make complete files visible, without those that turned out to be something else."""
        self._write()
        done = [one for one in self._complete if one[0] not in self._refused]
        for batch, digest, _ in self._complete:
            if batch in self._refused:
                self._known.discard((self.options.dataset, digest))
                failed(self._refused.pop(batch))
        self._complete = []
        now = datetime.now(UTC).replace(tzinfo=None).isoformat()
        bulk.show(self.ledger, [self._record(*one, now) for one in done])
        self._learn_ids()
        for batch, _, path in done:
            rows, skipped, repeated = (counted.pop(batch, 0) for counted in (self._rows, self._skipped, self._repeated))
            yield Imported(path, rows, skipped, repeated=repeated)

    def _learn_ids(self) -> None:
        if self._once:
            bulk.learn_ids(self.ledger, self._connection, self.options.dataset, "here")

    def _record(self, batch: str, digest: str, path: Path, now: str) -> dict[str, Any]:
        return {
            "batch": batch,
            "dataset": self.options.dataset,
            "file": path.name,
            "sha256": digest,
            "rows": self._rows.get(batch, 0),
            "skipped": self._skipped.get(batch, 0),
            "licence": self.terms.licence,
            "terms": self.terms.terms,
            "added": now,
            "tertius": VERSION,
        }

    def _write(self) -> None:
        """Write the pieces that wait, those of one layout at a time."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        for layout in dict.fromkeys(one.layout for one in waiting):
            some = [one for one in waiting if one.layout == layout]
            self._write_some(some, layout)
        for one in waiting:
            one.piece.path.unlink()

    def _write_some(self, some: list[Waiting], layout: Layout) -> None:
        before = headers = 0
        listed: list[list[Any]] = []
        for one in some:
            headed = layout.header and one.piece.first == 1
            listed.append([one.piece.path.name, one.batch, one.name, one.digest, one.piece.first, before, headed])
            before += one.piece.lines
            headers += headed
        self._list(listed)
        paths = tuple(str(one.piece.path) for one in some)
        statement = Statement(self.table, self.options.dataset, self._told(), layout, paths)
        if self.options.dataset == "icews":
            codes.learn_sectors(self._connection, f"(WITH {statement.given()} SELECT * FROM given)")
        written = self._append(statement)
        if written < before - headers:
            self._explain(statement)

    def _list(self, pieces: list[list[Any]]) -> None:
        self._connection.execute("DELETE FROM pieces")
        self._connection.executemany("INSERT INTO pieces VALUES (?, ?, ?, ?, ?, ?, ?)", pieces)

    def _append(self, statement: Statement) -> int:
        """Write the good rows, count them by batch and note doubts. Returns their number."""
        new = bulk.append(self.ledger, self.table, self._connection, statement.good())
        if not new:
            return 0
        counted = self._connection.execute(
            "SELECT batch, count(*) FROM read_parquet(?) GROUP BY batch", [new]
        ).fetchall()
        for batch, rows in counted:
            self._rows[batch] = self._rows.get(batch, 0) + rows
        if self.table == "coded":
            ask = "SELECT arg_min(file || ', line ' || line, line), doubt, count(*) FROM read_parquet(?)"
            found = self._connection.execute(f"{ask} WHERE doubt IS NOT NULL GROUP BY doubt", [new]).fetchall()
            self.doubts += [Bad(*row) for row in found]
        return sum(rows for _, rows in counted)

    def _explain(self, statement: Statement) -> None:
        """Find the rows that were not written: mend those that can be, record and count the others."""
        for batch, rows in self._connection.execute(statement.repeated()).fetchall() if self._once else ():
            self._repeated[batch] = self._repeated.get(batch, 0) + rows
        found = self._connection.execute(statement.bad()).fetchall()
        mended = self._mend(statement) if any(row[3] > statement.layout.width for row in found) else set()
        failures: dict[str, list[tuple[str, str]]] = {}
        for batch, file, line, _, reason in found:
            if (batch, file, line) not in mended:
                failures.setdefault(batch, []).append((f"{file}, line {line}", reason))
        for batch, listed in failures.items():
            good = self._rows.get(batch, 0) + self._repeated.get(batch, 0)
            if not good or len(listed) > max(good, limits.SHOWN):
                where, reason = listed[0]
                more = f", and so on in {len(listed):,} rows: is it {self.terms.title}?" if len(listed) > 1 else ""
                self._refused[batch] = SourceError(reason + more, where)
                continue
            self._skipped[batch] = self._skipped.get(batch, 0) + len(listed)
            self.bad += [Bad(where, reason) for where, reason in listed]
            self.ledger.skipped(listed)

    def _mend(self, statement: Statement) -> set[tuple[str, str, int]]:
        """Write rows with stray tabs that can be mended. Returns which they were, as batch, file and line."""
        layout = statement.layout
        if layout.quoted:
            return set()
        lines: dict[tuple[str, str, str], list[str]] = {}
        done = set()
        for batch, file, digest, line, row in self._connection.execute(statement.wide()).fetchall():
            cells = mending.mend(self.options.dataset, row.split(layout.delimiter), layout)
            if cells:
                lines.setdefault((batch, file, digest), []).append(files.PARTED.join([str(line), *cells]) + "\n")
                done.add((batch, file, line))
        if done:
            self._write_mended(statement, lines)
        return done

    def _write_mended(self, statement: Statement, lines: Mapping[tuple[str, str, str], Sequence[str]]) -> None:
        """Write mended rows, which lie under batch, file and digest, as a table whose cells need no quotes."""
        listed: list[list[Any]] = []
        for number, ((batch, file, digest), rows) in enumerate(lines.items()):
            path = self.scratch / f"mended-{number}.txt"
            path.write_text("".join(rows), encoding="utf-8")
            listed.append([path.name, batch, file, digest, 1, 0, False])
        self._list(listed)
        paths = tuple(str(self.scratch / row[0]) for row in listed)
        layout = statement.layout._replace(header=False, delimiter=files.PARTED)
        self._append(statement._replace(layout=layout, paths=paths))
