from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tertius.cli import tertius
from tertius.errors import NoSuchRecord, UsageError

TEXT = "Poland accused Belarus of sending migrants across the border, the Polish interior ministry said on Monday."


def run(*arguments: str) -> str:
    result = CliRunner().invoke(tertius, list(arguments), catch_exceptions=False, env={"COLUMNS": "140"})
    assert result.exit_code == 0
    return result.output


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("explain")
    (folder / "border.txt").write_text(TEXT, encoding="utf-8")
    run("read", str(folder / "border.txt"), "--published", "2024-03-05", "--ledger", str(folder / "ledger"))
    return str(folder / "ledger")


def test_the_scores_of_a_mention_are_shown(ledger: str) -> None:
    [mention, *_] = json.loads(run("events", "--mentions", "--ledger", ledger, "--format", "json"))
    shown = run("explain", mention["id"], "--ledger", ledger)
    for part in ("accused", "ACCUSE", "Poland", "Belarus", "actual", "a mention needs"):
        assert part in shown
    assert "was read by" not in shown


def test_what_cannot_be_explained_is_said(ledger: str) -> None:
    with pytest.raises(NoSuchRecord):
        run("explain", "0123456789ab-m1", "--ledger", ledger)
    [quote, *_] = json.loads(run("quotes", "--ledger", ledger, "--format", "json"))
    with pytest.raises(UsageError, match="is no mention"):
        run("explain", quote["id"], "--ledger", ledger)
