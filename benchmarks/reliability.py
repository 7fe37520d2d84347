"""Are the probabilities of events true? Share of right rows among those that were given each probability.

    python -m benchmarks.reliability GOLD.jsonl [GOLD.jsonl ...] [--svg FILE]

GOLD as for benchmarks.events; a row is right as at its level 'spans'. All rows that the model considers are counted,
also those too unlikely to be shown; rows that match only an optional gold mention are left out. The last line is JSON:
`calibration_error` is the mean distance between probability and share, weighted by the rows of each tenth.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.events import Row, matches
from tertius.reading import language
from tertius.reading.events.model import EventModel, EventProposal

LEAST = 0.05  # rows under this probability are nearly all wrong, and very many
SIZE, EDGE = 320, 44


class Tenth(NamedTuple):
    """The rows whose probability lies in one tenth: how many, their mean probability, the share that is right."""

    rows: int
    probability: float
    right: float


def judged(articles: list[Row]) -> Iterator[tuple[float, bool]]:
    """Probability of each row of some articles, and whether it is right."""
    model = EventModel.load()
    for article in articles:
        proposals = model.read(language.parse(article["text"]))
        for sentence in article["sentences"]:
            for proposal in proposals:
                if sentence["start"] <= proposal.trigger[0] < sentence["end"]:
                    yield from _judged(sentence["events"], proposal)


def _judged(gold: list[Row], proposal: EventProposal) -> Iterator[tuple[float, bool]]:
    row = {"type": proposal.type, "sources": _spans(proposal.sources), "targets": _spans(proposal.targets)}
    hits = [event for event in gold if matches(event, row, "spans")]
    if proposal.probability >= LEAST and not (hits and all(event.get("optional") for event in hits)):
        yield proposal.probability, bool(hits)


def _spans(phrases: Any) -> list[Row]:
    return [{"start": phrase.start, "end": phrase.end} for phrase in phrases]


def tenths(rows: list[tuple[float, bool]]) -> list[Tenth]:
    """The rows by tenths of probability; empty ones are left out."""
    groups: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for probability, right in rows:
        groups[min(9, int(10 * probability))].append((probability, right))
    return [
        Tenth(len(group), sum(p for p, _ in group) / len(group), sum(r for _, r in group) / len(group))
        for _, group in sorted(groups.items())
    ]


def drawn(found: list[Tenth]) -> str:
    """The reliability diagram as SVG: a dot for each tenth, its area after the number of rows, beside the diagonal."""

    def at(x: float, y: float) -> tuple[float, float]:
        return EDGE + x * SIZE, EDGE / 2 + (1 - y) * SIZE

    most = max(tenth.rows for tenth in found)
    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE + 2 * EDGE} {SIZE + 1.6 * EDGE:.0f}" role="img" '
        'font-family="sans-serif" font-size="11" fill="#888"><title>Reliability of the probabilities of events</title>',
        f'<path d="M{x0} {y0}L{x1} {y1}" stroke="#888" stroke-dasharray="4 4"/>',
        f'<path d="M{x0} {y1}V{y0}H{x1}" stroke="#888" fill="none"/>',
        *(
            _label(*at(n / 5, 0), 0, 16, f"{n / 5:.1f}") + _label(*at(0, n / 5), -16, 4, f"{n / 5:.1f}")
            for n in range(6)
        ),
        _label(*at(0.5, 0), 0, 32, "probability given"),
        _label(*at(0, 1), 30, -8, "share right"),
    ]
    for tenth in found:
        x, y = at(tenth.probability, tenth.right)
        radius = 3 + 9 * (tenth.rows / most) ** 0.5
        title = f"{tenth.rows} rows of about {tenth.probability:.2f}: {tenth.right:.2f} right"
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#2a78d6"><title>{title}</title></circle>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _label(x: float, y: float, right: float, down: float, text: str) -> str:
    return f'<text x="{x + right:.0f}" y="{y + down:.0f}" text-anchor="middle">{text}</text>'


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--svg", type=Path, help="draw the diagram into this file")
    given = parser.parse_args()
    lines = (line for path in given.gold for line in path.read_text(encoding="utf-8").splitlines())
    found = tenths(list(judged([json.loads(line) for line in lines if line.strip()])))
    for tenth in found:
        print(f"{tenth.rows:5d} rows   probability {tenth.probability:.2f}   right {tenth.right:.2f}")
    if given.svg:
        given.svg.write_text(drawn(found), encoding="utf-8")
    total = sum(tenth.rows for tenth in found)
    error = sum(tenth.rows * abs(tenth.probability - tenth.right) for tenth in found) / max(1, total)
    print(json.dumps({"calibration_error": round(error, 4), "rows": total}))


if __name__ == "__main__":
    main()
