"""A process that does one thing at a time for us and may be killed: for work on hostile or very large input.

`multiprocessing.Pool` and `concurrent.futures` lose every task when one process dies and cannot stop a task that takes
too long; here one worker is one process with one pipe, so its owner knows what it was doing and replaces it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from tertius.errors import SourceError, TertiusError

Task = TypeVar("Task")
Result = TypeVar("Result")

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TOKENIZERS_PARALLELISM")
GRACE = 2.0  # seconds that a process has to end after it was told to


class WorkerError(Exception):
    """The worker gave no result. Its owner turns this into what it means for the task."""


class WorkerLate(WorkerError):
    """The worker took longer than it was given; it has been killed."""


class WorkerDied(WorkerError):
    """The worker ended in the middle of its task: killed from outside, out of memory, or a crash of a library."""


class WorkerFailed(WorkerError):
    """The function raised something that is not a TertiusError; the message names it."""


class Worker(Generic[Task, Result]):
    """Runs `function` on one task at a time in its own process, which starts with the first task.

    `function`, tasks and results must be picklable. `megabytes` bounds the memory that the process may ask for, where
    the system knows such a bound. After WorkerLate or WorkerDied the next task starts a fresh process.
    """

    def __init__(self, function: Callable[[Task], Result], *, megabytes: int | None = None) -> None:
        self.function = function
        self.megabytes = megabytes
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None

    def call(self, task: Task, seconds: float) -> Result:
        """Run one task and wait for its result, at most `seconds`. Raises what `receive` raises."""
        self.send(task)
        deadline = time.monotonic() + seconds
        if not self.connection.poll(max(0.0, deadline - time.monotonic())):
            self.close()
            raise WorkerLate(f"no result after {seconds:g} seconds")
        return self.receive()

    @property
    def connection(self) -> Connection:
        """What becomes readable when the result is there or the process has died; for multiprocessing's `wait`."""
        if self._pipe is None:
            raise WorkerDied("the process is not running")
        return self._pipe

    def send(self, task: Task) -> None:
        """Hand over one task; the worker must have none."""
        if self._process is None or not self._process.is_alive():
            self.close()
            self._start()
        with suppress(OSError):  # a process that died meanwhile shows when its result is asked for
            self.connection.send(task)

    def receive(self) -> Result:
        """The result of the task that was sent, waiting for it.

        Raises the TertiusError that the function raised, WorkerDied, or WorkerFailed for any other error in it.
        """
        try:
            kind, value = self.connection.recv()
        except (EOFError, OSError) as error:
            code = self.close()
            raise WorkerDied(f"the process ended with code {code}") from error
        if kind == "source":
            error_class, reason, where = value
            raise error_class(reason, where)
        if kind == "tertius":
            error_class, message = value
            raise error_class(message)
        if kind == "failed":
            raise WorkerFailed(value)
        result: Result = value
        return result

    def close(self) -> int | None:
        """End the process, whatever it is doing, and return its exit code."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        if process is None:
            return None
        process.join(0.2 if not process.is_alive() else 0)
        if process.is_alive():
            process.terminate()
            process.join(GRACE)
        if process.is_alive():
            process.kill()
            process.join()
        code = process.exitcode
        process.close()
        return code

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy the locks of running threads
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(self.function, theirs, self.megabytes), daemon=True)
        with _no_interrupt():
            process.start()
        theirs.close()
        self._process, self._pipe = process, ours


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Processes started in here never see Ctrl-C: their owner does, and ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(function: Callable[[Any], Any], pipe: Connection, megabytes: int | None) -> None:
    """What the process does: answer tasks until its owner is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ONE_THREAD:
        os.environ[name] = "false" if name == "TOKENIZERS_PARALLELISM" else "1"
    _limit_memory(megabytes)
    with suppress(EOFError, OSError):
        while True:
            task = pipe.recv()
            pipe.send(_answer(function, task))


def _answer(function: Callable[[Any], Any], task: Any) -> tuple[str, Any]:
    try:
        return "result", function(task)
    except SourceError as error:
        return "source", (type(error), error.reason, error.where)
    except TertiusError as error:
        return "tertius", (type(error), str(error))
    except MemoryError:
        return "failed", "out of memory"
    except Exception as error:  # noqa: BLE001 - whatever one task raises, the next ones must be served
        return "failed", f"{type(error).__name__}: {error}"


def _limit_memory(megabytes: int | None) -> None:
    if megabytes is None:
        return
    try:
        import resource
    except ImportError:  # Windows knows no such limit
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
