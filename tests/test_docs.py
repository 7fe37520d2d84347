from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from tertius.cli import COMMANDS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def write() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write", DOCS / "write.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_command_and_option_is_documented_as_it_is(write: ModuleType) -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert page == write.commands(), "run: python docs/write.py"
    for name in COMMANDS:
        assert f"## tertius {name}" in page


def test_the_codebook_has_the_ontology(write: ModuleType) -> None:
    page = (DOCS / "codebook.md").read_text(encoding="utf-8")
    assert page == write.codebook(page), "run: python docs/write.py"


def test_the_page_of_data_sets_has_the_columns(write: ModuleType) -> None:
    page = (DOCS / "datasets.md").read_text(encoding="utf-8")
    assert page == write.datasets(page), "run: python docs/write.py"


def test_every_option_of_the_readme_exists() -> None:
    known = set(re.findall(r"--[a-z][a-z-]+", (DOCS / "commands.md").read_text(encoding="utf-8")))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    used = {o for line in re.findall(r"^\$? ?tertius .*$", readme, re.M) for o in re.findall(r"--[a-z][a-z-]+", line)}
    assert used <= known


def test_no_path_of_a_machine_in_the_docs() -> None:
    for page in [*DOCS.rglob("*.md"), ROOT / "README.md"]:
        assert not re.search(r"(?<![\w.])/(home|root|work|tmp|Users)/", page.read_text(encoding="utf-8")), page
