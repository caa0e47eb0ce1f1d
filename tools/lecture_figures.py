"""Writes the lecture's figures into `figures/`, under the names that its slides embed, from the cells of the chapters.

A cell with the tag `lecture-figure1` becomes `figures/figure1.html`, to be embedded in an iframe; each network diagram becomes
an SVG and a PNG. All pages share one plotly.js and work offline.
"""

import html
import json
import shutil
import sys
from pathlib import Path

import nbformat
from kaleido.errors import ChromeNotFoundError

from _ext.plotly_figures import MIME, PLOTLY, figure_html, in_proportion
from _ext.plotly_figures.bundle import plotly_js
from _ext.plotly_figures.pictures import WIDTH, draw, layout_height, still
from tools.execute import ROOT, chapters

EXTENSIONS, SLIDES = ROOT / "_ext", ROOT / "tools" / "slides"
TAG = "lecture-"
DIAGRAMS = ["nn_2_inputs", "nn_2layer_1input", "nn_141", "nn_241", "backprop"]
STYLES = ["figures.css", "slide.css"]
SCRIPTS = ["slide.js", PLOTLY, "figures.js"]


def lecture_figures():
    """Return a dict from each figure's name on the slides to its stored figure and caption."""
    cells = [cell for path in chapters() for cell in nbformat.read(path, as_version=4).cells]
    tagged = {tag.removeprefix(TAG): cell for cell in cells for tag in cell.metadata.get("tags", []) if tag.startswith(TAG)}
    return {name: (stored(cell), cell.metadata["mystnb"]["figure"]["caption"]) for name, cell in tagged.items()}


def stored(cell):
    """Return the one figure among the outputs of a cell."""
    figure, = (output.data[MIME] for output in cell.outputs)
    return in_proportion(figure)


def page(figure, caption):
    """Return the HTML of a page with nothing but one figure."""
    styles = "".join(f'<link rel="stylesheet" href="{style}">' for style in STYLES)
    scripts = "".join(f'<script defer src="{script}"></script>' for script in SCRIPTS)
    head = f'<meta charset="utf-8"><title>{html.escape(caption)}</title>{styles}{scripts}'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{figure_html(figure)}</body></html>\n'


def picture(figure, kind):
    """Return kaleido's job for a picture of a figure: on white, at the last step of its slider."""
    whole = still(json.dumps(figure))
    for last in figure.get("frames", [])[-1:]:
        for index, trace in zip(last["traces"], last["data"]):
            whole["data"][index].update(trace)
    whole["layout"] |= {"paper_bgcolor": "white"}
    size = {"width": WIDTH, "height": layout_height(whole["layout"])}
    return {"fig": whole, "opts": {"format": kind, "scale": 2 if kind == "png" else 1, **size}}


def write_pictures(figures, out):
    """Write the diagrams among the figures into the folder `out`."""
    draw({f"{name}.{kind}": picture(figures[name][0], kind) for name in DIAGRAMS for kind in ("svg", "png")}, out)


def write_pages(figures, out):
    """Write a page for each figure that is not a diagram into the folder `out`, with the files that the pages share."""
    shutil.copy(plotly_js(ROOT / "_build" / "npm"), out / PLOTLY)
    for folder, asset in ((EXTENSIONS / "plotly_figures", "figures.js"), (EXTENSIONS / "plotly_figures", "figures.css"),
                          (SLIDES, "slide.js"), (SLIDES, "slide.css")):
        shutil.copy(folder / asset, out)
    for name in figures.keys() - set(DIAGRAMS):
        (out / f"{name}.html").write_text(page(*figures[name]), encoding="utf-8")


def main(out=ROOT / "figures"):
    """Write all figures, and say where."""
    out = Path(out)
    figures = lecture_figures()
    try:
        write_pictures(figures, out)
    except ChromeNotFoundError:
        sys.exit("make figures needs Chromium to draw the diagrams, for instance from: apt-get install chromium")
    write_pages(figures, out)
    print(f"{len(figures)} figures of the lecture are in {out}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
