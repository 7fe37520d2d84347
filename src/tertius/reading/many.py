"""Reading many articles, in several processes: in order, in bounded memory, and never stopped by one article.

An article on which its process dies, or that takes too long, becomes a Skipped; the next one gets a fresh process.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import wait

from tertius.errors import Skipped, SourceError, TertiusError, TooLarge
from tertius.processes import Worker, WorkerDied, WorkerError, WorkerFailed
from tertius.records import Document, Reading

Read = Callable[[Document], Reading]
Located = tuple[str, Document]
Outcome = tuple[str, Reading] | Skipped

AHEAD = 4  # articles per process that may be waiting: to be read, or for an earlier one to be done


def read_many(
    items: Iterable[Located | Skipped],
    *,
    jobs: int,
    seconds: Callable[[int], float],
    megabytes: int | None = None,
    read: Read | None = None,
) -> Iterator[Outcome]:
    """Read documents, given with where they came from, and pass Skipped ones through, in the order of `items`.

    With one job everything happens in this process. With more, `seconds` says how long an article of so many characters
    may take and `megabytes` how much memory its process may ask for. `read` must be picklable; it is the reader unless
    given. Close the iterator to end the processes at once. Raises a TertiusError of the reader that is no SourceError.
    """
    function = read or _read
    return _here(items, function) if jobs <= 1 else _Pool(items, function, jobs, seconds, megabytes).outcomes()


def _read(document: Document) -> Reading:
    from tertius.reading import reader

    return reader.read(document)


def _here(items: Iterable[Located | Skipped], read: Read) -> Iterator[Outcome]:
    for item in items:
        if isinstance(item, Skipped):
            yield item
            continue
        where, document = item
        try:
            yield where, read(document)
        except SourceError as error:
            yield Skipped(where, type(error)(error.reason, where))
        except TertiusError:  # a damaged model, for instance: it would fail on every article
            raise
        except Exception as error:  # noqa: BLE001 - one article must not stop the others
            yield _failure(where, WorkerFailed(f"{type(error).__name__}: {error}"))


class _Slot:
    """One article's place in the order: its outcome, once there is one."""

    def __init__(self, outcome: Outcome | None = None) -> None:
        self.outcome = outcome


class _Busy:
    """A worker with the article that it is reading."""

    def __init__(self, worker: Worker[Document, Reading], item: Located, slot: _Slot, seconds: float) -> None:
        self.worker, self.where, self.slot, self.seconds = worker, item[0], slot, seconds
        self.deadline = time.monotonic() + seconds
        worker.send(item[1])

    def finish(self) -> None:
        """Take the outcome, which is there, or is that the process died."""
        try:
            self.slot.outcome = (self.where, self.worker.receive())
        except SourceError as error:
            self.slot.outcome = Skipped(self.where, type(error)(error.reason, self.where))
        except WorkerError as error:
            self.slot.outcome = _failure(self.where, error)

    def give_up(self) -> None:
        """End the process, since its time is over."""
        self.worker.close()
        reason = f"reading it took more than {self.seconds:.0f} seconds: split the article"
        self.slot.outcome = Skipped(self.where, TooLarge(reason, self.where))


class _Pool:
    """Hands articles to workers and brings the outcomes back into order."""

    def __init__(
        self,
        items: Iterable[Located | Skipped],
        read: Read,
        jobs: int,
        seconds: Callable[[int], float],
        megabytes: int | None,
    ) -> None:
        self.items = iter(items)
        self.seconds = seconds
        self.idle: list[Worker[Document, Reading]] = [Worker(read, megabytes=megabytes) for _ in range(jobs)]
        self.busy: list[_Busy] = []
        self.waiting: deque[tuple[Located, _Slot]] = deque()
        self.order: deque[_Slot] = deque()
        self.most = AHEAD * jobs
        self.more = True

    def outcomes(self) -> Iterator[Outcome]:
        """All outcomes, in order."""
        try:
            while True:
                self._hand_out()
                while self.order and self.order[0].outcome is not None:
                    yield self.order.popleft().outcome  # type: ignore[misc]
                    self._hand_out()
                if not self.order and not self.more:
                    return
                self._wait()
        finally:
            for worker in [*self.idle, *(busy.worker for busy in self.busy)]:
                worker.close()

    def _hand_out(self) -> None:
        """Give every idle worker an article; fetch no more than one beyond that while results are waiting."""
        while self.idle and (self.waiting or self._fetch()):
            if self.waiting:
                item, slot = self.waiting.popleft()
                self.busy.append(_Busy(self.idle.pop(), item, slot, self.seconds(len(item[1].text))))

    def _fetch(self) -> bool:
        """Take one more item from the source, if there is one and room for it."""
        if not self.more or len(self.order) >= self.most:
            return False
        item = next(self.items, None)
        if item is None:
            self.more = False
            return False
        slot = _Slot(item if isinstance(item, Skipped) else None)
        self.order.append(slot)
        if not isinstance(item, Skipped):
            self.waiting.append((item, slot))
        return True

    def _wait(self) -> None:
        """Until a worker is done, dead or late; meanwhile one article is made ready."""
        if not self.busy:
            return
        if not self.waiting:
            self._fetch()
        soonest = min(busy.deadline for busy in self.busy)
        ready = wait([busy.worker.connection for busy in self.busy], max(0.0, soonest - time.monotonic()))
        now = time.monotonic()
        for busy in list(self.busy):
            if busy.worker.connection in ready:
                busy.finish()
            elif busy.deadline <= now:
                busy.give_up()
            else:
                continue
            self.busy.remove(busy)
            self.idle.append(busy.worker)


def _failure(where: str, error: WorkerError) -> Skipped:
    if isinstance(error, WorkerDied):
        reason = "the process that read it died, perhaps for lack of memory: use fewer --jobs, or split the article"
    else:
        reason = f"the reader failed on it ({error}): please report this with the article"
    return Skipped(where, SourceError(reason, where))
