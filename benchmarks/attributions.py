"""Score the reading of attributions against PolNeAR, with the method of its scorer.

    python -m benchmarks.attributions FILE.jsonl

FILE holds one article a line: {id, text, attributions: [{source, cue, content}]}, each role a list of [start, end).
The scorer is ../shared/scripts/score_polnear.py (beside the repository). PolNeAR annotates the outermost attribution
of each cue only: nested ones are left out before scoring, and blocks with the same cue are one. The last line is JSON.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from tertius.reading import attributions, language
from tertius.reading.attributions import drafts
from tertius.reading.attributions.drafts import Draft

SCORER = Path(__file__).resolve().parents[2] / "shared" / "scripts" / "score_polnear.py"


def scorer(path: Path = SCORER) -> ModuleType:
    """The scorer as a module; SystemExit with the cure if it is not there."""
    spec = importlib.util.spec_from_file_location("score_polnear", path)
    if spec is None or spec.loader is None or not path.exists():
        raise SystemExit(f"the scorer is missing: put score_polnear.py at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predict(text: str) -> list[dict[str, list[list[int]]]]:
    """The outermost attributions of one article as character spans."""
    doc = language.parse(text)
    found = relations(attributions.propose(doc))
    return [
        {role: [list(span) for span in drafts.runs(doc, getattr(draft, role))] for role in ("source", "cue", "content")}
        for draft in found
    ]


def relations(found: Sequence[Draft]) -> list[Draft]:
    """As PolNeAR counts: the outermost ones, and one for each cue, however many blocks of quotation it has."""
    merged: dict[tuple[int, ...], Draft] = {}
    for draft in outermost(found):
        old = merged.get(draft.cue or draft.content)
        content = sorted({*draft.content, *(old.content if old else ())})
        merged[draft.cue or draft.content] = (old or draft)._replace(content=tuple(content))
    return list(merged.values())


def outermost(found: Sequence[Draft]) -> list[Draft]:
    """Without those whose cue stands inside the content of another."""
    inside = [(number, i) for number, draft in enumerate(found) for i in draft.content]
    covered: dict[int, set[int]] = {}
    for number, i in inside:
        covered.setdefault(i, set()).add(number)
    return [
        draft for number, draft in enumerate(found) if not (draft.cue and covered.get(draft.cue[0], set()) - {number})
    ]


def measure(articles: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Tables of the scorer, and how fast the articles were read (parse included)."""
    language.pipeline()
    began = time.process_time()
    predictions = {article["id"]: predict(article["text"]) for article in articles}
    seconds = time.process_time() - began
    words = sum(len(article["text"].split()) for article in articles)
    return {"tables": scorer().score(articles, predictions), "words_per_cpu_second": words / max(seconds, 1e-9)}


def summary(result: dict[str, Any]) -> dict[str, float]:
    """The figures of the last line."""
    tables = result["tables"]
    rows = {f"{name}_f1": tables[name]["full relation"]["F1"] for name in ("direct", "mixed", "indirect")}
    rows = {"full_f1": tables["all"]["full relation"]["F1"], **rows}
    rows["source_accuracy"] = tables["all"]["source accuracy"]
    rows["words_per_cpu_second"] = result["words_per_cpu_second"]
    return {name: round(value, 4) for name, value in rows.items()}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    path = parser.parse_args().file
    with path.open(encoding="utf-8") as file:
        articles = [json.loads(line) for line in file if line.strip()]
    result = measure(articles)
    scorer().show(result["tables"])
    print(json.dumps(summary(result)))


if __name__ == "__main__":
    main()
