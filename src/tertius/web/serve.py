"""Serving the app: a port that is free, and a door that fits the address."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tertius.errors import UsageError
from tertius.web.guard import Rules, is_loopback

if TYPE_CHECKING:
    from tertius.web.desk import Desk

TRIED = 50  # ports after the one that was asked for
LEAST_TOKEN = 8


def rules(host: str, token: str | None) -> Rules:
    """The rules of the door. Raises UsageError where others could come in without a token."""
    if token is not None and (len(token) < LEAST_TOKEN or not token.isascii() or not token.isprintable()):
        raise UsageError(f"--token needs {LEAST_TOKEN} or more plain letters and digits")
    if token is not None and set(token) & set(' ";,\\'):
        raise UsageError("--token may not hold blanks, quotation marks, commas, semicolons or backslashes")
    if token is None and not is_loopback(host):
        raise UsageError(f"--host {host} lets other machines in: add --token SECRET, or leave --host out")
    return Rules(host, token)


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens on that port, or on the next one that is free. Raises UsageError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in range(port, min(port + TRIED, 65_535) + 1):
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, number))
            listening.listen(100)
        except OSError as error:
            listening.close()
            if isinstance(error, socket.gaierror):
                raise UsageError(f"--host {host} is no address of this machine: leave it out") from error
            continue
        return listening
    raise UsageError(f"no port from {port} on can be used on {host}: choose another with --port, or leave --host out")


def run(folder: Path, door: Rules, port: int, say: Callable[[str], None]) -> None:
    """Serve a ledger until Ctrl-C. `say` gets the address."""
    import uvicorn

    from tertius.web.app import create
    from tertius.web.desk import Desk

    listening = bound(door.host, port)
    number = listening.getsockname()[1]
    if port and number != port:
        say(f"port {port} is taken: using {number}")
    desk = Desk(folder)
    _laid_out(desk, say)
    host = f"[{door.host}]" if ":" in door.host else door.host
    say(f"http://{host}:{number}/" + (f"?token={door.token}" if door.token else ""))
    say("stop with Ctrl-C")
    config = uvicorn.Config(
        create(folder, door, desk=desk), log_level="warning", server_header=False, timeout_graceful_shutdown=3
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def _laid_out(desk: Desk, say: Callable[[str], None]) -> None:
    """Do what would keep the first page of a ledger with much event data waiting."""
    from tertius.ledger import store
    from tertius.web.coded import SMALL

    rows = store.count(desk.folder, "coded")
    if rows > SMALL:
        say(f"laying out {rows:,} rows of event data, once for each import ...")
        desk.view()
