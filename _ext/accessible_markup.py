"""Sphinx extension: mends markup that screen readers stumble over, of pandas, docutils and the theme.

What it mends was found by axe-core; the tests run it over every page.
"""

from docutils import nodes
from myst_nb.core.render import load_mime_renders


class HeadlessCorner:
    """A myst-nb renderer that makes the empty corner of pandas' tables a cell and not a header."""

    mime_priority_overrides = []

    @staticmethod
    def handle_mime(renderer, data, inline):
        if not inline and data.mime_type == "text/html":
            data.content = data.content.replace("<th></th>", "<td></td>")
        return None  # myst-nb goes on as always


def visit_citation(translator, node):
    """Open an entry of the bibliography as a plain box: docutils gives it roles that need others around it."""
    translator.body.append(translator.starttag(node, "div", CLASS="citation"))


def depart_citation(translator, node):
    """Close an entry of the bibliography."""
    translator.body.append("</div>\n")


def setup(app):
    """Register the renderer, and how the entries of the bibliography are written."""
    renderers = load_mime_renders()
    if HeadlessCorner not in renderers:
        renderers.append(HeadlessCorner)
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
