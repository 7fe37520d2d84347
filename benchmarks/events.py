"""How well are events read? Scores Tertius against hand-annotated articles.

    python -m benchmarks.events GOLD.jsonl [GOLD.jsonl ...]

GOLD has one article a line: id, text, published, and sentences with events (type, modality, trigger, sources, targets).
A predicted mention is matched to at most one gold mention of the same sentence. Levels:

    spans   type, and an overlapping source, and an overlapping target
    coded   type, and a shared source country, and a shared target country
    quad    as coded, with the quad class in place of the type
    dyad    as coded, whatever the type

Optional gold mentions are neither missed nor, when predicted, wrong; alternative types count as right; reciprocal ones
match in either direction. Modality is scored on the mentions that match at level coded, and `not_actual_recall` is the
share of those whose gold modality is not actual that were given the right one.

Speakers: GOLD names the words in the sentence for whoever a mention stands on, or none where it is the writer's word. A
predicted speaker is right if one of his spans overlaps them, or both have none: `speaker_accuracy` on the mentions that
match at level coded, `speaker_accuracy_gold_triggers` on all gold mentions, placed and attributed as if Tertius had
found them. A speaker who is quoted within his own words ('"I think ...", he said') may be named in either place. The
last line is JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tertius.ontology import quad
from tertius.reading.reader import VERBAL
from tertius.records import Attribution, Document, Mention, Participant, Reading, Span

LEVELS = ("spans", "coded", "quad", "dyad")
SHARES = (
    ("modality_accuracy", "modality"), ("not_actual_recall", "not actual"), ("speaker_accuracy", "speaker"),
    ("speaker_accuracy_gold_triggers", "gold speaker"),
)  # fmt: skip
Row = dict[str, Any]


def predict(article: Row) -> list[Row]:
    """The mentions that Tertius reads in an article, in the form of the gold ones."""
    reading = _read(article)
    return [_plain(mention, reading) for mention in reading.mentions]


def _read(article: Row) -> Reading:
    from tertius.reading import reader

    return reader.read(_document(article))


def _document(article: Row) -> Document:
    return Document.from_text(article["text"], title=article["title"], published=article["published"] or None)


def _plain(mention: Mention, reading: Reading) -> Row:
    return {
        "speaker": _speaker(mention.attribution, mention.trigger.start, mention.trigger.end, reading.attributions),
        "type": mention.type,
        "modality": mention.modality,
        "trigger": [mention.trigger.start, mention.trigger.end],
        "sources": [_actor(p) for p in mention.sources],
        "targets": [_actor(p) for p in mention.targets],
    }


def _speaker(by: str | None, start: int, end: int, said: Sequence[Attribution]) -> list[Row]:
    """Where the speaker of a mention is named: for this attribution, and for others of his around the trigger."""
    from tertius.reading import attributions

    around = attributions.around(said, start, end)
    voice = next((one.speaker.actor for one in said if one.id == by), None)
    own = [one for one in around if one.id == by or (voice is not None and one.speaker.actor == voice)]
    return [_span(piece) for one in own for piece in one.source] if by else []


def _span(span: Span) -> Row:
    return {"start": span.start, "end": span.end}


def _actor(participant: Participant) -> Row:
    return {"start": participant.start, "end": participant.end, "code": participant.code or ""}


def countries(actors: list[Row]) -> set[str]:
    """The first words of the actors' codes: a country, or a sector where no country is known."""
    return {(actor.get("code") or "").split(" ")[0] for actor in actors} or {""}


def overlap(ones: list[Row], others: list[Row]) -> bool:
    """Whether any two spans overlap; two empty lists do."""
    if not ones or not others:
        return not ones and not others
    return any(a["start"] < b["end"] and b["start"] < a["end"] for a in ones for b in others)


def same_pair(gold: Row, pred: Row, level: str) -> bool:
    """Whether source and target agree at a level; either way round if the gold mention is reciprocal."""

    def meets(a: str, b: str) -> bool:
        if level == "spans":
            return overlap(gold["sources"], pred[a]) and overlap(gold["targets"], pred[b])
        shared = countries(gold["sources"]) & countries(pred[a])
        return bool(shared and countries(gold["targets"]) & countries(pred[b]))

    return meets("sources", "targets") or (bool(gold.get("reciprocal")) and meets("targets", "sources"))


def matches(gold: Row, pred: Row, level: str) -> bool:
    """Whether a predicted mention is right by a gold one, at a level."""
    if not same_pair(gold, pred, level):
        return False
    types = {gold["type"], gold.get("alternative", gold["type"]), *gold.get("alternatives", ())}
    if level == "quad":
        return quad(pred["type"]) in {quad(kind) for kind in types}
    return level == "dyad" or pred["type"] in types


def score(articles: Iterable[Row], predictions: dict[str, list[Row]]) -> dict[str, Counter[str]]:
    """Counts of right, wrong and missed mentions at each level, and of modalities ('modality', 'not actual')."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*LEVELS, "modality", "not actual", "speaker")}
    for article in articles:
        mentions = predictions.get(article["id"], [])
        for sentence in article["sentences"]:
            preds = [m for m in mentions if sentence["start"] <= m["trigger"][0] < sentence["end"]]
            for level in LEVELS:
                for gold, pred in _pairs(sentence["events"], preds, level, counts[level]):
                    if level == "coded":
                        _count_modality(gold, pred, counts)
                        counts["speaker"]["right" if same_speaker(gold, pred["speaker"]) else "wrong"] += 1
    return counts


def _pairs(events: list[Row], preds: list[Row], level: str, counts: Counter[str]) -> Iterator[tuple[Row, Row]]:
    used: set[int] = set()
    for gold in (event for event in events if not event.get("optional")):
        hit = next((k for k, pred in enumerate(preds) if k not in used and matches(gold, pred, level)), None)
        counts["missed" if hit is None else "right"] += 1
        if hit is not None:
            used.add(hit)
            yield gold, preds[hit]
    optional = [event for event in events if event.get("optional")]
    counts["wrong"] += sum(
        k not in used and not any(matches(gold, pred, level) for gold in optional) for k, pred in enumerate(preds)
    )


def _count_modality(gold: Row, pred: Row, counts: dict[str, Counter[str]]) -> None:
    accepted = gold.get("modalities", [gold["modality"]])
    verdict = "right" if pred["modality"] in accepted else "wrong"
    counts["modality"][verdict] += 1
    if "actual" not in accepted:
        counts["not actual"][verdict] += 1


def same_speaker(gold: Row, spans: list[Row]) -> bool:
    """Whether the speaker's spans overlap the gold speaker, or there is none in either."""
    return overlap([gold["speaker"]] if gold.get("speaker") else [], spans)


def speakers_of_gold(article: Row) -> Counter[str]:
    """Right and wrong speakers of the gold mentions, at their own triggers."""
    from tertius.reading import actors, attributions, language

    doc = language.parse(article["text"])
    cast = actors.find(doc, _document(article))
    said = attributions.find(doc, cast)
    claims = attributions.claims(doc, said)
    counts: Counter[str] = Counter()
    for event in (e for sentence in article["sentences"] for e in sentence["events"] if not e.get("optional")):
        at = (event["trigger"]["start"], event["trigger"]["end"])
        found = [p for source in event["sources"] for p in cast.participants(source["start"], source["end"])]
        doers = {p.actor for p in found if p.actor and quad(event["type"]) in VERBAL}
        spans = _speaker(attributions.voucher(claims, *at, doers), *at, said)
        counts["right" if same_speaker(event, spans) else "wrong"] += 1
    return counts


def rates(counts: Counter[str]) -> dict[str, float]:
    """Precision, recall and F1 of counts of right, wrong and missed."""
    precision = counts["right"] / max(1, counts["right"] + counts["wrong"])
    recall = counts["right"] / max(1, counts["right"] + counts["missed"])
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(1e-9, precision + recall)}


def main(paths: list[str]) -> int:
    """Read, score, print; exit code."""
    if not paths:
        sys.stderr.write("name at least one gold file: python -m benchmarks.events GOLD.jsonl ...\n")
        return 2
    lines = (line for path in paths for line in Path(path).read_text(encoding="utf-8").splitlines())
    articles = [json.loads(line) for line in lines if line.strip()]
    counts, speed = _run(articles)
    for level in LEVELS:
        print(f"{level:9s}" + "  ".join(f"{name} {100 * value:5.1f}" for name, value in rates(counts[level]).items()))
    summary: dict[str, float | None] = {f"{level}_f1": round(rates(counts[level])["f1"], 4) for level in LEVELS}
    counts["gold speaker"] = sum(map(speakers_of_gold, articles), Counter())
    for name, key in SHARES:
        summary[name] = round(counts[key]["right"] / max(1, counts[key].total()), 4)
    summary["sentences_per_cpu_second"] = round(speed, 1)
    print(json.dumps(summary))
    return 0


def _run(articles: list[Row]) -> tuple[dict[str, Counter[str]], float]:
    from tertius.reading import language

    if articles:
        predict({**articles[0], "text": articles[0]["text"][:500]})  # loads models and tables, off the clock
    predictions: dict[str, list[Row]] = {}
    seconds, sentences = 0.0, 0
    for article in articles:
        began = time.process_time()
        predictions[article["id"]] = predict(article)
        seconds += time.process_time() - began
        sentences += sum(1 for _ in language.parse(article["text"]).sents)
    return score(articles, predictions), sentences / max(1e-9, seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
