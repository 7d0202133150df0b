"""A Chromium for the tests of the page, and another renderer for the pictures that it saves.

python tests/support/chromium.py    # gets both where they are missing; `make test` does it
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Debian's; without a font, text has no height, and rsvg-convert draws what the page saves as SVG.
PACKAGES = ("chromium", "fonts-dejavu-core", "librsvg2-bin")
RSVG = "rsvg-convert"
NO_RSVG = (
    "The tests of SVG files need rsvg-convert, which could not be had from Debian: run "
    "`apt-get install librsvg2-bin` as root."
)
NONE = (
    "The page's tests need Chromium, which could be had neither from Playwright nor from Debian: "
    "run `apt-get install chromium` as root, or `.venv/bin/python -m playwright install "
    "--with-deps chromium` where there is a network."
)


def find() -> str | None:
    """Return the path of a Chromium that starts: the machine's own, or Playwright's; else None."""
    own = [path for path in map(shutil.which, NAMES) if path and starts(path)]
    return own[0] if own else next(filter(starts, [playwrights()]), None)


def playwrights() -> str:
    """Return where Playwright keeps its own Chromium, whether it is there or not."""
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def starts(path: str) -> bool:
    """Tell whether a browser is there with all the libraries that it needs."""
    return Path(path).exists() and _runs([path, "--version"], seconds=60)


def get() -> str | None:
    """Return the path of a Chromium, which is installed where there is none; None if it can't be.

    Playwright's is for this user alone; Debian's package needs root.
    """
    for install in (lambda: None, download, from_debian):
        install()
        if path := find():
            return path
    return None


def renderer() -> str | None:
    """Return the path of rsvg-convert, which is installed where it is missing; None if it can't."""
    if not shutil.which(RSVG):
        from_debian()
    return shutil.which(RSVG)


def download() -> None:
    """Let Playwright download its own, if it can."""
    command = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
    # By default it waits five times 30 seconds for a server that does not answer.
    _runs(command, seconds=600, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT="10000")


def from_debian() -> None:
    """Install Debian's package, if this is Debian and its root."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _runs(["apt-get", "update", "-qq"], seconds=600)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
        _runs(install, seconds=1200, DEBIAN_FRONTEND="noninteractive")


def _runs(command: list[str], seconds: float, **environment: str) -> bool:
    """Run a command quietly; tell whether it succeeded in time."""
    try:
        done = subprocess.run(
            command,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit((None if get() else NONE) or (None if renderer() else NO_RSVG))
