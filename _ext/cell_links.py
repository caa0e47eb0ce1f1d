"""Sphinx extension: makes every code cell a link target, as in `[the cell that checks it](cell-stopping-perfect)`.

The target's name consists of the notebook's name and the cell's id, so notebooks need no extra markup.
"""

from pathlib import Path

import nbformat
from docutils import nodes


def name_cells(app, doctree):
    """Give each code cell of a notebook an id on its page, and register it with Sphinx as a link target."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    cells = nbformat.read(path, as_version=4).cells
    for box in doctree.findall(nodes.container):
        if box.get("nb_element") == "cell_code":
            name = f"cell-{path.stem}-{cells[box['cell_index']].id}"
            box["ids"].append(name)
            app.env.get_domain("std").note_hyperlink_target(name, app.env.docname, name)


def setup(app):
    """Run after each page has been read."""
    app.connect("doctree-read", name_cells)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
