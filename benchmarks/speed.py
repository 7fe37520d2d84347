"""How fast one process reads, question by question: python -m benchmarks.speed [FILE.jsonl] [--articles N]

FILE holds one article a line with a `text` (default: ../shared/data/unlabelled/articles.jsonl, else the examples). One
thread. CPU seconds, so other work on the machine matters little. The last line is JSON: words_per_cpu_second,
sentences_per_cpu_second, peak_mb, and the CPU seconds and share of each stage.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

from tertius.reading import actors, attributions, events, figures, language, places, reader, times
from tertius.records import Document

ROOT = Path(__file__).parent.parent
ARTICLES = ROOT.parent / "shared" / "data" / "unlabelled" / "articles.jsonl"
Answer = TypeVar("Answer")


class Stages:
    """CPU seconds of each question, taken by wrapping the functions that the reader calls."""

    def __init__(self) -> None:
        self.seconds = Counter[str]()

    def watch(self, module: Any, function: str, stage: str) -> None:
        """Count the time spent in `module.function` under a stage."""
        asked: Callable[..., Any] = getattr(module, function)

        def timed(*args: Any, **kwargs: Any) -> Any:
            begun = time.process_time()
            try:
                return asked(*args, **kwargs)
            finally:
                self.seconds[stage] += time.process_time() - begun  # type: ignore[assignment]

        setattr(module, function, timed)


def documents(path: Path | None, limit: int) -> list[Document]:
    """The articles to read."""
    source = path or (ARTICLES if ARTICLES.exists() else None)
    if source is None:
        texts = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "examples").glob("*.txt"))]
    else:
        with source.open(encoding="utf-8") as file:
            texts = [json.loads(line)["text"] for _, line in zip(range(limit), file, strict=False)]
    return [Document.from_text(text, published="2017-10-10") for text in texts]


def measure(articles: list[Document]) -> dict[str, Any]:
    """Read all articles and return the figures."""
    reader.read(articles[0])  # loads the pipeline, tables and models
    stages = Stages()
    stages.watch(language, "parse", "parse")
    for module, stage in ((actors, "actors"), (times, "times"), (figures, "figures"), (attributions, "attributions")):
        stages.watch(module, "find", stage)
    stages.watch(places, "find", "places")
    stages.watch(events, "find", "events")
    begun = time.process_time()
    readings = [reader.read(document) for document in articles]
    spent = time.process_time() - begun
    parsed = list(stages.seconds.items())
    sentences = sum(1 for document in articles for _ in language.parse(document.text).sents)
    stages.seconds = Counter(dict(parsed))
    words = sum(len(document.text.split()) for document in articles)
    stages.seconds["other"] = spent - sum(stages.seconds.values())  # type: ignore[assignment]
    return {
        "words_per_cpu_second": round(words / spent),
        "sentences_per_cpu_second": round(sentences / spent, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "articles": len(articles),
        "words": words,
        "mentions": sum(len(r.mentions) for r in readings),
        "stages": {name: round(seconds / spent, 3) for name, seconds in stages.seconds.most_common()},
    }


def main() -> None:
    """Read, time, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--articles", type=int, default=150)
    arguments = parser.parse_args()
    figures_found = measure(documents(arguments.file, arguments.articles))
    for name, share in figures_found["stages"].items():
        print(f"{name:14}{100 * share:6.1f} % of the time")
    json.dump(figures_found, sys.stdout)
    print()


if __name__ == "__main__":
    main()
