"""Who acts on whom in a proposal, once the cast has said who the phrases are: nobody acts on himself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tertius.reading.actors import Cast
    from tertius.reading.events.model import EventProposal, Phrase

Area = tuple[int, int]
LIKELY = 0.1  # the least probability of a second choice


def of(cast: Cast, proposal: EventProposal) -> tuple[tuple[Area, ...], tuple[Area, ...]]:
    """Code points of sources and targets.

    Of a mutual act whose actors stand together ('the two leaders met', 'France and Germany met') the first acts on the
    others. A target that is the source under another name gives way to the next likely phrase that is not."""
    sources = _areas(proposal.sources)
    targets = tuple(area for area in _areas(proposal.targets) if not _same(cast, sources, area))
    if proposal.targets and not targets:
        others = (phrase for phrase in proposal.other_targets if phrase.probability >= LIKELY)
        targets = tuple(area for area in _areas(others) if not _same(cast, sources, area))[:1]
    if targets or not proposal.reciprocal:
        return sources, targets
    if len(sources) > 1:
        return sources[:1], sources[1:]
    return sources, sources if len(cast.participants(*sources[0])) > 1 else ()


def _areas(phrases: Iterable[Phrase]) -> tuple[Area, ...]:
    return tuple((phrase.start, phrase.end) for phrase in phrases)


def _same(cast: Cast, sources: tuple[Area, ...], target: Area) -> bool:
    """Whether a phrase stands for nobody but a source."""
    acting = {one.actor for source in sources for one in cast.participants(*source)}
    aimed = {one.actor for one in cast.participants(*target)}
    return None not in aimed and bool(aimed) and aimed <= acting
