"""`tertius answers` in simulation: planted responses, shifted p-values without any, and the false discovery rate.

    python -m benchmarks.answers [--runs 1000]

Made-up records of 400 days in which news comes in runs. Targets: intervals hold the planted rate ratio in 0.90 to 0.98
of records; without a response at most 0.08 of shifted p-values are under 0.05, and they are nowhere too small
(one-sided Kolmogorov and Smirnov, 1% limit); at most 0.10 of screens without any response name one. How far they are
from uniform, either way, is told without a target: they are a little too large. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np

from tertius.ontology import TYPES
from tertius.studies.answers import Answer, answers, screen
from tertius.studies.record import Floats, of_rows

START = date(2022, 1, 3)
ONE_SIDED_LIMIT = 1.517  # of Kolmogorov and Smirnov at 1%
EFFECTS = (1.0, 1.5, 2.5)
HELPERS = ("RUS", "CHN", "IRN", "CUB", "SYR", "VNM", "LAO", "MNG")


def act(day: int, source: str, target: str, type_: str) -> dict[str, Any]:
    """A row as a record takes it; its id says what it is."""
    kind = TYPES[type_]
    when = (START + timedelta(day)).isoformat()
    return {
        "id": f"{source}{target}{day}{type_}", "date": when, "source": source, "target": target, "type": type_,
        "quad": kind.quad, "intensity": kind.intensity,
    }  # fmt: skip


def triad(seed: int, effect: float = 1.0, days: int = 400, helpers: Iterable[str] = ("RUS",)) -> list[dict[str, Any]]:
    """USA presses PRK in runs; each helper supports PRK `effect` times as often in the week after more than usual."""
    rng = np.random.default_rng(seed)
    pressure = rng.poisson(0.25 * np.exp(runs(rng, days)))
    sums = np.concatenate([[0], np.cumsum(pressure)])
    recent = np.array([sums[day] - sums[max(0, day - 7)] for day in range(days)])
    raised = np.where(recent > np.median(recent), effect, 1.0)
    rows = [act(day, "USA", "PRK", "ACCUSE") for day in range(days) for _ in range(pressure[day])]
    for helper in helpers:
        times = rng.poisson(0.3 * raised * np.exp(0.5 * runs(rng, days)))
        rows += [act(day, helper, "PRK", "SUPPORT") for day in range(days) for _ in range(times[day])]
    return rows + [act(day, "CHN", "JPN", "CONSULT") for day in range(days)]


def runs(rng: np.random.Generator, days: int) -> Floats:
    """News comes in runs: an autoregression of days."""
    level, out = 0.0, np.empty(days)
    for day in range(days):
        level = 0.9 * level + rng.normal(0.0, 0.4)
        out[day] = level
    return out - 0.4


def asked(effect: float, runs_: int) -> list[Answer]:
    """The answers of many records, those without enough data left out."""
    found = (answers(of_rows(triad(seed, effect)), "USA", "PRK", "RUS").answer for seed in range(runs_))
    return [one for one in found if one.p is not None]


def planted(effect: float, runs_: int) -> dict[str, float]:
    """Coverage, mean ratio and the share of p-values under 0.05, at one planted effect."""
    found = asked(effect, runs_)
    p = np.array([one.p for one in found], np.float64)
    uniform = (np.arange(len(p)) + 0.5) / len(p)
    ratio, low, high = (np.array([getattr(one, end) for one in found], np.float64) for end in ("ratio", "low", "high"))
    return {
        f"coverage_{effect}": float(((low < effect) & (effect < high)).mean()),
        f"ratio_{effect}": float(np.exp(np.log(ratio).mean())),
        f"under_0.05_{effect}": float((p <= 0.05).mean()),
        f"p_too_small_{effect}": float((uniform - np.sort(p)).max()),
        f"p_too_large_{effect}": float((np.sort(p) - uniform).max()),
    }


def false_discoveries(runs_: int) -> float:
    """The share of screens without any response that name one at a false discovery rate of 5%."""
    screens = (screen(of_rows(triad(seed, 1.0, helpers=HELPERS))) for seed in range(runs_))
    return float(np.mean([any(one.q is not None and one.q <= 0.05 for one in found) for found in screens]))


def main() -> int:
    """Simulate, print, and say by the exit code whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    runs_ = parser.parse_args().runs
    found = {name: value for effect in EFFECTS for name, value in planted(effect, runs_).items()}
    found["false_discoveries"] = false_discoveries(runs_)
    met = (
        all(0.90 <= found[f"coverage_{effect}"] <= 0.98 for effect in EFFECTS)
        and found["under_0.05_1.0"] <= 0.08
        and found["p_too_small_1.0"] <= ONE_SIDED_LIMIT / math.sqrt(runs_)
        and found["false_discoveries"] <= 0.10
    )
    for name, value in found.items():
        print(f"{name}: {value:.3f}")
    print(json.dumps({**{name: round(value, 4) for name, value in found.items()}, "runs": runs_, "met": met}))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
