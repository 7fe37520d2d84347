"""The alphabets of the model: types, modalities, and the parse features that are embedded beside the words."""

from __future__ import annotations

from tertius.reading.events.inputs import NAMES, POS
from tertius.reading.events.ranking import MODALITIES
from tertius.reading.events.ranking import NAMES as TYPES

__all__ = ["MODALITIES", "NAMES", "POS", "TYPES", "YIELD"]

YIELD = ("CONCEDE", "RETREAT")
