"""Losses and the training loop."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from training.events import batches, labels
from training.events.batches import Batch, Example, Row
from training.events.model import LOOK, EventNet, First

DULL = 0.02  # a sentence whose likeliest trigger is less likely is told apart
FALSE_ROWS = 1  # second looks at words that are no trigger, at most, a sentence


@dataclass
class Plan:
    """How to train: rates are for the top layer and the heads; each lower layer gets `decay` times the one above."""

    epochs: float = 4
    rate: float = 2e-4
    head_rate: float = 8e-4
    decay: float = 0.85
    size: int = 24
    warm: float = 0.08
    seed: int = 1
    smooth: float = 0.05
    quiet: float = 0.3  # share of the sentences without events that are seen again once they are told apart


def train(net: EventNet, events: list[Example], plan: Plan, log: str = "") -> None:
    """Train on event annotations, in place, in bfloat16, on one thread."""
    if net.entry:
        keep_lower(net, events)
    dice = random.Random(plan.seed)  # noqa: S311
    _loop(net, plan, log, lambda epoch: _live(events, plan, epoch, dice), lambda batch: event_losses(net, batch, plan))


def keep_lower(net: EventNet, examples: list[Example]) -> None:
    """Compute once, and keep, the states of the layers that are not trained."""
    net.eval()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for _, batch in batches.in_order(examples, 48):
            states = net.lower(batch.ids, batch.mask).bfloat16()
            for example, state in zip(batch.examples, states, strict=True):
                example.lower = state[: len(example.ids)].clone()


def train_pairs(net: EventNet, pairs: list[Example], others: list[Example], plan: Plan, log: str = "") -> None:
    """Train on sentences with source and target marked: all of `pairs`, and as many of the `others`, every epoch."""
    dice = random.Random(plan.seed)  # noqa: S311

    def choose(_: int) -> list[Example]:
        return pairs + dice.sample(others, min(len(pairs), len(others)))

    _loop(net, plan, log, choose, lambda batch: [pair_loss(net, batch, plan)])


def _live(events: list[Example], plan: Plan, epoch: int, dice: random.Random) -> list[Example]:
    """After the first epoch, few of the sentences without events in which the network suspects none."""
    if epoch == 0:
        return events
    return [e for e in events if e.triggers or e.loudest > DULL or dice.random() < plan.quiet]


def _loop(
    net: EventNet,
    plan: Plan,
    log: str,
    choose: Callable[[int], list[Example]],
    losses: Callable[[Batch], list[Tensor]],
) -> None:
    torch.manual_seed(plan.seed)
    random.seed(plan.seed)
    optimizer = _optimizer(net, plan)
    highest = [group["lr"] for group in optimizer.param_groups]
    net.train()
    began, steps, sums = time.time(), 0, np.zeros(5)
    for epoch in range(math.ceil(plan.epochs)):
        waiting = list(batches.shuffled(choose(epoch), plan.size, plan.seed * 1000 + epoch))
        for at, batch in enumerate(waiting):
            share = (epoch + at / len(waiting)) / plan.epochs
            for group, rate in zip(optimizer.param_groups, highest, strict=True):
                group["lr"] = rate * _rate(min(1.0, share), plan.warm)
            parts = _step(net, optimizer, batch, losses)
            sums[: len(parts)] += parts
            steps += 1
            if steps % 100 == 0:
                took = f"{time.time() - began:.0f}s {time.process_time() / 60:.1f} cpu min"
                print(log, f"{100 * share:.0f}%", took, (sums / 100).round(3), flush=True)
                sums[:] = 0
    net.eval()


def _step(
    net: EventNet, optimizer: torch.optim.Optimizer, batch: Batch, losses: Callable[[Batch], list[Tensor]]
) -> list[float]:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        parts = losses(batch)
        loss = torch.stack(parts).sum()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return [float(part.detach()) for part in parts]


def _rate(share: float, warm: float) -> float:
    return share / warm if share < warm else max(0.02, 0.5 * (1 + math.cos(math.pi * (share - warm) / (1 - warm))))


def _optimizer(net: EventNet, plan: Plan) -> torch.optim.Optimizer:
    groups = []
    net.encoder.words.weight.requires_grad_(False)
    for n, layer in enumerate(net.encoder.layers):
        if n < net.entry:
            layer.requires_grad_(False)
        else:
            groups.append({"params": list(layer.parameters()), "lr": plan.rate * plan.decay ** (net.depth - 1 - n)})
    low = plan.rate * plan.decay**net.depth
    base = [net.encoder.positions.weight, *net.encoder.norm.parameters()]
    if net.encoder.relative is not None:
        base.append(net.encoder.relative.weight)
    if net.entry:
        for p in base:
            p.requires_grad_(False)
    else:
        groups.append({"params": base, "lr": low})
    for n, layer in enumerate(net.look):
        groups.append({"params": list(layer.parameters()), "lr": plan.rate * plan.decay ** (LOOK - 1 - n)})
    known = {id(p) for group in groups for p in group["params"]}
    rest = [p for p in net.parameters() if id(p) not in known and p.requires_grad]
    groups.append({"params": rest, "lr": plan.head_rate})
    return torch.optim.AdamW(groups, weight_decay=0.01)


def event_losses(net: EventNet, batch: Batch, plan: Plan) -> list[Tensor]:
    """Trigger, type (both looks), validity, actors, modality with reciprocity."""
    first = net.first(batch.ids, batch.mask, batch.pos, batch.names, batch.lower)
    trigger, types = _first_losses(first, batch, plan)
    rows = _rows(first, batch)
    zero = torch.zeros(())
    if not rows:
        return [trigger, types, zero, zero, zero]
    index = torch.tensor([n for n, _ in rows])
    examples = [batch.examples[n] for n, _ in rows]
    places = torch.tensor([e.first[r.word] for e, (_, r) in zip(examples, rows, strict=True)])
    actors = batches.averaging(examples, batch.ids.shape[1])
    bias = first.bias if first.bias.shape[0] == 1 else first.bias[index]
    second = net.second(first.low[index], bias, places, actors)
    chosen = [r for _, r in rows]
    weight = torch.tensor([r.weight for r in chosen])
    valid = torch.tensor([r.valid for r in chosen])
    validity = (F.binary_cross_entropy_with_logits(second.valid, valid, reduction="none") * weight).sum()
    scale = 1.0 / plan.size
    live = [n for n, r in enumerate(chosen) if r.modality is not None]
    if not live:
        return [trigger, types, validity * scale, zero, zero]
    gold = torch.from_numpy(np.stack([chosen[n].types for n in live]))
    of = (weight * valid)[live]
    types = types + scale * (_soft(second.types[live], gold, plan.smooth) * of).sum()
    said = torch.from_numpy(np.stack([chosen[n].modality for n in live]))
    modality = (_soft(second.modality[live], said, 0.02) * of).sum()
    mutual = torch.tensor([chosen[n].reciprocal for n in live])
    modality = (
        modality + (F.binary_cross_entropy_with_logits(second.reciprocal[live], mutual, reduction="none") * of).sum()
    )
    actor = _actor_loss(second.source, second.target, second.none, chosen, examples)
    return [trigger, types, validity * scale, actor * scale, modality * scale * 0.7]


def _first_losses(first: First, batch: Batch, plan: Plan) -> tuple[Tensor, Tensor]:
    rows, places, gold, weights, typed, wanted = [], [], [], [], [], []
    for n, example in enumerate(batch.examples):
        share = example.weight
        for word, piece in enumerate(example.first):
            if piece < 0:
                continue
            probability, weight = example.triggers.get(word, (0.0, share))
            rows.append(n)
            places.append(piece)
            gold.append(probability)
            weights.append(weight)
        for row in example.rows:
            if row.modality is not None:
                typed.append((n, example.first[row.word], row.weight * row.valid))
                wanted.append(row.types)
    found = first.trigger[rows, places]
    loss = F.binary_cross_entropy_with_logits(found, torch.tensor(gold), reduction="none") * torch.tensor(weights)
    trigger = loss.sum() / plan.size
    if not typed:
        return trigger, torch.zeros(())
    scores = first.types[[t[0] for t in typed], [t[1] for t in typed]]
    weight = torch.tensor([t[2] for t in typed])
    kinds = (_soft(scores, torch.from_numpy(np.stack(wanted)), plan.smooth) * weight).sum() / plan.size
    return trigger, 0.5 * kinds


def _rows(first: First, batch: Batch) -> list[tuple[int, Row]]:
    """The labelled triggers and, as counter-examples, other words that score high."""
    rows = [(n, row) for n, e in enumerate(batch.examples) for row in e.rows]
    chances = torch.sigmoid(first.trigger.detach()).numpy()
    for n, example in enumerate(batch.examples):
        example.loudest = max((float(chances[n, piece]) for piece in example.first if piece >= 0), default=0.0)
    for n, example in enumerate(batch.examples):
        if example.soft:
            continue
        others = [
            (chances[n, piece] * (0.5 + random.random()), word)  # noqa: S311
            for word, piece in enumerate(example.first)
            if piece >= 0 and word not in example.triggers and chances[n, piece] > 0.03
        ]
        for _, word in sorted(others, reverse=True)[:FALSE_ROWS]:
            rows.append((n, Row(word, 0.0, example.weight, np.zeros(len(labels.TYPES), dtype=np.float32))))
    return rows


def _soft(scores: Tensor, gold: Tensor, smooth: float) -> Tensor:
    gold = gold * (1 - smooth) + smooth / gold.shape[-1]
    return -(gold * scores.float().log_softmax(-1)).sum(-1)


def _actor_loss(source: Tensor, target: Tensor, none: Tensor, rows: list[Row], examples: list[Example]) -> Tensor:
    losses = []
    for n, (row, example) in enumerate(zip(rows, examples, strict=True)):
        count = len(example.spans)
        if row.sources is None or row.targets is None or count == 0:
            continue
        weight = row.weight * row.valid
        losses.append(weight * _pointed(source[n, :count], row.sources, row.neutral_sources))
        wide = torch.cat([target[n, :count], none[n : n + 1]])
        losses.append(weight * _pointed(wide, row.targets, row.neutral_targets))
    return torch.stack(losses).sum() if losses else torch.zeros(())


def _pointed(scores: Tensor, gold: np.ndarray, neutral: tuple[int, ...]) -> Tensor:
    if neutral:
        hide = torch.zeros_like(scores)
        hide[list(neutral)] = -1e4
        scores = scores + hide
    return -(torch.from_numpy(gold) * scores.log_softmax(-1)).sum()


def pair_loss(net: EventNet, batch: Batch, plan: Plan) -> Tensor:
    """Minus the log of the probability of all right types together (a root may be two types: YIELD)."""
    assert batch.roles is not None
    scores = net.pair(batch.ids, batch.mask, batch.pos, batch.names, batch.roles).log_softmax(-1)
    right = torch.from_numpy(np.stack([e.kinds for e in batch.examples if e.kinds is not None])) > 0
    weight = torch.tensor([e.weight for e in batch.examples])
    chance = torch.logsumexp(scores.masked_fill(~right, -1e4), -1)
    losses = -(1 - plan.smooth) * chance - plan.smooth * scores.mean(-1)
    return (losses * weight).mean()
