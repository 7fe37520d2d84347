"""Reading in another process while the app serves: one article or file at a time, the others wait in line.

What a job has read becomes visible as a whole, since the ledger shows whole batches only.
"""

from __future__ import annotations

import secrets
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from tertius.errors import SourceError, TertiusError
from tertius.processes import Worker, WorkerError
from tertius.sources import limits

if TYPE_CHECKING:
    from tertius.ledger.ledger import Ledger
    from tertius.records import Reading

State = Literal["waiting", "reading", "done", "failed"]
KEPT = 200  # jobs that are remembered
WAITING = 20  # more are turned away
ENDINGS = (".txt", ".html", ".htm", ".jsonl", ".json", ".csv", ".parquet")


class Task(NamedTuple):
    """One text or file to read into a ledger. `name` is what the ledger shall say that it was read from."""

    folder: Path
    data: bytes
    name: str
    published: str | None


class Result(NamedTuple):
    """The documents that are in the ledger now, and what could not be read, as (where, reason)."""

    documents: tuple[str, ...]
    failures: tuple[tuple[str, str], ...]


@dataclass
class Job:
    """One task and what has become of it."""

    id: str
    name: str
    state: State = "waiting"
    result: Result | None = None
    words: str = ""  # of a failure


class TooMany(TertiusError):
    """More waits to be read than is sensible."""


class Jobs:
    """The line of jobs and the one process that reads them; it stays, since the models are loaded in it."""

    def __init__(self, function: Callable[[Task], Result] | None = None) -> None:
        self._worker: Worker[Task, Result] = Worker(function or read_into, megabytes=limits.READING_MEGABYTES)
        self._line = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}

    def add(self, task: Task) -> Job:
        """Put a task into the line. Raises TooMany."""
        with self._lock:
            if sum(job.state in ("waiting", "reading") for job in self._jobs.values()) >= WAITING:
                raise TooMany(f"{WAITING} texts are waiting to be read: wait for them, or use 'tertius read'")
            job = Job(secrets.token_urlsafe(9), task.name)
            self._jobs[job.id] = job
            for old in list(self._jobs)[:-KEPT]:
                del self._jobs[old]
        self._line.submit(self._do, job, task)
        return job

    def get(self, id: str) -> Job | None:
        """The job with an id, if it is remembered."""
        return self._jobs.get(id)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._line.shutdown(wait=False, cancel_futures=True)
        self._worker.close()

    def _do(self, job: Job, task: Task) -> None:
        job.state = "reading"
        try:
            job.result = self._worker.call(task, limits.reading_seconds(len(task.data)))
            job.state = "done"
        except WorkerError as error:
            job.words, job.state = (
                f"the process that read it gave up ({error}): split it into single articles",
                "failed",
            )
        except TertiusError as error:
            job.words, job.state = str(error), "failed"
        except Exception as error:  # noqa: BLE001 - whatever one job raises, the line must go on
            job.words, job.state = f"it could not be read ({type(error).__name__}): please report this", "failed"


def read_into(task: Task) -> Result:
    """Read a text or file into a ledger and merge; what the process does. Raises TertiusError."""
    from tertius.errors import Skipped
    from tertius.ledger.ledger import Ledger
    from tertius.reading import reader
    from tertius.sources.articles import located

    ledger = Ledger.create_or_open(task.folder)
    readings: list[tuple[str, Reading]] = []
    documents: list[str] = []
    failures: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / ("article" + _ending(task.name))
        path.write_bytes(task.data)
        for item in located([path], published=task.published):
            where = _named(item.where if isinstance(item, Skipped) else item[0], path, task.name)
            if isinstance(item, Skipped):
                failures.append((where, item.reason.reason))
                continue
            documents.append(item[1].id)
            try:
                if not ledger.has(item[1].id):
                    readings.append((where, reader.read(item[1])))
            except SourceError as error:
                failures.append((where, error.reason))
    return _kept(ledger, readings, documents, failures)


def _kept(
    ledger: Ledger, readings: list[tuple[str, Reading]], documents: list[str], failures: list[tuple[str, str]]
) -> Result:
    """Write one batch and merge."""
    ledger.add([reading for _, reading in readings], [where for where, _ in readings])
    ledger.skipped(failures)
    ledger.merge()
    return Result(tuple(documents), tuple(failures))


def _named(where: str, path: Path, name: str) -> str:
    """Where an article stands, told by the name that the user knows: 'archive.jsonl, line 3'."""
    return name + where.removeprefix(str(path))


def _ending(name: str) -> str:
    """How a file's name ends, if that tells its kind; a stranger's name goes no further."""
    return next((ending for ending in ENDINGS if name.lower().endswith(ending)), ".txt")
