"""Sphinx extension: adds MathML to each formula, which browsers display without a script.

Readers see it until MathJax has typeset the formula, or permanently without JavaScript (`maths.css`). MathJax can therefore
load last (`maths.js`) and does not delay the figures. docutils translates; a formula that it cannot translate is a warning.
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
SPLIT = re.compile(r"\\(begin|end)\{split\}")  # Sphinx puts it around every formula with several lines
TALL = (r"\frac", r"\sum", r"\underbrace")  # these make a line of a formula twice as tall

logger = logging.getLogger(__name__)


def copy_assets(app):
    """Copy our script and style into the built site."""
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for asset in ("maths.js", "maths.css"):
        shutil.copy(Path(__file__).parent / asset, static)


def add_mathml(app, pagename, templatename, context, doctree):
    """Add MathML after each formula of a page."""
    body = context.get("body", "")
    with_inline = INLINE.sub(lambda found: found[0] + mathml(found[1], pagename, block=False), body)
    context["body"] = BLOCK.sub(lambda found: in_its_place(found[0], found[1], pagename), with_inline)
    if context["body"] != body:
        app.add_js_file("maths.js", loading_method="defer")
        app.add_css_file("maths.css")


def in_its_place(formula, tex, pagename):
    """Return a display formula in a box tall enough for both forms, so that nothing on the page moves."""
    lines = tex.count(r"\\") + 1
    rem = 4 if any(tall in tex for tall in TALL) else 2
    return f'<div class="formula" style="--height: {lines * rem}rem">{formula}{mathml(tex, pagename, block=True)}</div>'


def mathml(tex, pagename, block):
    """Return a formula as MathML, or an empty string if it cannot be translated."""
    source = SPLIT.sub("", html.unescape(tex))
    try:
        return tex2mathml(source, as_block=block)
    except MathError as error:
        logger.warning("%s: a formula has no MathML: %s (%s)", pagename, tex.strip(), error)
        return ""


def setup(app):
    """Run as each page is written; leave the loading of MathJax to `maths.js`."""
    app.config.mathjax_options = {"type": "text/late"}
    app.connect("builder-inited", copy_assets)
    app.connect("html-page-context", add_mathml)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
