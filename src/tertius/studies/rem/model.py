"""One call that fits a relational event model given as a formula: `fit("calls ~ inertia + recip", data)`."""

from __future__ import annotations

from tertius.errors import UsageError
from tertius.studies.rem.coordination import coordination
from tertius.studies.rem.events import Data
from tertius.studies.rem.formula import parse
from tertius.studies.rem.likelihood import Estimate, ordinal, timed
from tertius.studies.rem.riskset import Model, enumerate_all

MODELS = ("rem", "choice", "rate", "coordination")


def fit(
    formula: str,
    data: Data,
    model: Model = "rem",
    *,
    own: str = "",
    weighted: bool = True,
    half_life: float | None = None,
    first: int = 0,
    lagged: bool = False,
    until: float | None = None,
) -> Estimate:
    """Fits a formula by full enumeration of the candidates.

    `model`: 'rem' (which pair acts next; Butts 2008), 'rate' (who acts next), 'choice' (on whom; Stadtfeld and Block
    2017) or 'coordination' (who ties with whom). An intercept asks for the likelihood of the times. `weighted` counts
    acts, else ties are present or absent, as goldfish has it by default. `own` names the network of the acts, `first`
    is the first act to explain, `lagged` and `until` are as in `enumerate_all`. Raises UsageError, TooLittle and
    NotIdentified.
    """
    if model not in MODELS:
        raise UsageError(f"no model {model!r}: models are {', '.join(MODELS)}")
    terms = parse(formula, own=own, weighted=weighted, ego=model == "rate", half_life=half_life)
    if terms.timed and model in ("choice", "coordination"):
        raise UsageError(f"a {model} model has no waiting times: leave out the intercept")
    strata = enumerate_all(terms, data, model, first=first, lagged=lagged, until=until)
    if model == "coordination":
        return coordination(strata)
    return timed(strata) if terms.timed else ordinal(strata)
