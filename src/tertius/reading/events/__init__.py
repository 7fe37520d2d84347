"""Who does what to whom? Acts between political actors, as the trained event model reads them.

The model (model.py) proposes a trigger, a type, source and target phrases and a modality for each sentence, and the
ranking (ranking.py) how likely each whole row is; those that are likely enough, in public life (politics.py), become
acts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tertius.reading.events import politics, sides
from tertius.reading.events.contexts import contexts
from tertius.reading.events.model import EventModel, EventProposal
from tertius.reading.events.modes import mode

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tertius.reading.actors import Cast
    from tertius.records import Modality

__all__ = ["Act", "classify", "considered", "contexts", "find", "version"]

Area = tuple[int, int]
SURE = 0.8  # the least probability of an act in an article that is not about politics


class Act(NamedTuple):
    """One act: PLOVER type and mode, modality, code points of trigger, sources and targets (no targets: none is
    stated). `confidence` is the calibrated probability that a careful coder would code the row so."""

    type: str
    mode: str | None
    modality: Modality
    trigger: Area
    sources: tuple[Area, ...]
    targets: tuple[Area, ...]
    reciprocal: bool
    confidence: float


def version() -> str:
    """Name and version of the model, for the record."""
    return EventModel.load().version


def find(doc: Doc, cast: Cast) -> tuple[Act, ...]:
    """Every act that the article tells of, in the order of the triggers. Raises ModelError if the model's files are
    missing or damaged."""
    model = EventModel.load()
    least = _least(model, doc.text)
    likely = [proposal for proposal in model.read(doc) if proposal.probability >= least]
    acts = (_act(doc, cast, proposal) for proposal in sorted(likely, key=lambda p: p.trigger))
    return tuple(act for act in acts if _is_public(act, cast))


def _is_public(act: Act, cast: Cast) -> bool:
    if act.type == "PROTEST":  # by whomever
        return True
    return politics.anybody_public(one for span in (*act.sources, *act.targets) for one in cast.participants(*span))


def considered(text: str, offset: int) -> tuple[list[EventProposal], float]:
    """What the model considered in the sentence of an article that holds a code point, the likeliest first, and the
    least probability of an act in that article."""
    from tertius.reading import language

    model, doc = EventModel.load(), language.parse(text)
    around = [sentence for sentence in doc.sents if sentence.start_char <= offset < sentence.end_char]
    return model.read(doc, around), _least(model, text)


def _least(model: EventModel, text: str) -> float:
    return model.accept if model.is_politics(text) else SURE


def classify(sentence: str, source: str | Area, target: str | Area) -> dict[str, float]:
    """Probability of each PLOVER type between a source and a target of one sentence, the likeliest first.

    Source and target are words of the sentence, or code points (start, end) in it. The 16 types of the ontology; fold
    CONCEDE and RETREAT for PLOVER's older YIELD. Raises UsageError for code points outside the sentence."""
    return EventModel.load().classify(sentence, source, target)


def _act(doc: Doc, cast: Cast, proposal: EventProposal) -> Act:
    sources, targets = sides.of(cast, proposal)
    return Act(
        type=proposal.type,
        mode=mode(doc, proposal.type, proposal.trigger),
        modality=proposal.modality,
        trigger=proposal.trigger,
        sources=sources,
        targets=targets,
        reciprocal=proposal.reciprocal,
        confidence=round(proposal.probability, 2),
    )
