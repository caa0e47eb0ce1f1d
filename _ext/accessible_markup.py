"""Sphinx extension: fixes markup by pandas, docutils and the theme that is hard on screen readers.

axe-core found these problems; the tests run it on every page.
"""

from docutils import nodes
from myst_nb.core.render import load_mime_renders


class HeadlessCorner:
    """A myst-nb renderer that turns the empty corner of a pandas table from a header into a plain cell."""

    mime_priority_overrides = []

    @staticmethod
    def handle_mime(renderer, data, inline):
        if not inline and data.mime_type == "text/html":
            data.content = data.content.replace("<th></th>", "<td></td>")
        return  # myst-nb then renders as usual


def visit_citation(translator, node):
    """Open a bibliography entry as a plain `div`: docutils adds ARIA roles that are invalid without their parents."""
    translator.body.append(translator.starttag(node, "div", CLASS="citation"))


def depart_citation(translator, node):
    """Close a bibliography entry."""
    translator.body.append("</div>\n")


def name_toggles(app, pagename, templatename, context, doctree):
    """Name the arrows that unfold the contents; in the theme they are only an icon."""
    contents = context.get("generate_toctree_html")
    if contents:
        named = '<summary aria-label="Exercises">'
        context["generate_toctree_html"] = lambda *args, **how: str(contents(*args, **how)).replace("<summary>", named)


def setup(app):
    """Register the renderer, the markup of bibliography entries, and the names of the arrows."""
    renderers = load_mime_renders()
    if HeadlessCorner not in renderers:
        renderers.append(HeadlessCorner)
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    app.connect("html-page-context", name_toggles, priority=900)  # after the theme
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
