"""What is wrong with a model, in words: effects that cannot be told apart, that never vary, that run together."""

from __future__ import annotations

import msgspec
import numpy as np

from tertius.errors import NotIdentified, TooLittle
from tertius.studies.rem.arrays import Bools, Floats, Ints, Reals, starts

DEPENDENT = 1e-9  # smallest eigenvalue of the information as correlations
SAME = 1e-9  # of a statistic's largest value: less than this is rounding
TOGETHER = 0.9  # correlation from which two estimates are said to run together


class Collinear(msgspec.Struct, frozen=True):
    """Two effects whose estimates run together: how strongly, and that in words."""

    first: str
    second: str
    correlation: float
    words: str


def check_variation(rows: Reals, sizes: Ints, names: tuple[str, ...]) -> None:
    """Raises TooLittle (no stratum with a choice) and NotIdentified (effects constant within every stratum)."""
    if int(sizes.max(initial=0)) < 2:
        raise TooLittle("no act had an alternative: there must be at least two candidates")
    at = starts(sizes)
    for column, name in enumerate(names):
        values = np.ascontiguousarray(rows[:, column])
        if not np.isfinite(values).all():
            raise NotIdentified(
                f"{name} is not a number for some candidates: check the networks and attributes it reads", (name,)
            )
        if (np.maximum.reduceat(values, at) == np.minimum.reduceat(values, at)).all():
            what = "is zero throughout" if not values.any() else "is the same for all candidates of each act"
            raise NotIdentified(f"{name} {what}, so its coefficient cannot be known: leave it out", (name,))


def constant(rows: Reals, sizes: Ints) -> Bools:
    """Which columns are the same for all rows of every stratum (rounding apart); [p]."""
    at = starts(sizes)
    spread = np.stack([np.maximum.reduceat(c, at) - np.minimum.reduceat(c, at) for c in rows.T], axis=1)
    return np.asarray(spread.max(axis=0) <= SAME * np.maximum(np.abs(rows).max(axis=0), 1e-300))


def correlations(information: Floats) -> Floats:
    """The information matrix scaled to a unit diagonal."""
    scale = np.sqrt(np.clip(np.diag(information), 1e-300, None))
    return np.asarray(information / np.outer(scale, scale))


def check_information(information: Floats, names: tuple[str, ...]) -> None:
    """Raises NotIdentified with the names of the effects that add up to nothing."""
    values, vectors = np.linalg.eigh(correlations(information))
    if values[0] > DEPENDENT:
        return
    involved = tuple(name for name, share in zip(names, vectors[:, 0], strict=True) if abs(share) > 0.05)
    raise NotIdentified(
        f"{', '.join(involved)} cannot be told apart (one follows from the others): leave one out", involved
    )


def collinear(covariance: Floats, names: tuple[str, ...]) -> list[Collinear]:
    """The pairs of effects whose estimates are correlated beyond TOGETHER, strongest first."""
    matrix = correlations(covariance)
    found = []
    for i, j in zip(*np.triu_indices(len(names), 1), strict=True):
        r = float(matrix[i, j])
        if abs(r) >= TOGETHER:
            # Estimates that trade off against each other come from statistics that rise together.
            how = "rise and fall together" if r < 0 else "move against each other"
            words = (
                f"{names[i]} and {names[j]} {how} in this record ({-r:+.2f}): trust their joint effect, not either one"
            )
            found.append(Collinear(names[i], names[j], r, words))
    return sorted(found, key=lambda pair: -abs(pair.correlation))
