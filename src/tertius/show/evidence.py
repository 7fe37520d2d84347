"""One record of a ledger as a reader would check it: its paragraph with the spans marked, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tertius.ledger.corrections import told
from tertius.ontology import QUAD_NAMES
from tertius.show.marks import Mark, Role, paragraph, printable, segments
from tertius.show.terminal import days

if TYPE_CHECKING:
    from rich.text import Text

    from tertius.ledger.queries import Evidence

STYLES: dict[Role, str] = {
    "source": "bold cyan", "target": "bold magenta", "trigger": "bold yellow underline", "speaker": "bold green",
    "cue": "green", "content": "italic", "figure": "bold yellow", "when": "blue", "where": "blue", "sentence": "",
}  # fmt: skip
LEGEND: tuple[Role, ...] = ("source", "target", "trigger", "speaker", "cue", "content", "figure", "when")


def evidence_text(evidence: Evidence) -> Text:
    """Heading, marked paragraph and details, for `rich.console.Console.print`."""
    from rich.text import Text

    lines = [_heading(evidence), Text(), _marked(evidence), Text(), *_details(evidence)]
    return Text("\n").join(lines)


def _heading(evidence: Evidence) -> Text:
    from rich.text import Text

    record = evidence.record
    if evidence.table == "mentions":
        parties = [
            " + ".join(p["code"] or p["text"] for p in record[side]) or "nobody named"
            for side in ("sources", "targets")
        ]
        what = record["type"] + (f" ({record['mode']})" if record["mode"] else "")
        return Text(f"{parties[0]}  {what}  {parties[1]}   {record['modality']}", style="bold")
    if evidence.table == "attributions":
        return Text(f"{record['speaker']['name'] or 'somebody'} {record['stance']} ({record['kind']})", style="bold")
    return Text(f"{record['text']}: {record['measure'] or record['unit']}", style="bold")


def _marked(evidence: Evidence) -> Text:
    from rich.text import Text

    body = evidence.document["text"]
    marks = marks_of(evidence)
    start = min(m.start for m in marks)
    end = max(m.end for m in marks)
    text = Text()
    for segment in segments(body, marks, *paragraph(body, start, end)):
        style = " ".join(filter(None, (STYLES[m.role] for m in segment.marks)))
        lines = segment.text.split("\n")
        text.append("\n".join(map(printable, lines)), style=style)
    return text


def marks_of(evidence: Evidence) -> list[Mark]:
    """The spans of the record, and of the attribution on whose word it stands. Never empty."""
    record = evidence.record
    spans: list[tuple[Role, list[Any]]] = []
    if evidence.table == "mentions":
        spans += [("sentence", [record["sentence"]]), ("trigger", [record["trigger"]]), ("source", record["sources"])]
        spans += [("target", record["targets"]), ("when", [record["when"]["expression"]])]
    elif evidence.table == "figures":
        spans.append(("figure", [record]))
    said = record if evidence.table == "attributions" else evidence.attribution
    if said:
        spans += [("speaker", said["source"]), ("cue", said["cue"]), ("content", said["content"])]
    marks = [Mark(s["start"], s["end"], role, record["id"]) for role, some in spans for s in some if s]
    return marks or [Mark(0, 1, "sentence", record["id"])]


def _details(evidence: Evidence) -> list[Text]:
    from rich.text import Text

    record, document = evidence.record, evidence.document
    facts = _event_facts(record) if evidence.table == "mentions" else []
    facts.append(("on whose word", _speaker(evidence)))
    facts.append(("reported by", ", ".join(_who(one["speaker"]) for one in evidence.reporters)))
    facts += [("corrected", f"{told(one)} ({one['by']})") for one in evidence.corrected]
    article = (document["title"], document["publisher"], str(document["published"] or ""))
    facts += [("article", ", ".join(filter(None, article))), ("read from", document["where_found"] or "")]
    legend = Text(" ").join(Text(role, STYLES[role]) for role in LEGEND)
    return [Text(f"{name:14}") + Text(printable(value)) for name, value in facts if value] + [Text(), legend]


def _event_facts(record: dict[str, Any]) -> list[tuple[str, str]]:
    when = record["when"]
    return [
        ("quad class", f"{QUAD_NAMES[record['quad']]}, intensity {record['intensity']:+g}"),
        ("when", f"{days(when['start'], when['end']) or 'unknown'} (from {when['from']})"),
        ("taken as", (record["factuality"] or {}).get("verdict") or ""),
        ("confidence", f"{record['confidence']:.2f}"),
        ("contexts", ", ".join(record["contexts"])),
    ]


def _speaker(evidence: Evidence) -> str:
    said = evidence.record if evidence.table == "attributions" else evidence.attribution
    if said is None:
        return "the writer"
    doubt = "" if said["speaker_certain"] else ", uncertain"
    return f"{_who(said['speaker'])}, who {said['stance']} it ({said['kind']}{doubt})"


def _who(speaker: dict[str, Any]) -> str:
    code = " ".join(filter(None, (speaker["country"], speaker["sector"])))
    return (speaker["name"] or "somebody") + (f" [{code}]" if code else "")
