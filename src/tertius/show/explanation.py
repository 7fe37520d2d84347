"""Why a mention was read so: what the event model considered in its sentence, with the scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table

    from tertius.reading.events.model import EventProposal, Phrase

OTHERS = 3  # further types and phrases that are shown
CAPTION = "type, source and target: probability given the trigger; row: that a careful coder would take the whole row"


def explanation_table(text: str, proposals: Sequence[EventProposal], trigger: int, least: float) -> Table:
    """One row for each trigger that was considered, the one of the mention first and marked. `trigger`: the first code
    point of the mention's trigger; `least`: the row probability from which a proposal becomes a mention."""
    from rich.table import Table

    table = Table(title=f"a mention needs a row probability of {least:.2f}", caption=CAPTION, expand=True)
    for name in ("trigger", "row", "type", "source", "target", "modality"):
        table.add_column(name, overflow="fold")
    for proposal in sorted(proposals, key=lambda p: (p.trigger[0] != trigger, -p.probability)):
        own = proposal.trigger[0] == trigger
        table.add_row(*_cells(text, proposal), style="bold" if own else "dim" if proposal.probability < least else "")
    return table


def _cells(text: str, p: EventProposal) -> tuple[str, ...]:
    nobody = [("none stated", p.no_target)]
    return (
        text[slice(*p.trigger)],
        f"{p.probability:.2f}",
        _shares(p.types.items()),
        _shares(_named(text, p.sources, p.other_sources)),
        _shares(sorted([*_named(text, p.targets, p.other_targets), *nobody], key=lambda one: -one[1])),
        _shares(p.modalities.items()),
    )


def _named(text: str, chosen: Iterable[Phrase], others: Iterable[Phrase]) -> list[tuple[str, float]]:
    return [(text[phrase.start : phrase.end], phrase.probability) for phrase in (*chosen, *others)]


def _shares(named: Iterable[tuple[str, float]]) -> str:
    from tertius.show.marks import printable

    return "\n".join(f"{share:.2f} {printable(name)}" for name, share in list(named)[: 1 + OTHERS])
