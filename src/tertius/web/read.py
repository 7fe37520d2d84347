"""Read: paste a text or send a file, and see the reading. The only page that writes."""

from __future__ import annotations

from pathlib import PurePosixPath

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tertius.errors import NoSuchRecord, UsageError
from tertius.sources import limits
from tertius.web import filters
from tertius.web.desk import View
from tertius.web.jobs import Job, Jobs, Task
from tertius.web.pages import Page, page, to

PASTED = "pasted text"


def form(_request: Request, _view: View) -> Page:
    """`/read`: the form."""
    return Page("read.html", "Read an article")


async def send(request: Request) -> Response:
    """POST `/read`: hand the text over and go to its job. Raises UsageError."""
    async with request.form(max_files=1, max_fields=10, max_part_size=limits.TEXT_BYTES) as given:
        text, file, published = given.get("text"), given.get("file"), given.get("published")
        data, name = (str(text or "").encode("utf-8", "replace"), PASTED)
        if isinstance(file, UploadFile) and file.filename:
            data, name = await file.read(), PurePosixPath(file.filename.replace("\\", "/")).name[:200]
    if not data.strip():
        raise UsageError("there is nothing to read: paste the text of an article, or choose a file")
    if len(data) > limits.TEXT_BYTES:
        raise UsageError(f"more than {limits.TEXT_BYTES:,} bytes: split it, or use 'tertius read FILE'")
    day = filters.day("published", str(published)) if published else None
    task = Task(request.app.state.desk.folder, data, name, day)
    job: Job = await run_in_threadpool(request.app.state.jobs.add, task)
    return RedirectResponse(to("/read", job.id), 303)


@page
def _job(request: Request, view: View) -> Page:
    jobs: Jobs = request.app.state.jobs
    job = jobs.get(request.path_params["id"])
    if job is None:
        raise NoSuchRecord("that reading is no longer remembered: what it read is under 'Articles'")
    documents = list(job.result.documents) if job.result else []
    rows = view.rows("SELECT id, title, publisher, published FROM documents WHERE list_contains(?, id)", [documents])
    title = {"waiting": "Waiting to be read", "reading": "Reading", "done": "Read", "failed": "Not read"}[job.state]
    failures = job.result.failures if job.result else ()
    busy = job.state in ("waiting", "reading")
    told = {"state": job.state, "error": job.words, "failures": failures}
    return Page("job.html", title, rows, None, {"job": job, "failures": failures, "busy": busy}, told)


def job(request: Request) -> Response:
    """`/read/JOB`: how far it is; once a single article has been read, that article."""
    found = request.app.state.jobs.get(request.path_params["id"])
    result = found.result if found else None
    html = request.query_params.get("format", "html") == "html"
    if html and result and len(result.documents) == 1 and not result.failures:
        return RedirectResponse(to("/article", result.documents[0].removeprefix("sha256:")[:12]), 303)
    return _job(request)
