from __future__ import annotations

import subprocess
import sys

import pytest

from tertius.cli import COMMANDS

HEAVY = (
    "spacy",
    "duckdb",
    "deltalake",
    "trafilatura",
    "lxml",
    "numpy",
    "onnxruntime",
    "jinja2",
    "rich",
    "msgspec.json",
)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from tertius.cli import tertius\n"
        "try: tertius(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"
    assert all(name in ran.stdout for name in COMMANDS)


def test_help_is_quick() -> None:
    """Under 150 ms of CPU on an idle machine; the bound here leaves room for a busy one."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(3):
        subprocess.run([sys.executable, "-m", "tertius", "--help"], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 3
    assert seconds < 0.3


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_exists_and_explains_itself(command: str) -> None:
    from click.testing import CliRunner

    from tertius.cli import tertius

    result = CliRunner().invoke(tertius, [command, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output
