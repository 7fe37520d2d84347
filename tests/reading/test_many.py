from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterable, Iterator

import pytest

from tertius.errors import ModelError, NoArticle, Skipped, SourceError, TooLarge
from tertius.reading.many import AHEAD, Outcome, read_many
from tertius.records import Document
from tests.stub_readers import troubled

SECONDS = 30.0


def documents(*texts: str) -> list[tuple[str, Document]]:
    return [(f"file {n}", Document.from_text(f"{text} {n}")) for n, text in enumerate(texts)]


def outcomes(items: Iterable[tuple[str, Document] | Skipped], jobs: int, seconds: float = SECONDS) -> list[Outcome]:
    return list(read_many(items, jobs=jobs, seconds=lambda _: seconds, read=troubled))


def where(outcome: Outcome) -> str:
    return outcome.where if isinstance(outcome, Skipped) else outcome[0]


def skipped(outcome: Outcome) -> Skipped:
    assert isinstance(outcome, Skipped)
    return outcome


@pytest.mark.parametrize("jobs", [1, 3])
def test_order_is_kept_and_skipped_items_pass_through(jobs: int) -> None:
    passed = Skipped("file x", SourceError("not there", "file x"))
    items = [*documents("slow", "a", "slow", "b", "c", "slow", "d"), passed, *documents("e", "slow")]
    found = outcomes(items, jobs)
    assert [where(o) for o in found] == [*(f"file {n}" for n in range(7)), "file x", "file 0", "file 1"]
    assert [o for o in found if isinstance(o, Skipped)] == [passed]
    assert [o[1].document for o in found if not isinstance(o, Skipped)] == [
        i[1] for i in items if not isinstance(i, Skipped)
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failing_article_is_named_and_the_others_are_read(jobs: int) -> None:
    found = outcomes(documents("a", "fail", "refuse", "b"), jobs)
    assert "ValueError: no such thing" in skipped(found[1]).reason.reason
    assert isinstance(skipped(found[2]).reason, NoArticle)
    assert str(skipped(found[2]).reason) == "file 2: nothing there"
    assert not isinstance(found[0], Skipped)
    assert not isinstance(found[3], Skipped)


def test_a_worker_that_dies_costs_one_article() -> None:
    found = outcomes(documents("a", "die", "b", "die", "c"), 2)
    assert [where(o) for o in found if isinstance(o, Skipped)] == ["file 1", "file 3"]
    assert "died" in skipped(found[1]).reason.reason
    assert len(found) == 5


def test_an_article_that_takes_too_long_is_given_up() -> None:
    begun = time.monotonic()
    found = outcomes(documents("hang", "a", "b"), 2, seconds=5.0)
    assert isinstance(skipped(found[0]).reason, TooLarge)
    assert [where(o) for o in found[1:]] == ["file 1", "file 2"]
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_damaged_model_stops_everything(jobs: int) -> None:
    with pytest.raises(ModelError, match="install again"):
        outcomes(documents("a", "damaged", "b"), jobs)
    assert not multiprocessing.active_children()


def test_workers_use_one_thread_each() -> None:
    (found,) = outcomes(documents("threads"), 2)
    assert not isinstance(found, Skipped)
    assert found[1].warnings == ("1",)


def test_memory_of_a_worker_is_bounded() -> None:
    found = list(read_many(documents("memory", "a"), jobs=2, seconds=lambda _: SECONDS, megabytes=2000, read=troubled))
    assert "out of memory" in skipped(found[0]).reason.reason
    assert not isinstance(found[1], Skipped)


def test_sources_are_not_read_far_ahead() -> None:
    taken = 0

    def items() -> Iterator[tuple[str, Document]]:
        nonlocal taken
        for item in documents(*["a"] * 200):
            taken += 1
            yield item

    jobs = 2
    stream = read_many(items(), jobs=jobs, seconds=lambda _: SECONDS, read=troubled)
    for _ in range(5):
        next(stream)
    assert taken <= 5 + AHEAD * jobs + 1
    stream.close()  # type: ignore[attr-defined]


def test_closing_ends_the_processes() -> None:
    stream = read_many(documents("a", "hang", "hang"), jobs=3, seconds=lambda _: 600.0, read=troubled)
    next(stream)
    assert multiprocessing.active_children()
    stream.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()
