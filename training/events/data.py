"""The annotated sentences as the model sees them: words, candidate actors and labels, cached as pickles.

Offsets are code points of the sentence (not of the article), so a sentence can be used alone.
"""

from __future__ import annotations

import csv
import json
import os
import pickle
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tertius.reading import language
from tertius.reading.events import inputs
from tertius.reading.events.candidates import Candidate, best_overlap
from tertius.reading.events.inputs import Word

SHARED = Path(os.environ.get("TERTIUS_SHARED", Path(__file__).resolve().parents[3] / "shared"))
CACHE = Path(os.environ.get("TERTIUS_TRAINING_CACHE", Path(tempfile.gettempdir()) / "tertius-training"))
HERE = Path(__file__).resolve().parents[1] / "data"
STRICT = ("train", "train_extra")
LEARNT = (*STRICT, "train_more", "own", "nothing")
SHORT = 30  # code points: a shorter sentence says nothing about the article that it is in
MARK = re.compile(r"</?[st]>")


@dataclass
class Event:
    """A gold event: the head word of its trigger, acceptable types with weights, and candidate indices."""

    trigger: int
    first: int
    last: int
    types: dict[str, float]
    sources: list[int]
    targets: list[int]
    modality: str
    reciprocal: bool
    optional: bool
    covered: bool  # every source and target has a candidate


@dataclass
class Sentence:
    """A sentence, its words and candidates (start, end, head word), and its events; `part` names its file."""

    part: str
    article: str
    start: int
    text: str
    words: list[Word]
    candidates: list[tuple[int, int, int]]
    events: list[Event] = field(default_factory=list)
    gold: list[dict[str, Any]] = field(default_factory=list)
    before: str = ""


def sentences(part: str) -> list[Sentence]:
    """The annotated sentences of events/PART.jsonl (parsed once, then from the cache). Of our own writing: 'own', and
    'nothing', whose articles (sport, weather, crime, business ...) hold no event."""
    if part == "nothing":
        return _cached("events-nothing", lambda: list(_read_nothing()))
    return _cached(f"events-{part}", lambda: list(_read_part(part)))


def unlabelled() -> list[Sentence]:
    """Sentences of 5 to 60 words without labels: US politics (the text of polnear/train.jsonl) and world news, crime
    and conflict reports (unlabelled/articles.jsonl). Articles that hold a sentence of dev or dev_extra are left out."""
    return _cached("unlabelled-2", lambda: [*_read_text("polnear/train", 1), *_read_text("unlabelled/articles", 3)])


@dataclass
class Pair:
    """A sentence with a source and a target marked, and the root type between them (PLV)."""

    text: str
    sources: list[tuple[int, int]]
    targets: list[tuple[int, int]]
    root: str
    penta: str


def pairs(path: Path | None = None) -> list[Pair]:
    """The rows of a file in the form of plv/train.tsv."""
    path = path or SHARED / "data/plv/train.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [_pair(row) for row in rows]


def _pair(row: dict[str, str]) -> Pair:
    marked, plain, at = row["marked_sentence"], "", 0
    spans: dict[str, list[tuple[int, int]]] = {"s": [], "t": []}
    opened: dict[str, int] = {}
    for mark in MARK.finditer(marked):
        plain += marked[at : mark.start()]
        at = mark.end()
        role = mark.group().strip("</>")
        if mark.group().startswith("</"):
            spans[role].append((opened[role], len(plain)))
        else:
            opened[role] = len(plain)
    return Pair(plain + marked[at:], spans["s"], spans["t"], row["gold_root"], row["gold_penta"])


def pair_words(path: Path | None = None) -> list[list[Word]]:
    """The words of each row of `pairs`, parsed alone."""
    rows = pairs(path)
    name = f"pairs-{path.stem if path else 'plv'}"
    return _cached(name, lambda: [_sentence("plv", "", language.parse(row.text)[:]).words for row in rows])


def _cached(name: str, make: Callable[[], list[Any]]) -> list[Any]:
    path = CACHE / f"{name}.pickle"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(make()))
    loaded: list[Any] = pickle.loads(path.read_bytes())  # noqa: S301
    return loaded


def _read_part(part: str) -> Iterator[Sentence]:
    path = HERE / "own.jsonl" if part == "own" else SHARED / f"data/events/{part}.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        if part.endswith("_extra"):
            yield from _alone(part, article)
        else:
            yield from _whole(part, article)


def _read_nothing() -> Iterator[Sentence]:
    for n, text in enumerate((HERE / "nothing.txt").read_text(encoding="utf-8").splitlines()):
        yield from (_sentence("nothing", f"nothing-{n}", span) for span in language.parse(text).sents)


def _whole(part: str, article: dict[str, Any]) -> Iterator[Sentence]:
    doc = language.parse(article["text"])
    before = ""
    for gold in article["sentences"]:
        span = doc.char_span(gold["start"], gold["end"], alignment_mode="expand")
        if span is None:
            continue
        made = _sentence(part, article["id"], span)
        yield _labelled(made, gold, before)
        before = made.text


def _alone(part: str, article: dict[str, Any]) -> Iterator[Sentence]:
    for gold in article["sentences"]:
        doc = language.parse(article["text"][gold["start"] : gold["end"]])
        made = _sentence(part, article["id"], doc[:])
        made.start = gold["start"]
        yield _labelled(made, gold, article["text"][max(0, gold["start"] - 300) : gold["start"]])


def _read_text(name: str, every: int) -> Iterator[Sentence]:
    """The sentences of one article in `every`."""
    measured = {s.text for part in ("dev", "dev_extra") for s in sentences(part) if len(s.text) > SHORT}
    for line in (SHARED / f"data/{name}.jsonl").read_text(encoding="utf-8").splitlines()[::every]:
        article = json.loads(line)
        if not any(text in article["text"] for text in measured):
            for span in language.parse(article["text"]).sents:
                if 5 <= len(span) <= 60:
                    yield _sentence(name, article["id"], span)


def _sentence(part: str, article: str, span: Any) -> Sentence:
    made = inputs.of_sentence(span)
    return Sentence(part, article, made.start, made.text, list(made.words), list(made.candidates))


def _labelled(sentence: Sentence, gold: dict[str, Any], before: str) -> Sentence:
    sentence.gold = gold["events"]
    sentence.before = before
    for event in gold["events"]:
        made = _event(sentence, event)
        if made is not None:
            sentence.events.append(made)
    return sentence


def _event(sentence: Sentence, event: dict[str, Any]) -> Event | None:
    inside = _words_in(sentence, event["trigger"])
    if not inside:
        return None
    sources = _actors(sentence, event["sources"])
    targets = _actors(sentence, event["targets"])
    covered = len(sources) == len(event["sources"]) and len(targets) == len(event["targets"])
    others = [event[k] for k in ("alternative",) if event.get(k)] + list(event.get("alternatives", ()))
    share = 0.35 / len(others) if others else 0.0
    types = {event["type"]: 1.0 - share * len(others)}
    for other in others:
        types[other] = types.get(other, 0.0) + share
    return Event(
        trigger=_head(sentence, inside),
        first=inside[0],
        last=inside[-1],
        types=types,
        sources=sources,
        targets=targets,
        modality=event["modality"],
        reciprocal=bool(event.get("reciprocal")),
        optional=bool(event.get("optional")),
        covered=covered,
    )


def _words_in(sentence: Sentence, span: dict[str, Any]) -> list[int]:
    start, end = span["start"] - sentence.start, span["end"] - sentence.start
    return [n for n, word in enumerate(sentence.words) if word.start < end and word.end > start]


def _head(sentence: Sentence, inside: list[int]) -> int:
    """The word of a trigger that the others hang on: its first verb or noun whose head stands outside."""
    members = set(inside)
    roots = [n for n in inside if sentence.words[n].head not in members or sentence.words[n].head == n]
    content = [n for n in roots if sentence.words[n].pos in {"VERB", "NOUN", "PROPN", "ADJ"}]
    return (content or roots or inside)[0]


def _actors(sentence: Sentence, spans: list[dict[str, Any]]) -> list[int]:
    found = []
    candidates = [Candidate(*c) for c in sentence.candidates]
    for span in spans:
        best, _ = best_overlap(candidates, span["start"] - sentence.start, span["end"] - sentence.start)
        if best is not None and best not in found:
            found.append(best)
    return found
