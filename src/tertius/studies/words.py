"""Words against deeds: does an actor do as it speaks? (docs/studies/words.md)"""

from __future__ import annotations

import msgspec
import numpy as np

from tertius.errors import TooLittle
from tertius.studies import shifts
from tertius.studies.record import Bools, Floats, Record
from tertius.studies.tie import pair_of

KIND_WORDS, HARSH_WORDS, KIND_DEEDS, HARSH_DEEDS = 1, 3, 2, 4
CONTACT = "CONSULT"  # meeting is neither word nor deed
LEAST_WORDS, LEAST_DEEDS = 20, 10
LEAST_PAIRS = 10  # pairs that a corpus's own line needs
LEAST_LEAD = 20  # harsh words, and harsh deeds, for lead and lag
REACH = 14
DRAWS = 4000
SEED = 20


class Words(msgspec.Struct, frozen=True):
    """Words and deeds of a source toward a target, each from -1 (all harsh) to 1 (all kind), with 95% intervals.

    `gap` is deeds minus words. `line` is the share of kind deeds among pairs with the same words in this corpus, and
    `excess` how far this pair's share is above it. None, with `sentence` saying why, where there is too little.
    """

    source: str
    target: str
    sentence: str
    enough: bool
    words: int
    deeds: int
    word_tone: float | None = None
    word_low: float | None = None
    word_high: float | None = None
    deed_tone: float | None = None
    deed_low: float | None = None
    deed_high: float | None = None
    gap: float | None = None
    gap_low: float | None = None
    gap_high: float | None = None
    line: float | None = None
    excess: float | None = None
    excess_low: float | None = None
    excess_high: float | None = None


class LeadLag(msgspec.Struct, frozen=True):
    """Harsh deeds a day so many days after a day of harsh words, and the middle 95% of it under all shifts."""

    source: str
    target: str
    lag: int
    deeds: float
    null_low: float
    null_high: float


class Counts(msgspec.Struct, frozen=True):
    """Kind acts and all acts of each pair, [pairs] each: words and deeds."""

    pairs: tuple[tuple[int, int], ...]
    kind_words: Floats
    words: Floats
    kind_deeds: Floats
    deeds: Floats


class Line(msgspec.Struct, frozen=True):
    """A corpus's own line: logit of the share of kind deeds = a + b logit of the share of kind words, and how tightly
    pairs keep to it (the size of a beta prior).
    """

    a: float
    b: float
    size: float


def words(record: Record, a: str, b: str) -> list[Words]:
    """Words against deeds of a toward b and of b toward a. Raises UsageError and TooLittle."""
    first, second = pair_of(record, a, b)
    counts = counts_of(record)
    return [_words(record, counts, *way) for way in ((first, second), (second, first))]


def lead_and_lag(record: Record, a: str, b: str) -> list[LeadLag]:
    """Harsh deeds of a toward b around the days of its harsh words. Raises UsageError and TooLittle."""
    first, second = pair_of(record, a, b)
    spoken, done = (_chosen(record, first, second, quad) for quad in (HARSH_WORDS, HARSH_DEEDS))
    if min(spoken.sum(), done.sum()) < LEAST_LEAD:
        raise TooLittle(
            f"{record.actors[first]} has {spoken.sum()} harsh words and {done.sum()} harsh deeds toward"
            f" {record.actors[second]}: lead and lag need {LEAST_LEAD} of each"
        )
    around = shifts.curve(record.daily(done), record.daily(spoken), min(REACH, record.days - 1))
    points = zip(around.lag, around.mean.tolist(), around.low.tolist(), around.high.tolist(), strict=True)
    return [LeadLag(record.actors[first], record.actors[second], *point) for point in points]


def counts_of(record: Record) -> Counts:
    """Words and deeds of every pair that has any."""
    size = len(record.actors)
    pair = record.source * size + record.target
    spoken = _spoken(record)
    tables = [
        np.bincount(pair[chosen], minlength=size**2).astype(np.float64)
        for chosen in (
            spoken & (record.quad == KIND_WORDS), spoken & (record.quad == HARSH_WORDS),
            record.quad == KIND_DEEDS, record.quad == HARSH_DEEDS,
        )
    ]  # fmt: skip
    used = np.flatnonzero(sum(tables))
    kind_words, harsh_words, kind_deeds, harsh_deeds = (table[used] for table in tables)
    pairs = tuple((at // size, at % size) for at in used.tolist())
    return Counts(pairs, kind_words, kind_words + harsh_words, kind_deeds, kind_deeds + harsh_deeds)


def _spoken(record: Record) -> Bools:
    contact = record.types.index(CONTACT) if CONTACT in record.types else -1
    return np.asarray(record.kind != contact, np.bool_)


def _chosen(record: Record, source: int, target: int, quad: int) -> Bools:
    return record.where(source, target, (quad,)) & _spoken(record)


def beta_prior(kind: Floats, total: Floats) -> tuple[float, float]:
    """The beta distribution of shares over pairs, by moments (Kleinman 1973); shares [n] are kind / total."""
    used = total >= 2
    if used.sum() < 2 or not 0 < kind[used].sum() < total[used].sum():
        return 1.0, 1.0
    k, n = kind[used], total[used]
    mean = float(k.sum() / n.sum())
    between = float((n * (k / n - mean) ** 2).sum())
    pairs, all_ = len(n), float(n.sum())
    room = mean * (1 - mean)
    correlation = (between - room * (pairs - 1)) / (room * (all_ - (n**2).sum() / all_ - (pairs - 1)) or 1.0)
    size = 1 / min(max(float(correlation), 0.01), 0.9) - 1
    return mean * size, (1 - mean) * size


def corpus_line(counts: Counts, without: tuple[int, int]) -> Line | None:
    """How kind deeds go with kind words among the other pairs of the corpus; None with fewer than LEAST_PAIRS."""
    others = np.array([set(pair) != set(without) for pair in counts.pairs])
    used = others & (counts.words >= LEAST_WORDS // 2) & (counts.deeds >= LEAST_DEEDS // 2)
    if used.sum() < LEAST_PAIRS:
        return None
    share = _share(counts.kind_words[used], counts.words[used], beta_prior(counts.kind_words, counts.words))
    kind, total = counts.kind_deeds[used], counts.deeds[used]
    spread = np.log(share / (1 - share))
    a, b = _logistic(kind, total, spread)
    expected = 1 / (1 + np.exp(-(a + b * spread)))
    excess = (((kind - total * expected) ** 2) / (total * expected * (1 - expected))).sum() - (used.sum() - 2)
    correlation = float(excess / max((total - 1).sum(), 1.0))
    return Line(a, b, 1 / min(max(correlation, 0.01), 0.9) - 1)


def _share(kind: Floats, total: Floats, prior: tuple[float, float]) -> Floats:
    return np.asarray((kind + prior[0]) / (total + sum(prior)), np.float64)


def _logistic(kind: Floats, total: Floats, x: Floats) -> tuple[float, float]:
    """Binomial regression with a weak ridge (precision 0.1 on the slope), by Newton's method."""
    design, coef = np.column_stack([np.ones(len(x)), x]), np.zeros(2)
    ridge = np.array([1e-6, 0.1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(design @ coef, -30, 30)))
        weight = total * chance * (1 - chance)
        step = np.linalg.solve(
            (design * weight[:, None]).T @ design + np.diag(ridge), design.T @ (kind - total * chance) - ridge * coef
        )
        coef = coef + step / max(1.0, float(np.abs(step).max()))
    return float(coef[0]), float(coef[1])


def _words(record: Record, counts: Counts, source: int, target: int) -> Words:
    at = counts.pairs.index((source, target)) if (source, target) in counts.pairs else None
    table = (counts.kind_words, counts.words, counts.kind_deeds, counts.deeds)
    kind_words, spoken, kind_deeds, done = (float(column[at]) if at is not None else 0.0 for column in table)
    found = Words(
        record.actors[source], record.actors[target], "", spoken >= LEAST_WORDS and done >= LEAST_DEEDS,
        int(spoken), int(done),
    )  # fmt: skip
    if not found.enough:
        return msgspec.structs.replace(found, sentence=_sentence(found))
    rng = np.random.default_rng(SEED)
    word, deed = (
        rng.beta(kind + prior[0], total - kind + prior[1], DRAWS)
        for kind, total, prior in (
            (kind_words, spoken, beta_prior(counts.kind_words, counts.words)),
            (kind_deeds, done, beta_prior(counts.kind_deeds, counts.deeds)),
        )
    )
    values = [*_middle(2 * word - 1), *_middle(2 * deed - 1), *_middle(2 * (deed - word))]
    names = [f"{what}{end}" for what in ("word", "deed", "gap") for end in ("_tone", "_low", "_high")]
    told = dict(zip([name.replace("gap_tone", "gap") for name in names], values, strict=True))
    line = corpus_line(counts, (source, target))
    if line is not None:
        told |= _excess(rng, line, word, kind_deeds, done)
    found = msgspec.structs.replace(found, **told)
    return msgspec.structs.replace(found, sentence=_sentence(found))


def _excess(rng: np.random.Generator, line: Line, word: Floats, kind: float, total: float) -> dict[str, float]:
    """The share of kind deeds less that of pairs with the same words, shrunk toward it as other pairs keep to it."""
    usual = 1 / (1 + np.exp(-(line.a + line.b * np.log(word / (1 - word)))))
    own = rng.beta(usual * line.size + kind, (1 - usual) * line.size + total - kind)
    excess, low, high = _middle(own - usual)
    return {"line": float(usual.mean()), "excess": excess, "excess_low": low, "excess_high": high}


def _middle(draws: Floats) -> tuple[float, float, float]:
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(draws.mean()), float(low), float(high)


def _sentence(found: Words) -> str:
    who = f"{found.source} toward {found.target}"
    if not found.enough:
        return (
            f"{who}: {found.words} words ({LEAST_WORDS} needed) and {found.deeds} deeds ({LEAST_DEEDS}) are too few to"
            " set one against the other."
        )
    said = (
        f"{who}: words {found.word_tone:+.2f}, deeds {found.deed_tone:+.2f}, gap {found.gap:+.2f}"
        f" [{found.gap_low:+.2f}, {found.gap_high:+.2f}]"
    )
    if found.excess is None or found.excess_low is None or found.excess_high is None:
        return f"{said}; too few other pairs to tell whether that is more than usual."
    excess = f"{found.excess:+.2f} [{found.excess_low:+.2f}, {found.excess_high:+.2f}]"
    if found.excess_low <= 0 <= found.excess_high:
        return (
            f"{said}; against pairs that speak alike its share of kind deeds is {excess} off: nothing out of the usual."
        )
    darker = "harsher" if found.excess < 0 else "kinder"
    return f"{said}; its deeds are {darker} than those of pairs that speak alike: share of kind deeds {excess}."
