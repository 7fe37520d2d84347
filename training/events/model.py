"""The event model: one pass over the sentence finds triggers, a second look at each trigger reads the event.

First look: the encoder gives every word the log-odds of being a trigger and a distribution over types.
Second look: the encoder's last two layers (copies, trained apart) run again with the trigger marked; from them come
validity, type, modality, reciprocity, and for every candidate phrase whether it is the source or the target.
`pair` reads a sentence whose source and target are marked, and gives the type between them.
"""

from __future__ import annotations

import copy
from typing import NamedTuple

import torch
from torch import Tensor, nn

from training.events import labels
from training.events.encoder import Encoder

LOOK = 2  # layers of the second look


class First(NamedTuple):
    """Of the first look: states for the second, attention bias, trigger log-odds and type scores for every piece."""

    low: Tensor
    bias: Tensor
    trigger: Tensor
    types: Tensor


class Second(NamedTuple):
    """Of the second look, one row a trigger. Arguments are scored for every candidate; `none` for 'no target'."""

    valid: Tensor
    types: Tensor
    modality: Tensor
    reciprocal: Tensor
    source: Tensor
    target: Tensor
    none: Tensor


def _head(width: int, out: int, inner: int | None = None) -> nn.Sequential:
    inner = inner or width
    return nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Dropout(0.1), nn.Linear(inner, out))


class EventNet(nn.Module):
    """See the module's text. The layers below `entry` stay as they are, so that their states can be kept (`lower`)."""

    def __init__(self, encoder: Encoder, entry: int = 0) -> None:
        super().__init__()
        self.entry = entry
        d = encoder.width
        self.encoder = encoder
        self.depth = len(encoder.layers)
        self.look = copy.deepcopy(encoder.layers[-LOOK:])
        self.pos, self.names = nn.Embedding(len(labels.POS), d), nn.Embedding(len(labels.NAMES), d)
        self.roles = nn.Embedding(3, d)
        self.mark = nn.Embedding(1, d)
        for table in (self.pos, self.names, self.roles, self.mark):
            nn.init.normal_(table.weight, std=0.01)
        self.trigger_head = _head(d, 1 + len(labels.TYPES))
        self.event_head = _head(d, 2 + len(labels.TYPES) + len(labels.MODALITIES) + 1)
        self.actor_head = _head(2 * d, 2, d)
        self.pair_head = _head(3 * d, len(labels.TYPES), d)
        self.pair_weight = nn.Linear(d, 1)

    def beside(self, pos: Tensor, names: Tensor, roles: Tensor | None) -> Tensor:
        """What is added to the word embeddings: part of speech, name type and role (source 1, target 2)."""
        extra = self.pos(pos) + self.names(names)
        return extra if roles is None else extra + self.roles(roles) * (roles > 0).unsqueeze(-1)

    def lower(self, ids: Tensor, mask: Tensor) -> Tensor:
        """States below `entry`, which training does not change."""
        with torch.no_grad():
            x = self.encoder.embed(self.encoder.words(ids), torch.zeros(1, 1, self.encoder.width))
            return self.encoder.run(x, self.encoder.bias(mask), 0, self.entry)

    def first(self, ids: Tensor, mask: Tensor, pos: Tensor, names: Tensor, lower: Tensor | None = None) -> First:
        """All (batch, length); `lower` (batch, length, width) where it is kept."""
        bias = self.encoder.bias(mask)
        if not self.entry:
            return self.first_of(self.encoder.words(ids), bias, pos, names)
        states = self.lower(ids, mask) if lower is None else lower
        return self._upper(states + self.beside(pos, names, None), bias, self.entry)

    def first_of(self, words: Tensor, bias: Tensor, pos: Tensor, names: Tensor) -> First:
        """The first look at word vectors."""
        beside = self.beside(pos, names, None)
        if not self.entry:
            return self._upper(self.encoder.embed(words, beside), bias, 0)
        states = self.encoder.run(self.encoder.embed(words, torch.zeros_like(words)), bias, 0, self.entry)
        return self._upper(states + beside, bias, self.entry)

    def _upper(self, x: Tensor, bias: Tensor, entry: int) -> First:
        low = self.encoder.run(x, bias, entry, self.depth - LOOK)
        top = self.encoder.run(low, bias, self.depth - LOOK, self.depth)
        scores = self.trigger_head(top).float()
        return First(low, bias, scores[..., 0], scores[..., 1:])

    def second(self, low: Tensor, bias: Tensor, trigger: Tensor, actors: Tensor) -> Second:
        """`low`, `bias` one row a trigger; `trigger` (rows,) its piece; `actors` (rows, candidates, length) weights
        that average a candidate's pieces (rows of zeros: padding)."""
        places = torch.arange(low.shape[1], device=low.device)
        marked = (places[None] == trigger[:, None]).to(low.dtype)
        x = low + marked.unsqueeze(-1) * self.mark.weight[0]
        for layer in self.look:
            x = layer(x, bias)
        at = marked.to(x.dtype).unsqueeze(1) @ x
        event = self.event_head(at.squeeze(1)).float()
        mean = actors.to(x.dtype) @ x
        actor = self.actor_head(torch.cat([mean, at.expand(-1, mean.shape[1], -1)], -1)).float()
        n, m = len(labels.TYPES), len(labels.MODALITIES)
        return Second(
            valid=event[:, 0], types=event[:, 2 : 2 + n], modality=event[:, 2 + n : 2 + n + m],
            reciprocal=event[:, -1], source=actor[..., 0], target=actor[..., 1], none=event[:, 1],
        )  # fmt: skip

    def pair(self, ids: Tensor, mask: Tensor, pos: Tensor, names: Tensor, roles: Tensor) -> Tensor:
        """Type scores of a sentence whose source (1) and target (2) pieces are given in `roles`."""
        return self.pair_of(self.encoder.words(ids), self.encoder.bias(mask), pos, names, roles)

    def pair_of(self, words: Tensor, bias: Tensor, pos: Tensor, names: Tensor, roles: Tensor) -> Tensor:
        """The same from word vectors: means of source and target, and an attentive mean of all pieces."""
        top = self.encoder.run(self.encoder.embed(words, self.beside(pos, names, roles)), bias, 0, self.depth).float()
        weight = self.pair_weight(top).squeeze(-1) + bias[:, 0, 0]
        pooled = (weight.softmax(-1).unsqueeze(-1) * top).sum(1)
        return self.pair_head(torch.cat([_mean(top, roles == 1), _mean(top, roles == 2), pooled], -1)).float()


def _mean(x: Tensor, where: Tensor) -> Tensor:
    weight = where.float().unsqueeze(-1)
    return (x * weight).sum(1) / weight.sum(1).clamp(min=1.0)
