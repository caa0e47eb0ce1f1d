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
        return  # myst-nb goes on as always


def visit_citation(translator, node):
    """Open an entry of the bibliography as a plain box: docutils gives it roles that need others around it."""
    translator.body.append(translator.starttag(node, "div", CLASS="citation"))


def depart_citation(translator, node):
    """Close an entry of the bibliography."""
    translator.body.append("</div>\n")


def name_toggles(app, pagename, templatename, context, doctree):
    """Give the arrows that open a part of the contents a name: in the theme they are an icon and no more."""
    contents = context.get("generate_toctree_html")
    if contents:
        named = '<summary aria-label="Exercises">'
        context["generate_toctree_html"] = lambda *args, **how: str(contents(*args, **how)).replace("<summary>", named)


def setup(app):
    """Register the renderer, how the entries of the bibliography are written, and the names in the contents."""
    renderers = load_mime_renders()
    if HeadlessCorner not in renderers:
        renderers.append(HeadlessCorner)
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    app.connect("html-page-context", name_toggles, priority=900)  # after the theme
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
