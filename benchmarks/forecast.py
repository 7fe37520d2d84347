"""Who comes next: the rank of the right target among all actors, on temporal knowledge graphs.

    python -m benchmarks.forecast DIR [--test valid.txt] [--no-orderer]

DIR holds train.txt, valid.txt, test.txt (source, relation, target, day), entity2id.txt and relation2id.txt, as
../shared/data/icews/tkg14. What comes last is scored: test.txt where there is one, else valid.txt; the ranker learns on
the days before, in the order of time. Both directions, single-step, time-aware filter, ties at their average rank over
all entities. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tertius.studies.forecasts import baselines
from tertius.studies.forecasts.evaluation import Scores, ranks, summary
from tertius.studies.forecasts.history import Facts, Floats, History, Ints, Queries
from tertius.studies.forecasts.ranker import Day, Ranker, Rows, rows, train, walk
from tertius.studies.forecasts.rules import Rules

LEARN, TUNE = 150, 30  # days to learn on, and then to choose the number of trees on, before the first that is scored
WARM = 30  # days before those from which the network alone learns
RECORDED = {"recurrency (IJCAI 2024)": 37.4, "RE-GCN": 42.1, "TLogic": 42.5, "TiRGN": 44.0, "L2TKG": 47.4}


def read(folder: Path, scored: str) -> tuple[Facts, int]:
    """All acts, and the first day that is scored."""
    parts = [np.loadtxt(folder / name, dtype=np.int64, usecols=(0, 1, 2, 3)) for name in _files(scored)]
    table = np.concatenate(parts)
    table = table[np.argsort(table[:, 3], kind="stable")]
    entities, relations = (len(names(folder / f"{kind}2id.txt")) for kind in ("entity", "relation"))
    source, relation, target, day = table.T
    return Facts(source, relation, target, day, entities, relations), int(parts[-1][:, 3].min())


def _files(scored: str) -> list[str]:
    return ["train.txt", "valid.txt", "test.txt"][: 3 if scored == "test.txt" else 2]


def names(path: Path) -> list[str]:
    """The names of a table of names and ids, in the order of ids."""
    lines = [line.rsplit("\t", 1) for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line]
    return [name for name, _ in sorted(lines, key=lambda line: int(line[1]))]


def sharing(entities: Sequence[str]) -> list[Ints]:
    """The country and the role of each actor, as its name gives them: 'Police_(India)'; -1 where it does not."""
    found = [re.fullmatch(r"(.+)_\(([^()]+)\)", name) for name in entities]
    roles = [match[1] if match else None for match in found]
    places = {match[2] for match in found if match}
    countries = [m[2] if m else name if name in places else None for m, name in zip(found, entities, strict=True)]
    return [_numbers(countries), _numbers(roles)]


def _numbers(labels: Sequence[str | None]) -> Ints:
    known = {label: number for number, label in enumerate(sorted({label for label in labels if label}))}
    return np.array([known[label] if label else -1 for label in labels], np.int64)


def by_rules(history: History, rules: Rules, queries: Queries) -> NDArray[np.float32]:
    """Temporal rules alone, in the manner of TLogic: noisy-or of the confidence of those that end in each target."""
    entities = history.facts.entities
    bodies = rules.bodies(history, queries)
    place = bodies.query * entities + history.triple_target[bodies.triple]
    weights = -np.log1p(-rules.confidence(bodies.rule))
    shape = (len(queries.source), entities)
    scores: NDArray[np.float32] = np.zeros(shape, np.float32)
    scores += np.bincount(place, weights, minlength=shape[0] * shape[1]).reshape(shape)
    return scores


def kinds(history: History, queries: Queries, query: Ints, target: Ints) -> Ints:
    """What was seen before of each answer: 0 the triple, 1 the pair in another relation, 2 neither."""
    entities = history.facts.entities
    asked, triple = history.same_triples(queries)
    same = np.isin(query * entities + target, asked * entities + history.triple_target[triple])
    asked, pair = history.pairs_of(queries.source)
    met = np.isin(query * entities + target, asked * entities + history.pair_target[pair])
    return np.where(same, 0, np.where(met, 1, 2))


class Board:
    """The ranks of all answers by each method, with what was seen before of them and their direction."""

    def __init__(self) -> None:
        self._ranks: dict[str, list[Floats]] = {}
        self._kinds: list[Ints] = []
        self._reversed: list[NDArray[np.bool_]] = []

    def add(self, day: Day, ranker: Ranker) -> None:
        """Score one day."""
        given = day.history, day.queries, day.query, day.target
        methods = {
            "ranker": ranker.scores(day.sheet),
            "rules": by_rules(day.history, day.rules, day.queries),
            "recurrency": baselines.recurrency(day.history, day.queries),
            "retrieval": day.sheet.retrieval,
        }
        for name, scores in methods.items():
            self._ranks.setdefault(name, []).append(ranks(scores, day.query, day.target))
        self._kinds.append(kinds(*given))
        self._reversed.append(day.queries.relation[day.query] >= day.history.facts.relations // 2)

    def figures(self) -> dict[str, Scores]:
        """All figures by name: each method, and the ranker's by kind and direction."""
        ours = {name: np.concatenate(parts) for name, parts in self._ranks.items()}
        kind, back, rank = np.concatenate(self._kinds), np.concatenate(self._reversed), ours["ranker"]
        out = {name: summary(values) for name, values in ours.items()}
        for number, name in enumerate(("seen triple", "seen pair", "new pair")):
            out[name] = summary(rank[kind == number])
        return out | {"forward": summary(rank[~back]), "backward": summary(rank[back])}


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--test", help="the file that is scored: test.txt or valid.txt")
    parser.add_argument("--no-orderer", action="store_true", help="the classifier alone, in half the time")
    given = parser.parse_args(arguments)
    started = time.process_time()
    scored = given.test or ("test.txt" if (given.folder / "test.txt").is_file() else "valid.txt")
    facts, first = read(given.folder, scored)
    doubled, groups = facts.both(), sharing(names(given.folder / "entity2id.txt"))
    random, board = np.random.default_rng(1), Board()
    learn: list[Rows] = []
    tune: list[Rows] = []
    ranker: Ranker | None = None
    for day in walk(doubled, first - LEARN - TUNE, int(doubled.day[-1]), groups, warm=WARM):
        if day.day < first:
            (learn if day.day < first - TUNE else tune).append(rows(day, random))
            continue
        if ranker is None:
            print(f"features: {time.process_time() - started:.0f} s", file=sys.stderr, flush=True)
            ranker = train(learn, tune, order=not given.no_orderer)
            learn.clear()
            tune.clear()
            print(f"trees {ranker.trees}: {time.process_time() - started:.0f} s", file=sys.stderr, flush=True)
        board.add(day, ranker)
    report(board.figures(), scored, time.process_time() - started)


def report(figures: dict[str, Scores], scored: str, seconds: float) -> None:
    """Print a table, the ratios to what is simpler, and the line of JSON."""
    print(f"{scored:24}    MRR    H@1    H@3   H@10  queries")
    for name, score in figures.items():
        print(f"{name:24} {score.mrr:6.2f} {score.hits1:6.2f} {score.hits3:6.2f} {score.hits10:6.2f} {score.queries:8}")
    ours = figures["ranker"]
    for name in ("recurrency", "rules"):
        print(f"MRR over that of {name}: {ours.mrr / max(figures[name].mrr, 1e-9):.3f}")
    print("recorded elsewhere, on the test days: " + ", ".join(f"{name} {mrr}" for name, mrr in RECORDED.items()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    final = {"mrr": ours.mrr, "hits1": ours.hits1, "hits3": ours.hits3, "hits10": ours.hits10}
    final |= {"cpu_seconds": seconds, "peak_mb": peak}
    print(json.dumps({key: round(value, 2) for key, value in final.items()}))


if __name__ == "__main__":
    main()
