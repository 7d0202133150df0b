"""The Space's thumbnail: the mark, the name and one line, as a picture.

python tests/support/thumbnail.py    # writes assets/thumbnail.png; needs Chromium
"""

import sys
from pathlib import Path

import chromium
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
FILE = ROOT / "assets" / "thumbnail.png"
WIDTH, HEIGHT = 1200, 600
PAGE = """
<body style="margin:0; height:100vh; display:grid; grid-template-columns:auto 1fr; gap:64px;
  align-items:center; box-sizing:border-box; padding:0 88px; background:#0f151c; color:#e7edf3;
  font-family:system-ui, 'DejaVu Sans', sans-serif">
<div style="width:300px; height:300px">{mark}</div>
<div><div style="font-size:128px; font-weight:700; letter-spacing:-0.03em">seviz</div>
<div style="font-size:36px; line-height:1.35; color:#aab6c3; margin-top:12px">Open up a
Squeeze-and-Excitation network, gate by gate</div></div>
"""


def draw(file: Path = FILE) -> None:
    """Write the picture, in the few colours that it has."""
    path = chromium.find()
    assert path, chromium.NONE
    mark = (ROOT / "assets" / "mark.svg").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_content(PAGE.format(mark=mark))
        page.screenshot(path=file)
        browser.close()
    with Image.open(file) as picture:
        few = picture.convert("RGB").quantize(128)
    few.save(file, optimize=True)


if __name__ == "__main__":
    sys.exit(draw())
