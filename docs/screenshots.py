"""Take the pictures of the app that the documentation shows, from the sample ledger.

    python docs/screenshots.py [--browser chromium]

Needs Chromium or Chrome. Writes docs/images/NAME.png, one for each line of PAGES.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

IMAGES = Path(__file__).parent / "images"
# Name, address ('EVENT': a merged event with two reports), height in pixels.
PAGES = (
    ("today", "/?on=2025-03-20", 1000),
    ("events", "/events?source=TUR&target=GRC", 900),
    ("pair", "/pair/TUR/GRC", 1100),
    ("answers", "/answers?x=TUR&b=GRC&a=FRA", 900),
    ("outlook", "/outlook?a=TUR&b=GRC", 900),
    ("evidence", "EVENT", 900),
)
WIDTH = 1200
WAIT = 120  # seconds


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--browser", default=shutil.which("chromium") or shutil.which("google-chrome"))
    given = parser.parse_args()
    if not given.browser:
        sys.exit("no browser found: install Chromium, or name one with --browser")
    command = [sys.executable, "-m", "tertius", "serve", "--sample", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as app:
        try:
            address = _address(app)
            for name, page, height in PAGES:
                place = _event(address) if page == "EVENT" else page
                _ready(address + place)
                _picture(given.browser, address + place, IMAGES / f"{name}.png", height)
                print(IMAGES / f"{name}.png")
        finally:
            app.terminate()


def _address(app: subprocess.Popen[str]) -> str:
    """Where the app listens, as it says itself."""
    for line in app.stderr or ():
        found = re.match(r"http://\S+(?=/$)", line.strip())
        if found:
            return found[0]
    sys.exit("the app did not start: try 'tertius serve --sample'")


def _event(address: str) -> str:
    """The page of the event with the most mentions."""
    with urllib.request.urlopen(f"{address}/events?format=json") as answer:  # noqa: S310 (our own address)
        rows = json.load(answer)["rows"]
    return f"/event/{max(rows, key=lambda row: (row['mentions'], row['id']))['id']}"


def _ready(address: str) -> None:
    """Wait until a page that learns first has learnt."""
    twin = address + ("&" if "?" in address else "?") + "format=json"
    for _ in range(WAIT):
        with urllib.request.urlopen(twin) as answer:  # noqa: S310 (our own address)
            if json.load(answer).get("state") != "learning":
                return
        time.sleep(1)
    sys.exit(f"{address} was not ready after {WAIT} seconds")


def _picture(browser: str, address: str, file: Path, height: int) -> None:
    with tempfile.TemporaryDirectory() as profile:
        options = [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking",
            f"--user-data-dir={profile}", f"--window-size={WIDTH},{height}", f"--screenshot={file}",
        ]  # fmt: skip
        subprocess.run([browser, *options, address], check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
