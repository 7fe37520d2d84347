"""Crash safety of the ledger: python -m benchmarks.crash [--points 30] [--seconds 60]

Kills `tertius read --ledger` with SIGKILL at random moments, runs the same command again, and compares every table with
that of a run which nobody disturbed, row for row (batch names and times of writing aside, which differ by nature).
Then two writers and three readers use one ledger at once for a minute: no error, and nothing may be lost. Reading is
done by a stand-in that takes no time, so that the kills hit the writing and merging.

The last line is JSON: points, equal, interrupted (kills that came before the end), articles, reads, errors, lost.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

from tertius.errors import TertiusError
from tertius.ledger.ledger import Ledger
from tertius.records import Document, Mention, Participant, Reader, Reading, Span, When

ARTICLES, BATCH = 150, 10
COUNTRIES = ("NOR", "RUS", "KEN", "UGA", "BRA", "JPN")
BY_NATURE = {"batch", "added"}
TABLES = ("documents", "actors", "mentions", "attributions", "figures", "failures", "events")


def stand_in(document: Document) -> Reading:
    """A reading with one mention for each line of the text, made from the line's number alone."""
    text, mentions, at = document.text, [], 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line:
            sentence = Span.of(text, at, at + len(line))
            mentions.append(_mention(f"m{number}", sentence, len(line) + len(text)))
        at += len(line) + 1
    reader = Reader(tertius="0", models={})
    return Reading(document=document, reader=reader, actors=(), mentions=tuple(mentions), attributions=(), figures=())


def _mention(id_: str, sentence: Span, seed: int) -> Mention:
    def party(country: str) -> Participant:
        return Participant(start=sentence.start, end=sentence.end, text=sentence.text, country=country, code=country)

    day = f"2024-03-{1 + seed % 9:02}"
    return Mention(
        id=id_, type="ACCUSE", mode=None, quad=3, intensity=-3.0, modality="actual", trigger=sentence,
        sentence=sentence, sources=(party(COUNTRIES[seed % 3]),), targets=(party(COUNTRIES[3 + seed % 2]),),
        reciprocal=False, when=When(start=day, end=day, precision="day", origin="expression"), where=None,
        attribution=None, contexts=(), confidence=0.5,
    )  # fmt: skip


def run_read(arguments: Sequence[str]) -> None:
    """`tertius read` with the stand-in, in small batches; what the killed process runs."""
    from tertius.cli import tertius
    from tertius.reading import many
    from tertius.sources import limits

    many._read = stand_in
    limits.BATCH_ARTICLES = BATCH
    tertius(["read", *arguments], prog_name="tertius")


def write_articles(path: Path, count: int) -> None:
    """A table of articles, some of them prints of one story, one in fifty without a text."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            words = ["grain", "water", "border", "fleet", "treaty", "visa", "court", "strike"]
            lines = [f"The {words[(number + n) % 8]} dispute grew in week {number // 3} of talks." for n in range(3)]
            text = "" if number % 50 == 49 else "\n".join([*lines, "It was said to matter a great deal to all sides."])
            file.write(json.dumps({"text": text, "published": "2024-03-05", "publisher": f"Paper {number % 7}"}) + "\n")


def command(articles: Path, ledger: Path) -> list[str]:
    """The command line that is killed."""
    code = "import sys; from benchmarks.crash import run_read; run_read(sys.argv[1:])"
    return [sys.executable, "-c", code, str(articles), "--ledger", str(ledger), "--quiet"]


def tables(folder: Path) -> dict[str, list[str]]:
    """Every row of every table as text, in order, without what differs between any two runs."""
    ledger = Ledger.open(folder)
    found = {}
    for table in TABLES:
        rows = [{k: v for k, v in row.items() if k not in BY_NATURE} for row in ledger.rows(f"FROM {table}")]
        found[table] = sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)
    return found


def killed(points: int, seed: int = 1, count: int = ARTICLES) -> dict[str, int]:
    """Kill and run again at so many moments; how often the tables were equal, and how often the kill came in time."""
    chance = random.Random(seed)
    equal = interrupted = 0
    with tempfile.TemporaryDirectory() as scratch:
        articles, undisturbed = Path(scratch) / "articles.jsonl", Path(scratch) / "undisturbed"
        write_articles(articles, count)
        started = time.monotonic()
        _run(command(articles, undisturbed))
        whole, expected = time.monotonic() - started, tables(undisturbed)
        for point in range(points):
            ledger = Path(scratch) / f"killed-{point}"
            interrupted += _kill(command(articles, ledger), whole * chance.uniform(0.2, 1.0))
            _run(command(articles, ledger))
            equal += tables(ledger) == expected
    return {"points": points, "equal": equal, "interrupted": interrupted}


def _run(arguments: Sequence[str]) -> None:
    ran = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if ran.returncode not in (0, 3):  # 3: articles without a text
        raise RuntimeError(ran.stderr)


def _kill(arguments: Sequence[str], after: float) -> bool:
    """Start and kill; whether it was still running."""
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as started:
        time.sleep(after)
        started.send_signal(signal.SIGKILL)
        return started.wait() == -signal.SIGKILL


def article(writer: int, number: int) -> Reading:
    """One of a writer's articles; every third one is also the other's."""
    owner = "both" if number % 3 == 0 else f"writer {writer}"
    return stand_in(Document.from_text(f"The border dispute grew in week {number}, {owner} said."))


def write_until(folder: Path, writer: int, end: float, said: Queue[Any]) -> None:
    """Add articles and merge until the time has come; says what was written and what went wrong."""
    ledger, written, errors, number = Ledger.open(folder), [], [], 0
    while time.time() < end:
        try:
            readings = [article(writer, number + n) for n in range(3)]
            ledger.add(readings)
            written += [reading.document.id for reading in readings]
            if number % 15 == 0:
                ledger.merge()
        except TertiusError as error:
            errors.append(str(error))
        number += 3
    said.put(("written", written, errors))


def read_until(folder: Path, end: float, said: Queue[Any]) -> None:
    """Ask until the time has come: each batch must show as a whole, and nothing may vanish."""
    ledger, before, errors, reads = Ledger.open(folder), 0, [], 0
    counted = """SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM mentions) AS mentions,
                 (SELECT count(*) FROM (SELECT unnest(mentions) AS id FROM events) e ANTI JOIN mentions m USING (id))
                 AS loose"""
    while time.time() < end:
        try:
            now = ledger.rows(counted)[0]
            if now["documents"] < before or now["mentions"] != now["documents"] or now["loose"]:
                errors.append(f"{now} after {before} documents")
            before = now["documents"]
        except TertiusError as error:
            errors.append(str(error))
        reads += 1
    said.put(("reads", reads, errors))


def hammered(seconds: float) -> dict[str, Any]:
    """Two writers and three readers at once."""
    context = multiprocessing.get_context("spawn")
    said: Queue[Any] = context.Queue()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "ledger"
        ledger = Ledger.create_or_open(folder)
        end = time.time() + seconds
        workers = [context.Process(target=write_until, args=(folder, n, end, said)) for n in range(2)]
        workers += [context.Process(target=read_until, args=(folder, end, said)) for _ in range(3)]
        for worker in workers:
            worker.start()
        told = [said.get(timeout=seconds + 120) for _ in workers]
        for worker in workers:
            worker.join()
        ledger.merge()
        written = {id_ for kind, ids, _ in told if kind == "written" for id_ in ids}
        merged = ledger.rows("SELECT sum(len(mentions)) AS n FROM events")[0]["n"] or 0
        return {
            "articles": len(written),
            "reads": sum(count for kind, count, _ in told if kind == "reads"),
            "errors": [error for _, _, errors in told for error in errors],
            "lost": len(written - ledger.known_ids()) + len(written) - int(merged),
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 if nothing differs and nothing is lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    figures = killed(given.points, given.seed) | hammered(given.seconds)
    print(json.dumps(figures))
    return 0 if figures["equal"] == given.points and not figures["errors"] and not figures["lost"] else 1


if __name__ == "__main__":
    sys.exit(main())
