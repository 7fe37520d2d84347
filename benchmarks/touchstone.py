"""How much of the touchstone article is read? One real article against what a careful reader takes from it.

    python -m benchmarks.touchstone [FOLDER]

FOLDER (../shared/articles beside the repository) holds russia-north-korea.txt and .gold.json. A mention is right for a
gold event when its sentence is that of the gold anchor and type, source country and target country agree (the West,
NATO and the EU in either spelling; a gold event without target takes any). Mentions that match only optional gold
events count for nothing. A quotation is right when at least 0.8 of it is covered and its speaker agrees; a figure when
value and unit do. The last line is JSON.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from tertius.records import Attribution, Document, Figure, Mention, Participant, Reading

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "articles"
NAME = "russia-north-korea"
BLOCS = {"NATO": "NAT", "IGO NAT": "NAT", "EU": "WST", "EUR": "WST"}
DIRECT = ("q01", "q05", "q07", "q08", "q11")
COVERED = 0.8
ANONYMOUS = "anonymous"
Row = dict[str, Any]


def read(folder: Path) -> tuple[Reading, Row]:
    """The reading of the article and its gold annotation."""
    from tertius.reading import reader

    gold: Row = json.loads((folder / f"{NAME}.gold.json").read_text(encoding="utf-8"))
    text = (folder / f"{NAME}.txt").read_text(encoding="utf-8")
    return reader.read(Document.from_text(text, published=gold["published"])), gold


def event_matches(mention: Mention, event: Row) -> bool:
    """Whether a mention is right for a gold event."""
    inside = mention.sentence.start < event["end"] and event["start"] < mention.sentence.end
    if not inside or mention.type not in event["types"]:
        return False
    ways = [(mention.sources, mention.targets)]
    if mention.reciprocal:
        ways.append((mention.targets, mention.sources))
    return any(_agree(sources, event["source"]) and _agree(targets, event["target"]) for sources, targets in ways)


def _agree(people: tuple[Participant, ...], wanted: list[str]) -> bool:
    return not wanted or bool(_countries(people) & {BLOCS.get(code, code) for code in wanted})


def _countries(people: tuple[Participant, ...]) -> set[str]:
    codes = {p.country or p.sector or "" for p in people}
    return {BLOCS.get(code, code) for code in codes}


def score_events(mentions: tuple[Mention, ...], gold: list[Row]) -> Row:
    """Core events found, precision (None without any mention that counts), and modality of what was found."""
    core = [event for event in gold if event["core"]]
    found = [event for event in core if any(event_matches(m, event) for m in mentions)]
    right = sum(any(event_matches(m, event) for event in core) for m in mentions)
    stray = sum(not any(event_matches(m, event) for event in gold) for m in mentions)
    modal = [(m, e) for m in mentions for e in gold if event_matches(m, e)]
    return {
        "core_found": len(found),
        "core_total": len(core),
        "precision": round(right / (right + stray), 3) if right + stray else None,
        "mentions": len(mentions),
        "modality_right": round(sum(m.modality in e["modality"] for m, e in modal) / max(1, len(modal)), 3),
        "found": [event["id"] for event in found],
    }


def quote_matches(attribution: Attribution, quote: Row, text: str) -> bool:
    """Whether an attribution covers a gold quotation and has its speaker."""
    common = sum(max(0, min(span.end, quote["end"]) - max(span.start, quote["start"])) for span in attribution.content)
    return common >= COVERED * (quote["end"] - quote["start"]) and _speaker_agrees(attribution, quote, text)


def _speaker_agrees(attribution: Attribution, quote: Row, text: str) -> bool:
    speaker = attribution.speaker
    names = [speaker.name or "", *(text[span.start : span.end] for span in attribution.source)]
    last = quote["speaker"].split()[-1].lower()
    if any(last in name.lower() for name in names):
        return True
    return quote["sector"] != ANONYMOUS and quote["country"] is not None and speaker.country == quote["country"]


def figure_matches(figure: Figure, gold: Row) -> bool:
    """Whether a figure has the place, value and unit of a gold one."""
    near = figure.start < gold["end"] and gold["start"] < figure.end
    values = {figure.value, figure.low}
    return near and gold["value"] in values and _unit(figure.unit) == _unit(gold["unit"])


def _unit(words: str) -> str:
    last = re.sub(r"\W+$", "", words).split(" ")[-1].lower()
    return {"people": "person", "$": "usd"}.get(last, last.removesuffix("s"))


def main(arguments: list[str]) -> int:
    """Read, score, print; exit code."""
    folder = Path(arguments[0]) if arguments else FOLDER
    if not (folder / f"{NAME}.gold.json").is_file():
        sys.stderr.write(f"{folder} has no {NAME}.gold.json: name the folder that holds the touchstone article\n")
        return 2
    reading, gold = read(folder)
    summary = score_events(reading.mentions, gold["events"])
    text = reading.document.text
    said = [q["id"] for q in gold["quotes"] if any(quote_matches(a, q, text) for a in reading.attributions)]
    summary |= {
        "direct_quotes": len(set(said) & set(DIRECT)),
        "direct_total": len(DIRECT),
        "quotes": len(said),
        "quotes_total": len(gold["quotes"]),
        "figures": sum(any(figure_matches(f, g) for f in reading.figures) for g in gold["figures"]),
        "figures_total": len(gold["figures"]),
    }
    _show(reading, gold, said)
    print(json.dumps(summary))
    return 0


def _show(reading: Reading, gold: Row, said: list[str]) -> None:
    for mention in reading.mentions:
        hits = [e["id"] + ("" if e["core"] else " (optional)") for e in gold["events"] if event_matches(mention, e)]
        pair = " > ".join("+".join(p.text for p in people) or "-" for people in (mention.sources, mention.targets))
        print(
            f"{', '.join(hits) or 'wrong':16s} {mention.type:9s} {mention.modality:12s} {mention.trigger.text}: {pair}"
        )
    missed = [e["id"] for e in gold["events"] if e["core"] and not any(event_matches(m, e) for m in reading.mentions)]
    print("core events missed:", " ".join(missed) or "none")
    print("quotations missed:", " ".join(q["id"] for q in gold["quotes"] if q["id"] not in said) or "none")
    wrong = [g["id"] for g in gold["figures"] if not any(figure_matches(f, g) for f in reading.figures)]
    print("figures missed:", " ".join(wrong) or "none")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
