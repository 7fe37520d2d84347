"""Disputes: two sides of one act or figure. Readings made by hand, so that the rule alone is tested."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tertius.ledger import disputes, queries
from tertius.ledger.ledger import Ledger
from tertius.ledger.queries import Filters
from tertius.records import (
    Attribution,
    Document,
    Factuality,
    Figure,
    Mention,
    Participant,
    Reader,
    Reading,
    Span,
    Speaker,
    When,
)

CHAD, SUDAN = ("Chad", "TCD"), ("Sudan", "SDN")
NOBODY = When(start=None, end=None, precision="unknown", origin="unknown")


class Article:
    """Builds a reading sentence by sentence."""

    def __init__(self, text: str, published: str | None = "2024-05-01") -> None:
        self.document = Document.from_text(text, title="Border", published=published)
        self.mentions: list[Mention] = []
        self.said: list[Attribution] = []
        self.figures: list[Figure] = []

    def span(self, words: str) -> Span:
        start = self.document.text.index(words)
        return Span.of(self.document.text, start, start + len(words))

    def says(self, speaker: tuple[str, str], content: str, stance: str = "asserts") -> str:
        name, country = speaker
        who = Speaker(actor=f"a-{name}", name=name, country=country, sector="GOV", anonymous=False)
        self.said.append(
            Attribution(
                id=f"q{len(self.said) + 1}", kind="indirect", stance=stance, source=(), cue=(),  # type: ignore[arg-type]
                content=(self.span(content),), speaker=who, speaker_certain=True,
            )
        )  # fmt: skip
        return self.said[-1].id

    def act(self, sentence: str, trigger: str, verdict: str = "asserted", by: str | None = None, **more: Any) -> None:
        source, target = more.pop("source", SUDAN), more.pop("target", CHAD)
        row: dict[str, Any] = {
            "type": "ASSAULT", "mode": None, "quad": 4, "intensity": -9.0, "modality": "actual", "reciprocal": False,
            "when": NOBODY, "where": None, "contexts": (), "confidence": 0.9,
        } | more  # fmt: skip
        self.mentions.append(
            Mention(
                id=f"m{len(self.mentions) + 1}", trigger=self.span(trigger), sentence=self.span(sentence),
                sources=(_party(*source),), targets=(_party(*target),) if target else (), attribution=by,
                factuality=Factuality(verdict=verdict, by=by), **row,  # type: ignore[arg-type]
            )
        )  # fmt: skip

    def counts(self, words: str, value: float, by: str | None, unit: str = "rebels", measure: str = "killed") -> None:
        span = self.span(words)
        self.figures.append(
            Figure(
                id=f"f{len(self.figures) + 1}", start=span.start, end=span.end, text=span.text, value=value, low=None,
                high=None, unit=unit, measure=measure, period=None, between=(), change=None, attribution=by,
            )
        )  # fmt: skip

    def reading(self) -> Reading:
        return Reading(
            document=self.document, reader=Reader(tertius="0", models={}), actors=(), mentions=tuple(self.mentions),
            attributions=tuple(self.said), figures=tuple(self.figures),
        )  # fmt: skip


def _party(name: str, country: str) -> Participant:
    return Participant(start=0, end=0, text=name, country=country, sector="GOV", code=f"{country} GOV")


ASSERTED = "Chad said Sudan had bombed three villages near the border."
DENIED = "Sudan denied that it had bombed villages near the border."


def contradiction(verdict: str = "denied", **second: Any) -> Article:
    article = Article(f"{ASSERTED} {DENIED}")
    one = article.says(CHAD, "Sudan had bombed three villages")
    two = article.says(SUDAN, "it had bombed villages", "denies")
    article.act(ASSERTED, "bombed three", by=one)
    article.act(DENIED, "bombed villages", verdict, by=two, **second)
    return article


def test_two_sides_of_an_act() -> None:
    (row,) = disputes.among([contradiction().reading()])
    assert (row["speaker"], row["verdict"], row["words"]) == ("Chad", "asserted", ASSERTED)
    assert (row["other_speaker"], row["other_verdict"], row["other_words"]) == ("Sudan", "denied", DENIED)
    assert (row["about"], row["type"], row["source"], row["target"]) == ("act", "ASSAULT", ["SDN GOV"], ["TCD GOV"])
    assert row["id"].endswith("-m1")
    assert row["other_id"].endswith("-m2")


@pytest.mark.parametrize(
    "article",
    [
        contradiction("asserted"),
        contradiction("possible"),
        contradiction(source=("Libya", "LBY")),
        contradiction(quad=1, type="CONSULT"),
    ],
)
def test_what_is_no_dispute(article: Article) -> None:
    assert disputes.among([article.reading()]) == []


def test_one_speaker_does_not_dispute_himself() -> None:
    article = Article(f"{ASSERTED} {DENIED}")
    article.act(ASSERTED, "bombed three", by=article.says(SUDAN, "Sudan had bombed three villages"))
    article.act(DENIED, "bombed villages", "denied", by=article.says(SUDAN, "it had bombed villages"))
    assert disputes.among([article.reading()]) == []


@pytest.mark.parametrize(
    ("answer", "trigger"),
    [
        ("Sudan denied it.", "denied"),
        ("Sudan rejected the accusation.", "rejected"),
        ("Sudan dismissed the claim.", "dismissed"),
    ],
)
def test_a_denial_of_what_was_just_said(answer: str, trigger: str) -> None:
    article = Article(f"{ASSERTED} {answer}")
    article.act(ASSERTED, "bombed three", by=article.says(CHAD, "Sudan had bombed three villages"))
    article.act(answer, trigger, type="REJECT", quad=3, target=None)
    (row,) = disputes.among([article.reading()])
    assert (row["speaker"], row["other_speaker"], row["other_verdict"]) == ("Chad", "Sudan", "denied")


def test_a_refusal_is_no_denial() -> None:
    article = Article(f"{ASSERTED} Sudan rejected the treaty.")
    article.act(ASSERTED, "bombed three", by=article.says(CHAD, "Sudan had bombed three villages"))
    article.act("Sudan rejected the treaty.", "rejected", type="REJECT", quad=3, target=None)
    assert disputes.among([article.reading()]) == []


def test_articles_of_one_week_answer_each_other() -> None:
    def article(text: str, published: str) -> Article:
        return Article(text, published)

    one = article(ASSERTED, "2024-05-01")
    one.act(ASSERTED, "bombed three", by=one.says(CHAD, "Sudan had bombed three villages"))
    for published, found in (("2024-05-04", 1), ("2024-07-04", 0)):
        two = article(DENIED, published)
        two.act(DENIED, "bombed villages", "denied", by=two.says(SUDAN, "it had bombed villages"))
        assert len(disputes.among([one.reading(), two.reading()])) == found


TOLLS = "The army said 40 rebels were killed in the valley. The rebels said 12 rebels were killed in the valley."


def tolls(second: float = 12.0, by: tuple[str, str] = ("Rebels", "REB"), **more: Any) -> Reading:
    article = Article(TOLLS)
    article.counts("40 rebels", 40.0, article.says(("Army", "TCD"), "40 rebels were killed"), **more)
    article.counts("12 rebels", second, article.says(by, "12 rebels were killed"), **more)
    return article.reading()


def test_two_figures() -> None:
    (row,) = disputes.among([tolls()])
    assert (row["about"], row["measure"], row["speaker"], row["other_speaker"]) == (
        "figure",
        "killed",
        "Army",
        "Rebels",
    )
    assert row["other_verdict"] == "given differently"


def test_figures_that_agree_or_are_of_one_speaker_or_of_no_known_measure() -> None:
    assert disputes.among([tolls(40.0)]) == []
    assert disputes.among([tolls(by=("Army", "TCD"))]) == []
    assert disputes.among([tolls(measure="rebels")]) == []


def test_nothing_at_all() -> None:
    assert disputes.among([]) == []
    assert disputes.among([Article("").reading()]) == []


def test_a_ledger_and_its_filters(tmp_path: Path) -> None:
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    assert queries.rows(ledger, "dispute_rows") == []
    ledger.add([contradiction().reading(), tolls()])
    for filters, found in (
        (Filters(), 2),
        (Filters(source="SDN"), 1),
        (Filters(target="Chad"), 1),
        (Filters(types=("ASSAULT",)), 1),
        (Filters(types=("AID",)), 0),
        (Filters(speaker="SDN"), 1),
        (Filters(speaker="rebels"), 1),
        (Filters(since="2024-05-02"), 0),
        (Filters(until="2024-05-01"), 2),
        (Filters(limit=1), 1),
    ):
        assert len(queries.rows(ledger, "dispute_rows", filters)) == found, filters


def test_without_a_verdict_nothing_is_disputed() -> None:
    reading = contradiction().reading()
    plain = tuple(msgspec.structs.replace(one, factuality=Factuality(verdict="asserted")) for one in reading.mentions)
    assert disputes.among([msgspec.structs.replace(reading, mentions=plain)]) == []
