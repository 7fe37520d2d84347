"""Reading in another process while the app serves: one file at a time, a job after the other.

What a file gave becomes visible as a whole, since the ledger shows whole batches only. A job whose process was stopped
keeps what is left of it and goes on when it is told to.
"""

from __future__ import annotations

import secrets
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from tertius.errors import SourceError, TertiusError
from tertius.processes import Worker, WorkerDied, WorkerError
from tertius.sources import limits

if TYPE_CHECKING:
    from tertius.ledger.ledger import Ledger
    from tertius.records import Reading

State = Literal["waiting", "reading", "stopped", "done", "failed"]
BUSY = ("waiting", "reading")
KEPT = 200  # jobs that are remembered
WAITING = 20  # jobs; more are turned away
WAITING_BYTES = 300_000_000  # of all files that wait or were stopped
MERGE_EVERY = 25  # files
ENDINGS = (".txt", ".html", ".htm", ".jsonl", ".json", ".csv", ".parquet")


class Task(NamedTuple):
    """One text or file to read into a ledger. `name` is what the ledger shall say that it was read from.

    `merge`: merge the ledger's mentions into events afterwards; without data there is only that to do.
    """

    folder: Path
    data: bytes
    name: str
    published: str | None
    merge: bool = True


class Result(NamedTuple):
    """The documents that are in the ledger now, and what could not be read, as (where, reason)."""

    documents: tuple[str, ...]
    failures: tuple[tuple[str, str], ...]


@dataclass
class Job:
    """Some files and what has become of them. Of a single file that fails, `words` say why."""

    id: str
    name: str
    left: deque[Task]
    total: int
    state: State = "waiting"
    documents: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    words: str = ""
    stopped_at: str = ""  # the file at which the process was stopped last ...
    stopped_with: int = 0  # ... and how many were left then

    @property
    def done(self) -> int:
        """How many files have been dealt with."""
        return self.total - len(self.left)


class TooMany(TertiusError):
    """More waits to be read than is sensible."""


class Jobs:
    """The line of jobs and the one process that reads them; it stays, since the models are loaded in it."""

    def __init__(self, function: Callable[[Task], Result] | None = None) -> None:
        self._worker: Worker[Task, Result] = Worker(function or read_into, megabytes=limits.READING_MEGABYTES)
        self._line = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}

    def add(self, *tasks: Task) -> Job:
        """Put a job of some files into the line. Raises TooMany."""
        with self._lock:
            waiting = [job for job in self._jobs.values() if job.left]
            size = sum(len(task.data) for job in waiting for task in list(job.left)) + sum(len(t.data) for t in tasks)
            if sum(job.state in BUSY for job in waiting) >= WAITING or (waiting and size > WAITING_BYTES):
                raise TooMany(f"{len(waiting)} jobs are waiting to be read: wait for them, or use 'tertius read'")
            name = tasks[0].name if len(tasks) == 1 else f"{len(tasks)} files"
            job = Job(secrets.token_urlsafe(9), name, deque(_merging(tasks)), len(tasks))
            self._jobs[job.id] = job
            for old in list(self._jobs)[:-KEPT]:
                del self._jobs[old]
        self._line.submit(self._do, job)
        return job

    def resume(self, job: Job) -> None:
        """Go on with a job that was stopped; one that was not is left alone."""
        with self._lock:
            if job.state != "stopped":
                return
            job.state = "waiting"
        self._line.submit(self._do, job)

    def get(self, id: str) -> Job | None:
        """The job with an id, if it is remembered."""
        return self._jobs.get(id)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._line.shutdown(wait=False, cancel_futures=True)
        self._worker.close()

    def _do(self, job: Job) -> None:
        job.state, job.words, task = "reading", "", job.left[0]
        failed = False
        while job.left:
            task = job.left[0]
            try:
                failed = not self._read(job, task)
            except WorkerDied as error:
                job.stopped_at, job.stopped_with = task.name, len(job.left)
                job.state, job.words = "stopped", f"the process that read it was stopped ({error})"
                return
            job.left.popleft()
        if failed and job.documents:  # the file after which events were to be merged
            with suppress(WorkerError, TertiusError):
                self._worker.call(task._replace(data=b"", merge=True), limits.READING_SECONDS)
        job.state = "failed" if job.total == 1 and job.words and not job.documents else "done"

    def _read(self, job: Job, task: Task) -> bool:
        """Read one file; False if it failed. Raises WorkerDied the first time that the process dies at it."""
        try:
            result = self._worker.call(task, limits.reading_seconds(len(task.data)))
        except WorkerError as error:
            if isinstance(error, WorkerDied) and job.stopped_with != len(job.left):
                raise
            times = " twice" if isinstance(error, WorkerDied) else ""
            words = f"the process that read it gave up{times} ({error}): split it into single articles"
        except TertiusError as error:
            words = str(error)
        except Exception as error:  # noqa: BLE001 - whatever one file raises, the line must go on
            words = f"it could not be read ({type(error).__name__}): please report this"
        else:
            job.documents += result.documents
            job.failures += result.failures
            return True
        job.words = words
        if job.total > 1:
            job.failures.append((task.name, words))
        return False


def _merging(tasks: Sequence[Task]) -> list[Task]:
    """Merging takes longer the more there is: it is done every so many files, and in the end."""
    last = len(tasks)
    return [task._replace(merge=number % MERGE_EVERY == 0 or number == last) for number, task in enumerate(tasks, 1)]


def read_into(task: Task) -> Result:
    """Read a text or file into a ledger and merge; what the process does. Raises TertiusError."""
    from tertius.errors import Skipped
    from tertius.ledger.ledger import Ledger
    from tertius.reading import reader
    from tertius.sources.articles import located

    ledger = Ledger.create_or_open(task.folder)
    if not task.data:
        ledger.merge()
        return Result((), ())
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
    return _kept(ledger, readings, documents, failures, task.merge)


def _kept(
    ledger: Ledger,
    readings: list[tuple[str, Reading]],
    documents: list[str],
    failures: list[tuple[str, str]],
    merge: bool,
) -> Result:
    """Write one batch and merge."""
    ledger.add([reading for _, reading in readings], [where for where, _ in readings])
    ledger.skipped(failures)
    if merge:
        ledger.merge()
    return Result(tuple(documents), tuple(failures))


def _named(where: str, path: Path, name: str) -> str:
    """Where an article stands, told by the name that the user knows: 'archive.jsonl, line 3'."""
    return name + where.removeprefix(str(path))


def _ending(name: str) -> str:
    """How a file's name ends, if that tells its kind; a stranger's name goes no further."""
    return next((ending for ending in ENDINGS if name.lower().endswith(ending)), ".txt")
