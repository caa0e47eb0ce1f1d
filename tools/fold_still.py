"""Writes `chapters/space.svg`: the space of three hidden neurons at three epochs, as the page draws it. It needs node."""

import json
import subprocess
import tempfile
from pathlib import Path

from _ext.live import data_scripts
from tools.book import ROOT

PICTURE = ROOT / "chapters" / "space.svg"
EPOCHS = [0, 40, 120]
LABEL = "The data and a grid over the inputs, as three hidden neurons represent them in a cube, at three epochs."
# What start.js gives to a page, and stage.js and fold.js ask it.
PAGE = """globalThis.Live = {parts: {}, data: {}};
globalThis.matchMedia = () => ({matches: true});
globalThis.document = {documentElement: null};
globalThis.getComputedStyle = () => ({getPropertyValue: () => "#333333"});
"""
SCRIPTS = ["engine", "stage", "export", "fold"]


def picture():
    """Return the picture as the text of an SVG."""
    live, data = ROOT / "_ext" / "live", data_scripts(ROOT)
    parts = [PAGE, data["look"], data["data-moons"], *((live / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS),
             f"const epochs = {EPOCHS}, label = {json.dumps(LABEL)}; let reply;",
             (ROOT / "tools" / "fold_still.js").read_text(encoding="utf-8"), "console.log(reply);"]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "still.js"
        script.write_text("\n".join(parts), encoding="utf-8")
        return subprocess.run(["node", script], capture_output=True, text=True, encoding="utf-8", check=True).stdout.rstrip("\n") + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
