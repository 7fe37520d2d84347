"""Fetching pages, only when the user asks for it, and never from inside his own network.

The name is resolved once, every address is checked, and the connection goes to the very address that was checked, so a
name that answers differently the second time gains nothing. Each redirect is checked in the same way. Proxies named in
the environment are not used: they would resolve the name again.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
import zlib
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

from tertius.errors import FetchRefused, SourceError, TooLarge
from tertius.sources import limits
from tertius.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3 import BaseHTTPResponse
    from urllib3.connection import HTTPConnection

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SLOW = f"it took more than {limits.FETCH_SECONDS:g} seconds: try again later, or save the page and read the file"
_LARGE = f"it is larger than {limits.FETCH_BYTES:,} bytes: save the page, cut it, and read the file"


class Fetched(NamedTuple):
    """What an address gave: its bytes, where they came from in the end, and what the server says they are."""

    data: bytes
    url: str
    content_type: str  # 'text/html'; '' where the server is silent
    charset: str | None


class _Answer(NamedTuple):
    status: int
    location: str | None
    fetched: Fetched


def is_address(source: str) -> bool:
    """Whether a source is an address on the web, not a file."""
    return source.lower().startswith(("http://", "https://"))


def fetch(url: str) -> Fetched:
    """Fetch an address, following redirects. Raises FetchRefused, TooLarge (also of time), SourceError."""
    deadline = time.monotonic() + limits.FETCH_SECONDS
    for _ in range(limits.FETCH_HOPS + 1):
        answer = _ask(url, deadline)
        if answer.status not in REDIRECTS or not answer.location:
            if answer.status != 200:
                raise SourceError(f"the server answered {answer.status}: check the address in a browser")
            return answer.fetched
        url = urljoin(url, answer.location)
    raise TooLarge(f"more than {limits.FETCH_HOPS} redirects: give the address where they end")


def checked_address(host: str, port: int) -> str:
    """The address that a host name stands for. Raises FetchRefused if any of its addresses is not a public one."""
    addresses = _resolved(host, port)
    for address in addresses:
        if not is_public(ipaddress.ip_address(address)):
            raise FetchRefused(
                f"{host} is at {address}, which is not a public address: save the page and read the file"
            )
    return addresses[0]


def is_public(address: Address) -> bool:
    """Whether an address is reachable by everybody: not private, loopback, link-local, multicast or reserved.

    IPv6 forms that wrap an IPv4 address (mapped, 6to4, NAT64) are judged by what they wrap.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _resolved(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceError(f"{host} cannot be found: check the address and the network") from error
    return list(dict.fromkeys(str(entry[4][0]).split("%")[0] for entry in found))


def _ask(url: str, deadline: float) -> _Answer:
    """One request, without following anything."""
    from urllib3.exceptions import HTTPError

    parts, port = _checked_url(url)
    host = str(parts.hostname)
    connection = _connection(parts.scheme, host, checked_address(host, port), port, deadline)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Host": parts.netloc,
        "User-Agent": f"tertius/{VERSION}",
        "Accept": "text/html, application/xhtml+xml, text/plain",
        "Accept-Encoding": "identity",
    }
    try:
        with _ended_at(deadline, connection):
            connection.request("GET", _quoted(target), headers=headers, preload_content=False)
            answer = _answer(connection.getresponse(), url, deadline)
    except (HTTPError, OSError, ValueError) as error:
        if time.monotonic() >= deadline:
            raise TooLarge(_SLOW) from error
        raise SourceError(f"{host} gave no page ({type(error).__name__}): check the address in a browser") from error
    finally:
        connection.close()
    if time.monotonic() >= deadline:  # what was shut in the middle looks like a short answer
        raise TooLarge(_SLOW)
    return answer


def _checked_url(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise FetchRefused(f"'{url[:200]}' is no address: check it") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise FetchRefused(f"'{url[:200]}' is no http or https address: only those are fetched")
    if parts.username is not None or parts.password is not None:
        raise FetchRefused("the address holds a user name: leave it out")
    return parts, port


def _connection(scheme: str, host: str, address: str, port: int, deadline: float) -> HTTPConnection:
    """A connection to that address which speaks, and asks for a certificate, for that host."""
    from urllib3.connection import HTTPConnection, HTTPSConnection

    seconds = max(0.1, deadline - time.monotonic())
    if scheme == "http":
        return HTTPConnection(address, port, timeout=seconds)
    import certifi

    return HTTPSConnection(
        address,
        port,
        timeout=seconds,
        server_hostname=host,
        assert_hostname=host,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
    )


@contextmanager
def _ended_at(deadline: float, connection: HTTPConnection) -> Iterator[None]:
    """Shuts the connection at the deadline: a server that sends a byte now and then never trips a socket's timeout."""

    def shut() -> None:
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, deadline - time.monotonic()), shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _answer(response: BaseHTTPResponse, url: str, deadline: float) -> _Answer:
    kind, _, rest = response.headers.get("Content-Type", "").partition(";")
    charset = next((part.split("=", 1)[1].strip() for part in rest.split(";") if "charset=" in part.lower()), None)
    data = b"" if response.status in REDIRECTS else _body(response, deadline)
    return _Answer(response.status, response.headers.get("Location"), Fetched(data, url, kind.strip().lower(), charset))


def _body(response: BaseHTTPResponse, deadline: float) -> bytes:
    parts, size = [], 0
    while chunk := response.read(limits.CHUNK, decode_content=False):
        parts.append(chunk)
        size += len(chunk)
        if size > limits.FETCH_BYTES:
            raise TooLarge(_LARGE)
        if time.monotonic() >= deadline:
            raise TooLarge(_SLOW)
    return _decoded(b"".join(parts), response.headers.get("Content-Encoding", "identity").strip().lower())


def _decoded(data: bytes, encoding: str) -> bytes:
    if encoding in {"", "identity"}:
        return data
    if encoding not in {"gzip", "x-gzip"}:
        raise SourceError(f"the server packs the page as '{encoding[:20]}': save the page and read the file")
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(data, limits.FETCH_BYTES + 1)
    except zlib.error as error:
        raise SourceError("the server packed the page wrongly: save the page and read the file") from error
    if len(unpacked) > limits.FETCH_BYTES:
        raise TooLarge(_LARGE)
    return unpacked


def _quoted(target: str) -> str:
    """The path and query with every character escaped that may not stand on a request line."""
    from urllib.parse import quote

    return quote(target, safe="/:?#[]@!$&'()*+,;=%~-._")
