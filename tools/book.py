"""The contents of the book, for tools and tests: its chapters, their cells and figures."""

import functools
import re
from pathlib import Path

import nbformat
import yaml

from _ext.predict import COMMENT, notes
from tools.execute import chapters, files
from tools.launch import ID as LAUNCH

ROOT = Path(__file__).parent.parent
FIGURE = "application/vnd.plotly.v1+json"
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
NOTEBOOKS = chapters()
EXERCISES = [path for path in NOTEBOOKS if path.stem.endswith("-exercises")]
NUMBERED = {Path(name).name for name in files(TOC["parts"][0])}
CHAPTERS = [path for path in NOTEBOOKS if path.stem in NUMBERED and path not in EXERCISES]
NAMES = [path.stem for path in CHAPTERS]


@functools.cache
def cells(path, kind):
    """Return the code or markdown cells of a notebook, without the hidden cell for Colab."""
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind and cell.id != LAUNCH]


def figures(cell):
    """Return the plotly figures among the outputs of a code cell."""
    return [output.data[FIGURE] for output in cell.outputs if FIGURE in output.get("data", {})]


def alternative_texts(path):
    """Return what is to stand for each figure of a notebook where it is not seen: the text in its cell's metadata, or its own."""
    def given(cell):
        return cell.metadata.get("mystnb", {}).get("image", {}).get("alt")

    return [given(cell) or figure["layout"]["meta"]["alt"] for cell in cells(path, "code") for figure in figures(cell)]


def printed(cell):
    """Return everything that a code cell printed, as one text."""
    texts = [output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    return "\n".join(texts)


def prose(path):
    """Return the text of a chapter without its code; of the notes on predictions the sentences, without the settings."""
    return "\n\n".join(COMMENT.sub(sentences, cell.source) for cell in cells(path, "markdown"))


def sentences(comment):
    """Return the sentences of a comment that says how a prediction is judged."""
    return "\n\n".join(notes(comment[0])[2].values())


def word_count(path):
    """Return the number of words of a chapter's prose, without the notes on predictions, of which a reader sees a sentence at most."""
    return sum(len(re.findall(r"\w+", COMMENT.sub("", cell.source))) for cell in cells(path, "markdown"))


def figure_count(name, stills=False):
    """Return the number of figures that a chapter draws; `stills` are only for paper and for readers without scripts."""
    shown = [cell for path in NOTEBOOKS if path.stem == name for cell in cells(path, "code")]
    return sum(len(figures(cell)) for cell in shown if stills or "still" not in cell.metadata.get("tags", []))
