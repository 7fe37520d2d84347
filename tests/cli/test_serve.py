"""`tertius serve` as a user starts and stops it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from tertius.cli import tertius
from tertius.errors import NotALedger, UsageError


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process on Windows")
def test_serves_until_it_is_stopped(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tertius", "serve", "--ledger", str(tmp_path / "new"), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            address = process.stderr.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
            assert process.stderr.readline() == "stop with Ctrl-C\n"
            with urllib.request.urlopen(address + "?format=json", timeout=20) as answer:
                assert json.load(answer)["coverage"]["articles"] == 0
            process.send_signal(signal.SIGINT)
            assert process.wait(20) in (0, -signal.SIGINT, 130)
            assert "Traceback" not in process.stderr.read()
        finally:
            process.kill()


def test_other_machines_need_a_token(tmp_path: Path) -> None:
    refused = CliRunner().invoke(tertius, ["serve", "--ledger", str(tmp_path / "new"), "--host", "0.0.0.0"])
    assert isinstance(refused.exception, UsageError)
    assert "--token" in str(refused.exception)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    refused = CliRunner().invoke(tertius, ["serve", "--ledger", str(tmp_path)])
    assert isinstance(refused.exception, NotALedger)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
