"""The pages in a real browser: nothing of a page is refused by its own policy, and nothing hostile runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from tertius.ledger.ledger import Ledger
from tertius.web import serve
from tertius.web.app import create
from tests.web.test_hostile import EVIL, hostile

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install it to run the browser tests")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    ledger = Ledger.create_or_open(tmp_path_factory.mktemp("browser") / "ledger")
    ledger.add([hostile(evil) for evil in EVIL], EVIL)
    ledger.merge()
    listening = serve.bound("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(create(ledger.folder), log_level="error"))
    running = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    running.start()
    for _ in range(100):
        if server.started:
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    running.join(10)


def opened(address: str, profile: Path) -> tuple[str, str]:
    """The page as the browser has it in the end, and what the browser complained of."""
    command = [str(BROWSER), "--headless=new", "--disable-gpu", "--enable-logging=stderr", "--v=0", "--dump-dom"]
    command += ["--no-first-run", f"--user-data-dir={profile}", address]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.insert(1, "--no-sandbox")  # Chromium refuses to run as root with it
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


@pytest.mark.parametrize("path", ["/", "/events", "/answers"])
def test_the_browser_shows_the_page_and_refuses_nothing_of_it(address: str, path: str, tmp_path: Path) -> None:
    page, complaints = opened(address + path, tmp_path)
    assert "Tertius" in page
    assert complaints == ""
    assert "<script" not in page
    assert "<img" not in page


def test_the_marked_article_is_shown_whole(address: str, tmp_path: Path) -> None:
    page, complaints = opened(f"{address}/article/{hostile(EVIL[0]).document.id[7:19]}", tmp_path)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'id="d-m1-text"' in page
    assert complaints == ""
