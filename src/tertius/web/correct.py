"""Correct: 'wrong?' leads to one mention, how it was read, what was said of it, and the form to say what is right."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tertius.errors import CorrectedMeanwhile, LedgerError, NoSuchRecord, UsageError
from tertius.ledger import corrections, merged
from tertius.ledger.corrections import Right, State
from tertius.ledger.ledger import Ledger
from tertius.ontology import TYPES
from tertius.web.desk import Desk, Row, View
from tertius.web.lists import steps
from tertius.web.pages import Page, slice_of, to, written

BODY_BYTES = 100_000  # of the form
PATIENCE = 10.0  # seconds
FIELDS = ("verdict", "what", "modality", "sources", "targets", "note", "by", "after")


class Merger:
    """Merges anew after a correction, in a thread of its own: who corrects waits PATIENCE at most."""

    def __init__(self) -> None:
        self._line = ThreadPoolExecutor(max_workers=1, thread_name_prefix="merging")

    def merge(self, ledger: Ledger) -> None:
        """Raises LedgerError if that is known in time."""
        with suppress(TimeoutError):
            self._line.submit(ledger.merge).result(PATIENCE)

    def close(self) -> None:
        """Begin no more merges."""
        self._line.shutdown(wait=False, cancel_futures=True)


@dataclass
class Draft:
    """What stands in the form: at first how the mention is read, later what somebody has typed."""

    verdict: str
    what: str  # type, or type/mode
    modality: str
    sources: str
    targets: str
    note: str = ""
    by: str = ""
    after: str = corrections.FIRST


def mention(request: Request, view: View) -> Page:
    """`/mention/ID`: one mention and its corrections."""
    return _page(view, request.path_params["id"])


def _page(view: View, id: str, draft: Draft | None = None, problem: str = "") -> Page:
    found = corrections.state(view.rows, id)
    rows = view.rows('FROM correction_rows WHERE id_now = ? ORDER BY "at" DESC, id', [id])
    document = view.rows("SELECT * FROM documents WHERE id = ?", [found.read["document"]])[0]
    said = view.rows("SELECT speaker, stance FROM quote_rows WHERE id = ?", [found.read["attribution"]])
    events = view.rows("SELECT id FROM events WHERE list_contains(mentions, ?)", [id])
    told = [{**row, "told": corrections.told(row)} for row in rows]
    values: dict[str, Any] = {
        "m": found.read,
        "now": found.now,
        "standing": found.standing,
        "labels": {side: "; ".join(corrections.codes(found.read[side])) for side in ("sources", "targets")},
        "labels_now": {side: "; ".join(corrections.codes(found.now[side])) for side in ("sources", "targets")},
        "document": document,
        "speaker": said[0] if said else None,
        "event": events[0]["id"] if events else None,
        "actors": _actors(view, document["id"]),
        "draft": draft or _as_it_stands(found, _last_name(view)),
        "problem": problem,
        "merged": not rows or merged.up_to_date(view.folder),
        "types": TYPES,
        "modalities": corrections.MODALITIES,
    }
    return Page("mention.html", "Was this read rightly?", told, None, values, {"read": found.read, "now": found.now})


def _as_it_stands(found: State, by: str) -> Draft:
    now = found.now
    return Draft(
        verdict="no event" if found.standing and found.standing["verdict"] == "no event" else "changed",
        what="/".join(filter(None, (now["type"], now["mode"]))),
        modality=now["modality"],
        sources="; ".join(corrections.codes(now["sources"])),
        targets="; ".join(corrections.codes(now["targets"])),
        by=by,
        after=found.version,
    )


def _last_name(view: View) -> str:
    """Who corrected last: most ledgers have one reader."""
    rows = view.rows('SELECT "by" FROM corrections ORDER BY "at" DESC LIMIT 1')
    return str(rows[0]["by"]) if rows else ""


def _actors(view: View, document: str) -> list[Row]:
    """The actors of the article, to choose from."""
    return view.rows(
        "SELECT DISTINCT name, code FROM actors WHERE document = ? AND name IS NOT NULL ORDER BY name LIMIT 100",
        [document],
    )


async def send(request: Request) -> Response:
    """POST `/mention/ID`: keep what is said, merge, and show the mention as it stands; or show the form again."""
    if int(request.headers.get("content-length", "0")) > BODY_BYTES:
        raise UsageError(f"the form has more than {BODY_BYTES:,} bytes: say it in fewer words")
    async with request.form(max_files=0, max_fields=20) as given:
        draft = _draft(given)
    return await run_in_threadpool(_answer, request, request.path_params["id"], draft)


def _draft(given: FormData | Mapping[str, Any]) -> Draft:
    """What was typed. Raises UsageError where a field is missing."""
    missing = [name for name in FIELDS if not isinstance(given.get(name), str)]
    if missing:
        raise UsageError(f"the form lacks {', '.join(missing)}: open the mention anew and use its form")
    return Draft(**{name: str(given[name]) for name in FIELDS})


def _answer(request: Request, id: str, draft: Draft) -> Response:
    """Corrected: the way back to the mention. Not corrected: the form as it was filled in, and why."""
    desk: Desk = request.app.state.desk
    try:
        ledger = Ledger.open(desk.folder)
        _correct(ledger, id, draft)
        request.app.state.merger.merge(ledger)
    except NoSuchRecord:
        raise
    except CorrectedMeanwhile as error:
        view = desk.view()
        draft.after = corrections.state(view.rows, id).version  # who corrects now has seen it
        return written(request, _page(view, id, draft, f"{error}. What you typed is in the form still."), "html", 409)
    except UsageError as error:
        return written(request, _page(desk.view(), id, draft, str(error)), "html", 400)
    except LedgerError as error:
        return written(request, _page(desk.view(), id, draft, str(error)), "html", 503)
    return RedirectResponse(to("/mention", id), 303)


def _correct(ledger: Ledger, id: str, draft: Draft) -> None:
    """Raises UsageError, CorrectedMeanwhile, NoSuchRecord, LedgerError."""
    said = {"by": draft.by, "note": draft.note, "after": draft.after}
    if draft.verdict == "no event":
        corrections.reject(ledger, id, **said)
    elif draft.verdict == "withdrawn":
        corrections.withdraw(ledger, id, **said)
    elif draft.verdict == "changed":
        corrections.change(ledger, id, _right(corrections.state(ledger.rows, id), draft), **said)
    else:
        raise UsageError(f"{draft.verdict[:40]!r} is no verdict: choose one of the three")


def _right(found: State, draft: Draft) -> Right:
    """What the form says; who is named as before stays the same, though a code may stand for several."""
    kind, _, mode = draft.what.partition("/")
    sides = {}
    for side, given in (("sources", draft.sources), ("targets", draft.targets)):
        same = given.strip() == "; ".join(corrections.codes(found.now[side]))
        sides[side] = None if same else given.split(";")
    return Right(kind, mode, draft.modality, **sides)


def listed(request: Request, view: View) -> Page:
    """`/corrections`: everything that was corrected, the last first."""
    limit, offset = slice_of(request)
    rows = view.rows('FROM correction_rows ORDER BY "at" DESC, id LIMIT ? OFFSET ?', [limit, offset])
    count = view.number("SELECT count(*) FROM corrections")
    told = [{**row, "told": corrections.told(row)} for row in rows]
    return Page("corrections.html", "Corrections", told, count, dict(steps(request, limit, offset, count)))
