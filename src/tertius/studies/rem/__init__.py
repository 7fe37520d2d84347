"""Relational event models: who acts on whom, when and in what tone.

`responses` is the study of acts (alignment and response); `fit` fits any model given as a formula; `tabulate` gives its
statistics as a table. The files, in the order in which they are used: events and acts (what happened), formula, memory
and effects (statistics), table, riskset and candidates (who might have acted), likelihood, coordination, logit, twoway
(estimates), diagnose and goodness (what to make of them), study and model (the faces), simulate.
"""

from __future__ import annotations

from tertius.studies.rem.acts import Acts, of_columns, of_record, of_rows
from tertius.studies.rem.events import Attribute, Data, Events, Network
from tertius.studies.rem.formula import parse
from tertius.studies.rem.model import fit
from tertius.studies.rem.study import Effect, Responses, Settings, decay_profile, default_formula, responses
from tertius.studies.rem.table import tabulate, write

__all__ = [
    "Acts",
    "Attribute",
    "Data",
    "Effect",
    "Events",
    "Network",
    "Responses",
    "Settings",
    "decay_profile",
    "default_formula",
    "fit",
    "of_columns",
    "of_record",
    "of_rows",
    "parse",
    "responses",
    "tabulate",
    "write",
]
