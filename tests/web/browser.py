"""Chromium, driven over its debugging pipe: no driver and no library is needed for what the tests ask."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SECONDS = 60


class Browser:
    """One page of a browser without a window."""

    def __init__(self, profile: Path) -> None:
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        theirs = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_read, to_write)]

        def place() -> None:
            os.dup2(theirs[0], 3)
            os.dup2(theirs[1], 4)

        command = [str(BROWSER), "--headless=new", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe"]
        if os.geteuid() == 0:
            command.append("--no-sandbox")  # Chromium refuses to run as root with it
        self._process = subprocess.Popen(
            [*command, f"--user-data-dir={profile}", "about:blank"], preexec_fn=place, pass_fds=(3, 4),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for end in (to_read, to_write, *theirs):
            os.close(end)
        self._buffer, self._number, self._session = b"", 0, None
        self.complaints: list[str] = []
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **values: Any) -> dict[str, Any]:
        """The result of one command of the protocol."""
        self._number += 1
        asked = {"id": self._number, "method": method, "params": values}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._write, json.dumps(asked).encode() + b"\0")
        while True:
            told = self._message()
            if told.get("id") == self._number:
                assert "error" not in told, told["error"]
                return told["result"]

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            got = os.read(self._read, 1 << 16)
            assert got, "the browser has gone"
            self._buffer += got
        first, _, self._buffer = self._buffer.partition(b"\0")
        told: dict[str, Any] = json.loads(first)
        if told.get("method") == "Log.entryAdded":
            self.complaints.append(told["params"]["entry"]["text"])
        if told.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(told["params"]))
        return told

    def look(self, *, width: int = 1280, height: int = 900, dark: bool = False, media: str = "") -> None:
        """How the page is looked at from now on."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)  # fmt: skip
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", media=media, features=scheme)

    def open(self, address: str) -> None:
        """Go to a page and wait until it is there."""
        self.complaints.clear()
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=address)
        self.wait(
            f"location.href.startsWith({json.dumps(address.partition('#')[0])}) && document.readyState == 'complete'"
        )

    def run(self, script: str) -> Any:
        """What a script gives in the page; it may be a promise."""
        told = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def choose(self, selector: str, files: list[Path]) -> None:
        """Put files into an input, as somebody does who chooses or drops them."""
        found = self.call("Runtime.evaluate", expression=f"document.querySelector({json.dumps(selector)})")
        self.call("DOM.setFileInputFiles", objectId=found["result"]["objectId"], files=[str(path) for path in files])

    def wait(self, condition: str) -> None:
        """Until a script gives true."""
        until = time.monotonic() + SECONDS
        while not self.run(condition):
            assert time.monotonic() < until, condition
            time.sleep(0.05)

    def press(self, key: str, code: int) -> None:
        """One key, such as ('Tab', 9)."""
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)
        if key == "Enter":
            self.call("Input.dispatchKeyEvent", type="char", key=key, text="\r")

    def picture(self, path: Path) -> None:
        """Save how the whole page looks."""
        import base64

        told = self.call("Page.captureScreenshot", captureBeyondViewport=True, format="png")
        path.write_bytes(base64.b64decode(told["data"]))

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(20)
        os.close(self._read)
        os.close(self._write)
