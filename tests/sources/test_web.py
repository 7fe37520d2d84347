from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import urllib3.util.connection

from tertius.errors import FetchRefused, SourceError, TooLarge
from tertius.sources import limits, web

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "64:ff9b::7f00:1", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not web.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_public_addresses(address: str) -> None:
    assert web.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://localhost:8000/x", "http://[::1]/", "http://2130706433/", "http://0x7f.1/"]
)
def test_loopback_is_refused_however_it_is_written(url: str) -> None:
    with pytest.raises(FetchRefused, match="not a public address"):
        web.fetch(url)


@pytest.mark.parametrize(
    "url", ["http://user:secret@news.example/", "http:///x", "http://news.example:99999/", "http://[::1/"]
)
def test_malformed_addresses_are_refused(url: str) -> None:
    with pytest.raises(FetchRefused):
        web.fetch(url)


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_resolved", lambda host, port: [PUBLIC, "10.0.0.1"])
    with pytest.raises(FetchRefused, match=r"10\.0\.0\.1"):
        web.fetch("http://news.example/")


def test_a_name_that_cannot_be_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(SourceError, match="cannot be found"):
        web.fetch("http://news.example/")


class Handler(BaseHTTPRequestHandler):
    """A small news site with every kind of trouble."""

    def do_GET(self) -> None:
        kind, _, rest = self.path.strip("/").partition("/")
        getattr(self, f"do_{kind.partition('?')[0]}")(rest)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_page(self, rest: str) -> None:
        said = f"{self.headers['Host']} {self.headers['User-Agent']}"
        self.answer(200, said.encode(), Content_Type='text/html; charset="iso-8859-2"')

    def do_hop(self, rest: str) -> None:
        left = int(rest)
        self.answer(302, Location=f"/hop/{left - 1}" if left else "/page")

    def do_to(self, rest: str) -> None:
        self.answer(301, Location=rest)

    def do_gone(self, rest: str) -> None:
        self.answer(404, b"gone")

    def do_packed(self, rest: str) -> None:
        self.answer(200, gzip.compress(b"words"), Content_Encoding="gzip")

    def do_bomb(self, rest: str) -> None:
        self.answer(200, gzip.compress(b"0" * (limits.FETCH_BYTES + 9)), Content_Encoding="gzip")

    def do_brotli(self, rest: str) -> None:
        self.answer(200, b"??", Content_Encoding="br")

    def do_large(self, rest: str) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(limits.FETCH_BYTES // 100_000 + 5):
            self.wfile.write(b"x" * 100_000)

    def do_drip(self, rest: str) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100):
            self.wfile.write(b"X-Slow: yes\r\n")
            time.sleep(0.1)

    def log_message(self, *arguments: object) -> None:
        pass

    def handle(self) -> None:
        with suppress(OSError):  # the client hung up, as it should
            super().handle()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Names resolve to a public address, whose connections end at a local site. Gives the addresses connected to."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    connected: list[str] = []

    def connect(address: tuple[str, int], timeout: float, **options: object) -> socket.socket:
        connected.append(address[0])
        return socket.create_connection(("127.0.0.1", server.server_port), timeout)

    def resolve(host: str, port: int, **options: object) -> list[object]:
        found = {"news.example": PUBLIC, "inside.example": "10.0.0.7"}[host]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]

    monkeypatch.setattr(socket, "getaddrinfo", _only_for_names(resolve))
    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    yield connected
    server.shutdown()
    server.server_close()
    thread.join()


def _only_for_names(resolve: object) -> object:
    real = socket.getaddrinfo

    def chosen(host: str, port: int, *arguments: object, **options: object) -> object:
        known = host.endswith(".example")
        return resolve(host, port) if known else real(host, port, *arguments, **options)  # type: ignore

    return chosen


def test_the_connection_goes_to_the_address_that_was_checked(site: list[str]) -> None:
    got = web.fetch("http://news.example/page?a=ü b")
    assert got.data.startswith(b"news.example tertius/")
    assert (got.content_type, got.charset) == ("text/html", '"iso-8859-2"')
    assert site == [PUBLIC]


def test_redirects_are_followed_so_far(site: list[str]) -> None:
    assert web.fetch(f"http://news.example/hop/{limits.FETCH_HOPS - 1}").url == "http://news.example/page"
    with pytest.raises(TooLarge, match="redirects"):
        web.fetch(f"http://news.example/hop/{limits.FETCH_HOPS + 1}")


@pytest.mark.parametrize(
    "target", ["http://inside.example/page", "http://127.0.0.1/page", "file:///etc/hostname", "ftp://news.example/"]
)
def test_every_redirect_is_checked(site: list[str], target: str) -> None:
    with pytest.raises(FetchRefused):
        web.fetch(f"http://news.example/to/{target}")
    assert site == [PUBLIC]


@pytest.mark.parametrize(
    ("path", "message"),
    [("gone", "answered 404"), ("brotli", "packs the page"), ("bomb", "larger"), ("large", "larger")],
)
def test_answers_that_are_no_page(site: list[str], path: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        web.fetch(f"http://news.example/{path}")


def test_a_packed_page(site: list[str]) -> None:
    assert web.fetch("http://news.example/packed").data == b"words"


def test_a_server_that_drips_is_cut_off(site: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FETCH_SECONDS", 0.5)
    begun = time.monotonic()
    with pytest.raises(TooLarge, match="seconds"):
        web.fetch("http://news.example/drip")
    assert time.monotonic() - begun < 5
