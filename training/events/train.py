"""Train the event model again, from the annotations to the files that ship.

    python -m training.events.train [--out src/tertius/reading/models] [--work FOLDER] [--large FOLDER]

1. A large network (all-mpnet-base-v2) and a small one (all-MiniLM-L6-v2) learn from data/events.
2. The large one labels sentences of data/unlabelled.
3. The student, which is the small one, learns on from both.
4. The ranking and the threshold are fitted on one fold of the strict annotations, which no network has seen.
5. The pair network starts from the small one and learns PLV (and is cross-validated).
6. Everything is written as ONNX with 8-bit weights, and measured on dev.

Every stage is kept in the work folder and not done again if its file is there. One thread, fixed seeds; about an hour
of CPU time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch

from benchmarks.types import FOLDS, figures
from tertius.reading.events.model import PIECES
from tertius.reading.events.ranking import Proposal, Ranking
from training.events import data, distil, export, fit, folds, judge, networks, pairs, predict, rank, subject
from training.events.batches import Example
from training.events.data import Sentence
from training.events.fit import Plan
from training.events.model import EventNet

VERSION = "1"
HELD = 0  # the fold that no network sees
UNLABELLED = 20_000  # sentences
SMALL = Plan(epochs=4, rate=2e-4, decay=0.85, seed=2)
LARGE = Plan(epochs=2.7, rate=1.2e-4, decay=0.9, seed=1)
STUDENT = Plan(epochs=2, rate=2e-4, head_rate=4e-4, decay=0.9, seed=4)
PLANS = {"large": LARGE, "small": SMALL}
Made = TypeVar("Made")


def annotated(seen: bool) -> list[Sentence]:
    """The annotated sentences that networks learn from, or those of the held-out fold."""
    every = [s for part in data.LEARNT for s in data.sentences(part)]
    return [s for s in every if (folds.fold(s) != HELD) == seen]


def beginner(kind: str, work: Path) -> EventNet:
    """A network trained on the annotations alone."""
    path = work / f"{kind}.pt"
    if not path.exists():
        net = networks.new(kind, PLANS[kind].seed)
        pieces = networks.pieces(kind)
        fit.train(net, [pieces.labelled(s) for s in annotated(seen=True)], PLANS[kind], kind)
        networks.save(net, path)
    return networks.load(path, kind)


def readings(net: EventNet, kind: str, sentences: Sequence[Sentence]) -> list[list[Proposal]]:
    """What a network says of sentences."""
    pieces = networks.pieces(kind)
    return predict.predict(net, [pieces.example(s.text, s.words, s.candidates) for s in sentences])


def texts() -> list[Sentence]:
    """The unlabelled sentences to learn from, none of them in the held-out fold."""
    held = {s.text for s in annotated(seen=False)}
    return distil.sample([s for s in data.unlabelled() if s.text not in held], UNLABELLED)


def soft_labels(work: Path) -> list[Example]:
    """Unlabelled sentences with what the large network says of them."""
    chosen = texts()
    said = kept(work / "soft-large.pickle", lambda: readings(beginner("large", work), "large", chosen))
    pieces = networks.pieces()
    return [distil.soft(pieces, s, p) for s, p in zip(chosen, said, strict=True)]


def kept(path: Path, make: Callable[[], Made]) -> Made:
    """What `make` returns, from the file if it was made before."""
    if not path.exists():
        path.write_bytes(pickle.dumps(make()))
    found: Made = pickle.loads(path.read_bytes())  # noqa: S301 (our own file)
    return found


def student(work: Path) -> EventNet:
    """The small network, trained further on the annotations and the soft labels."""
    path = work / "student.pt"
    if not path.exists():
        net = beginner("small", work)
        pieces = networks.pieces()
        examples = [pieces.labelled(s) for s in annotated(seen=True)] + soft_labels(work)
        fit.train(net, examples, STUDENT, "student")
        networks.save(net, path)
    return networks.load(path)


def ranking(net: EventNet, kind: str = "small") -> Ranking:
    """The joint ranking and its threshold, from the held-out fold."""
    held = annotated(seen=False)
    return rank.fit(held, readings(net, kind, held), rank.actorhood(data.sentences("train_more")))


def pair_network(work: Path) -> tuple[EventNet, float, dict[str, float | int]]:
    """The network for given source and target, its temperature, and its cross-validated figures."""
    start = beginner("small", work)
    rows, others = pairs.examples(networks.pieces())
    gold = [p.root for p in data.pairs()]
    found = kept(work / "pairs.pickle", lambda: pairs.cross_validate(start, rows, others))
    names = [pairs.root(row) for row in found]
    trained_on = hashlib.sha256((data.SHARED / "data/plv/train.tsv").read_bytes()).hexdigest()
    FOLDS.write_text(json.dumps({"sha256": trained_on, "found": names}) + "\n", encoding="utf-8")
    path = work / "pair.pt"
    if not path.exists():
        networks.save(pairs.trained(start, rows, others, log="pairs"), path)
    return networks.load(path), pairs.temperature(found, gold), figures(gold, names)


def measured(net: EventNet, by: Ranking, kind: str = "small") -> dict[str, float]:
    """Figures on dev and dev_extra together (codes: gold where a gold actor overlaps)."""
    dev = data.sentences("dev") + data.sentences("dev_extra")
    said = readings(net, kind, dev)
    table = judge.table(dev, [rank.decisions(s, p, by) for s, p in zip(dev, said, strict=True)], by.accept)
    shown = {f"{k}_f1": round(table[k]["f1"], 3) for k in ("spans", "coded", "dyad")}
    return shown | {"modality_accuracy": round(table["modality"]["accuracy"], 3)}


def vectors(net: EventNet, kind: str = "small") -> subject.Vectors:
    """The word vectors of a text, as the product looks them up."""
    tokenizer = networks.tokenizer(kind)

    def of(text: str) -> np.ndarray:
        ids = [piece for line in text.splitlines() for piece in tokenizer.encode(line).ids[1:-1]][:PIECES]
        with torch.no_grad():
            found: np.ndarray = net.encoder.words(torch.tensor([ids]))[0].numpy()
        return found

    return of


def write_large(work: Path, folder: Path) -> None:
    """The large network as a model of its own: better, three times slower, 113 MB."""
    net = beginner("large", work)
    by = ranking(net, "large")
    dev = measured(net, by, "large")
    pieces = networks.folder("large") / "tokenizer.json"
    export.export(
        net, None, pieces, folder, by, version=f"{VERSION} large", dev=dev, arithmetic="integers",
        subject=subject.fit(vectors(net, "large")),
    )  # fmt: skip
    print(json.dumps({"large": dev}))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("src/tertius/reading/models"))
    parser.add_argument("--work", type=Path, default=data.CACHE / "events")
    parser.add_argument("--large", type=Path, metavar="FOLDER", help="write the large model too, to this folder")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    net = student(given.work)
    by = ranking(net)
    pair, temperature, cross_validated = pair_network(given.work)
    dev = measured(net, by)
    export.export(
        net, pair, networks.folder() / "tokenizer.json", given.out, by,
        version=VERSION, pair_temperature=temperature, dev=dev, pairs=cross_validated,
        subject=subject.fit(vectors(net)),
    )  # fmt: skip
    print(json.dumps({"dev": dev, "pairs": cross_validated}))
    if given.large:
        write_large(given.work, given.large)


if __name__ == "__main__":
    main()
