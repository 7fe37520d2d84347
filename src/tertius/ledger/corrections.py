"""Corrections: what people say of mentions that were read wrongly.

They are added to a table of their own and change nothing that was read: the view `mentions` puts what is right before
what was read (corrected.sql), so that everything that asks the ledger follows. The last correction of a mention holds;
all stay. A correction names its mention by the article and the trigger, and is found again when the article is read
anew by a later reader.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tertius.errors import CorrectedMeanwhile, LedgerError, NoSuchRecord, UsageError
from tertius.ledger import parties, store
from tertius.ledger.ledger import Ledger
from tertius.ontology import TYPES, intensity, quad

Row = dict[str, Any]
Ask = Callable[[str, Sequence[Any]], list[Row]]  # Ledger.rows, or what asks one state of a ledger

MODALITIES = ("actual", "future", "hypothetical", "negated")
LONGEST_NOTE, LONGEST_NAME = 2_000, 100  # code points
ATTEMPTS = 8
FIRST = ""  # the version of a mention that nobody has corrected
_NOT_HASHED = ("id", "at", "id_now", "holds")


class Right(NamedTuple):
    """What is right; None leaves it as it stands now. `mode`: '' for none. Parties are names or codes ('RUS GOV')."""

    type: str | None = None
    mode: str | None = None
    modality: str | None = None
    sources: Sequence[str] | None = None
    targets: Sequence[str] | None = None


class State(NamedTuple):
    """A mention as it was read, and its corrections, the last one first."""

    read: Row
    history: list[Row]

    @property
    def version(self) -> str:
        """What the next correction follows: the id of the last one, or FIRST."""
        return str(self.history[0]["id"]) if self.history else FIRST

    @property
    def standing(self) -> Row | None:
        """The correction that holds; None where there is none or it was withdrawn."""
        last = self.history[0] if self.history else None
        return last if last and last["verdict"] != "withdrawn" else None

    @property
    def now(self) -> Row:
        """The mention as it stands, also if it is said to be no event."""
        found = dict(self.read)
        for name, value in (self.standing or {}).items():
            if name in ("type", "quad", "intensity", "modality", "sources", "targets") and value is not None:
                found[name] = value
        if self.standing and self.standing["type"]:
            found["mode"] = self.standing["mode"]
        return found


def state(ask: Ask, mention: str) -> State:
    """A mention and what was said of it. Raises NoSuchRecord."""
    found = ask("SELECT * FROM mentions_as_read WHERE id = ?", [mention])
    if not found:
        cure = "ids of mentions stand in the first column of 'tertius events --mentions'"
        if ask("SELECT id FROM coded WHERE id = ? LIMIT 1", [mention]):
            cure = "it is an imported row, and those are corrected in the data set that they come from"
        raise NoSuchRecord(f"no mention {mention[:80]!r} to correct: {cure}")
    return State(found[0], ask('SELECT * FROM corrections WHERE id_now = ? ORDER BY "at" DESC, id', [mention]))


def change(ledger: Ledger, mention: str, right: Right, *, by: str, note: str = "", after: str | None = None) -> Row:
    """Say what is right of a mention, and return the row of `corrections`.

    `after`: the version that the corrector saw (State.version); None does not look. Raises NoSuchRecord, UsageError,
    CorrectedMeanwhile, LedgerError.
    """

    def right_of(found: State) -> Row:
        actors = ledger.rows("SELECT * FROM actors WHERE document = ?", [found.read["document"]])
        return {"verdict": "changed", **_difference(found, right, actors)}

    return _added(ledger, mention, right_of, by, note, after)


def reject(ledger: Ledger, mention: str, *, by: str, note: str = "", after: str | None = None) -> Row:
    """Say that a mention tells of no event. As `change`."""
    return _added(ledger, mention, lambda _: {"verdict": "no event"}, by, note, after)


def withdraw(ledger: Ledger, mention: str, *, by: str, note: str = "", after: str | None = None) -> Row:
    """Take the standing correction of a mention back: it counts as it was read. As `change`."""

    def taken_back(found: State) -> Row:
        if found.standing is None:
            raise UsageError(f"{mention} stands as it was read: there is no correction to withdraw")
        return {"verdict": "withdrawn"}

    return _added(ledger, mention, taken_back, by, note, after)


def listed(ledger: Ledger) -> list[Row]:
    """The rows of `correction_rows`, the last first."""
    return ledger.rows('FROM correction_rows ORDER BY "at" DESC, id')


def told(row: Row) -> str:
    """A row of `correction_rows` in words: 'type ACCUSE, not THREATEN (restrict); targets RUS GOV, not nobody'."""
    if row["verdict"] != "changed":
        return {"no event": "no event", "withdrawn": "as it was read"}[row["verdict"]]
    parts = []
    if row["type"]:
        parts.append(
            f"type {_kind_words(row['type'], row['mode'])}, not {_kind_words(row['said_type'], row['said_mode'])}"
        )
    if row["modality"]:
        parts.append(f"modality {row['modality']}, not {row['said_modality']}")
    for side in ("sources", "targets"):
        if row[side] is not None:
            now, read = (", ".join(row[name]) or "nobody" for name in (side, f"said_{side}"))
            parts.append(f"{side} {now}, not {read}" if now != read else f"other {side} of the code {now}")
    return "; ".join(parts)


def _kind_words(kind: str, mode: str | None) -> str:
    return f"{kind} ({mode})" if mode else kind


def _difference(found: State, right: Right, actors: Sequence[Row]) -> Row:
    """What of the right values is not as it was read. Raises UsageError."""
    read, now = found.read, found.now
    kind, mode = _kind(now, right)
    day = (read["when"] or {}).get("start")
    changed: Row = {}
    if (kind, mode) != (read["type"], read["mode"]):
        score = float(intensity(kind, mode))
        changed |= {"type": kind, "mode": mode, "quad": quad(kind), "intensity": score}
    modality = right.modality or now["modality"]
    if modality not in MODALITIES:
        raise UsageError(f"{modality!r} is no modality: choose one of {', '.join(MODALITIES)}")
    if modality != read["modality"]:
        changed["modality"] = modality
    for side, given in (("sources", right.sources), ("targets", right.targets)):
        wanted = now[side] if given is None else parties.meant(given, read, actors, day and str(day))
        if list(wanted) != list(read[side] or ()):
            changed[side] = wanted
    if not changed:
        cure = "withdraw the correction instead" if found.standing else "change what is wrong"
        raise UsageError(f"that is just how it was read: {cure}")
    return changed


def _kind(now: Row, right: Right) -> tuple[str, str | None]:
    """Type and mode. A new type has no mode unless one is given. Raises UsageError."""
    kind = (right.type or now["type"]).upper()
    if kind not in TYPES:
        raise UsageError(f"{kind[:40]!r} is no event type: choose one of {', '.join(TYPES)}")
    kept = now["mode"] if kind == now["type"] else None
    mode = kept if right.mode is None else right.mode or None
    if mode is not None and mode not in TYPES[kind].modes and mode != now["mode"]:
        raise UsageError(f"{kind} has no mode {mode[:40]!r}: {_modes(kind)}")
    return kind, mode


def _modes(kind: str) -> str:
    modes = ", ".join(TYPES[kind].modes)
    return f"choose one of {modes}, or none" if modes else "leave it empty"


def codes(participants: Sequence[Row] | None) -> list[str]:
    """What a side is told by: codes, or words where there is none."""
    return [one["code"] or one["text"] for one in participants or ()]


def _added(ledger: Ledger, mention: str, says: Callable[[State], Row], by: str, note: str, after: str | None) -> Row:
    from deltalake import CommitProperties
    from deltalake.exceptions import CommitFailedError

    name, remark = _cleaned("name", by, LONGEST_NAME), _cleaned("note", note, LONGEST_NOTE)
    if not name:
        raise UsageError("a correction needs a name: say who corrects")
    _made(ledger)
    commit = CommitProperties(max_commit_retries=0)
    for _ in range(ATTEMPTS):
        version = store.version(ledger.folder, "corrections")
        found = state(ledger.rows, mention)
        seen = found.version if after is None else after
        row = _row(found, says(_seen_by(found, seen)), name, remark, seen)
        if row["id"] in {one["id"] for one in found.history}:
            return row  # sent twice
        if seen != found.version:
            who = f" by {found.history[0]['by']}" if found.history else ""
            raise CorrectedMeanwhile(
                f"{mention} was corrected meanwhile{who}: look at how it stands now, and decide again"
            )
        try:
            with store.refusals(ledger.folder):
                store.write(ledger.folder, "corrections", [row], at=version, mode="append", commit_properties=commit)
        except LedgerError as error:
            if not isinstance(error.__cause__, CommitFailedError):
                raise
            continue
        return row
    raise LedgerError(f"{ledger.folder}: other processes keep correcting it: wait for them, then correct again")


def _made(ledger: Ledger) -> None:
    """Make the table, unless somebody else has, who may do so at the same moment. Raises LedgerError."""
    for attempt in range(ATTEMPTS):
        if store.version(ledger.folder, "corrections") >= 0:
            return
        try:
            with store.refusals(ledger.folder):
                store.write(ledger.folder, "corrections", [], mode="ignore")
        except LedgerError:
            if attempt == ATTEMPTS - 1 or not (ledger.folder / "corrections").exists():
                raise


def _seen_by(found: State, version: str) -> State:
    """The mention as it stood at a version, so that a correction which is sent twice is the same twice."""
    places = [place for place, row in enumerate(found.history) if row["id"] == version]
    return State(found.read, found.history[places[0] :] if places else [] if version == FIRST else found.history)


def _row(found: State, says: Row, by: str, note: str, after: str) -> Row:
    read = found.read
    said = {name: read[name] for name in ("type", "mode", "modality")}
    said |= {side: codes(read[side]) for side in ("sources", "targets")}
    spot = {"mention": read["id"], "document": read["document"]} | {k: read["trigger"][k] for k in ("start", "end")}
    row = dict.fromkeys(store.columns("corrections")) | spot | {"said": said} | says
    row |= {"by": by, "note": note or None, "after": after or None}
    return row | {"id": digest(row), "at": _later(found.history).isoformat()}


def digest(row: Row) -> str:
    """The id of a correction: a hash of all that it says but when."""
    content = {name: value for name, value in row.items() if name not in _NOT_HASHED}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _later(history: Sequence[Row]) -> datetime:
    """Now, and later than the last correction whatever the clock says."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return max(now, history[0]["at"] + timedelta(microseconds=1)) if history else now


def _cleaned(what: str, words: str, longest: int) -> str:
    """Plain words. Raises UsageError where they are too long."""
    text = parties.plain(words)
    if len(text) > longest:
        raise UsageError(f"the {what} has {len(text):,} characters: say it in {longest:,}")
    return text
