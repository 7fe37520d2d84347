"""A page and its twins: the same rows as HTML for people, as JSON and as CSV for programs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tertius.errors import LedgerError, NoSuchRecord, TertiusError, UsageError
from tertius.ontology import QUAD_NAMES
from tertius.show import tables
from tertius.show.graph import COLOURS, DASHES
from tertius.show.terminal import days
from tertius.version import VERSION
from tertius.web import names
from tertius.web.desk import Desk, Row, View

if TYPE_CHECKING:
    import jinja2

TWIN_ROWS = 10_000  # in one JSON or CSV answer; `total` says how many there are
PAGE_ROWS = 50
FORMATS = ("html", "json", "csv")


@dataclass
class Page:
    """What a page shows. `rows` are what it lists and its twins hold, `total` how many there are of them in all."""

    template: str
    title: str
    rows: Sequence[Row] = ()
    total: int | None = None
    values: dict[str, Any] = field(default_factory=dict)  # for the template
    told: dict[str, Any] = field(default_factory=dict)  # for the JSON twin beside the rows


Value = TypeVar("Value")
Ask = Callable[[Request, View], Page]
Handler = Callable[[Request], Response]


def page(ask: Ask, keep: bool = False) -> Handler:
    """A handler: the page over the ledger as it stands, in the format that the address asks for.

    `keep`: the page depends on the address and the ledger alone.
    """

    @wraps(ask)
    def handler(request: Request) -> Response:
        form = format_of(request)

        def made(view: View) -> Response:
            return written(request, ask(request, view), form)

        key = (request.url.path, request.url.query)
        return looked(request, lambda view: view.page(key, lambda: made(view)) if keep else made(view))

    return handler


def looked(request: Request, ask: Callable[[View], Value]) -> Value:
    """What is asked of the ledger as it stands. Raises LedgerError where its files go while they are read."""
    import duckdb
    from deltalake.exceptions import DeltaError

    desk: Desk = request.app.state.desk
    try:
        return ask(desk.view())
    except duckdb.IOException:  # files of this state were removed by `tertius compact`
        desk.forget()
    try:
        return ask(desk.view())
    except (duckdb.IOException, OSError, DeltaError):
        raise LedgerError(
            "files of the ledger are missing or cannot be read: somebody may be moving or compacting it. Look again in"
            " a minute; if this stays, run 'tertius check' in a terminal"
        ) from None


def format_of(request: Request) -> str:
    """'html', 'json' or 'csv'. Raises UsageError for any other."""
    form = request.query_params.get("format", "html")
    if form not in FORMATS:
        raise UsageError(f"'format' is {', '.join(FORMATS)}, not {form[:40]!r}")
    return form


def slice_of(request: Request) -> tuple[int, int]:
    """How many rows are wanted and from where on: a page of them, or for a twin all. Raises UsageError."""
    number = request.query_params.get("page", "1")
    if not number.isdecimal() or not 0 < int(number[:9]) < 1_000_000:
        raise UsageError("'page' is a number from 1 on")
    if format_of(request) != "html":
        return TWIN_ROWS, 0
    return PAGE_ROWS, (int(number) - 1) * PAGE_ROWS


def written(request: Request, shown: Page, form: str, status: int = 200) -> Response:
    """The answer that holds a page."""
    if form == "json":
        total = len(shown.rows) if shown.total is None else shown.total
        body = {"title": shown.title, "total": total, **shown.told, "rows": list(shown.rows)}
        return Response(json.dumps(body, ensure_ascii=False, default=str), status, media_type="application/json")
    if form == "csv":
        stream = io.StringIO()
        tables.write_csv(shown.rows, stream)
        return Response(stream.getvalue(), status, media_type="text/csv; charset=utf-8")
    return html(request, shown, status)


def html(request: Request, shown: Page, status: int = 200) -> Response:
    """A page for people."""
    values = {"title": shown.title, "rows": shown.rows, "total": shown.total, "path": request.url.path}
    values |= {"twin": lambda form: address(request, format=form), "token": None} | shown.values
    return HTMLResponse(environment().get_template(shown.template).render(values), status)


def address(request: Request, **changes: Any) -> str:
    """The address of this page with some parameters changed."""
    wanted = {**request.query_params, **changes}
    told = {name: value for name, value in wanted.items() if value is not None}
    return quote(request.url.path) + ("?" + urlencode(told) if told else "")


def failure(request: Request, error: Exception) -> Response:
    """The page of an error that Tertius knows: what is wrong and the cure."""
    status = 404 if isinstance(error, NoSuchRecord) else 400 if isinstance(error, UsageError) else 503
    return _trouble(request, status, str(error))


def not_found(request: Request, error: Exception) -> Response:
    """The page of an address that is none, or that takes no such request."""
    status = getattr(error, "status_code", 404)
    words = {404: "There is no such page: begin at 'Today', or search under 'Events'."}
    return _trouble(request, status, words.get(status, str(getattr(error, "detail", "It cannot be answered."))))


def crashed(request: Request, error: Exception) -> Response:
    """The page of a failure of ours."""
    return _trouble(request, 500, f"Tertius failed on this page ({type(error).__name__}): please report it.")


def _trouble(request: Request, status: int, words: str) -> Response:
    form = request.query_params.get("format", "html")
    title = {400: "That cannot be asked", 404: "Not found", 503: "The ledger cannot be used"}.get(status, "No answer")
    shown = Page("error.html", title, values={"words": words}, told={"error": words})
    return written(request, shown, form if form == "json" else "html", status)


def known_error(request: Request, error: Exception) -> Response:
    """`failure` with the type that Starlette wants of handlers."""
    return failure(request, error if isinstance(error, TertiusError) else TertiusError(str(error)))


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The templates of this room and of the report. Everything is escaped: article text is hostile."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader("tertius.web"), jinja2.PackageLoader("tertius.show")]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"version": VERSION, "quads": QUAD_NAMES, "colours": COLOURS, "dashes": DASHES}
    made.globals |= {"to": to, "days": days, "party": names.party, "label": names.label, "is_code": names.is_code}
    made.globals |= {"words_of": words_of, "parties": parties}
    return made


def to(path: str, *parts: str, **query: Any) -> str:
    """An address: parts are quoted, parameters that are None are left out."""
    told = {name: value for name, value in query.items() if value is not None}
    return "/".join([path, *(quote(part, safe="") for part in parts)]) + ("?" + urlencode(told) if told else "")


def words_of(record: str, local: str = "") -> str:
    """The address of a record's words in its article: '3f2a9c1b04d2-m1' -> '/article/3f2a9c1b04d2#d-m1-text'."""
    document, _, own = record.partition("-")
    return f"/article/{quote(document, safe='')}#d-{quote(local or own, safe='')}-text"


def parties(row: Row, side: str) -> list[tuple[str, str]]:
    """The names and codes of a row's sources or targets, each once; no code where the name is all that is known."""
    pairs = zip(row[f"{side}_words"] or (), row[side] or (), strict=False)
    return list(dict.fromkeys((name, "" if code == name else code) for name, code in pairs))
