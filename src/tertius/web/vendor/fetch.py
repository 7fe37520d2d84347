"""Renew the vendored files from the npm registry: python -m tertius.web.vendor.fetch (needs npm; the app never runs it)

Takes the versions of PINNED, checks each file against its SHA-256, and writes the files beside this one and the table
in VENDORED.md. To take a new version, change it here, run this, and put the hash that it names here.
"""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple


class Pinned(NamedTuple):
    """One file of one npm package."""

    package: str
    version: str
    path: str  # in the package
    name: str  # here
    licence: str
    sha256: str


HERE = Path(__file__).parent
PINNED = (
    Pinned("cytoscape", "3.34.4", "dist/cytoscape.min.js", "cytoscape.min.js", "MIT",
           "081591ab735b2b6a3b31a3c60f8f3a3e2fee8c92939e0c7820ad1208571b6cd8"),
)  # fmt: skip
MOST_COMPRESSED = 400_000  # bytes, all files together


def fetched(pinned: Pinned, scratch: Path) -> bytes:
    """The file out of the package as the registry has it."""
    command = ["npm", "pack", "--silent", f"{pinned.package}@{pinned.version}"]
    subprocess.run(command, cwd=scratch, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(scratch / f"{pinned.package}-{pinned.version}.tgz") as package:
        found = package.extractfile(f"package/{pinned.path}")
        if found is None:
            sys.exit(f"{pinned.package} {pinned.version} has no {pinned.path}")
        return found.read()


def compressed(data: bytes) -> int:
    """How many bytes it has on the way."""
    return len(gzip.compress(data, 9))


def main() -> None:
    """Fetch, check, write."""
    rows = []
    for pinned in PINNED:
        with tempfile.TemporaryDirectory() as scratch:
            data = fetched(pinned, Path(scratch))
        digest = hashlib.sha256(data).hexdigest()
        if digest != pinned.sha256:
            sys.exit(f"{pinned.name}: its SHA-256 is {digest}, not the one that is pinned: look at what has changed")
        (HERE / pinned.name).write_bytes(data)
        package, size = f"{pinned.package} {pinned.version}", f"{compressed(data):,}"
        rows.append(f"| {pinned.name} | {package} | {pinned.licence} | {size} | `{digest}` |")
    head = (HERE / "VENDORED.md").read_text(encoding="utf-8").partition("| file |")[0]
    table = ["| file | npm package | licence | bytes, gzipped | SHA-256 |", "|---|---|---|---|---|", *rows]
    (HERE / "VENDORED.md").write_text(head + "\n".join(table) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
