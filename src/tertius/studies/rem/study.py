"""How players act on one another: who acts on whom and in what tone, as alignment and as response.

Two models, each fitted twice (Butts 2008; Lerner and Lomi 2020; docs/studies/responses.md):

- who: a conditional logit of the source among all who might have acted on the same target that day;
- tone: a logit of pressure against support, given that an act took place.

Pooled over all pairs an effect is *alignment*: pairs that differ in the statistic also differ in conduct, for whatever
reason. Within dyads it is *response*: the same source treats the same target otherwise when the statistic changes.
Only the second may be called a response. Errors are clustered by pair of actors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from tertius.errors import NotIdentified, TooLittle, UsageError
from tertius.studies.rem import logit, twoway
from tertius.studies.rem.acts import PRESSURE, QUADS, SUPPORT, Acts
from tertius.studies.rem.arrays import Floats, Ints, Reals
from tertius.studies.rem.candidates import Candidates, active, candidates
from tertius.studies.rem.diagnose import Collinear, collinear, constant
from tertius.studies.rem.effects import OF_TARGETS
from tertius.studies.rem.events import Data
from tertius.studies.rem.formula import Formula, parse
from tertius.studies.rem.goodness import ToneFit, WhoFit, tone_fit, who_fit
from tertius.studies.rem.likelihood import Estimate, clustered, conditional_logit, dyad_scores, maximise
from tertius.studies.rem.table import tabulate

SINGLE_FROM = 2_000_000  # rows from which statistics are kept in single precision
OF_THE_TARGET = "the same for all who might act on a target"
OWN_PAST = (
    "a dyad's own past is what its base rate is made of: within dyads its coefficient is biased (Nickell 1981), "
    "so it serves as a control only"
)
PROFILE = (1.0, 3.0, 7.0, 14.0, 30.0, 60.0)


class Settings(msgspec.Struct, frozen=True):
    """What the study may be told. Half-lives and the warm-up are in days.

    `recent`: half-life of triggers; `standing`: of the ties that last. `warm_up`: first days that only set the scene
    (by default 30, at most a quarter of the record). `formula` replaces the statistics. `tones` is 2 (pressure against
    support) or 4 (each other quad class against verbal cooperation). `controls`: candidates drawn for each act where
    they are not all enumerated: over `full_up_to` actors or `most_rows` rows.
    Within dyads whole targets are drawn up to `most_within_rows`. `seed` is that of the draws.
    """

    recent: float = 7.0
    standing: float = 60.0
    warm_up: float | None = None
    formula: str | None = None
    tones: int = 2
    controls: int = 3
    full_up_to: int = 500
    most_rows: int = 6_000_000
    most_within_rows: int = 600_000
    seed: int = 1


class Effect(msgspec.Struct, frozen=True):
    """One effect of one model, twice: pooled (alignment) and within dyads (response); log odds for one unit."""

    model: str
    effect: str
    alignment: float
    alignment_se: float
    alignment_low: float
    alignment_high: float
    alignment_p: float
    response: float | None
    response_se: float | None
    response_low: float | None
    response_high: float | None
    response_p: float | None


class LeftOut(msgspec.Struct, frozen=True):
    """An effect that one of the models cannot tell, and why."""

    model: str
    effect: str
    why: str


class Part(msgspec.Struct, frozen=True):
    """One model: how many acts and pairs it rests on, and how far it explains them."""

    model: str
    acts: int
    within_acts: int
    pairs: int
    loglik: float
    null_loglik: float
    sampled: bool


@dataclass(frozen=True)
class Responses:
    """The study: `effects`, `left_out`, `parts`, what runs `together`, and the goodness of fit of both models."""

    effects: tuple[Effect, ...]
    left_out: tuple[LeftOut, ...]
    parts: tuple[Part, ...]
    together: tuple[Collinear, ...]
    who: WhoFit | None
    tone: ToneFit
    formula: str
    settings: Settings
    self_acts: int

    def rows(self) -> list[dict[str, object]]:
        """The effects as plain rows."""
        return [msgspec.structs.asdict(effect) for effect in self.effects]


class Decay(msgspec.Struct, frozen=True):
    """The tone model at one half-life of triggers: how well it fits, pooled and within dyads, and one effect's size."""

    half_life: float
    alignment_loglik: float
    response_loglik: float
    effect: str
    alignment: float
    response: float
    response_se: float


def default_formula(recent: float, standing: float) -> str:
    """The statistics of the study as a formula. Every one is log(1 + faded sum)."""
    kinds = {SUPPORT: "support", PRESSURE: "pressure"}
    terms = [f"inertia(kind={k}, half_life={standing:g}, transform=log1p, label=own_{n})" for k, n in kinds.items()]
    near = f"half_life={recent:g}, transform=log1p"
    terms += [f"recip(kind={k}, {near}, label=returned_{n})" for k, n in kinds.items()]
    terms += [f"indegreeReceiver(kind={k}, {near}, others=TRUE, label=target_receives_{n})" for k, n in kinds.items()]
    terms += [f"outdegreeSender(kind={k}, {near}, others=TRUE, label=source_deals_{n})" for k, n in kinds.items()]
    words = {SUPPORT: "friend", PRESSURE: "enemy"}
    terms += [
        f"triangle(kind={third}, half_life={standing:g}, second_kind={target}, second_half_life={recent:g}, "
        f"transform=log1p, label={words[target]}_of_{words[third]})"
        for third in words
        for target in words
    ]
    return "acts ~ " + " + ".join(terms)


def responses(acts: Acts, settings: Settings | None = None) -> Responses:
    """The study on a record of acts. Raises UsageError, TooLittle (too few acts, one tone only) and NotIdentified."""
    given = settings or Settings()
    text = given.formula or default_formula(given.recent, given.standing)
    formula, scene = _formula(text), _warm(acts, given)
    tone = _Tone(acts, formula, scene)
    effects: list[Effect] = []
    left: list[LeftOut] = []
    parts: list[Part] = []
    together: list[Collinear] = []
    first: Estimate | None = None
    for name, used, outcome in _contrasts(acts, scene, given.tones):
        model = tone.fit(name, used, outcome)
        first = first or model.alignment
        effects += model.effects()
        left += model.left_out
        parts.append(model.part())
        together += model.together()
    who, fit = _who(acts, formula, scene, given)
    if first is None or not parts:
        raise TooLittle("no act is left after the warm-up: take a longer record")
    return Responses(
        effects=(*who.effects(), *effects) if who else tuple(effects),
        left_out=(
            *(who.left_out if who else ()),
            *left,
            *(LeftOut("within dyads", e, OWN_PAST) for e in sorted(own_past(formula))),
        ),
        parts=(who.part(), *parts) if who else tuple(parts),
        together=(*(who.together() if who else ()), *together),
        who=fit,
        tone=tone.goodness(first, acts),
        formula=text,
        settings=given,
        self_acts=acts.events.loops,
    )


@dataclass(frozen=True)
class Fitted:
    """One model fitted pooled and (where it can be) within dyads."""

    name: str
    alignment: Estimate
    response: Estimate | None
    left_out: tuple[LeftOut, ...]
    pairs: int
    own: frozenset[str]
    sampled: bool = False

    def effects(self) -> list[Effect]:
        """One row an effect; the response is empty where it cannot be told."""
        rows = self.response.rows() if self.response else []
        inside = {row.effect: row for row in rows if row.effect not in self.own}
        out = []
        for row in self.alignment.rows():
            if row.effect != "Intercept":
                r = inside.get(row.effect)
                within = (r.estimate, r.se, r.low, r.high, r.p) if r else (None,) * 5
                out.append(Effect(self.name, row.effect, row.estimate, row.se, row.low, row.high, row.p, *within))
        return out

    def together(self) -> list[Collinear]:
        """The effects that the record can hardly tell apart."""
        return collinear(self.alignment.covariance, self.alignment.names)

    def part(self) -> Part:
        """How much it rests on."""
        one, inner = self.alignment, self.response.acts if self.response else 0
        return Part(self.name, one.acts, inner, self.pairs, one.loglik, one.null_loglik, self.sampled)


def _formula(text: str) -> Formula:
    formula = parse(text)
    if formula.timed:
        raise UsageError("the study has no waiting times: leave the intercept out of the formula")
    return formula


def own_past(formula: Formula) -> frozenset[str]:
    """The effects that are a dyad's own past acts."""
    return frozenset(
        term.label for term in formula.terms if term.effect in ("inertia", "tie") and not term.spec.network
    )


def _warm(acts: Acts, given: Settings) -> Ints:
    """The acts that are to be explained. Raises TooLittle."""
    time = acts.events.time
    span = float(time[-1] - time[0])
    warm = min(30.0, span / 4) if given.warm_up is None else given.warm_up
    if not (warm >= 0 and math.isfinite(warm)):
        raise UsageError(f"warm_up {warm} makes no sense: give a number of days, 0 or more")
    used = np.flatnonzero(time >= time[0] + warm)
    if not len(used):
        raise TooLittle(f"the record covers {span:g} days, all within the warm-up of {warm:g}: take a longer record")
    return used


def _contrasts(acts: Acts, scene: Ints, tones: int) -> list[tuple[str, Ints, Floats]]:
    """Each tone model: its name, the acts it uses and their outcomes."""
    quad = acts.quad[scene]
    if tones == 2:
        return [("tone", scene, (quad > 2).astype(np.float64))]
    if tones != 4:
        raise UsageError(f"tones={tones}: give 2 (pressure or support) or 4 (the quad classes)")
    out = []
    for number, name in enumerate(QUADS[1:], start=2):
        used = scene[(quad == 1) | (quad == number)]
        out.append((f"{name} rather than {QUADS[0]}", used, (acts.quad[used] == number).astype(np.float64)))
    return out


class _Tone:
    """The statistics of the acts themselves, worked out once, and the models of their tone."""

    def __init__(self, acts: Acts, formula: Formula, scene: Ints) -> None:
        events = acts.events
        self.formula, self.acts, self.row = formula, acts, np.full(len(acts), -1)
        self.row[scene] = np.arange(len(scene))
        self.scene = scene
        single = len(scene) > SINGLE_FROM
        self.rows: Reals = tabulate(
            formula, Data(events), events.time[scene], events.sender[scene], events.receiver[scene], single=single
        )

    def fit(self, name: str, used: Ints, outcome: Floats) -> Fitted:
        """Pooled and within dyads."""
        rows, dyad, pair = self.rows[self.row[used]], self.acts.dyad[used], self.acts.pair[used]
        columns, left = _telling(rows, np.array([len(rows)]), self.formula.names, name, "is the same for all acts")
        names = tuple(self.formula.names[c] for c in columns)
        alignment = logit.pooled(rows[:, columns], outcome, pair, names)
        response, more = self._within(rows, columns, outcome, dyad, pair, name)
        return Fitted(name, alignment, response, (*left, *more), len(np.unique(pair)), own_past(self.formula))

    def _within(
        self, rows: Reals, columns: Ints, outcome: Floats, dyad: Ints, pair: Ints, name: str
    ) -> tuple[Estimate | None, list[LeftOut]]:
        kept = np.flatnonzero(logit.varied(outcome, dyad))
        order = kept[np.argsort(dyad[kept], kind="stable")]
        sizes = np.unique(dyad[kept], return_counts=True)[1].astype(np.int64)
        all_names = tuple(self.formula.names[c] for c in columns)
        try:
            if not len(sizes):
                raise TooLittle("no dyad shows both tones")
            telling, left = _telling(
                rows[order][:, columns], sizes, all_names, f"{name}, within dyads", "never varies within dyads"
            )
            names = tuple(all_names[c] for c in telling)
            return logit.within(rows[:, columns[telling]], outcome, dyad, pair, names), left
        except (TooLittle, NotIdentified) as error:
            return None, [LeftOut(f"{name}, within dyads", "all", str(error))]

    def goodness(self, estimate: Estimate, acts: Acts) -> ToneFit:
        """How well the first pooled model tells the tones apart."""
        at = [self.formula.names.index(name) for name in estimate.names if name != "Intercept"]
        return tone_fit(self.rows[:, at] @ estimate.coef[:-1] + estimate.coef[-1], acts.pressure[self.scene])


def _telling(rows: Reals, sizes: Ints, names: tuple[str, ...], model: str, why: str) -> tuple[Ints, list[LeftOut]]:
    """The columns that vary within strata, and those that do not."""
    still = constant(rows, sizes)
    left = [LeftOut(model, name, why) for name, out in zip(names, still.tolist(), strict=True) if out]
    if still.all():
        raise NotIdentified(f"no statistic varies ({', '.join(names)}): take a longer record or more actors", names)
    return np.flatnonzero(~still), left


def _who(acts: Acts, formula: Formula, scene: Ints, given: Settings) -> tuple[Fitted | None, WhoFit | None]:
    """The model of who acts on a target, or nothing where no target ever has two candidates."""
    if len(acts.events.actors) < 3:
        return None, None
    formula, of_targets = _without_targets(formula)
    table = candidates(acts, formula, scene, given.controls, given.full_up_to, given.most_rows, given.seed)
    columns, left = _telling(table.rows, table.sizes, formula.names, "who", f"is {OF_THE_TARGET}")
    left = of_targets + left
    names = tuple(formula.names[c] for c in columns)
    table = replace(table, rows=table.rows[:, columns])
    alignment = _pooled_who(table, names)
    response, more = _within_who(acts, formula, scene, columns, given)
    acting = len(np.unique(table.pair[table.cases > 0]))
    fitted = Fitted("who", alignment, response, (*left, *more), acting, own_past(formula), table.sampled)
    return fitted, who_fit(np.asarray(table.rows @ alignment.coef, np.float64), table.sizes, table.cases)


def _without_targets(formula: Formula) -> tuple[Formula, list[LeftOut]]:
    """The formula without what describes the target alone, which no choice among its sources can depend on."""
    aside = [term for term in formula.terms if term.effect in OF_TARGETS and not term.ego]
    kept = tuple(term for term in formula.terms if term not in aside)
    if not kept:
        raise NotIdentified(f"every effect is {OF_THE_TARGET}: add one that tells sources apart", formula.names)
    return replace(formula, terms=kept), [LeftOut("who", term.label, f"is {OF_THE_TARGET}") for term in aside]


def _pooled_who(table: Candidates, names: tuple[str, ...]) -> Estimate:
    rows, sizes, cases = table.rows, table.sizes, table.cases
    zero = np.zeros(len(names))
    beta, (value, _, information), steps = maximise(lambda b: conditional_logit(rows, sizes, cases, b), zero, names)
    clusters, count = table.clusters()
    scores, parts = dyad_scores(rows, sizes, cases, beta, clusters, count)
    null = conditional_logit(rows, sizes, cases, zero)[0]
    return Estimate(names, beta, clustered(information, scores, parts), value, null, int(cases.sum()), steps)


def _within_who(
    acts: Acts, formula: Formula, scene: Ints, columns: Ints, given: Settings
) -> tuple[Estimate | None, list[LeftOut]]:
    telling = replace(formula, terms=tuple(formula.terms[c] for c in columns))
    try:
        table = active(acts, telling, scene, given.most_within_rows, given.seed)
        panel = twoway.panel(table.rows, table.sizes, table.cases, table.dyad, table.pair)
        return twoway.within(panel, telling.names), []
    except (TooLittle, NotIdentified) as error:
        return None, [LeftOut("who, within dyads", "all", str(error))]


def decay_profile(acts: Acts, settings: Settings | None = None, half_lives: tuple[float, ...] = PROFILE) -> list[Decay]:
    """The tone model refitted for several half-lives of the triggers, one row for each half-life and effect."""
    given = settings or Settings()
    if given.formula is not None:
        raise UsageError("the decay profile needs the study's own statistics: leave the formula out")
    out = []
    for half_life in half_lives:
        scene = _warm(acts, given)
        tone = _Tone(acts, _formula(default_formula(half_life, given.standing)), scene)
        model = tone.fit("tone", scene, acts.pressure[scene])
        if model.response is None:
            raise TooLittle(model.left_out[-1].why)
        pooled = {row.effect: row.estimate for row in model.alignment.rows()}
        out += [
            Decay(
                half_life,
                model.alignment.loglik,
                model.response.loglik,
                row.effect,
                pooled[row.effect],
                row.estimate,
                row.se,
            )
            for row in model.response.rows()
            if row.effect not in model.own
        ]
    return out
