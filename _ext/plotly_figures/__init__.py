"""Sphinx extension: shows plotly figures in the book, from the JSON that a notebook stores for them.

Each figure becomes a box with its data in a JSON script and, where it has one, a native slider;
`figures.js` draws it when it comes near. Readers without JavaScript get a picture of it instead
(`pictures.py`). plotly.js comes with the site (`bundle.py`) and is loaded only by pages that hold
a figure.
"""

import base64
import html
import json
import shutil
from pathlib import Path

import numpy as np
from docutils import nodes
from myst_nb.core.render import load_mime_renders
from plotly.offline import get_plotlyjs_version

from .bundle import plotly_js
from .pictures import draw_pictures, layout_height, picture_name, preview_name

HERE = Path(__file__).parent
MIME = "application/vnd.plotly.v1+json"
PLOTLY = f"plotly-{get_plotlyjs_version()}.min.js"
BUILDERS = ("html", "linkcheck")


class plotly_figure(nodes.General, nodes.Element):
    """A figure in a document, with plotly's JSON for it in the attribute `json`."""


class PlotlyFigure:
    """A myst-nb renderer of plotly's own output format."""

    mime_priority_overrides = [(builder, MIME, 0) for builder in BUILDERS]

    @staticmethod
    def handle_mime(renderer, data, inline):
        if inline or data.mime_type != MIME:
            return None
        return [plotly_figure(json=json.dumps(data.content, separators=(",", ":")))]


def write_figure(translator, node):
    """Write a figure node into a page."""
    builder = translator.builder
    address = f"_static/{picture_name(node['json'])}"
    root = "../" * builder.current_docname.count("/")
    picture = root + address if (Path(builder.outdir) / address).exists() else None
    translator.body.append(figure_html(json.loads(node["json"]), picture))
    raise nodes.SkipNode


def figure_html(figure, picture=None):
    """Return the HTML of a figure: its box, its slider, its data and what stands there without JavaScript."""
    layout = figure["layout"]
    alt = html.escape(layout["meta"]["alt"])
    sliders = layout.pop("sliders", [])
    layout.pop("updatemenus", None)
    height = layout_height(layout)
    narrow = layout["meta"].get("narrow", {}).get("height", height)
    instead = f'<img src="{picture}" alt="{alt}" width="720" height="{height}">' if picture else alt
    data = json.dumps(lighter(figure), separators=(",", ":")).replace("</", "<\\/")
    return (
        f'<div class="plotly-figure" role="group" aria-label="{alt}"'
        f' style="--height:{height}px;--narrow-height:{narrow}px">'
        f'<div class="plotly-drawing"><noscript>{instead}</noscript></div>'
        f"{''.join(slider_html(slider) for slider in sliders)}"
        f'<script type="application/json">{data}</script></div>'
    )


def lighter(part):
    """Return a part of a figure with its arrays in single precision: half the weight, and no screen shows more."""
    if isinstance(part, list):
        return [lighter(one) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("dtype") == "f8":
        numbers = np.frombuffer(base64.b64decode(part["bdata"])).astype("f4")
        return {**part, "dtype": "f4", "bdata": base64.b64encode(numbers).decode()}
    return {key: lighter(one) for key, one in part.items()}


def slider_html(slider):
    """Return a native slider with a play button for what plotly describes as a slider."""
    labels = [step["label"] for step in slider["steps"]]
    active = slider.get("active", 0)
    name = html.escape(slider["currentvalue"]["prefix"].rstrip(": "))
    now = html.escape(labels[active])
    steps = html.escape(json.dumps(labels))
    return (
        f'<div class="plotly-slider" data-steps="{steps}">'
        f'<button type="button" aria-label="Play: {name}">▶</button>'
        f'<input type="range" min="0" max="{len(labels) - 1}" value="{active}"'
        f' aria-label="{name}" aria-valuetext="{now}">'
        # Not announced by itself: the slider says its value already.
        f'<span class="plotly-reading">{name}: <output aria-live="off">{now}</output></span></div>'
    )


def copy_assets(app):
    """Put plotly.js and our own script and styles into the built site."""
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    shutil.copy(plotly_js(Path(app.outdir).parent / "npm"), static / PLOTLY)
    for asset in ("figures.js", "figures.css", "no_script.css"):
        shutil.copy(HERE / asset, static)


def draw_all(app, env):
    """Draw the still pictures of the book; the first one stands for every page that has no figure of its own."""
    documents = [env.get_doctree(name) for name in env.collect_relations()]
    figures = [[node["json"] for node in document.findall(plotly_figure)] for document in documents]
    first = [some[0] for some in figures if some]
    out = Path(app.outdir)
    draw_pictures(sum(figures, []), first, cache=Path(app.srcdir) / "_build" / "pictures", static=out / "_static")
    app.config.ogp_image = preview_of(app, first[0])
    return []


def preview_of(app, figure_json):
    """Return the address within the site of a figure's preview, empty if none was drawn."""
    address = f"_static/{preview_name(figure_json)}"
    return address if (Path(app.outdir) / address).exists() else ""


def add_assets(app, pagename, templatename, context, doctree):
    """Load plotly.js, after the page itself, where the page holds a figure, and name the page's preview."""
    figure = doctree and doctree.next_node(plotly_figure)
    if not figure:
        return
    context["meta"] = {**(context["meta"] or {}), "og:image": preview_of(app, figure["json"])}
    app.add_js_file("figures.js", loading_method="defer", priority=400)  # before MathJax
    app.add_css_file("figures.css")
    static = context["pathto"]("_static/", resource=True)
    # In the very head: figures take longest, and must not wait until the theme's styles and scripts are asked for.
    context["metatags"] += f'<script defer fetchpriority="high" src="{static}{PLOTLY}"></script>'
    context["metatags"] += f'<noscript><link rel="stylesheet" href="{static}no_script.css"></noscript>'


def setup(app):
    """Register the renderer: myst-nb finds its plugins by entry points, which a local extension has not."""
    renderers = load_mime_renders()
    if PlotlyFigure not in renderers:
        renderers.append(PlotlyFigure)
    app.add_node(plotly_figure, html=(write_figure, None))
    app.connect("builder-inited", copy_assets)
    app.connect("env-updated", draw_all)
    app.connect("html-page-context", add_assets, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
