"""The app itself: its addresses, its errors and its door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tertius.errors import TertiusError
from tertius.web import acts, answers, correct, events, evidence, lists, outlook, pages, pair, read, sql, today
from tertius.web.desk import Desk
from tertius.web.guard import Guard, Rules
from tertius.web.jobs import Jobs
from tertius.web.learning import Learning

ASSETS = {  # the room and the folder that each is in
    "app.css": ("tertius.web", "templates"),
    "report.css": ("tertius.show", "templates"),
    "icon.svg": ("tertius.web", "templates"),
    "network.js": ("tertius.web", "templates"),
    "cytoscape.min.js": ("tertius.web", "vendor"),
}


def create(
    folder: Path,
    rules: Rules = Rules(),  # noqa: B008 (immutable)
    jobs: Jobs | None = None,
    desk: Desk | None = None,
    learning: Learning | None = None,
) -> ASGIApp:
    """The app over one ledger, behind its door.

    `jobs` reads what is sent to it, `desk` hands out the ledger, `learning` fits the forecasts: its own unless given.
    """
    reading = jobs or Jobs()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        reading.close()
        app.state.desk.close()
        app.state.merger.close()
        app.state.processes.close()
        app.state.learning.close()

    app = Starlette(
        routes=_routes(),
        exception_handlers={
            TertiusError: pages.known_error,
            HTTPException: pages.not_found,
            Exception: pages.crashed,
        },
        lifespan=lifespan,
    )
    app.state.desk, app.state.jobs = desk or Desk(folder), reading
    app.state.learning = learning or Learning()
    app.state.merger, app.state.processes = correct.Merger(), sql.Processes()
    return Guard(app, rules)


def _routes() -> list[Route]:
    shown = {
        "/": today.today,
        "/events": events.events,
        "/acts": acts.acts,
        "/event/{id}": events.event,
        "/articles": lists.articles,
        "/article/{id}": evidence.article,
        "/mention/{id}": correct.mention,
        "/corrections": correct.listed,
        "/publishers": lists.publishers,
        "/failures": lists.failures,
        "/disputes": lists.disputes,
        "/pair/{a}/{b}": pair.pair,
        "/read": read.form,
        "/answers": answers.answers,
    }
    return [
        *(Route(path, pages.page(ask, keep=ask is not correct.mention)) for path, ask in shown.items()),
        Route("/read", read.send, methods=["POST"]),
        Route("/mention/{id}", correct.send, methods=["POST"]),
        Route("/read/{id}", read.job, methods=["GET"]),
        Route("/read/{id}", read.resume, methods=["POST"]),
        Route("/sql", sql.box),
        Route("/answers.svg", answers.chart),
        Route("/outlook", outlook.shown),
        Route("/outlook", outlook.keep, methods=["POST"]),
        Route("/outlook.svg", outlook.chart),
        Route("/assets/{name}", _asset),
    ]


def _asset(request: Request) -> Response:
    """A style sheet (ours, and the report's, which the article page shares), a script or the icon."""
    name = request.path_params["name"]
    if name not in ASSETS:
        raise HTTPException(404)
    room, folder = ASSETS[name]
    text = resources.files(room).joinpath(folder, name).read_text(encoding="utf-8")
    kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    return Response(text, media_type=kinds[name.rpartition(".")[2]])
