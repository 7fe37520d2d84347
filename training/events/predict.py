"""Run a trained network over sentences: proposals with all their scores, before any decision."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from tertius.reading.events.ranking import Proposal
from training.events import batches
from training.events.batches import Example
from training.events.model import EventNet

DOUBT = 0.02  # words whose chance of being a trigger is lower get no second look
MOST = 8  # second looks a sentence


def predict(net: EventNet, examples: Sequence[Example], size: int = 48) -> list[list[Proposal]]:
    """The proposals of each example, in its order."""
    found: list[list[Proposal]] = [[] for _ in examples]
    net.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for chosen, batch in batches.in_order(list(examples), size):
            first = net.first(batch.ids, batch.mask, batch.pos, batch.names)
            chances = torch.sigmoid(first.trigger).numpy()
            kinds = first.types.softmax(-1).numpy()
            rows = [(n, word) for n in range(len(chosen)) for word in _doubtful(batch.examples[n], chances[n])]
            if not rows:
                continue
            index = torch.tensor([n for n, _ in rows])
            members = [batch.examples[n] for n, _ in rows]
            places = [e.first[word] for e, (_, word) in zip(members, rows, strict=True)]
            bias = first.bias if first.bias.shape[0] == 1 else first.bias[index]
            actors = batches.averaging(members, batch.ids.shape[1])
            second = net.second(first.low[index], bias, torch.tensor(places), actors)
            for row, ((n, word), example) in enumerate(zip(rows, members, strict=True)):
                count = len(example.spans)
                wide = torch.cat([second.target[row, :count], second.none[row : row + 1]])
                found[chosen[n]].append(
                    Proposal(
                        word, float(chances[n, places[row]]), kinds[n, places[row]],
                        float(torch.sigmoid(second.valid[row])), second.types[row].softmax(-1).numpy(),
                        second.modality[row].softmax(-1).numpy(), float(torch.sigmoid(second.reciprocal[row])),
                        second.source[row, :count].softmax(-1).numpy(), wide.softmax(-1).numpy(),
                    )
                )  # fmt: skip
    return found


def _doubtful(example: Example, chances: np.ndarray) -> list[int]:
    likely = [(chances[p], w) for w, p in enumerate(example.first) if p >= 0 and chances[p] > DOUBT]
    return sorted(w for _, w in sorted(likely, reverse=True)[:MOST])


def mean(readings: Sequence[list[list[Proposal]]]) -> list[list[Proposal]]:
    """The mean of several networks' proposals (a word that one does not propose counts with zeros there)."""
    joined = []
    for versions in zip(*readings, strict=True):
        words = sorted({p.word for version in versions for p in version})
        joined.append([_mean([p for v in versions for p in v if p.word == w], len(versions)) for w in words])
    return joined


def _mean(found: list[Proposal], voters: int) -> Proposal:
    def of(name: str) -> np.ndarray:
        return np.mean([getattr(p, name) for p in found], axis=0)

    return Proposal(
        found[0].word, sum(p.first for p in found) / voters, of("first_types"), sum(p.valid for p in found) / voters,
        of("types"), of("modality"), float(of("reciprocal")), of("source"), of("target"),
    )  # fmt: skip
