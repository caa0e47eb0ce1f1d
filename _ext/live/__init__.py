"""Sphinx extension: parts of a page that train networks in the reader's browser, to torch's own digits.

A page asks for one by its name; the body is what readers without scripts and on paper get instead:

    ```{live} moons
    :figure: networks fig-wide
    A sentence about the figure that stands for it.
    ```

With `figure`, the part trains what the cell of that figure trained: its settings come from the notebook (`recipes.py`).

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
from .recipes import back_propagation, first_step, learning_rates, many_starts, recipes, row_by_row, vanishing

HERE = Path(__file__).parent
# Of each data set the features and the label.
DATA = {"line": (["x"], "y"), "moons": (["x1", "x2"], "y"), "noisy_moons": (["x1", "x2"], "y"),
        "anes96": (["selfLR", "ClinLR", "DoleLR", "PID", "age", "educ", "income", "TVnews", "popul"], "vote")}
# Parts that train as a cell of their chapter does, and what reads that from the notebook.
FROM_CELLS = {"backprop": back_propagation, "descend": row_by_row, "rates": learning_rates, "step": first_step, "vanish": vanishing,
              "voter": many_starts}


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
    option_spec = {"settings": json.loads, "height": int, "figure": str.split, "press": str}

    def run(self):
        """Return the part, with its body inside."""
        if not (HERE / f"{self.arguments[0]}.js").exists():
            raise self.error(f"live: expected one of {sorted(path.stem for path in HERE.glob('*.js'))}, got {self.arguments[0]!r}")
        settings = {**self.options.get("settings", {}), **self.figure(), **self.from_cells()}
        looks = {key: self.options.get(key) for key in ("height", "press")}
        part = live_part(name=self.arguments[0], settings=settings, **looks)
        self.state.nested_parse(self.content, self.content_offset, part)
        return [part]

    def figure(self):
        """Return the settings of the run that a figure of a chapter shows, if the part names one."""
        if "figure" not in self.options:
            return {}
        chapter, name = self.options["figure"]
        path = Path(self.env.srcdir) / "chapters" / f"{chapter}.ipynb"
        self.env.note_dependency(str(path))
        found = recipes(nbformat.read(path, as_version=4))
        if name not in found:
            raise self.error(f"live: expected a figure of {chapter} with the tag train-here, one of {sorted(found)}, got {name!r}")
        return {"figure": found[name]}

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
    """Return the scripts that hold the colours of the book's figures, its data sets, and the tasks, which tools.check_task reads too."""
    appearance = {"colours": look.COLOURS, "grey": look.GREY, "pale": [colour for _, colour in PALE]}
    sets = {f"data-{name}": f"Live.data.{name} = {json.dumps(one)};\n" for name, one in book_data(root / "data").items()}
    tasks = json.loads((HERE / "tasks.json").read_text(encoding="utf-8"))
    sets["data-tasks"] = f"Live.data.tasks = {json.dumps(tasks)};\n"
    return {"look": f"Live.data = {{}};\nLive.look = {json.dumps(appearance)};\n", **sets}


def add_trainers(app, doctree):
    """Below each figure whose cell carries the tag `train-here`, add the button that trains its network in the page."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    for name, recipe in recipes(nbformat.read(path, as_version=4)).items():
        figure = next(node for node in doctree.findall(nodes.figure) if name in node["ids"])
        scripts = ["map", "link", f"data-{recipe['data']}", f"curve-{name}"]
        settings = {"figure": name, "recipe": recipe, "scripts": scripts}
        figure.parent.insert(figure.parent.index(figure) + 1, live_part(name="train_here", settings=settings, press="Train it here"))


def curve_scripts():
    """Return the scripts that hold the curves of torch which the page draws its own over."""
    curves = json.loads((HERE / "curves.json").read_text(encoding="utf-8"))
    return {f"curve-{name}": f"(Live.curves ??= {{}})[{json.dumps(name)}] = {json.dumps(one)};\n" for name, one in curves.items()}


def copy_assets(app):
    """Copy scripts, styles and data into the built site."""
    folder = Path(app.outdir) / "_static" / "live"
    folder.mkdir(parents=True, exist_ok=True)
    for path in [*HERE.glob("*.js"), *HERE.glob("*.css")]:
        shutil.copy(path, folder)
    for name, text in {**data_scripts(Path(app.srcdir)), **curve_scripts()}.items():
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
    app.connect("doctree-read", add_trainers)
    app.connect("html-page-context", add_assets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
