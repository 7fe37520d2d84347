"""Train and cross-validate the network that names the type between a given source and target.

    python -m training.events.pairs NETWORK.pt [--out predictions.json]

starts from an event network (which has seen no PLV row), and prints five-fold cross-validated macro-F1 on
plv/train.tsv.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from benchmarks.types import figures
from training.events import batches, data, fit, labels, networks
from training.events.batches import Example, Pieces
from training.events.fit import Plan
from training.events.model import EventNet

FOLDS = 5
PLAN = Plan(epochs=5, rate=1.5e-4, head_rate=8e-4, decay=0.85, size=24, seed=5, smooth=0.05)
OTHER_WEIGHT = 0.5  # of an event of our own annotation beside a row of PLV


def examples(pieces: Pieces) -> tuple[list[Example], list[Example]]:
    """The rows of PLV, and the pairs of our own annotated events."""
    ours = [s for part in data.LEARNT for s in data.sentences(part)]
    rows = [pieces.paired(p, w) for p, w in zip(data.pairs(), data.pair_words(), strict=True)]
    return rows, [e for s in ours for e in pieces.pairs_of(s, OTHER_WEIGHT)]


def trained(net: EventNet, rows: list[Example], others: list[Example], plan: Plan = PLAN, log: str = "") -> EventNet:
    """A copy of an event network, trained further on pairs."""
    made = copy.deepcopy(net)
    fit.train_pairs(made, rows, others, plan, log)
    return made


def scores(net: EventNet, rows: Sequence[Example]) -> np.ndarray:
    """Type scores (log-odds up to a constant) of each row."""
    found = np.zeros((len(rows), len(labels.TYPES)), dtype=np.float32)
    net.eval()
    with torch.no_grad():
        for chosen, batch in batches.in_order(list(rows), 32):
            assert batch.roles is not None
            found[chosen] = net.pair(batch.ids, batch.mask, batch.pos, batch.names, batch.roles).numpy()
    return found


def root(row: np.ndarray) -> str:
    """The likeliest root of a row of type scores, CONCEDE and RETREAT together."""
    chances = np.exp(row - row.max())
    table = {t: float(c) for t, c in zip(labels.TYPES, chances, strict=True) if t not in labels.YIELD}
    table["YIELD"] = sum(float(c) for t, c in zip(labels.TYPES, chances, strict=True) if t in labels.YIELD)
    return max(table, key=lambda t: table[t])


def cross_validate(net: EventNet, rows: list[Example], others: list[Example], plan: Plan = PLAN) -> np.ndarray:
    """Scores of each row from a network that did not see it."""
    order = list(range(len(rows)))
    random.Random(0).shuffle(order)  # noqa: S311
    found = np.zeros((len(rows), len(labels.TYPES)), dtype=np.float32)
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = [rows[n] for n in order if n not in set(held)]
        made = trained(net, rest, others, plan, f"pairs fold {fold}")
        found[held] = scores(made, [rows[n] for n in held])
    return found


def temperature(found: np.ndarray, gold: Sequence[str]) -> float:
    """The temperature that makes cross-validated probabilities likeliest."""
    right = np.array([[t == g or (g == "YIELD" and t in labels.YIELD) for t in labels.TYPES] for g in gold])

    def loss(t: float) -> float:
        chances = torch.from_numpy(found / t).softmax(-1).numpy()
        return float(-np.log((chances * right).sum(1) + 1e-9).mean())

    return min((round(0.5 + 0.05 * n, 2) for n in range(50)), key=loss)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("network", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    net = networks.load(given.network)
    rows, others = examples(networks.pieces())
    found = [root(row) for row in cross_validate(net, rows, others)]
    if given.out:
        given.out.write_text(json.dumps({"found": found}) + "\n", encoding="utf-8")
    print(json.dumps(figures([p.root for p in data.pairs()], found)))


if __name__ == "__main__":
    main()
