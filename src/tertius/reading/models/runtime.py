"""Loads trained weights: checks that the files are whole and fit this version, and opens them with ONNX Runtime.

A model is a manifest NAME.json (format, version, SHA-256 of each file, and what else the model needs to know) and its
files beside it. Weights are stored as 8-bit integers and turned back into floats at load, so arithmetic is in floats
unless the manifest says otherwise ("arithmetic": "integers").
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tertius.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

FORMAT = 1  # of manifests; raised when the code can no longer read older files
HERE = Path(__file__).parent
CURE = "Install Tertius again: pip install --force-reinstall --no-deps tertius"


class Model(NamedTuple):
    """A model that has been checked: its manifest, and the folder of its files."""

    manifest: dict[str, Any]
    folder: Path

    @property
    def version(self) -> str:
        """Name and version, as a Reading records them."""
        return f"{self.manifest['name']} {self.manifest['version']}"

    def session(self, file: str) -> InferenceSession:
        """An ONNX graph of the model, on one thread. Raises ModelError."""
        return _session(self.folder / file, integers=self.manifest.get("arithmetic") == "integers")

    def tokenizer(self, file: str) -> Tokenizer:
        """The model's tokenizer, without padding or truncation. Raises ModelError."""
        from tokenizers import Tokenizer

        try:
            made = Tokenizer.from_str((self.folder / file).read_text(encoding="utf-8"))
        except Exception as error:
            raise ModelError(f"{self.folder / file} is no tokenizer that can be read ({error}). {CURE}") from error
        made.no_padding()
        made.no_truncation()
        return made


def load(name: str, folder: Path = HERE) -> Model:
    """The model `name`, once its manifest and all its files have been checked.

    Raises ModelError when a file is missing or damaged, or is of a format that this version does not read."""
    manifest = _manifest(folder / f"{name}.json")
    for file, digest in manifest["files"].items():
        _check(folder / file, digest)
    return Model(manifest, folder)


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"The model file {path} is missing. {CURE}") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"The model file {path} cannot be read: {error}. {CURE}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ModelError(f"The model file {path} is damaged: it lists no files. {CURE}")
    found = manifest.get("format")
    if found != FORMAT:
        raise ModelError(
            f"The model {path} is of format {found}, and this version of Tertius reads format {FORMAT}: "
            f"models and package are of different versions. {CURE}"
        )
    return manifest


def _check(path: Path, digest: str) -> None:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"The weight file {path} is missing or cannot be read ({error.strerror}). {CURE}") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise ModelError(f"The weight file {path} is damaged: its SHA-256 is not the one of its manifest. {CURE}")


def _session(path: Path, integers: bool) -> InferenceSession:
    """With `integers`, matrix products are made of 8-bit integers, scaled for each row: faster, a little less exact."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if not integers:
        options.add_session_config_entry("session.disable_quant_qdq", "1")  # weights become floats once, at load
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError(f"ONNX Runtime cannot open {path}: {error}. {CURE}") from error
