"""Accuracy of event types where source and target are given (PLV).

    python -m benchmarks.types FILE.tsv [--shipped]

FILE has the form of ../shared/data/plv/train.tsv. The shipped model classifies every row; CONCEDE and RETREAT count as
YIELD. The shipped weights were trained on train.tsv: for that very file (told by its SHA-256) the predictions are those
of five-fold cross-validation, which training/events/train.py leaves in data/plv_folds.json, unless `--shipped` asks for
the weights that have seen it. The last line is JSON: root_macro_f1, penta_macro_f1 (0 to 1), rows.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tertius import ontology
from tertius.errors import MissingColumn
from tertius.reading.events.model import EventModel

MARK = re.compile(r"</?[st]>")
FOLDS = Path(__file__).parent / "data" / "plv_folds.json"
NEEDED = ("marked_sentence", "gold_root")
YIELD = ("CONCEDE", "RETREAT")
# The quad class of each root; YIELD is of both kinds of cooperation, and PLV counts it as material cooperation.
PENTA = {name: ontology.quad(name) for name in ontology.TYPES} | {"YIELD": 2}


class Row(NamedTuple):
    """A sentence without marks, the code points of the marked source and target, and the gold root type."""

    sentence: str
    source: tuple[int, int] | str
    target: tuple[int, int] | str
    root: str


def rows(path: Path) -> list[Row]:
    """The rows of a file. Raises MissingColumn."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t")
        missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise MissingColumn(f"no column {', '.join(missing)}: give a table in the form of plv/train.tsv", str(path))
        return [_row(row) for row in reader]


def _row(row: dict[str, str]) -> Row:
    marked, plain, at = row["marked_sentence"], "", 0
    places: dict[str, int] = {}
    for mark in MARK.finditer(marked):
        plain += marked[at : mark.start()]
        at = mark.end()
        places.setdefault(mark.group(), len(plain))

    def area(role: str) -> tuple[int, int] | str:
        return (places[f"<{role}>"], places[f"</{role}>"]) if f"</{role}>" in places else ""

    return Row(plain + marked[at:], area("s"), area("t"), row["gold_root"])


def folded(chances: dict[str, float]) -> str:
    """The likeliest root, CONCEDE and RETREAT together."""
    together = {name: chance for name, chance in chances.items() if name not in YIELD}
    together["YIELD"] = sum(chances.get(name, 0.0) for name in YIELD)
    return max(together, key=lambda name: together[name])


def macro_f1(gold: Sequence[object], found: Sequence[object]) -> float:
    """Mean over the classes of `gold` of F1, in percent."""
    scores = []
    for name in sorted(set(gold), key=str):
        right = sum(g == f == name for g, f in zip(gold, found, strict=True))
        scores.append(2 * right / (list(gold).count(name) + list(found).count(name)))
    return 100 * sum(scores) / len(scores)


def figures(gold: Sequence[str], found: Sequence[str]) -> dict[str, float | int]:
    """Root and pentacode macro-F1 (percent)."""
    return {
        "root_macro_f1": round(macro_f1(gold, found) / 100, 4),
        "penta_macro_f1": round(macro_f1([PENTA[g] for g in gold], [PENTA[f] for f in found]) / 100, 4),
        "rows": len(gold),
    }


def cross_validated(file: Path) -> list[str] | None:
    """The out-of-fold predictions for the training file; None for any other."""
    kept = json.loads(FOLDS.read_text(encoding="utf-8"))
    found: list[str] = kept["found"]
    return found if kept["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest() else None


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--shipped", action="store_true", help="score the shipped weights, whatever they have seen")
    given = parser.parse_args(arguments)
    table = rows(given.file)
    found = None if given.shipped else cross_validated(given.file)
    print("five-fold cross-validation" if found else "shipped weights")
    if found is None:
        model = EventModel.load()
        found = [folded(model.classify(row.sentence, row.source, row.target)) for row in table]
    json.dump(figures([row.root for row in table], found), sys.stdout)
    print()


if __name__ == "__main__":
    main()
