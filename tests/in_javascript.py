"""Runs scripts of the live pages in the shell of a browser's engine, and returns what they print."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from _ext.live import data_scripts

ROOT = Path(__file__).parent.parent
LIVE = ROOT / "_ext" / "live"
needs_node = pytest.mark.skipif(not (shutil.which("node") or os.environ.get("NOTHING_SKIPPED")), reason="node runs the page's scripts here")
# In a shell there is no page: `Live` is what start.js gives it there, and stage.js asks it about motion.
PAGE = "globalThis.Live = {parts: {}, data: {}}; globalThis.matchMedia = () => ({matches: true});"
REPLY = "(typeof print === 'function' ? print : console.log)(JSON.stringify(reply));"


def in_javascript(names, script, engine="node", data=(), before=(), **given):
    """Return `reply`, which a script sets, after the scripts of these names; the script knows what is given, and data sets of the book.

    before: paths of other scripts that come first. engine: a command, such as node, js102 or jsc.
    """
    needed = [path.read_text(encoding="utf-8") for path in before]
    needed += [(LIVE / f"{name}.js").read_text(encoding="utf-8") for name in names]
    scripts = data_scripts(ROOT) if data else {}
    needed[len(before):len(before)] = [scripts[f"data-{name}"] for name in data]
    constants = [f"const {name} = {json.dumps(value)};" for name, value in given.items()]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.js"
        file.write_text("\n".join([PAGE, *needed, *constants, "let reply;", script, REPLY]), encoding="utf-8")
        done = subprocess.run([engine, file], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    return json.loads(done.stdout.splitlines()[-1])
