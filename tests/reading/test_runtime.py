"""Weight files that are missing, damaged or of another version are named, with the cure."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tertius.errors import ModelError
from tertius.reading.models import runtime


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped event model."""
    for path in runtime.HERE.glob("events*"):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


def change(folder: Path, **fields: object) -> None:
    path = folder / "events.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def test_whole_model_loads(folder: Path) -> None:
    assert runtime.load("events", folder).version.startswith("events ")


def test_no_file_is_over_forty_megabytes() -> None:
    assert all(path.stat().st_size < 40e6 for path in runtime.HERE.glob("events*"))


@pytest.mark.parametrize("name", ["events.json", "events-first.onnx", "events-words.onnx", "events-pieces.json"])
def test_missing_file_is_named_with_the_cure(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match=rf"{name}.*missing.*[Ii]nstall"):
        runtime.load("events", folder)


def test_damaged_weights_are_named_with_the_cure(folder: Path) -> None:
    path = folder / "events-second.onnx"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelError, match=r"events-second\.onnx is damaged.*pip install"):
        runtime.load("events", folder)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"format": 1}'])
def test_damaged_manifest_is_named(folder: Path, content: str) -> None:
    (folder / "events.json").write_text(content)
    with pytest.raises(ModelError, match=r"events\.json"):
        runtime.load("events", folder)


def test_a_later_format_says_that_versions_do_not_fit(folder: Path) -> None:
    change(folder, format=runtime.FORMAT + 1)
    with pytest.raises(ModelError, match="different versions"):
        runtime.load("events", folder)


def test_a_graph_that_cannot_be_opened_is_a_model_error(folder: Path) -> None:
    (folder / "events-first.onnx").write_bytes(b"no graph")
    with pytest.raises(ModelError, match="cannot open"):
        runtime.Model({}, folder).session("events-first.onnx")


def test_a_tokenizer_that_cannot_be_read_is_a_model_error(folder: Path) -> None:
    (folder / "events-pieces.json").write_text("{}")
    with pytest.raises(ModelError, match="tokenizer"):
        runtime.Model({}, folder).tokenizer("events-pieces.json")
