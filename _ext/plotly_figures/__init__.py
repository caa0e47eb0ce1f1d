"""Sphinx extension: renders plotly figures from the JSON that notebooks store.

Each figure becomes a box that holds its data as JSON and, if it has a slider, a native one; `figures.js` draws the figure
shortly before it scrolls into view. Readers without JavaScript see a still picture (`pictures.py`). plotly.js is part of
the site (`bundle.py`), and only pages with a figure load it.
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
from .pictures import WIDTH, draw_pictures, layout_height, picture_name, preview_name

HERE = Path(__file__).parent
MIME = "application/vnd.plotly.v1+json"
PLOTLY = f"plotly-{get_plotlyjs_version()}.min.js"
BUILDERS = ("html", "linkcheck")
# Pixels: what is above and below a plot, and beside it; the slider that plotly draws in notebooks; a map on a phone, a curve that stands
# below it, and the gap between the two.
FRAME, BESIDE, BESIDE_NARROW, THEIR_SLIDER = 110, 88, 68, 110
NARROW_MAP, CURVE, GAP = 275, 130, 64


class plotly_figure(nodes.General, nodes.Element):
    """A figure in a document; the attribute `json` holds its plotly JSON."""


class PlotlyFigure:
    """A myst-nb renderer for plotly's output format."""

    mime_priority_overrides = [(builder, MIME, 0) for builder in BUILDERS]

    @staticmethod
    def handle_mime(renderer, data, inline):
        if inline or data.mime_type != MIME:
            return None
        figure = in_proportion(with_alt(data.content, data.cell_metadata))
        return [plotly_figure(json=json.dumps(figure, separators=(",", ":")))]


def with_alt(figure, metadata):
    """Return a figure with the alternative text of its cell's metadata, `mystnb: image: alt`, in place of its own."""
    alt = metadata.get("mystnb", {}).get("image", {}).get("alt")
    layout = figure["layout"]
    return {**figure, "layout": {**layout, "meta": {**layout.get("meta", {}), "alt": alt}}} if alt else figure


def in_proportion(figure):
    """Return a figure of maps, whose ratio of height to width `meta` has, without the room for plotly's slider below it.

    Where it is narrow, the curve beside the map of a slider stands below it.
    """
    layout = figure["layout"]
    ratio = layout.get("meta", {}).get("ratio")
    if ratio is None or "sliders" not in layout:
        return figure
    plot = NARROW_MAP * ratio + GAP + CURVE
    narrow = {"height": round(plot + FRAME), "xaxis.domain": [0, 1], "yaxis.domain": [(GAP + CURVE) / plot, 1],
              "xaxis2.domain": [0, 1], "yaxis2.domain": [0, CURVE / plot]}
    return {**figure, "layout": {**layout, "height": layout["height"] - THEIR_SLIDER, "meta": {**layout["meta"], "narrow": narrow}}}


def heights(layout):
    """Return the height of a figure, and where it is narrow, in CSS: that of maps goes with the width, as both axes have one scale."""
    height = layout_height(layout)
    narrow = layout["meta"].get("narrow", {}).get("height")
    if "ratio" not in layout["meta"]:
        return f"{height}px", f"{narrow or height}px"
    share = (height - FRAME) / (WIDTH - BESIDE)
    wide, small = (f"calc({FRAME}px + {share:.4f} * (100cqw - {beside}px))" for beside in (BESIDE, BESIDE_NARROW))
    return wide, f"{narrow}px" if narrow else small


def write_figure(translator, node):
    """Write a figure into a page."""
    builder = translator.builder
    address = f"_static/{picture_name(node['json'])}"
    root = "../" * builder.current_docname.count("/")
    picture = root + address if (Path(builder.outdir) / address).exists() else None
    translator.body.append(figure_html(json.loads(node["json"]), picture))
    raise nodes.SkipNode


def figure_html(figure, picture=None):
    """Return the HTML of a figure: its box, slider and data, and what readers without JavaScript see."""
    layout = figure["layout"]
    alt = html.escape(layout["meta"]["alt"])
    sliders = layout.pop("sliders", [])
    layout.pop("updatemenus", None)
    wide, narrow = heights(layout)
    instead = f'<img src="{picture}" alt="{alt}" width="720" height="{layout_height(layout)}">' if picture else alt
    data = json.dumps(lighter(figure), separators=(",", ":")).replace("</", "<\\/")
    return (
        f'<div class="plotly-figure" role="group" aria-label="{alt}"'
        f' style="--height:{wide};--narrow-height:{narrow}">'
        f'<div class="plotly-drawing"><noscript>{instead}</noscript></div>'
        f"{''.join(slider_html(slider, layout['meta'].get('switches')) for slider in sliders)}"
        f'<script type="application/json">{data}</script></div>'
    )


def lighter(part):
    """Return a part of a figure with its arrays in single precision: half the size, and more precise than any screen."""
    if isinstance(part, list):
        return [lighter(one) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("dtype") == "f8":
        numbers = np.frombuffer(base64.b64decode(part["bdata"])).astype("f4")
        return {**part, "dtype": "f4", "bdata": base64.b64encode(numbers).decode()}
    return {key: lighter(one) for key, one in part.items()}


def slider_html(slider, switches=None):
    """Return a native slider with a play button, from plotly's description of a slider, or choices in place of both.

    switches: of each choice the name and the values; the steps are all combinations, those of the last choice in a row.
    """
    labels = [step["label"] for step in slider["steps"]]
    if switches:
        return switches_html(labels, switches)
    active = slider.get("active", 0)
    name = html.escape(slider["currentvalue"]["prefix"].rstrip(": "))
    now = html.escape(labels[active])
    steps = html.escape(json.dumps(labels))
    return (
        f'<div class="plotly-slider" data-steps="{steps}">'
        f'<button type="button" aria-label="Play: {name}">▶</button>'
        f'<input type="range" min="0" max="{len(labels) - 1}" value="{active}"'
        f' aria-label="{name}" aria-valuetext="{now}">'
        # Not announced separately, because the slider announces its value.
        f'<span class="plotly-reading">{name}: <output aria-live="off">{now}</output></span></div>'
    )


def switches_html(labels, switches):
    """Return a native choice for each switch."""
    def choice(name, values):
        options = "".join(f"<option>{html.escape(value)}</option>" for value in values)
        return f"<label>{html.escape(name)} <select>{options}</select></label>"

    choices = "".join(choice(name.replace("_", " "), values) for name, values in switches)
    steps = html.escape(json.dumps(labels))
    return f'<div class="plotly-switches" data-steps="{steps}">{choices}<p class="visually-hidden" aria-live="polite"></p></div>'


def copy_assets(app):
    """Copy plotly.js and our own script and styles into the built site."""
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    shutil.copy(plotly_js(Path(app.srcdir) / "_build" / "npm"), static / PLOTLY)
    for asset in ("figures.js", "figures.css", "no_script.css"):
        shutil.copy(HERE / asset, static)


def draw_all(app, env):
    """Draw the still pictures of the book; the first is the preview of every page without a figure."""
    documents = [env.get_doctree(name) for name in env.collect_relations()]
    figures = [[node["json"] for node in document.findall(plotly_figure)] for document in documents]
    first = [some[0] for some in figures if some]
    out = Path(app.outdir)
    draw_pictures(sum(figures, []), first, cache=Path(app.srcdir) / "_build" / "pictures", static=out / "_static")
    app.config.ogp_image = preview_of(app, first[0])
    return []


def preview_of(app, figure_json):
    """Return the address of a figure's preview within the site, or an empty string if none was drawn."""
    address = f"_static/{preview_name(figure_json)}"
    return address if (Path(app.outdir) / address).exists() else ""


def add_assets(app, pagename, templatename, context, doctree):
    """On pages with a figure, load plotly.js after the page itself, and set the page's preview."""
    figure = doctree and doctree.next_node(plotly_figure)
    if not figure:
        return
    context["meta"] = {**(context["meta"] or {}), "og:image": preview_of(app, figure["json"])}
    app.add_js_file("figures.js", loading_method="defer", priority=400)  # before MathJax
    app.add_css_file("figures.css")
    static = context["pathto"]("_static/", resource=True)
    # First in the head: figures take longest, so plotly.js must not queue behind the theme's styles and scripts.
    context["metatags"] += f'<script defer fetchpriority="high" src="{static}{PLOTLY}"></script>'
    context["metatags"] += f'<noscript><link rel="stylesheet" href="{static}no_script.css"></noscript>'


def setup(app):
    """Register the renderer directly, since local extensions cannot have the entry points that myst-nb looks for."""
    renderers = load_mime_renders()
    if PlotlyFigure not in renderers:
        renderers.append(PlotlyFigure)
    app.add_node(plotly_figure, html=(write_figure, None))
    app.connect("builder-inited", copy_assets)
    app.connect("env-updated", draw_all)
    app.connect("html-page-context", add_assets, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
