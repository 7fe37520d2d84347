"""The door: hosts, origins, tokens, headers, sizes."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tertius.errors import UsageError
from tertius.ledger.ledger import Ledger
from tertius.web import guard, serve
from tertius.web.app import create
from tertius.web.guard import Rules, is_loopback
from tests.web.conftest import BASE

TOKEN = "a-long-secret-0"
OURS = {"origin": BASE, "sec-fetch-site": "same-origin"}


@pytest.mark.parametrize("path", ["/", "/nothing", "/events?since=never", "/assets/app.css", "/events?format=json"])
def test_every_answer_forbids_frames_and_scripts_but_ours(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert not [name for name in headers if name.startswith("access-control")]


def test_a_failure_of_ours_is_a_page_without_its_insides(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    from tertius.web.desk import Desk

    app = create(ledger.folder)
    monkeypatch.setattr(Desk, "view", lambda self: 1 / 0)
    answer = TestClient(app, base_url=BASE, raise_server_exceptions=False).get("/")
    assert answer.status_code == 500
    assert "please report it" in answer.text
    assert "division" not in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:80", "[::1", "192.168.1.5"]
)
def test_a_name_that_rebinds_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8437", "localhost", "LOCALHOST:1", "[::1]:8437"])
def test_this_machine_is_known_by_its_names(client: TestClient, host: str) -> None:
    assert client.get("/publishers", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": BASE, "sec-fetch-site": "cross-site"},
        {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
    ],
)
def test_pages_of_others_may_not_write(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/read", data={"text": "x"}, headers=headers).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_the_form_writes(client: TestClient, method: str) -> None:
    assert client.request(method, "/events", headers=OURS | {"content-length": "0"}).status_code == 405


def test_too_much_is_refused_before_it_is_read(client: TestClient) -> None:
    headers = OURS | {"content-length": str(200_000_000)}
    answer = client.post("/read", content=b"", headers=headers)
    assert answer.status_code == 413
    assert f"{guard.BODY_BYTES:,}" in answer.text
    assert client.post("/read", content=iter([b"x"]), headers=OURS).status_code == 411


def door(ledger: Ledger, host: str = "127.0.0.1") -> TestClient:
    return TestClient(create(ledger.folder, Rules(host, TOKEN)), base_url=BASE, follow_redirects=False)


def test_without_the_token_nothing_is_shown(ledger: Ledger) -> None:
    client = door(ledger)
    for path in ("/", "/events?format=json", "/assets/app.css", "/nothing", "/?token=wrong", "/?token="):
        answer = client.get(path)
        assert answer.status_code == 401, path
        assert "Norway" not in answer.text
    assert client.get("/", headers={"cookie": "tertius_token=wrong"}).status_code == 401
    assert client.get("/", headers={"cookie": "tertius_token=\x7f; ="}).status_code == 401


def test_the_token_in_the_address_becomes_a_cookie(ledger: Ledger) -> None:
    client = door(ledger)
    answer = client.get(f"/events?source=NOR&token={TOKEN}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/events?source=NOR"
    assert {"httponly", "samesite=strict"} <= {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert client.get("/events?source=NOR").status_code == 200


def test_the_redirect_stays_here(ledger: Ledger) -> None:
    for path in ("//evil.example/", "/\\evil.example/"):
        location = door(ledger).get(f"{BASE}{path}?token={TOKEN}").headers["location"]
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))


def test_a_program_sends_the_token_as_bearer(ledger: Ledger) -> None:
    headers = {"authorization": f"Bearer {TOKEN}"}
    assert door(ledger).get("/events?format=json", headers=headers).status_code == 200


def test_beyond_this_machine_addresses_in_digits_are_known_and_names_are_not(ledger: Ledger) -> None:
    client, headers = door(ledger, "0.0.0.0"), {"authorization": f"Bearer {TOKEN}"}
    assert client.get("/", headers=headers | {"host": "192.168.1.5:8437"}).status_code == 200
    assert client.get("/", headers=headers | {"host": "evil.example"}).status_code == 421


def test_beyond_this_machine_a_token_is_demanded() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "localhost", "::1", "127.9.9.9")] == [True] * 4
    for host in ("0.0.0.0", "192.168.1.5", "::", "example.org"):
        with pytest.raises(UsageError, match="--token"):
            serve.rules(host, None)
        assert serve.rules(host, TOKEN).token == TOKEN
    for weak in ("short", "with blanks in it", "né-à-la-mer-0", 'quote"quote"', ""):
        with pytest.raises(UsageError):
            serve.rules("127.0.0.1", weak)


def test_a_port_that_is_taken_gives_the_next_one() -> None:
    first = serve.bound("127.0.0.1", 0)
    try:
        taken = first.getsockname()[1]
        second = serve.bound("127.0.0.1", taken)
        assert taken < second.getsockname()[1] <= taken + serve.TRIED
        second.close()
    finally:
        first.close()


def test_an_address_that_is_none_of_ours_is_said() -> None:
    with pytest.raises(UsageError, match="--port"):
        serve.bound("203.0.113.77", 8437)


def test_a_ledger_that_is_gone_is_said(tmp_path: Path) -> None:
    folder = Ledger.create_or_open(tmp_path / "ledger").folder
    client = TestClient(create(folder), base_url=BASE)
    assert client.get("/").status_code == 200
    folder.rename(tmp_path / "elsewhere")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "holds no ledger" in answer.text


def test_get_never_writes(ledger: Ledger, client: TestClient) -> None:
    def state() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in ledger.folder.rglob("*")}

    before = state()
    for path in ("/", "/events", "/articles", "/read", "/disputes", "/pair/SDN/TCD"):
        client.get(path)
    assert state() == before


def test_what_is_served_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn

    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: [one.close() for one in sockets])
    monkeypatch.setattr("tertius.web.coded.SMALL", -1)
    folder, said, first = Ledger.create_or_open(tmp_path / "ledger").folder, [], serve.bound("127.0.0.1", 0)
    taken = first.getsockname()[1]
    try:
        serve.run(folder, Rules(), taken, said.append)
    finally:
        first.close()
    used = int(said[2].rpartition(":")[2].strip("/"))
    assert taken < used <= taken + serve.TRIED
    assert said == [f"port {taken} is taken: using {used}", "laying out 0 rows of event data, once for each import ...",
                    f"http://127.0.0.1:{used}/", "stop with Ctrl-C"]  # fmt: skip
