"""How often are events read where there are none? Counts mentions in articles without politics.

    python -m benchmarks.falsealarms [ARTICLES.jsonl]

The articles (benchmarks/data/nonpolitical.jsonl, written for this purpose) are of sport, weather, crime, culture,
business and science, in the words that tempt a reader: strikes, attacks, talks, deals, teams with names of countries.
One article a line: id, title, published, text. Every mention is a false alarm and is printed. The last line is JSON:
articles, mentions, mentions_per_article.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tertius.reading import reader
from tertius.records import Document, Mention

ARTICLES = Path(__file__).parent / "data" / "nonpolitical.jsonl"


def load(path: Path) -> list[dict[str, Any]]:
    """The articles of a file, one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def alarms(article: dict[str, Any]) -> tuple[Mention, ...]:
    """Everything that is read as an event in an article."""
    document = Document.from_text(article["text"], title=article["title"], published=article["published"])
    return reader.read(document).mentions


def told(mention: Mention) -> str:
    """A mention on one line: who, what, to whom, how sure, and where it was read."""
    sources, targets = (" + ".join(p.text for p in who) or "-" for who in (mention.sources, mention.targets))
    sentence = " ".join(mention.sentence.text.split())
    return f"{mention.type} ({mention.trigger.text}) {sources} > {targets}, {mention.confidence:.2f}: {sentence}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the articles, print each mention, then the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=Path, default=ARTICLES, metavar="ARTICLES.jsonl")
    articles = load(parser.parse_args(arguments).articles)
    count = 0
    for article in articles:
        for mention in alarms(article):
            count += 1
            print(f"{article['id']}: {told(mention)}", flush=True)
    per_article = round(count / len(articles), 4) if articles else None
    print(json.dumps({"articles": len(articles), "mentions": count, "mentions_per_article": per_article}))


if __name__ == "__main__":
    main()
