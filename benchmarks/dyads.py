"""How good the probabilities per pair are, on ICEWS: against the base rate, the last value and each pair's climatology.

    python -m benchmarks.dyads DIR

DIR has the form of ../shared/data/icews/tkg14 (entity2id, relation2id, and acts as `subject relation object day`).
Actors are folded to countries, types are PLOVER's. Scored on test.txt where there is one, else on valid.txt: every day
is an origin whose 7 or 30 days lie within; learnt from what was known on the day before the first. Targets at 7 days:
log-loss at least 5% (material conflict) and 10% (verbal conflict) below that of the climatology, calibration error at
most 1%. `inside` is the share of pairs whose number of windows with an act lies where the 90% intervals say. The last
line is JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.predictability import rows
from tertius.studies.forecasts import backtest, panel
from tertius.studies.forecasts.backtest import Past, Standing
from tertius.studies.record import Record, of_rows

START = date(2014, 1, 1)  # as benchmarks.predictability dates the days
HORIZONS, QUADS = (7, 30), (0, 1, 2, 3)
LEAST = {"material conflict": 0.05, "verbal conflict": 0.10}
MOST_ERROR = 0.01
LIKELY = 0.05


def record_of(folder: Path) -> tuple[Record, int]:
    """The acts of a folder, and on which day of the record the scored ones begin."""
    record = of_rows(rows(folder), "2100-01-01")
    scored = next(file for file in ("test.txt", "valid.txt") if (folder / file).is_file())
    hours = 24 if folder.name == "tkg18" else 1
    days = [int(line.split()[3]) // hours for line in (folder / scored).read_text(encoding="utf-8").splitlines()]
    return record, min(days) + START.toordinal() - record.first


def coverage(past: Past, size: float) -> float:
    """Of pairs with a chance over LIKELY: how often the number of windows with an act is within a 90% range."""
    from scipy.stats import betabinom

    first = past.origin.min()
    apart = (past.origin - first) % past.horizon == 0
    inside = tried = 0.0
    for pair in np.unique(past.pair[apart & (past.chance > LIKELY)]):
        own = apart & (past.pair == pair)
        p, n, k = float(past.chance[own].mean()), int(own.sum()), int(past.came[own].sum())
        law = betabinom(n, p * size, (1 - p) * size)
        below, at = float(law.cdf(k - 1)), float(law.pmf(k))
        # The share of a whole count that lies between 5% and 95%, as if drawn evenly within its step.
        inside += max(0.0, min(below + at, 0.95) - max(below, 0.05)) / at
        tried += 1
    return inside / max(1.0, tried)


def summary(found: list[tuple[Past, Standing]], alike: dict[tuple[int, int], float]) -> dict[str, float | bool]:
    """The figures by class and days, and whether the targets are met."""
    out: dict[str, float | bool] = {}
    for past, one in found:
        key = f"{one.what.replace(' ', '_')}_{one.within}"
        out |= {
            f"{key}_skill": one.skill_over_usual, f"{key}_brier": one.brier, f"{key}_log_loss": one.log_loss,
            f"{key}_auprc": one.average_precision, f"{key}_calibration_error": one.calibration_error,
        }  # fmt: skip
        if one.within == HORIZONS[0]:
            out[f"{key}_inside"] = coverage(past, 1 / alike[past.layer, past.horizon] - 1)
    weekly = [one for _, one in found if one.within == HORIZONS[0] and one.what in LEAST]
    out["skilled"] = all(one.skill_over_usual >= LEAST[one.what] for one in weekly)
    out["calibrated"] = all(one.calibration_error <= MOST_ERROR for one in weekly)
    return out


def line(one: Standing) -> str:
    """One row of the table."""
    return (
        f"{one.what:21s} {one.within:3d} {one.forecasts:7d} {one.came:6d} {one.brier:.4f} {one.brier_of_usual:.4f} "
        f"{one.log_loss:.4f} {one.log_loss_of_usual:.4f} {one.average_precision:.3f} "
        f"{one.average_precision_of_usual:.3f} {one.calibration_error:.4f} {one.skill_over_usual:+.3f} "
        f"[{one.skill_low:+.3f}, {one.skill_high:+.3f}] {one.skill_over_last:+.3f} {one.skill_over_base:+.3f}"
    )


def main() -> int:
    """Measure and print; `skilled` and `calibrated` say whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    if not (folder / "entity2id.txt").is_file():
        print(f"{folder} has no entity2id.txt: name a folder like ../shared/data/icews/tkg14")
        return 2
    started = time.process_time()
    record, start = record_of(folder)
    acts = panel.acts(record)
    found = backtest.backtest(acts, QUADS, HORIZONS, start - 1, every=1, refits=1)
    told = [(past, backtest.standing(acts, past)) for past in found]
    print("what, days, forecasts, came; Brier, of usual; log-loss, of usual; AUPRC, of usual; calibration error;")
    print("skill over usual [90% by pairs], over the last value, over the base rate")
    for _, one in told:
        print(line(one))
    figures = summary(told, {(past.layer, past.horizon): past.alike for past in found})
    figures["cpu_seconds"] = time.process_time() - started
    print(json.dumps({name: value if isinstance(value, bool) else round(value, 4) for name, value in figures.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
