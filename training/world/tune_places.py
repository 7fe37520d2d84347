"""Learn the weights of places.Weights from annotated news: python -m training.world.tune_places FILE.xml ...

A conditional logit: each name of an article chooses among the places of that name, and the right ones are those within
161 km of the gold coordinates (or the nearest country, region or division within 1,500 km: the point that stands for a
large area is a convention). Every second report of each file trains, and the others (benchmarks.places --held) tell how
well it holds. What depends on the other places of the article is computed anew with the weights of the round before.
All files count alike.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from benchmarks.places import Gold, Tally, articles, compare, halves
from tertius.reading import actors, language, places
from tertius.reading.places import Weights, resolution, toponyms
from tertius.records import Document
from tertius.world.gazetteer import Place as Candidate

ROUNDS = 4
STEPS, HALVINGS = 25, 8
RIDGE = 0.001  # for each squared weight, counted from PRIOR: what is too rare to learn stays as it was set
PRIOR = Weights(
    people=1.2, country=5.0, region=2.0, county=-0.5, namesake=-2.2, alias=-2.0, capital=2.0, beside=6.0, linked=3.0,
    division=2.0, settlement=2.0, company=3.0, state=2.0, near=2.0, far=2.0,
)  # fmt: skip
# Set by hand: the annotated news is local to the USA or names few such places, and a wrong country is the worst error.
HELD_FAST = [Weights._fields.index(name) for name in ("country", "region", "namesake")]
CLOSE, WIDE = 161.0, 1500.0  # kilometres
Array = NDArray[np.float64]


class Case(NamedTuple):
    """An article, read as far as it does not depend on the weights."""

    doc: Doc
    found: list[toponyms.Toponym]
    context: Counter[str]
    gold: list[Gold]


class Choice(NamedTuple):
    """One name: features (candidates, weights), which candidates are right, how often it counts."""

    features: Array
    right: NDArray[np.bool_]
    weight: float


def prepare(text: str, gold: list[Gold]) -> Case:
    """Read an article."""
    doc = language.parse(text)
    cast = actors.find(doc, Document.from_text(text))
    found = toponyms.find(doc, cast)
    return Case(doc, found, resolution.context(doc, found, cast), gold)


def choices(case: Case, weights: Weights) -> Iterator[Choice]:
    """What each name of an article chose among, given what the other names are with these weights."""
    if not case.found:
        return
    chosen = resolution.choose(case.doc, case.found, case.context, weights)
    names = resolution.group(case.found)
    local = resolution.local_features(case.doc, case.found, names)
    for name, numbers in names.items():
        gold = [g for n in numbers if (g := _gold(case, n)) is not None]
        if not gold:
            continue
        candidates = case.found[numbers[0]].candidates
        others = [chosen[group[0]] for other, group in names.items() if other != name]
        features = np.hstack([local[name], resolution.company_features(candidates, others, case.context)])
        right = _right(candidates, gold[0])
        if right.any() and not right.all():
            yield Choice(features, right, float(len(gold)))


def _gold(case: Case, n: int) -> Gold | None:
    toponym = case.found[n]
    span = case.doc[toponym.first : toponym.last + 1]
    overlapping = (g for g in case.gold if g.start < span.end_char and span.start_char < g.end and g.position)
    return next(overlapping, None)


def _right(candidates: tuple[Candidate, ...], gold: Gold) -> NDArray[np.bool_]:
    spots = np.radians([(c.latitude, c.longitude) for c in candidates])
    away = places.kilometres(np.radians([gold.position or (0.0, 0.0)]), spots)[0]
    right: NDArray[np.bool_] = away <= CLOSE
    nearest = int(away.argmin())
    if not right.any() and away[nearest] <= WIDE and candidates[nearest].kind != "city":
        right[nearest] = True
    return right


def fit(files: list[list[Choice]], start: Weights) -> Weights:
    """The weights under which the right candidates are likeliest: Newton's method on Fisher's information."""
    parts = [(choice, choice.weight / sum(c.weight for c in chosen)) for chosen in files for choice in chosen]
    vector = np.array(start)
    loss, slope, curvature = _likelihood(parts, vector)
    for _ in range(STEPS):
        step = np.linalg.solve(curvature, slope)
        for _ in range(HALVINGS):
            trial = _likelihood(parts, vector - step)
            if trial[0] <= loss:
                vector, (loss, slope, curvature) = vector - step, trial
                break
            step = step / 2
    prior = np.array(PRIOR)
    vector = np.where(vector * prior < 0, 0.0, vector)  # nothing that speaks for a place is counted against it
    return Weights(*(round(float(value), 2) for value in vector))


def _likelihood(parts: list[tuple[Choice, float]], vector: Array) -> tuple[float, Array, Array]:
    """Negative log-likelihood with its ridge, its gradient, and the information."""
    away = vector - np.array(PRIOR)
    ridge = np.full(len(vector), RIDGE)
    ridge[HELD_FAST] = 1e3 * RIDGE
    loss, slope, curvature = float(ridge @ away**2), 2 * ridge * away, 2 * np.diag(ridge)
    for choice, share in parts:
        scores = choice.features @ vector
        chance = np.exp(scores - scores.max())
        chance /= chance.sum()
        right = max(float(chance[choice.right].sum()), 1e-12)
        posterior = np.where(choice.right, chance, 0) / right
        mean = chance @ choice.features
        loss -= share * float(np.log(right))
        slope = slope + share * (mean - posterior @ choice.features)
        curvature = curvature + share * ((choice.features.T * chance) @ choice.features - np.outer(mean, mean))
    return loss, slope, curvature


def accuracy(cases: list[Case], weights: Weights) -> float:
    """Share of found toponyms within 161 km."""
    total = Tally(*(0,) * len(Tally._fields))
    for case in cases:
        chosen = resolution.choose(case.doc, case.found, case.context, weights) if case.found else []
        found = tuple(places.place(case.doc, t, c) for t, c in zip(case.found, chosen, strict=True))
        total = total + compare(case.gold, found)
    return total.near / max(1, total.placed)


def main() -> None:
    """Print the weights of each round and the accuracy on both halves of each file."""
    split = [halves(list(articles(path))) for path in sys.argv[1:]]
    tune, held = ([[prepare(article.text, article.gold) for article in part[n]] for part in split] for n in (0, 1))
    weights = PRIOR
    for _ in range(ROUNDS):
        report = [[round(accuracy(cases, weights), 4) for cases in half] for half in (tune, held)]
        print(f"tuned on {report[0]}, held {report[1]}: {weights}", flush=True)
        learned = fit([[c for case in cases for c in choices(case, weights)] for cases in tune], weights)
        weights = Weights(*(round((old + new) / 2, 2) for old, new in zip(weights, learned, strict=True)))
    print([round(accuracy(cases, weights), 4) for cases in held], weights)


if __name__ == "__main__":
    main()
