"""The array types and segment sums that the relational event models share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.floating]  # statistics: double or, for very large tables, single precision


def starts(sizes: Ints) -> Ints:
    """Where each of consecutive segments of the given sizes begins; shape [segments]."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)[:-1]])


def group_sums(values: Floats, groups: Ints, count: int) -> Floats:
    """Sums of `values` ([rows] or [rows, columns]) over group numbers 0 .. count-1; shape [count(, columns)]."""
    if values.ndim == 1:
        return np.asarray(np.bincount(groups, weights=values, minlength=count), np.float64)
    columns = [np.bincount(groups, weights=column, minlength=count) for column in values.T]
    return np.stack(columns, axis=1) if columns else np.zeros((count, 0))


def inverse(matrix: Floats) -> Floats:
    """The inverse of a regular matrix."""
    return np.asarray(np.linalg.inv(matrix), np.float64)


def numbered(*keys: Ints) -> tuple[Ints, int]:
    """A group number for each row, equal where all keys are equal, in order of the keys; and the number of groups."""
    joined = keys[0]
    for key in keys[1:]:
        joined = joined * (int(key.max(initial=0)) + 1) + key
    values, number = np.unique(joined, return_inverse=True)
    return number.astype(np.int64), len(values)
