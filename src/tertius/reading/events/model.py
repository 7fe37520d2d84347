"""The trained reader of events: sentences in, proposals of events out.

Two looks at a sentence: one pass of a small encoder marks the words that may be the trigger of an event, and a second,
shorter pass for each of those reads it (type, modality, who is source, who is target). `ranking` weighs the
parts together. Each sentence is read by itself, so it reads the same whatever stands around it.
Trained by training/events; figures and limits in models/events.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from tertius.errors import UsageError
from tertius.reading import language
from tertius.reading.events import inputs, ranking
from tertius.reading.events.inputs import Encoded, SentenceInput
from tertius.reading.events.politics import Subject
from tertius.reading.events.ranking import MODALITIES, NAMES, Proposal, Ranked, Ranking
from tertius.reading.models import runtime

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from spacy.tokens import Doc, Span

    from tertius.reading.models.runtime import Model
    from tertius.records import Modality

DOUBT = 0.02  # words whose chance of being a trigger is lower get no second look
MOST = 8  # second looks a sentence
LEAST = 0.02  # readings whose probability is lower are not worth proposing
PAIR = "events-pair.onnx"
PIECES = 3000  # word pieces from which the subject of an article is known
SHOWN = 0.05  # alternatives with a lower probability are left out

Area = tuple[int, int]


class Phrase(NamedTuple):
    """A phrase of the article that may be source or target, and how likely it is."""

    start: int
    end: int
    probability: float


class EventProposal(NamedTuple):
    """An event as the model reads it. Offsets are code points of the article.

    `probability` is calibrated: that a careful coder would take this row. `types` and `modalities` give the likeliest
    first; `sources` and `targets` are the phrases chosen (no targets: none is stated), `other_sources` and
    `other_targets` the next likely; `no_target` is the chance that none is stated."""

    trigger: Area
    type: str
    types: dict[str, float]
    sources: tuple[Phrase, ...]
    targets: tuple[Phrase, ...]
    other_sources: tuple[Phrase, ...]
    other_targets: tuple[Phrase, ...]
    no_target: float
    reciprocal: bool
    modality: Modality
    modalities: dict[str, float]
    probability: float


class EventModel:
    """The model, its weights opened once per process: `EventModel.load()`."""

    def __init__(self, model: Model) -> None:
        self.version = model.version
        self.accept: float = model.manifest["accept"]
        self.ranking = Ranking(**model.manifest["ranking"], accept=self.accept)
        about = model.manifest["subject"]
        self.subject = Subject(**(about | {"weights": np.array(about["weights"], dtype=np.float32)}))
        self._model = model
        self._tokenizer = model.tokenizer("events-pieces.json")
        self._words, self._first, self._second = (
            model.session(f"events-{name}.onnx") for name in ("words", "first", "second")
        )
        self._pair_scale: float = model.manifest.get("pair_temperature", 1.0)

    @cached_property
    def _pair(self) -> InferenceSession | None:
        """The network of `classify`, opened when it is first asked: reading an article needs it never."""
        return self._model.session(PAIR) if PAIR in self._model.manifest["files"] else None

    @staticmethod
    def load(folder: Path = runtime.HERE) -> EventModel:
        """The model that ships with Tertius, or another one in a folder of its own (training/events/train.py writes a
        large one). Raises ModelError when its files are missing, damaged or do not fit."""
        return _loaded(folder)

    def read(
        self, doc: Doc, sentences: Iterable[Span] | None = None, candidates: Sequence[Area] | None = None
    ) -> list[EventProposal]:
        """Proposals for the sentences of an article (all of them by default), in the order of the sentences, the
        likeliest first in each. Report those of at least `accept`.

        `candidates` are code points of the phrases that may be actors; by default names, noun chunks, pronouns,
        possessives and adjectives of nationality."""
        chunks = tuple(doc.noun_chunks) if candidates is None else ()
        found: list[EventProposal] = []
        for sentence in doc.sents if sentences is None else sentences:
            found.extend(self._read(inputs.of_sentence(sentence, candidates, chunks)))
        return found

    def is_politics(self, text: str) -> bool:
        """Whether the article is about politics, and not about sport, weather, crime, business or the like."""
        ids = [piece for line in text.splitlines() for piece in self._tokenizer.encode(line).ids[1:-1]][:PIECES]
        if not ids:
            return True
        given = {"ids": np.array([ids], dtype=np.int64)}
        return self.subject.is_politics(self._words.run(["words"], given)[0][0])

    def proposals(self, sentence: SentenceInput) -> list[Proposal]:
        """Every doubtful trigger of a sentence with the network's scores, before any decision."""
        if not sentence.words:
            return []
        coded = inputs.encode(self._tokenizer, sentence.text, sentence.words, sentence.candidates)
        low, trigger, types = self._first.run(["low", "trigger", "types"], self._inputs(coded))
        chances = _sigmoid(trigger[0])
        words = _doubtful(coded, chances)
        if not words or not sentence.candidates:
            return []
        places = np.array([coded.first[word] for word in words], dtype=np.int64)
        names = ["valid", "types", "modality", "reciprocal", "source", "target"]
        given = {"low": low, "trigger": places, "actors": _averaging(coded)}
        scores = dict(zip(names, self._second.run(names, given), strict=True))
        kinds = _softmax(types[0][places])
        return [
            Proposal(
                word=word,
                first=float(chances[places[n]]),
                first_types=kinds[n],
                valid=float(_sigmoid(scores["valid"][n])),
                types=_softmax(scores["types"][n]),
                modality=_softmax(scores["modality"][n]),
                reciprocal=float(_sigmoid(scores["reciprocal"][n])),
                source=_softmax(scores["source"][n]),
                target=_softmax(scores["target"][n]),
            )
            for n, word in enumerate(words)
        ]

    def classify(self, sentence: str, source: str | Area, target: str | Area) -> dict[str, float]:
        """Probability of each event type between a source and a target of a sentence, given as words of the sentence
        or as code points; the likeliest first. Raises UsageError for code points outside the sentence."""
        if self._pair is None:
            return EventModel.load().classify(sentence, source, target)
        read = inputs.of_sentence(language.parse(sentence)[:])
        roles = [(area, role) for role, given in ((1, source), (2, target)) for area in _areas(sentence, given)]
        moved = [(start - read.start, end - read.start, 0) for (start, end), _ in roles]
        coded = inputs.encode(self._tokenizer, read.text, read.words, moved)
        marked = [0] * len(coded.ids)
        for (start, end), (_, role) in zip(coded.spans, roles, strict=True):
            marked[start:end] = [role] * (end - start)
        given = self._inputs(coded) | {"roles": np.array([marked], dtype=np.int64)}
        scores = self._pair.run(["pair"], given)[0][0]
        return _ordered(NAMES, _softmax(scores / self._pair_scale), least=0.0)

    def _inputs(self, coded: Encoded) -> dict[str, Any]:
        words = self._words.run(["words"], {"ids": np.array([coded.ids], dtype=np.int64)})[0]
        features = {"pos": coded.pos, "names": coded.names}
        return {"words": words} | {name: np.array([row], dtype=np.int64) for name, row in features.items()}

    def _read(self, sentence: SentenceInput) -> list[EventProposal]:
        found: list[EventProposal] = []
        for part, _ in inputs.windows(sentence):
            rows = ranking.read(part, self.proposals(part), self.ranking)
            found.extend(_proposal(part, row) for row in rows if row.probability >= LEAST)
        return sorted(found, key=lambda p: (-p.probability, p.trigger))


@lru_cache(maxsize=2)
def _loaded(folder: Path) -> EventModel:
    return EventModel(runtime.load("events", folder))


def _doubtful(coded: Encoded, chances: NDArray[np.float32]) -> list[int]:
    likely = [(-float(chances[p]), w) for w, p in enumerate(coded.first) if p >= 0 and chances[p] > DOUBT]
    return sorted(w for _, w in sorted(likely)[:MOST])


def _averaging(coded: Encoded) -> NDArray[np.float32]:
    weights = np.zeros((len(coded.spans), len(coded.ids)), dtype=np.float32)
    for row, (start, end) in enumerate(coded.spans):
        if end > start:
            weights[row, start:end] = 1.0 / (end - start)
    return weights


def _proposal(sentence: SentenceInput, row: Ranked) -> EventProposal:
    p = row.proposal

    def phrases(members: Sequence[int], chances: NDArray[np.float32]) -> tuple[Phrase, ...]:
        spans = [(*sentence.candidates[m][:2], float(chances[m])) for m in members]
        return tuple(Phrase(sentence.start + a, sentence.start + b, chance) for a, b, chance in spans)

    def others(chosen: Sequence[int], chances: NDArray[np.float32]) -> list[int]:
        likely = [n for n in range(len(p.source)) if chances[n] >= SHOWN and n not in chosen]
        return sorted(likely, key=lambda n: -float(chances[n]))

    modalities = _ordered(MODALITIES, p.modality, least=0.0)
    return EventProposal(
        trigger=_trigger(sentence, p.word),
        type=NAMES[row.type],
        types=_ordered(NAMES, p.types, least=SHOWN),
        sources=phrases(row.sources, p.source),
        targets=phrases(row.targets, p.target),
        other_sources=phrases(others(row.sources, p.source), p.source),
        other_targets=phrases(others(row.targets, p.target), p.target),
        no_target=float(p.target[-1]),
        reciprocal=p.reciprocal > 0.5,
        modality=cast("Modality", next(iter(modalities))),
        modalities=modalities,
        probability=row.probability,
    )


def _trigger(sentence: SentenceInput, word: int) -> Area:
    """The trigger's word, with the particle of a phrasal verb when that follows at once ('carried out')."""
    start, end = sentence.words[word].start, sentence.words[word].end
    if word + 1 < len(sentence.words):
        follower = sentence.words[word + 1]
        if follower.dep == "prt" and follower.head == word:
            end = follower.end
    return sentence.start + start, sentence.start + end


def _areas(sentence: str, given: str | Area) -> list[Area]:
    if isinstance(given, str):
        at = sentence.find(given) if given else -1
        return [(at, at + len(given))] if at >= 0 else []
    start, end = given
    if not 0 <= start < end <= len(sentence):
        raise UsageError(f"code points {start} to {end} are outside the sentence: give 0 <= start < end <= its length")
    return [(start, end)]


def _ordered(names: Sequence[str], chances: NDArray[np.float32], least: float) -> dict[str, float]:
    order = np.argsort(-chances, kind="stable")
    return {names[n]: float(chances[n]) for n in order if n == order[0] or chances[n] >= least}


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    shares: NDArray[np.float32] = raised / raised.sum(-1, keepdims=True)
    return shares


def _sigmoid(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    chances: NDArray[np.float32] = (1.0 / (1.0 + np.exp(-scores))).astype(np.float32)
    return chances
