"""Merging of mentions into events: python -m benchmarks.merging [--read]

60 acts told in 206 short reports by different writers (benchmarks/data/merging.jsonl, written before the rule), with
decoys: the same actors on another day, another act on the same day, the same act in another place. Pairwise precision,
recall and F1 of "tell of the same act", in percent, over all pairs of mentions. A third of the acts was kept aside
until the rule was done. The mentions are given in the set (type, actors, days, place, sentence), so the figures are
those of the rule alone; --read also has Tertius read the articles, and scores pairs of articles that share an event
(what reading misses or misreads is then missed by merging too).

The last line is JSON: f1_open, f1_kept_aside, precision, recall, f1, mentions, events; with --read also
read_precision, read_recall, read_f1.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from tertius.ledger import merging
from tertius.ledger.merging import Place, Told
from tertius.ledger.words import stems
from tertius.records import Document
from tertius.world import gazetteer

DATA = Path(__file__).with_name("data") / "merging.jsonl"
Reports = list[dict[str, Any]]


def told(number: int, report: dict[str, Any]) -> Told:
    """The mention of one report of the set."""
    mention = report["mention"]
    first, last = date.fromisoformat(mention["start"]), date.fromisoformat(mention["end"])
    published = mention["from"] == "publication"
    place = mention["place"]
    return Told(
        id=f"{number:03}",
        type=mention["type"],
        mode=mention["mode"],
        state="actual",
        sources=parties(mention["sources"]),
        targets=parties(mention["targets"]),
        reciprocal=mention["reciprocal"],
        dated="publication" if published else "day" if first == last else "range",
        first=(first - timedelta(days=merging.LIMITS.lag) if published else first).toordinal(),
        last=last.toordinal(),
        place=located(place["name"], place["country"]) if place else None,
        words=stems(mention["sentence"]),
    )


def located(name: str, country: str | None) -> Place:
    """A place with the coordinates of the gazetteer's largest place of that name there, as reading would have it."""
    known = [p for p in gazetteer.places_named(name) if p.country == country]
    best = max(known, key=lambda p: p.population, default=None)
    return Place(name, country, best.latitude, best.longitude) if best else Place(name, country)


def parties(codes: Sequence[str]) -> frozenset[merging.Party]:
    """Actors from codes such as 'NOR GOV'."""
    return frozenset((c.split()[0], c.split()[1] if " " in c else None) for c in codes)


def pairwise(gold: Sequence[object], found: Sequence[object]) -> dict[str, float]:
    """Precision, recall and F1 of the pairs that two labellings put together, in percent."""
    both = _pairs(Counter(zip(gold, found, strict=True)).values())
    in_gold, in_found = _pairs(Counter(gold).values()), _pairs(Counter(found).values())
    return {
        "precision": round(100 * both / max(1, in_found), 1),
        "recall": round(100 * both / max(1, in_gold), 1),
        "f1": round(200 * both / max(1, in_gold + in_found), 1),
    }


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def labels(groups: Iterable[Sequence[str]]) -> dict[str, int]:
    """The number of its group for each id."""
    return {id_: number for number, group in enumerate(groups) for id_ in group}


def figures(reports: Reports) -> tuple[dict[str, float], list[int]]:
    """The scores of the rule on some reports, and the group of each."""
    mentions = [told(number, report) for number, report in enumerate(reports)]
    group = labels(merging.merge(mentions))
    found = [group[mention.id] for mention in mentions]
    return pairwise([report["act"] for report in reports], found), found


def read_figures(reports: Reports) -> dict[str, Any]:
    """Scores over pairs of articles, read by Tertius: two are together that share an event, and should if one act."""
    from tertius.ledger.events import events
    from tertius.ledger.store import over
    from tertius.reading.reader import read

    documents = [Document.from_text(r["text"], publisher=r["publisher"], published=r["published"]) for r in reports]
    with over([read(document) for document in documents]) as connection:
        shared = [frozenset(row["documents"]) for row in events(connection)]
    number = {document.id: n for n, document in enumerate(documents)}
    found = {pair for group in shared for pair in combinations(sorted(number[id_] for id_ in group), 2)}
    gold = {
        (a, b)
        for a, b in combinations(range(len(reports)), 2)
        if reports[a]["act"] == reports[b]["act"] and documents[a].id != documents[b].id
    }
    right = len(gold & found)
    return {
        "read_precision": round(100 * right / max(1, len(found)), 1),
        "read_recall": round(100 * right / max(1, len(gold)), 1),
        "read_f1": round(200 * right / max(1, len(found) + len(gold)), 1),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=["open", "kept aside"], help="one part of the set")
    parser.add_argument("--read", action="store_true", help="also have Tertius read the articles")
    parser.add_argument("--errors", action="store_true", help="print what is split and what is thrown together")
    given = parser.parse_args(arguments)
    reports = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    summary: dict[str, Any] = {}
    for part in ["open", "kept aside"]:
        if given.only in (None, part):
            some = [r for r in reports if r["part"] == part]
            scores, found = figures(some)
            print(f"{part}: {scores} from {len(some)} mentions", file=sys.stderr)
            summary[f"f1_{part.replace(' ', '_')}"] = scores["f1"]
            if given.errors:
                _print_errors(some, found)
    if given.only is None:
        scores, found = figures(reports)
        summary |= scores | {"mentions": len(reports), "events": len(set(found))}
    if given.read:
        summary |= read_figures(reports)
    print(json.dumps(summary))


def _print_errors(reports: Reports, found: Sequence[int]) -> None:
    for act in dict.fromkeys(r["act"] for r in reports):
        mine = [(f, r) for f, r in zip(found, reports, strict=True) if r["act"] == act]
        if len({f for f, _ in mine}) > 1:
            print(f"split: {act}")
            for f, r in sorted(mine, key=lambda pair: pair[0]):
                print(f"   {f:3} {r['mention']['type']:9} {r['mention']['sentence']}")
    for group in sorted(set(found)):
        inside = [r for f, r in zip(found, reports, strict=True) if f == group]
        if len({r["act"] for r in inside}) > 1:
            print("together:")
            for r in inside:
                print(f"   {r['act']:14} {r['mention']['sentence']}")


if __name__ == "__main__":
    main()
