"""Still pictures of the figures, drawn by Chromium, for readers without JavaScript and for previews of shared links."""

import hashlib
import json
import shutil
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import kaleido
from kaleido.errors import ChromeNotFoundError
from sphinx.util import logging

WIDTH = 720  # px, as wide as the text
INK = "#222832"  # the theme's text on white
PREVIEW = {"format": "png", "width": 800, "height": 420, "scale": 1.5}  # 1200 x 630 px, the usual size of link previews

logger = logging.getLogger(__name__)


def picture_name(figure_json):
    """Return the file name of a figure's picture, which changes with the figure."""
    return f"figure-{digest(figure_json)}.svg"


def preview_name(figure_json):
    """Return the file name of a figure's preview for shared links."""
    return f"preview-{digest(figure_json)}.png"


def digest(text):
    """Return a short hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def draw_pictures(figures, first, cache, static):
    """Write a picture of each of `figures`, given as plotly's JSON, and a preview of those in `first` into `static`.

    Pictures that are in `cache` are not drawn again. Without Chromium nothing is written.
    """
    wanted = {picture_name(one): partial(picture, one) for one in figures}
    wanted |= {preview_name(one): partial(preview, one) for one in first}
    missing = [name for name in wanted if not (cache / name).exists()]
    try:
        draw({name: wanted[name]() for name in missing}, cache)
    except ChromeNotFoundError:
        logger.info("Chromium not found: readers without JavaScript get text alternatives instead of pictures")
        return
    for name in wanted:
        shutil.copy(cache / name, static)


def picture(figure_json):
    """Return kaleido's job for the still picture of a figure."""
    figure = still(figure_json)
    return {"fig": figure, "opts": {"format": "svg", "width": WIDTH, "height": layout_height(figure["layout"])}}


def preview(figure_json):
    """Return kaleido's job for the preview of a figure: on white, with the proportions of a card."""
    figure = still(figure_json)
    figure["layout"] |= {"paper_bgcolor": "white", "height": PREVIEW["height"]}
    return {"fig": figure, "opts": PREVIEW}


def still(figure_json):
    """Return a figure in its initial state, without controls."""
    figure = json.loads(figure_json)
    layout = {key: value for key, value in figure["layout"].items() if key not in ("sliders", "updatemenus")}
    layout["font"] = {**layout.get("font", {}), "color": INK}
    return {"data": figure["data"], "layout": layout}


def layout_height(layout):
    """Return the height of a figure in pixels: its own or its template's."""
    return layout["height"] if "height" in layout else layout["template"]["layout"]["height"]


def draw(jobs, cache):
    """Draw pictures into `cache`, from a dict of jobs by file name; an unfinished picture never gets its final name."""
    if not jobs:
        return
    logger.info("drawing %d still pictures of figures", len(jobs))
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache) as unfinished:
        kaleido.write_fig_from_object_sync([{**job, "path": Path(unfinished) / name} for name, job in jobs.items()])
        for name in jobs:
            (Path(unfinished) / name).replace(cache / name)
