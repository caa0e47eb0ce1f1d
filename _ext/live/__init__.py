"""Sphinx extension: parts of a page that train networks in the reader's browser, to torch's own digits.

A page asks for one by its name; the body is what readers without scripts and on paper get instead:

    ```{live} moons
    :settings: {"sizes": [2, 4, 1]}
    A sentence about the figure that stands for it.
    ```

`engine.js` is the networks, `stage.js` what all parts share, `NAME.js` the part itself. `start.js`, which is all that a page loads
at first, fetches them when they are needed. Each file of `data` becomes a script, such as `data-moons.js`, and `look.js` has the
colours of the book's figures. `papaparse.js` comes from npm and reads the files of readers (`papa.py`).
"""

import base64
import html
import json
import shutil
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from lib.figures import look
from lib.figures.maps import PALE

from .papa import papa_parse
from .recipes import row_by_row

HERE = Path(__file__).parent
# Of each data set the features and the label.
DATA = {"line": (["x"], "y"), "moons": (["x1", "x2"], "y"), "noisy_moons": (["x1", "x2"], "y"),
        "anes96": (["selfLR", "ClinLR", "DoleLR", "PID", "age", "educ", "income", "TVnews", "popul"], "vote")}
# Parts that train as a cell of their chapter does, and what reads that from the notebook.
FROM_CELLS = {"descend": row_by_row}


class live_part(nodes.General, nodes.Element):
    """A live part of a page: its `name`, its `settings`, and `press`, the text of the button that starts it, if there is one."""


def part_html(node):
    """Return the opening HTML of a live part; its children, for readers without scripts, come after."""
    settings = json.dumps(node["settings"], separators=(",", ":")).replace("</", "<\\/")
    press = f'<button type="button" class="live-open">{html.escape(node["press"])}</button>' if node.get("press") else ""
    height = f' style="min-height:{node["height"]}px"' if node.get("height") else ""
    return (f'<div class="live" data-live="{node["name"]}"{height}>{press}'
            f'<script type="application/json">{settings}</script><noscript>')


class Live(SphinxDirective):
    """A live part; the argument is the name of its script, the body what stands for it without scripts."""

    required_arguments = 1
    has_content = True
    option_spec = {"settings": json.loads, "height": int}

    def run(self):
        """Return the part, with its body inside."""
        if not (HERE / f"{self.arguments[0]}.js").exists():
            raise self.error(f"live: expected one of {sorted(path.stem for path in HERE.glob('*.js'))}, got {self.arguments[0]!r}")
        settings = {**self.options.get("settings", {}), **self.from_cells()}
        part = live_part(name=self.arguments[0], settings=settings, height=self.options.get("height"))
        self.state.nested_parse(self.content, self.content_offset, part)
        return [part]

    def from_cells(self):
        """Return the settings that a part takes from the cells of its chapter, so that nobody types them twice."""
        read = FROM_CELLS.get(self.arguments[0])
        return {"recipe": read(nbformat.read(self.env.doc2path(self.env.docname), as_version=4))} if read else {}


def book_data(folder):
    """Return the book's data for the page: of each set its features, and of each part rows, values and labels in single precision."""
    return {name: one_set(pd.read_csv(folder / f"{name}.csv"), *columns) for name, columns in DATA.items()}


def one_set(frame, features, label):
    """Return one data set; without a column `split`, all of it is for training."""
    parts = frame.groupby("split", sort=False) if "split" in frame else [("train", frame)]
    packed = {name: {"rows": len(rows), "values": packed_floats(rows[features]), "labels": packed_floats(rows[label])}
              for name, rows in parts}
    return {"features": features, "label": label, "parts": packed}


def packed_floats(frame):
    """Return numbers, row by row, as base64 of single precision."""
    return base64.b64encode(np.ascontiguousarray(frame, dtype="<f4").tobytes()).decode()


def data_scripts(root):
    """Return the scripts that hold the colours of the book's figures, and each of its data sets."""
    appearance = {"colours": look.COLOURS, "grey": look.GREY, "pale": [colour for _, colour in PALE]}
    sets = {f"data-{name}": f"Live.data.{name} = {json.dumps(one)};\n" for name, one in book_data(root / "data").items()}
    return {"look": f"Live.data = {{}};\nLive.look = {json.dumps(appearance)};\n", **sets}


def copy_assets(app):
    """Copy scripts, styles and data into the built site."""
    folder = Path(app.outdir) / "_static" / "live"
    folder.mkdir(parents=True, exist_ok=True)
    for path in [*HERE.glob("*.js"), *HERE.glob("*.css")]:
        shutil.copy(path, folder)
    for name, text in data_scripts(Path(app.srcdir)).items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    (folder / "papaparse.js").write_text(papa_parse(Path(app.srcdir) / "_build" / "npm"), encoding="utf-8")


def add_assets(app, pagename, templatename, context, doctree):
    """Load the first script, and the styles, where a page has a live part."""
    if doctree and doctree.next_node(live_part):
        app.add_js_file("live/start.js", loading_method="defer")
        app.add_css_file("live/live.css")


def setup(app):
    """Register the directive and the assets."""
    write = (lambda translator, node: translator.body.append(part_html(node)),
             lambda translator, node: translator.body.append("</noscript></div>"))
    app.add_node(live_part, html=write)
    app.add_directive("live", Live)
    app.connect("builder-inited", copy_assets)
    app.connect("html-page-context", add_assets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
