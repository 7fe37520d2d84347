"""Relational event models against their peers, in simulation, and in time.

    python -m benchmarks.responses DIR [--parts speed,peers,simulations] [--runs 200]

DIR has the form of ../shared/data/rem. `peers`: what goldfish, remverse, survival::coxph, relevent and eventnet print
for the same data (data/relational.json). `simulations`: planted effects and two camps without any response. `speed`: a
million acts of 500 actors, and ICEWS14 with 16 statistics. One line a check; the last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks import peers
from tertius.studies.rem.acts import Acts, of_columns
from tertius.studies.rem.arrays import Bools, Floats
from tertius.studies.rem.formula import parse
from tertius.studies.rem.likelihood import Estimate, ordinal, tied
from tertius.studies.rem.model import fit
from tertius.studies.rem.riskset import Strata
from tertius.studies.rem.simulate import World, simulate
from tertius.studies.rem.study import Effect, responses
from tertius.studies.rem.table import tabulate

FIT_OPTIONS = ("weighted", "half_life", "first", "lagged", "until")


class Check(NamedTuple):
    """One figure: ours, what is expected, how far it may be off; `unit` says in what the difference is measured."""

    name: str
    ours: float
    expected: float
    tolerance: float
    unit: float = 1.0

    @property
    def off(self) -> float:
        """The difference in units."""
        return abs(self.ours - self.expected) / self.unit

    @property
    def ok(self) -> bool:
        """Whether the difference is tolerable."""
        return bool(self.off <= self.tolerance)


def model_checks(folder: Path, expected: dict[str, Any]) -> Iterator[Check]:
    """One model of relational.json: coefficients, standard errors, log-likelihood."""
    options = {key: value for key, value in expected["options"].items() if key in FIT_OPTIONS}
    own = "bilatnet_of_acts" if expected["set"] == "fisheries" else "callNetwork"
    estimate = fit(expected["formula"], peers.read(folder, expected["set"]), expected["model"], own=own, **options)
    yield from _compared(expected["name"], estimate, expected)


def _compared(name: str, estimate: Estimate, expected: dict[str, Any]) -> Iterator[Check]:
    errors = dict(zip(estimate.names, estimate.se.tolist(), strict=True))
    ours = dict(zip(estimate.names, estimate.coef.tolist(), strict=True))
    for kind, mine in (("coef", ours), ("se", errors)):
        (measure, tolerance), *_ = expected.get(f"{kind}_tolerance", {"absolute": 0.0}).items()
        for effect, value in expected.get(kind, {}).items():
            unit = {"absolute": 1.0, "errors": errors[effect], "relative": abs(value)}[measure]
            yield Check(f"{name}: {effect} {kind}", mine[effect], value, tolerance, unit)
    if "loglik" in expected:
        yield Check(f"{name}: loglik", estimate.loglik, expected["loglik"], expected["loglik_tolerance"])


def eventnet_checks(folder: Path) -> Iterator[Check]:
    """eventnet's statistics row by row, then the models that survival::coxph fits to them."""
    data, sampled = peers.eventnet(folder)
    ours = tabulate(parse(peers.twelve(), half_life=30), data, sampled.time, sampled.sender, sampled.receiver)
    for column, name in enumerate(sampled.names):
        apart = float(np.abs(ours[:, column] - sampled.values[:, column]).max())
        yield Check(f"eventnet {name}: largest difference in {len(ours)} rows", apart, 0.0, 1e-6)
    expected = peers.EXPECTED["eventnet"]
    values = np.log1p(np.asarray(ours, np.float64))
    late = sampled.time > 30
    yield from _listed(
        "eventnet, a stratum an act", ordinal(act_strata(values, sampled, late)), expected["per_event"], 1e-6
    )
    order = np.flatnonzero(late)[np.argsort(sampled.time[late], kind="stable")]
    sizes = np.unique(sampled.time[late], return_counts=True)[1].astype(np.int64)
    case = sampled.observed[order].astype(np.float64)
    for ties, key in (("breslow", "breslow_day"), ("efron", "efron_day")):
        estimate = tied(values[order], case, sizes, sampled.names, ties)  # type: ignore[arg-type]
        yield from _listed(f"eventnet, a stratum a day ({ties}: biased)", estimate, expected[key], 1e-6)


def _listed(name: str, estimate: Estimate, expected: dict[str, Any], tolerance: float) -> Iterator[Check]:
    for kind, mine in (("coef", estimate.coef), ("se", estimate.se)):
        for effect, value, wanted in zip(estimate.names, mine.tolist(), expected.get(kind, []), strict=False):
            yield Check(f"{name}: {effect} {kind}", value, wanted, tolerance)
    if "loglik" in expected:
        yield Check(f"{name}: loglik", estimate.loglik, expected["loglik"], 1e-5)


def act_strata(values: Floats, sampled: peers.Sampled, kept: Bools) -> Strata:
    """Each act against the sampled pairs of its day, without the other acts of that day."""
    groups = []
    for day in np.unique(sampled.time[kept]):
        others = np.flatnonzero((sampled.time == day) & (sampled.observed == 0))
        groups += [np.append(act, others) for act in np.flatnonzero((sampled.time == day) & (sampled.observed == 1))]
    at = np.concatenate(groups)
    sizes = np.array([len(group) for group in groups])
    chosen = np.cumsum(sizes) - sizes
    rows = np.ascontiguousarray(values[at].T).T
    return Strata(sampled.names, rows, sizes, chosen, np.zeros(len(sizes)), sampled.sender[at], sampled.receiver[at])


def truth_checks(folder: Path) -> Iterator[Check]:
    """remstimate's simulated data: the true parameters lie within 1.96 standard errors."""
    expected = peers.EXPECTED["tie_data"]
    estimate = fit(expected["formula"], peers.acts(peers.rows(folder / "remstimate_tie_data.csv")))
    errors = dict(zip(estimate.names, estimate.se.tolist(), strict=True))
    for name, value in zip(estimate.names, estimate.coef.tolist(), strict=True):
        yield Check(f"remstimate's simulation: {name} in errors", value, expected["truth"][name], 1.96, errors[name])


def peer_checks(folder: Path) -> Iterator[Check]:
    """Everything that other programs print."""
    for expected in peers.EXPECTED["models"]:
        yield from model_checks(folder, expected)
    yield from eventnet_checks(folder)
    yield from truth_checks(folder)


# A year with as many acts a day as ICEWS14 has between states.
CAMPS = World(actors=20, days=365, acts_per_day=75.0)
TONE = replace(CAMPS, between=1.5, tone={"returned_pressure": 0.5, "enemy_of_friend": 0.5})
WHO = replace(CAMPS, between=1.5, rate={"returned_pressure": 0.3, "enemy_of_friend": -0.3})
TRIANGLES = ("friend_of_friend", "friend_of_enemy", "enemy_of_friend", "enemy_of_enemy")


def simulated(world: World, runs: int) -> dict[tuple[str, str], list[Effect]]:
    """The study on `runs` records of one world: each model's effects, run by run."""
    out: dict[tuple[str, str], list[Effect]] = {}
    for seed in range(runs):
        for effect in responses(simulate(world, seed)).effects:
            if effect.response is not None:
                out.setdefault((effect.model, effect.effect), []).append(effect)
    return out


def covered(effects: list[Effect], truth: float) -> float:
    """The share of 95% intervals of the response that hold the truth."""
    return float(np.mean([(e.response_low or 0.0) <= truth <= (e.response_high or 0.0) for e in effects]))


def _mean(effects: list[Effect]) -> float:
    return float(np.mean([e.response or 0.0 for e in effects]))


def simulation_checks(runs: int) -> Iterator[Check]:
    """Planted effects are covered; two camps without any response show none within dyads, and all of it pooled."""
    for model, world, planted in (("tone", TONE, TONE.tone), ("who", WHO, WHO.rate)):
        found = simulated(world, runs)
        for name, truth in planted.items():
            effects = found[model, name]
            yield Check(f"{model}, planted {name}: coverage in {runs} runs", covered(effects, truth), 0.94, 0.04)
            print(
                f"     {name}: {_mean(effects):.3f} for {truth} in a year; the bias falls with the length of the record"
            )
        longer = simulated(replace(world, days=4 * world.days), max(1, runs // 10))
        for name, truth in planted.items():
            mean = _mean(longer[model, name])
            yield Check(
                f"{model}, planted {name}: mean over four years, share of the truth", mean, truth, 0.2, abs(truth)
            )
    found = simulated(CAMPS, runs)
    for name in TRIANGLES:
        effects = found["tone", name]
        within = float(np.mean([(e.response_p or 0.0) < 0.05 for e in effects]))
        yield Check(f"two camps, {name} within dyads: rejected at 5%", within, 0.05, 0.05)
        pooled = float(np.mean([e.alignment_p < 0.05 for e in effects]))
        yield Check(f"two camps, {name} pooled: 'found' at 5%", pooled, 1.0, 0.1)


MILLION, ACTORS, DAYS = 1_000_000, 500, 365
PEER_SECONDS = {"remstats": 38.8, "eventnet": 11.9}  # processor time for 27,685 acts x 16 statistics, as recorded


def million() -> Acts:
    """A million acts of 500 actors over a year, with uneven rates and two camps."""
    rng = np.random.default_rng(0)
    rate = np.exp(rng.normal(0, 2, (ACTORS, ACTORS)))
    np.fill_diagonal(rate, 0.0)
    cell = rng.choice(rate.size, size=MILLION, p=rate.ravel() / rate.sum())
    source, target = np.divmod(cell, ACTORS)
    pressed = rng.random(MILLION) < np.where((source + target) % 2, 0.6, 0.1)
    names = np.array([f"S{number:03d}" for number in range(ACTORS)])
    days = np.sort(rng.integers(0, DAYS, MILLION)).astype(np.float64)
    quad = 1 + 2 * pressed + rng.integers(0, 2, MILLION)
    return of_columns(days.tolist(), names[source].tolist(), names[target].tolist(), quad.tolist())


def speed_checks(folder: Path) -> Iterator[Check]:
    """Processor seconds and memory."""
    acts = million()
    started = time.process_time()
    responses(acts)
    yield Check(
        "a million acts, 500 actors: statistics and fits, processor seconds", time.process_time() - started, 0, 60
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    yield Check("a million acts, 500 actors: peak memory, GB", peak, 0, 2)
    data, _ = peers.eventnet(folder)
    formula = parse(
        peers.twelve() + "".join(f' + {name}(kind="coop")' for name in ("otp", "itp", "osp", "isp")), half_life=30
    )
    events = data.events
    started = time.process_time()
    tabulate(formula, data, events.time, events.sender, events.receiver)
    seconds = time.process_time() - started
    yield Check(f"{len(events)} acts x {len(formula.terms)} statistics: processor seconds", seconds, 0, 1)
    for peer, recorded in PEER_SECONDS.items():
        yield Check(f"the same as a share of {peer}'s recorded time", seconds / recorded, 0, 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit code 1 when a check fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parts", default="speed,peers,simulations")
    parser.add_argument("--runs", type=int, default=200, help="simulated records; under 200 shares are chancy")
    given = parser.parse_args(arguments)
    parts: dict[str, Callable[[], Iterator[Check]]] = {
        "speed": lambda: speed_checks(given.folder),
        "peers": lambda: peer_checks(given.folder),
        "simulations": lambda: simulation_checks(given.runs),
    }
    started = time.perf_counter()
    checks: list[Check] = []
    for part in given.parts.split(","):
        for check in parts[part]():
            checks.append(check)
            print(
                f"{'ok  ' if check.ok else 'FAIL'} {check.name}: ours {check.ours:.9g}, expected {check.expected:.9g}, "
                f"off {check.off:.2g} (at most {check.tolerance:.2g})",
                flush=True,
            )
    failed = [check for check in checks if not check.ok]
    worst = sorted(checks, key=lambda c: -c.off / c.tolerance if c.tolerance else -c.off)[:3]
    json.dump(
        {
            "passed": len(checks) - len(failed),
            "failed": len(failed),
            "failures": [check.name for check in failed],
            "nearest_to_their_limits": {check.name: float(f"{check.off:.3g}") for check in worst},
            "seconds": round(time.perf_counter() - started, 1),
        },
        sys.stdout,
    )
    print()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
