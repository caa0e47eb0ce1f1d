"""Sphinx extension: shows plotly figures in the book, from the JSON that a notebook stores for them.

Each figure becomes a box with its data in a JSON script and, where it has one, a native slider;
`figures.js` draws it when it comes near. plotly.js comes from the plotly package, not from the web,
and is loaded only by pages that hold a figure.
"""

import html
import json
import shutil
from pathlib import Path

import plotly
from docutils import nodes
from myst_nb.core.render import load_mime_renders

HERE = Path(__file__).parent
MIME = "application/vnd.plotly.v1+json"


class PlotlyFigure:
    """A myst-nb renderer of plotly's own output format."""

    mime_priority_overrides = [("html", MIME, 0), ("dirhtml", MIME, 0), ("singlehtml", MIME, 0)]

    @staticmethod
    def handle_mime(renderer, data, inline):
        if inline or data.mime_type != MIME:
            return None
        return [nodes.raw("", figure_html(data.content), format="html")]


def figure_html(figure):
    """Return the HTML of a figure: its box, its slider, its data and its text alternative."""
    layout = figure["layout"]
    alt = html.escape(layout["meta"]["alt"])
    sliders = layout.pop("sliders", [])
    layout.pop("updatemenus", None)
    narrow = layout["meta"].get("narrow", {}).get("height", layout_height(layout))
    data = json.dumps(figure, separators=(",", ":")).replace("</", "<\\/")
    return (
        f'<div class="plotly-figure" role="group" aria-label="{alt}"'
        f' style="--height:{layout_height(layout)}px;--narrow-height:{narrow}px">'
        f'<div class="plotly-drawing"><noscript>{alt}</noscript></div>'
        f"{''.join(slider_html(slider) for slider in sliders)}"
        f'<script type="application/json">{data}</script></div>'
    )


def layout_height(layout):
    """Return the height of a figure in pixels, its own or that of the look."""
    return layout.get("height", layout["template"]["layout"]["height"])


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
        f'<span class="plotly-reading">{name}: <output>{now}</output></span></div>'
    )


def copy_assets(app):
    """Put plotly.js and our own script and style into the built site."""
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(plotly.__file__).parent / "package_data" / "plotly.min.js", static)
    for asset in ("figures.js", "figures.css"):
        shutil.copy(HERE / asset, static)


def add_assets(app, pagename, templatename, context, doctree):
    """Load plotly.js, after the page itself, where the page holds a figure."""
    if 'class="plotly-figure"' in context.get("body", ""):
        app.add_js_file("plotly.min.js", loading_method="defer")
        app.add_js_file("figures.js", loading_method="defer")
        app.add_css_file("figures.css")


def setup(app):
    """Register the renderer: myst-nb finds its plugins by entry points, which a local extension has not."""
    renderers = load_mime_renders()
    if PlotlyFigure not in renderers:
        renderers.append(PlotlyFigure)
    app.connect("builder-inited", copy_assets)
    app.connect("html-page-context", add_assets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
