"""The tagger's network in torch, the twin of tertius.reading.attributions.tagger, and its losses."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tertius.reading.attributions import tagging
from tertius.reading.attributions.tagging import Vocabulary

WIDTH, NARROW, LEMMA, VECTOR = 128, 96, 64, 96


class Block(nn.Module):
    """Residual convolution of width 3."""

    def __init__(self, width: int, reach: int, drop: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.conv = nn.Conv1d(width, width, 3, padding=reach, dilation=reach)
        self.drop = nn.Dropout(drop)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        y = (self.norm(x) * mask).transpose(1, 2)
        return x + self.drop(functional.relu(self.conv(y)).transpose(1, 2))


class Network(nn.Module):
    """Cue probabilities for words; scores of source and content for windows around cues."""

    def __init__(self, vocabulary: Vocabulary, drop: float = 0.25) -> None:
        super().__init__()
        sizes = tagging.word_sizes(vocabulary)
        self.lemma = nn.Embedding(sizes[0], LEMMA)
        self.word = nn.Linear(LEMMA + VECTOR, WIDTH)
        self.words = nn.ModuleList(nn.Embedding(size, WIDTH) for size in sizes[1:])
        self.base_norm = nn.LayerNorm(WIDTH)
        self.base = nn.ModuleList(Block(WIDTH, 2**k, drop) for k in range(3))
        self.cue0, self.cue1 = nn.Linear(WIDTH, 64), nn.Linear(64, 1)
        self.near = nn.Linear(WIDTH, NARROW)
        self.look = nn.Linear(WIDTH, NARROW, bias=False)
        self.pairs = nn.ModuleList(nn.Embedding(size, NARROW) for size in tagging.pair_sizes(vocabulary))
        self.pair_norm = nn.LayerNorm(NARROW)
        self.pair = nn.ModuleList(Block(NARROW, 2 ** (k % 3), drop) for k in range(4))
        self.out = nn.Linear(NARROW, 3)
        self.moves = nn.Parameter(torch.zeros(3, 3))
        self.first, self.last = nn.Parameter(torch.zeros(3)), nn.Parameter(torch.zeros(3))
        self.drop = nn.Dropout(drop)
        for table in [self.lemma, *self.words, *self.pairs]:
            nn.init.normal_(table.weight, std=0.1)

    def hidden(self, features: Tensor, vectors: Tensor, keep: Tensor) -> Tensor:
        """(n, WIDTH) from word features (n, 9) and vectors (n, 96); `keep` zeroes dropped lemmas while training."""
        x = self.word(torch.cat([self.lemma(features[:, 0] * keep), self.drop(vectors)], dim=1))
        for column, table in enumerate(self.words, start=1):
            x = x + table(features[:, column])
        x = self.drop(functional.relu(self.base_norm(x)))[None]
        for block in self.base:
            x = block(x, torch.ones_like(x[..., :1]))
        return x[0]

    def cues(self, hidden: Tensor) -> Tensor:
        """Logits (n,) of being a cue's main word."""
        return self.cue1(self.drop(functional.relu(self.cue0(hidden))))[:, 0]

    def scores(self, hidden: Tensor, cues: Tensor, at: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """(k, T, 3) for windows: `at` (k, T) token numbers, `features` (k, T, 8), `mask` (k, T, 1)."""
        x = self.near(hidden)[at] + self.look(hidden)[cues][:, None]
        for column, table in enumerate(self.pairs):
            x = x + table(features[..., column])
        x = self.drop(functional.relu(self.pair_norm(x)))
        for block in self.pair:
            x = block(x, mask)
        return self.out(x)

    def likelihood(self, scores: Tensor, labels: Tensor, lengths: Tensor) -> Tensor:
        """Negative log likelihood (k,) of the label sequences under the chain."""
        k, longest, _ = scores.shape
        steps = torch.arange(longest)[None]
        live = steps < lengths[:, None]
        gold = (scores.gather(2, labels[..., None])[..., 0] * live).sum(1)
        gold = gold + (self.moves[labels[:, :-1], labels[:, 1:]] * live[:, 1:]).sum(1)
        gold = gold + self.first[labels[:, 0]] + self.last[labels[torch.arange(k), lengths - 1]]
        alpha = self.first + scores[:, 0]
        for i in range(1, longest):
            step = torch.logsumexp(alpha[:, :, None] + self.moves, dim=1) + scores[:, i]
            alpha = torch.where(live[:, i, None], step, alpha)
        return torch.logsumexp(alpha + self.last, dim=1) - gold


def export(network: Network) -> dict[str, np.ndarray]:
    """Arrays under the names that tertius.reading.attributions.tagger reads."""
    out = {"lemma": network.lemma.weight, "word.weight": network.word.weight, "word.bias": network.word.bias}
    out |= {f"word.{n}": table.weight for n, table in enumerate(network.words, start=1)}
    out |= {f"pair.{n}": table.weight for n, table in enumerate(network.pairs)}
    for name, norm, blocks in (("base", network.base_norm, network.base), ("pair", network.pair_norm, network.pair)):
        out |= {f"{name}.norm.weight": norm.weight, f"{name}.norm.bias": norm.bias}
        for n, block in enumerate(blocks):
            out |= {f"{name}.{n}.weight": block.conv.weight, f"{name}.{n}.bias": block.conv.bias}
            out |= {f"{name}.{n}.norm.weight": block.norm.weight, f"{name}.{n}.norm.bias": block.norm.bias}
    out |= {"cue.0.weight": network.cue0.weight, "cue.0.bias": network.cue0.bias}
    out |= {"cue.1.weight": network.cue1.weight, "cue.1.bias": network.cue1.bias, "cue.look": network.look.weight}
    out |= {"near.weight": network.near.weight, "near.bias": network.near.bias}
    out |= {"out.weight": network.out.weight, "out.bias": network.out.bias}
    out |= {"moves": network.moves, "first": network.first, "last": network.last}
    return {name: value.detach().numpy().astype(np.float16) for name, value in out.items()}
