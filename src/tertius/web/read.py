"""Read: paste a text, send files or a whole folder, watch how far it is, and see the reading."""

from __future__ import annotations

from pathlib import PurePosixPath

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tertius.errors import NoSuchRecord, UsageError
from tertius.sources import limits
from tertius.web import filters
from tertius.web.desk import View
from tertius.web.jobs import BUSY, Job, Jobs, Task
from tertius.web.pages import Page, page, to

PASTED = "pasted text"
FILES = 2_000  # in one go
SHOWN = 200  # failures on the page of a job
TOO_LARGE = f"more than {limits.TEXT_BYTES:,} bytes: split it into articles, or use 'tertius read FILE'"


def form(_request: Request, _view: View) -> Page:
    """`/read`: the form."""
    return Page("read.html", "Read articles")


async def send(request: Request) -> Response:
    """POST `/read`: hand texts and files over and go to their job. Raises UsageError."""
    plain = not request.headers.get("content-type", "").startswith("multipart/")
    if plain and int(request.headers.get("content-length", "0")) > 3 * limits.TEXT_BYTES:  # % and two digits for a byte
        raise UsageError(TOO_LARGE)
    try:
        async with request.form(max_files=FILES, max_fields=10, max_part_size=limits.TEXT_BYTES) as given:
            found = await _given(given)
            published = given.get("published")
    except HTTPException as error:  # the text of the form is too large, or there are too many files
        many = "files" in str(error.detail).lower()
        raise UsageError(f"more than {FILES:,} files: use 'tertius read FOLDER'" if many else TOO_LARGE) from None
    if not found:
        raise UsageError("there is nothing to read: paste the text of an article, or choose a file")
    if len(found) == 1 and len(found[0][1]) > limits.TEXT_BYTES:
        raise UsageError(TOO_LARGE)
    day = filters.day("published", str(published)) if published else None
    folder = request.app.state.desk.folder
    tasks = [Task(folder, data, name, day) for name, data in found]
    job: Job = await run_in_threadpool(request.app.state.jobs.add, *tasks)
    return RedirectResponse(to("/read", job.id), 303)


async def _given(given: FormData) -> list[tuple[str, bytes]]:
    """The names and contents of what was sent, without what is empty."""
    found = [(PASTED, str(given.get("text") or "").encode("utf-8", "replace"))]
    for file in (*given.getlist("file"), *given.getlist("folder")):
        if isinstance(file, UploadFile) and file.filename:
            name = PurePosixPath(file.filename.replace("\\", "/")).name[:200]
            found.append((name, await file.read()))
    return [(name, data) for name, data in found if data.strip()]


def resume(request: Request) -> Response:
    """POST `/read/JOB`: go on with a job whose process was stopped."""
    jobs: Jobs = request.app.state.jobs
    found = jobs.get(request.path_params["id"])
    if found is not None:
        jobs.resume(found)
    return RedirectResponse(to("/read", request.path_params["id"]), 303)


@page
def _job(request: Request, view: View) -> Page:
    jobs: Jobs = request.app.state.jobs
    job = jobs.get(request.path_params["id"])
    if job is None:
        raise NoSuchRecord(
            "that reading is no longer remembered: what it read is under 'Articles'; sending the same files again"
            " reads only what is missing"
        )
    documents, failures = list(job.documents), list(job.failures)
    rows = view.rows(
        "SELECT id, title, publisher, published FROM documents WHERE list_contains(?, id) ORDER BY added, id",
        [documents],
    )
    titles = {"waiting": "Waiting to be read", "reading": "Reading", "stopped": "Stopped", "done": "Read"}
    error = job.words if job.state in ("failed", "stopped") else ""
    told = {"state": job.state, "error": error, "failures": failures, "done": job.done, "total_files": job.total}
    values = {"job": job, "state": job.state, "done": job.done, "failures": failures[:SHOWN], "busy": job.state in BUSY}
    values |= {"more_failures": max(0, len(failures) - SHOWN)}
    return Page("job.html", titles.get(job.state, "Not read"), rows, None, values, told)


def job(request: Request) -> Response:
    """`/read/JOB`: how far it is; once a single article has been read, that article."""
    found = request.app.state.jobs.get(request.path_params["id"])
    html = request.query_params.get("format", "html") == "html"
    if html and found and found.state == "done" and len(found.documents) == 1 and not found.failures:
        return RedirectResponse(to("/article", found.documents[0].removeprefix("sha256:")[:12]), 303)
    return _job(request)
