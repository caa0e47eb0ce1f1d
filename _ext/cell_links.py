"""Sphinx extension: every code cell can be linked to, as in `[the cell that checks it](cell-stopping-perfect)`.

The name is made of the notebook's and the cell's own, so nothing has to be written into the notebook.
"""

from pathlib import Path

import nbformat
from docutils import nodes


def name_cells(app, doctree):
    """Give each code cell of a notebook a place on its page, and tell Sphinx its name."""
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
    """Connect to the moment at which a page has been read."""
    app.connect("doctree-read", name_cells)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
