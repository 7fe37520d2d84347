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
from tertius.web import answers, events, evidence, lists, pages, pair, read, today
from tertius.web.desk import Desk
from tertius.web.guard import Guard, Rules
from tertius.web.jobs import Jobs

STYLES = {"app.css": "tertius.web", "report.css": "tertius.show"}


def create(folder: Path, rules: Rules = Rules(), jobs: Jobs | None = None) -> ASGIApp:  # noqa: B008 (immutable)
    """The app over one ledger, behind its door. `jobs` reads what is sent to it; a line of its own unless given."""
    reading = jobs or Jobs()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        reading.close()

    app = Starlette(
        routes=_routes(),
        exception_handlers={
            TertiusError: pages.known_error,
            HTTPException: pages.not_found,
            Exception: pages.crashed,
        },
        lifespan=lifespan,
    )
    app.state.desk, app.state.jobs = Desk(folder), reading
    return Guard(app, rules)


def _routes() -> list[Route]:
    shown = {
        "/": today.today,
        "/events": events.events,
        "/event/{id}": events.event,
        "/articles": lists.articles,
        "/article/{id}": evidence.article,
        "/publishers": lists.publishers,
        "/failures": lists.failures,
        "/disputes": lists.disputes,
        "/pair/{a}/{b}": pair.pair,
        "/read": read.form,
        "/answers": answers.answers,
    }
    return [
        *(Route(path, pages.page(ask)) for path, ask in shown.items()),
        Route("/read", read.send, methods=["POST"]),
        Route("/read/{id}", read.job),
        Route("/answers.svg", answers.chart),
        Route("/assets/{name}", _asset),
    ]


def _asset(request: Request) -> Response:
    """A style sheet: ours, and the report's, which the article page shares."""
    room = STYLES.get(request.path_params["name"])
    if room is None:
        raise HTTPException(404)
    text = resources.files(room).joinpath("templates", request.path_params["name"]).read_text(encoding="utf-8")
    return Response(text, media_type="text/css")
