"""What a study of responses found, in sentences that an analyst can quote."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from tertius.studies.rem.study import Effect, Part, Responses
from tertius.studies.shifts import benjamini_hochberg

LEVEL = 0.05  # false discovery rate
FIRST = math.log(2)  # what one act just past adds to log(1 + faded sum) when there was none before

# What has happened when one of the study's own statistics rises.
HAPPENED = {
    "own_support": "the source has lately supported the target",
    "own_pressure": "the source has lately pressed the target",
    "returned_support": "the target has just supported the source",
    "returned_pressure": "the target has just pressed the source",
    "target_receives_support": "others have just supported the target",
    "target_receives_pressure": "others have just pressed the target",
    "source_deals_support": "the source has just supported others",
    "source_deals_pressure": "the source has just pressed others",
    "friend_of_friend": "a friend of the source and the target have just been on good terms",
    "enemy_of_friend": "a friend of the source and the target have just clashed",
    "friend_of_enemy": "an enemy of the source and the target have just been on good terms",
    "enemy_of_enemy": "an enemy of the source and the target have just clashed",
}


def sentences(found: Responses) -> list[str]:
    """How much the study rests on, each response that is clear of chance, what is alignment only, and how well it fits.

    A response counts as clear where its p-value, adjusted for all responses asked of this record, is at most 0.05
    (Benjamini and Hochberg 1995).
    """
    clear = _clear(found)
    responses = [_response(effect, own=found.settings.formula is None) for effect in clear]
    only = [e for e in found.effects if e not in clear and e.response is not None and e.alignment_p <= LEVEL]
    told = [_rests(found.parts), *(responses or ["No response is clear of chance in this record."])]
    return [*told, *_alignment(only), *_fit(found)]


def _clear(found: Responses) -> list[Effect]:
    """The responses whose adjusted p-value is at most LEVEL, strongest first."""
    asked = [effect for effect in found.effects if effect.response_p is not None]
    adjusted = benjamini_hochberg(np.array([effect.response_p for effect in asked], np.float64))
    kept = [effect for effect, q in zip(asked, adjusted.tolist(), strict=True) if q <= LEVEL]
    return sorted(kept, key=lambda effect: effect.response_p or 0.0)


def _rests(parts: tuple[Part, ...]) -> str:
    told = [
        f"{part.model}: {part.acts:,} acts of {part.pairs:,} pairs{', others drawn at random' if part.sampled else ''}"
        for part in parts
    ]
    return f"Rests on {'; '.join(told)}."


def _response(effect: Effect, own: bool) -> str:
    """One response; `own`: the statistics are the study's, so that it is known what they count."""
    odds = {"who": "the odds that the source acts on the target", "tone": "the odds of pressure"}
    when, unit = (
        (f"when {HAPPENED[effect.effect]}, once rather than not at all", FIRST)
        if own
        else (f"for one unit more of {effect.effect}", 1.0)
    )
    ratio, low, high = (
        math.exp(unit * (value or 0.0)) for value in (effect.response, effect.response_low, effect.response_high)
    )
    return (
        f"Response: {when}, {odds.get(effect.model, f'the odds of {effect.model}')} are {ratio:.2f} times as high"
        f" (95% interval {low:.2f} to {high:.2f}), within the same pair."
    )


def _alignment(only: list[Effect]) -> Iterator[str]:
    if only:
        names = ", ".join(f"{effect.effect} ({effect.model})" for effect in only)
        yield (
            f"Alignment only: {names}. Pairs that differ in these differ in conduct, but no pair is seen to change its"
            " conduct with them."
        )


def _fit(found: Responses) -> Iterator[str]:
    if found.who:
        yield (
            f"The actual source is the likeliest of all in {found.who.first:.0%} of acts (by chance"
            f" {found.who.chance_first:.0%}), among the five likeliest in {found.who.first_five:.0%}."
        )
    yield (
        f"Pressure is told from support with an area under the curve of {found.tone.area:.2f} (0.50 by chance);"
        f" {found.tone.pressure:.0%} of acts are pressure."
    )
    for pair in found.together:
        yield f"{pair.words[0].upper()}{pair.words[1:]}."
