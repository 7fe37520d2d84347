"""Records of acts made by a known process: to see what the study finds where the truth is known.

Each dyad has a rate and a tone of its own; two camps are friendly within and hostile across. Responses, if any, are
planted: the log rate and the log odds of pressure of a dyad move with its statistics of the days before. The statistics
are worked out here apart from the engine's own code, so that a simulation also checks the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tertius.studies.rem.acts import Acts, of_columns
from tertius.studies.rem.arrays import Floats


@dataclass(frozen=True)
class World:
    """What the simulated actors do. Rates are acts a day of the mean dyad; `tone` and `rate` plant effects by name.

    `between`: log odds of pressure added across camps; `spread`: deviations of the dyads' log rates and log odds.
    """

    actors: int = 16
    days: int = 200
    acts_per_day: float = 40.0
    between: float = 3.0
    base: float = -2.0
    spread: tuple[float, float] = (1.0, 0.7)
    tone: Mapping[str, float] = field(default_factory=dict)
    rate: Mapping[str, float] = field(default_factory=dict)
    recent: float = 7.0
    standing: float = 60.0


def simulate(world: World, seed: int) -> Acts:
    """One record."""
    rng = np.random.default_rng(seed)
    n = world.actors
    camp = np.arange(n) % 2
    apart = (camp[:, None] != camp[None, :]).astype(np.float64)
    level = world.base + world.between * apart + rng.normal(0, world.spread[1], (n, n))
    rate = np.exp(rng.normal(0, world.spread[0], (n, n)))
    np.fill_diagonal(rate, 0.0)
    rate *= world.acts_per_day / rate.sum()
    past = {(tone, name): np.zeros((n, n)) for tone in (0, 1) for name in ("recent", "standing")}
    fade = {"recent": 0.5 ** (1 / world.recent), "standing": 0.5 ** (1 / world.standing)}
    day, source, target, quad = [], [], [], []
    for today in range(world.days):
        seen = statistics(past)
        counts = rng.poisson(rate * np.exp(_planted(world.rate, seen, n)))
        chance = 1 / (1 + np.exp(-(level + _planted(world.tone, seen, n))))
        pressed = rng.binomial(counts, chance)
        for tone, number in ((0, counts - pressed), (1, pressed)):
            i, j = np.nonzero(number)
            for a, b in np.repeat(np.stack([i, j], axis=1), number[i, j], axis=0).tolist():
                day.append(float(today))
                source.append(f"S{a:03d}")
                target.append(f"S{b:03d}")
                quad.append(2 + 2 * tone - int(rng.integers(2)))
        for (tone, name), matrix in past.items():
            past[tone, name] = (matrix + (pressed if tone else counts - pressed)) * fade[name]
    return of_columns(day, source, target, quad)


def _planted(effects: Mapping[str, float], seen: Mapping[str, Floats], actors: int) -> Floats:
    return sum((size * seen[name] for name, size in effects.items()), np.zeros((actors, actors)))


def statistics(past: Mapping[tuple[int, str], Floats]) -> dict[str, Floats]:
    """The study's statistics for every pair, [n, n] each, from the faded sums of support (0) and pressure (1)."""
    words = ("support", "pressure")
    out: dict[str, Floats] = {}
    for tone, word in enumerate(words):
        recent, standing = past[tone, "recent"], past[tone, "standing"]
        out[f"own_{word}"] = standing
        out[f"returned_{word}"] = recent.T
        out[f"target_receives_{word}"] = recent.sum(axis=0)[None, :] - recent
        out[f"source_deals_{word}"] = recent.sum(axis=1)[:, None] - recent
    for third, side in enumerate(("friend", "enemy")):
        for target, other in enumerate(("friend", "enemy")):
            tie = past[third, "standing"] + past[third, "standing"].T
            acts = past[target, "recent"] + past[target, "recent"].T
            out[f"{other}_of_{side}"] = np.minimum(tie[:, None, :], acts[None, :, :]).sum(axis=2)
    return {name: np.log1p(matrix) for name, matrix in out.items()}
