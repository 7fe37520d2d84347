"""How well are actors resolved? `python -m benchmarks.actors GOLD.jsonl`

GOLD holds whole articles, one a line, with events whose source and target spans carry codes ('RUS GOV', 'REB', 'UNO').
Every such span is given to `Cast.participants`. A span's countries are right if they are exactly those of the gold
code: its first part if that is a country-level code, none if the code is a bare sector. Sectors are compared on the
spans whose gold code has one. 'IGO NAT' counts as NAT. The last line is JSON.
`--errors N` prints N wrong spans with their sentence.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tertius.ontology import INTERNATIONAL, SECTORS
from tertius.reading import actors, language
from tertius.reading.actors import coreference
from tertius.records import Document, Participant

Codes = frozenset[str]


class Case(NamedTuple):
    """One gold span: its place, words, sentence, and the countries and sectors of its codes."""

    start: int
    end: int
    text: str
    sentence: str
    countries: Codes
    sectors: Codes


def split_code(code: str) -> tuple[str, str]:
    """Country and sector of a code; '' for what it does not have."""
    parts = [part for part in code.split() if part]
    if parts == ["IGO", "NAT"]:
        return "NAT", ""
    sector = next((part for part in parts if part in SECTORS), "")
    country = parts[0] if parts and (parts[0] in INTERNATIONAL or parts[0] not in SECTORS) else ""
    return country, sector


def cases(article: dict[str, Any]) -> Iterator[Case]:
    """The gold spans of an article, one for each event.

    A span with several codes ('both leaders', as source and as target of their meeting) is one case.
    """
    for sentence in article["sentences"]:
        words = article["text"][sentence["start"] : sentence["end"]]
        for event in sentence["events"]:
            spans: dict[tuple[int, int], list[str]] = {}
            for actor in (*event["sources"], *event["targets"]):
                if actor["end"] > actor["start"] and actor.get("code"):
                    spans.setdefault((actor["start"], actor["end"]), []).append(actor["code"])
            for (start, end), codes in spans.items():
                pairs = [split_code(code) for code in codes]
                countries = frozenset(country for country, _ in pairs if country)
                sectors = frozenset(sector for _, sector in pairs if sector)
                yield Case(start, end, article["text"][start:end], words, countries, sectors)


def is_pronoun(case: Case) -> bool:
    """Whether the span is one personal pronoun."""
    return case.text.lower() in coreference.PRONOUNS


def score(case: Case, found: tuple[Participant, ...]) -> dict[str, bool]:
    """What is right of one span; sectors and pronouns only where they apply."""
    right = frozenset(p.country for p in found if p.country) == case.countries
    scores = {"country": right}
    if case.sectors - {"UNK"}:
        scores["sector"] = frozenset(p.sector for p in found if p.sector) == case.sectors
    if is_pronoun(case):
        scores["pronoun_country"] = right
    return scores


def published(article: dict[str, Any]) -> str | None:
    """The publication date where it is an ISO date; some articles have a sentence about it."""
    day = str(article.get("published") or "")
    return day if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else None


def main() -> None:
    """Score one file of gold articles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="print N wrong spans, chosen at random")
    options = parser.parse_args()
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong: list[str] = []
    seconds = 0.0
    for line in options.gold.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        document = Document.from_text(article["text"], title=article.get("title"), published=published(article))
        doc = language.parse(document.text)
        begun = time.process_time()
        cast = actors.find(doc, document)
        seconds += time.process_time() - begun
        for case in cases(article):
            found = cast.participants(case.start, case.end)
            scores = score(case, found)
            right.update(name for name, good in scores.items() if good)
            total.update(scores.keys())
            if not all(scores.values()):
                wrong.append(_report(case, found))
    for report in random.Random(0).sample(wrong, min(options.errors, len(wrong))):
        print(report)
    print(f"{total['country']} spans, {total['pronoun_country']} pronouns, {seconds:.1f} CPU s for actors alone")
    print(json.dumps({f"{name}_accuracy": round(right[name] / max(1, total[name]), 4) for name in sorted(total)}))


def _report(case: Case, found: tuple[Participant, ...]) -> str:
    gold = "/".join(sorted(case.countries)) or "-", "/".join(sorted(case.sectors)) or "-"
    return f"{case.text!r}: gold {' '.join(gold)}, found {[p.code for p in found]} in: {case.sentence.strip()}"


if __name__ == "__main__":
    main()
