"""Forecasts in another process while the app serves: one question at a time; what was learnt stays for the next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillBusy
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tertius.errors import TertiusError
from tertius.processes import Worker, WorkerError

if TYPE_CHECKING:
    from tertius.studies.forecasts.outlook import Forecaster

SECONDS = 900.0  # for one question; learning from a million acts takes minutes
MEGABYTES = 6_000
AT_ONCE = 0.4  # seconds that a page waits for an answer before it says that it is being worked out
KEPT = 64
WAITING = 8  # more questions are turned away


class Question(NamedTuple):
    """What is asked of a ledger as it was last written (`state`): the chances of a pair, or a scenario."""

    folder: Path
    state: tuple[int, ...]
    a: str
    b: str
    supposed: tuple[str, ...] = ()


class Told(NamedTuple):
    """The answer, as plain rows."""

    origin: str
    notes: list[str]
    forecasts: list[dict[str, Any]]
    past: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    warnings: list[str]


class TooMany(TertiusError):
    """More questions wait than is sensible."""


class Learning:
    """The line of questions, and the answers that are remembered."""

    def __init__(self, function: Callable[[Question], Told] | None = None) -> None:
        self._worker: Worker[Question, Told] = Worker(function or answer, megabytes=MEGABYTES)
        self._line = ThreadPoolExecutor(max_workers=1, thread_name_prefix="learning")
        self._lock = threading.Lock()
        self._asked: OrderedDict[Question, Future[Told]] = OrderedDict()

    def ask(self, question: Question) -> Told | None:
        """The answer, or None while it is being worked out. Raises what the question raised, and TooMany."""
        with self._lock:
            if question not in self._asked:
                if sum(not future.done() for future in self._asked.values()) >= WAITING:
                    raise TooMany(f"{WAITING} forecasts are being worked out: wait for them, or use 'tertius forecast'")
                self._asked[question] = self._line.submit(self._answered, question)
                while len(self._asked) > KEPT:
                    self._asked.popitem(last=False)
            future = self._asked[question]
        with suppress(StillBusy):
            return future.result(AT_ONCE)
        return None

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._line.shutdown(wait=False, cancel_futures=True)
        self._worker.close()

    def _answered(self, question: Question) -> Told:
        try:
            return self._worker.call(question, SECONDS)
        except WorkerError as error:
            with self._lock:  # it may go better another time
                self._asked.pop(question, None)
            raise TertiusError(f"the forecast could not be worked out ({error}): use 'tertius forecast'") from error


_learnt: dict[tuple[Path, tuple[int, ...]], Forecaster] = {}  # of this process: the last ledger's


def answer(question: Question) -> Told:
    """What the process does. Raises TertiusError."""
    import msgspec

    from tertius.studies.forecasts import scenarios

    forecaster = _forecaster(question)
    told = forecaster.forecast(question.a, question.b)
    changes, warnings = [], []
    if question.supposed:
        found = scenarios.scenario(forecaster, question.supposed, [(question.a, question.b)])
        changes, warnings = found.changes, found.warnings
    plain = msgspec.to_builtins
    past = forecaster.over_time(question.a, question.b)
    return Told(forecaster.origin, forecaster.notes(), plain(told), plain(past), plain(changes), warnings)


def _forecaster(question: Question) -> Forecaster:
    from tertius.ledger.ledger import Ledger
    from tertius.studies import record
    from tertius.studies.forecasts import outlook

    key = question.folder, question.state
    if key not in _learnt:
        _learnt.clear()
        acts = record.of_ledger(Ledger.open(question.folder))
        for actor in (question.a, question.b):
            acts.number(actor)  # an unknown actor is said before minutes of learning
        _learnt[key] = outlook.forecaster(acts)
    return _learnt[key]
