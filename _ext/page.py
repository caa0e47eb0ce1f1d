"""Sphinx extension: the book's own style sheet, on top of the theme's."""

import shutil
from pathlib import Path

STYLE = Path(__file__).with_name("page.css")


def copy_style(app):
    """Put the style sheet into the built site."""
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    shutil.copy(STYLE, static)


def setup(app):
    """Add the style sheet to every page."""
    app.connect("builder-inited", copy_style)
    app.add_css_file(STYLE.name)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
