"""The door: who may ask at all, and what every answer tells the browser. Works on all requests, before any page.

A page of another site must not read the ledger (Host is checked, against DNS rebinding, and nothing is shared with
other origins) nor write to it (Origin and Sec-Fetch-Site are checked on everything but GET and HEAD).
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "tertius_token"
BODY_BYTES = 100_000_000  # the files of one job and the form around them
LOOPBACK = ("127.0.0.1", "localhost", "::1")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # 'no-referrer' would make browsers send 'Origin: null' with our own forms
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Rules(NamedTuple):
    """Where the app is bound, and the token that is asked for; None asks for none."""

    host: str = "127.0.0.1"
    token: str | None = None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class Guard:
    """ASGI middleware that refuses what the rules forbid and adds the security headers to every answer."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app, self.rules = app, rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        answer = self._refusal(scope)
        await (answer or self.app)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not self._knows(headers.get("host", "")):
            return _refused(421, "this address is not served here: open the one that 'tertius serve' printed")
        if scope["method"] not in ("GET", "HEAD"):
            refused = _foreign(headers) or _too_large(headers)
            if refused:
                return refused
        return self._unknown(scope, headers) if self.rules.token else None

    def _knows(self, host: str) -> bool:
        """Whether a Host header names this machine. A name that rebinds is a name: addresses in digits are safe."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").lower()
        except ValueError:
            return False
        if name in LOOPBACK or (name and name == self.rules.host.lower()):
            return True
        return not is_loopback(self.rules.host) and (_is_address(name) or name == socket.gethostname().lower())

    def _unknown(self, scope: Scope, headers: Headers) -> Response | None:
        """What somebody without the token gets: nothing; with it in the address, a cookie instead."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = next((value for name, value in query if name == "token"), None)
        if given is not None and self._right(given):
            rest = urlencode([pair for pair in query if pair[0] != "token"])
            answer = RedirectResponse("/" + scope["path"].lstrip("/\\") + ("?" + rest if rest else ""), 303)
            answer.set_cookie(COOKIE, given, httponly=True, samesite="strict")
            return answer
        if self._right(_cookie(headers)) or self._right(headers.get("authorization", "").removeprefix("Bearer ")):
            return None
        return _refused(401, "a token is needed: open the address with ?token=... that 'tertius serve' printed")

    def _right(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), (self.rules.token or "").encode())


def _foreign(headers: Headers) -> Response | None:
    """The refusal of a write that no page of ours has sent."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    ours = origin is None or urlsplit(origin).netloc == headers.get("host")
    if ours and site in (None, "same-origin") and (site or origin):
        return None
    return _refused(403, "only the pages of this app may write: use its forms, or the commands of 'tertius'")


def _too_large(headers: Headers) -> Response | None:
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return _refused(411, "the length of the text must be said: use the form under /read")
    if int(length) > BODY_BYTES:
        return _refused(
            413, f"more than {BODY_BYTES:,} bytes: send it in parts, or use 'tertius read FOLDER' in a terminal"
        )
    return None


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _refused(status: int, words: str) -> Response:
    return PlainTextResponse(f"Refused: {words}\n", status)
