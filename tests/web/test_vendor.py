"""What others have written and the app sends: as it was pinned, small, and told with its licence."""

from __future__ import annotations

import hashlib

from starlette.testclient import TestClient

from tertius.web.app import ASSETS
from tertius.web.vendor import fetch


def test_each_file_is_the_one_that_was_pinned() -> None:
    told = (fetch.HERE / "VENDORED.md").read_text(encoding="utf-8")
    for pinned in fetch.PINNED:
        data = (fetch.HERE / pinned.name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == pinned.sha256
        assert f"| {pinned.name} | {pinned.package} {pinned.version} | {pinned.licence} |" in told
        assert pinned.sha256 in told


def test_nothing_else_is_there_and_all_of_it_is_small() -> None:
    found = {path.name for path in fetch.HERE.iterdir() if path.suffix == ".js"}
    assert found == {pinned.name for pinned in fetch.PINNED}
    assert sum(fetch.compressed((fetch.HERE / name).read_bytes()) for name in found) <= fetch.MOST_COMPRESSED


def test_assets_come_with_their_types(client: TestClient) -> None:
    kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    for name in ASSETS:
        answer = client.get(f"/assets/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kinds[name.rpartition(".")[2]])
    assert client.get("/assets/fetch.py").status_code == 404
