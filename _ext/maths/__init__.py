"""Sphinx extension: gives each formula a second form, MathML, which browsers show by themselves.

It stands there until MathJax has set the formula, and for good where scripts do not run (`maths.css`).
So MathJax can come last (`maths.js`) and keeps no figure waiting. docutils translates; what it does not
know is a warning, so that the author can write it in another way.
"""

import html
import re
import shutil
from pathlib import Path

from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

INLINE = re.compile(r'<span class="math notranslate nohighlight">\\\((.+?)\\\)</span>', re.DOTALL)
BLOCK = re.compile(r'<div class="math notranslate nohighlight"[^>]*>\s*\\\[(.+?)\\\]\s*</div>', re.DOTALL)
SPLIT = re.compile(r"\\(begin|end)\{split\}")  # Sphinx puts it round every formula of several lines
TALL = (r"\frac", r"\sum", r"\underbrace")  # what makes a line of a formula twice as high

logger = logging.getLogger(__name__)


def copy_assets(app):
    """Put our script and style into the built site."""
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for asset in ("maths.js", "maths.css"):
        shutil.copy(Path(__file__).parent / asset, static)


def add_mathml(app, pagename, templatename, context, doctree):
    """Put the MathML of each formula of a page behind it."""
    body = context.get("body", "")
    with_inline = INLINE.sub(lambda found: found[0] + mathml(found[1], pagename, block=False), body)
    context["body"] = BLOCK.sub(lambda found: in_its_place(found[0], found[1], pagename), with_inline)
    if context["body"] != body:
        app.add_js_file("maths.js", loading_method="defer")
        app.add_css_file("maths.css")


def in_its_place(formula, tex, pagename):
    """Return a displayed formula in a box as high as both of its forms need, so that nothing on the page jumps."""
    lines = tex.count(r"\\") + 1
    rem = 4 if any(tall in tex for tall in TALL) else 2
    return f'<div class="formula" style="--height: {lines * rem}rem">{formula}{mathml(tex, pagename, block=True)}</div>'


def mathml(tex, pagename, block):
    """Return a formula as MathML, empty if it cannot be translated."""
    source = SPLIT.sub("", html.unescape(tex))
    try:
        return tex2mathml(source, as_block=block)
    except MathError as error:
        logger.warning("%s: a formula has no MathML: %s (%s)", pagename, tex.strip(), error)
        return ""


def setup(app):
    """Connect to the writing of each page; keep the browser from loading MathJax before `maths.js` does."""
    app.config.mathjax_options = {"type": "text/late"}
    app.connect("builder-inited", copy_assets)
    app.connect("html-page-context", add_mathml)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
