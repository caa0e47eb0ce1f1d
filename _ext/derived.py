"""Sphinx extension: builds tables and times that follow from other files, so that nothing has to be written twice.

A page includes a table by its name:

    ```{derived} chapters
    ```

Pages also get the minutes that a chapter takes to read and to run, and the seconds that an exercise trains.
"""

import json
import re
from collections import defaultdict
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

WORDS = [(10, "a few seconds"), (20, "some ten seconds"), (45, "half a minute"), (90, "a minute"), (180, "two minutes")]
ENTRY = re.compile(r"(?m)^(\w.*)\n  \*\*(.+?)\.\*\* ")


def notebook(path):
    """Return the metadata of a notebook, its prose, and the sources of the code cells that its page shows."""
    book = nbformat.read(path, as_version=4)
    prose = "\n\n".join(re.sub("<!--.*?-->", "", cell.source, flags=re.DOTALL) for cell in book.cells if cell.cell_type == "markdown")
    shown = [cell for cell in book.cells if cell.cell_type == "code" and "remove-cell" not in cell.metadata.get("tags", [])]
    return book.metadata, prose, [cell.source for cell in shown]


def reading_minutes(path):
    """Return how long a chapter takes to read: 200 words a minute, 4 seconds a line of code."""
    _, prose, code = notebook(path)
    return len(re.findall(r"\w+", prose)) / 200 + sum(len(source.splitlines()) for source in code) * 4 / 60


def in_words(seconds):
    """Return a running time in words; rounded, as machines differ."""
    return next((words for most, words in WORDS if seconds <= most), f"{seconds / 60:.0f} minutes")


def chapters(root):
    """Return the rows of the table of contents: each page with its summary, in the order of `_toc.yml`."""
    toc = (root / "_toc.yml").read_text(encoding="utf-8")
    pages = [name for name in re.findall(r"file: chapters/(\S+)", toc) if not name.endswith("-exercises")]
    paths = [page(root, name) for name in pages]
    summaries = [summary(path) for path in paths]
    rows = [f"| [](/chapters/{path.name}) | {said} |" for path, said in zip(paths, summaries) if said]
    return ["| Chapter | Content |", "|---|---|", *rows]


def page(root, name):
    """Return the file of a page: a notebook or a text."""
    return next(path for kind in ("ipynb", "md") if (path := root / "chapters" / f"{name}.{kind}").exists())


def summary(path):
    """Return the summary of a page from its metadata, for the table of contents."""
    if path.suffix == ".ipynb":
        return notebook(path)[0].get("summary", "")
    found = re.match(r"---\n(?:.*\n)*?summary: (.+)\n(?:.*\n)*?---\n", path.read_text(encoding="utf-8"))
    return found[1] if found else ""


def sections(root):
    """Return the rows from section to slide: the table in slides.md, inverted and grouped by section."""
    forward = re.findall(r"(?m)^\| (.+?) \| (.+?) \| (\[.+?\]\(.+?\)) \|", (root / "chapters" / "slides.md").read_text(encoding="utf-8"))
    slides = defaultdict(list)
    for slide, chapter, section in forward:
        slides[chapter, section].append(slide)
    rows = [f"| {chapter} | {section} | {'; '.join(shown)} |" for (chapter, section), shown in slides.items()]
    return ["| Chapter | Section | Slides |", "|---|---|---|", *rows]


def from_statistics(root):
    """Return the rows from statistics to deep learning: the dictionary, inverted and sorted."""
    terms = defaultdict(list)
    for term, twins in ENTRY.findall((root / "chapters" / "dictionary.md").read_text(encoding="utf-8")):
        for twin in twins.split("; "):
            terms[twin].append(f"{{term}}`{term}`")
    rows = [f"| {twin} | {'; '.join(sorted(found))} |" for twin, found in sorted(terms.items(), key=lambda row: row[0].lower())]
    return ["| Statistics | Deep learning |", "|---|---|", *rows]


def machines(root):
    """Return the rows of the measurements on other machines."""
    results = json.loads((root / RESULTS / "machines.json").read_text(encoding="utf-8"))
    rows = [f"| {name} | {one['tests']} | {one['notebooks']} | {one['decimals']:.0f} | {one['figures']:.3f} | {one['surfaces']:.0f} |"
            for name, one in results.items()]
    return ["| Tried on | Tests | Notebooks | Decimals | Figures | Surfaces |", "|---|---|---|---|---|---|", *rows]


RESULTS = Path("tools", "measure")
TABLES = {"chapters": chapters, "sections": sections, "from-statistics": from_statistics, "machines": machines}


class Derived(SphinxDirective):
    """A table that follows from other files of the book; the argument is its name in TABLES."""

    required_arguments = 1

    def run(self):
        """Write the table in Markdown and parse it as part of the page."""
        if self.arguments[0] not in TABLES:
            raise self.error(f"derived: expected one of {list(TABLES)}, got {self.arguments[0]!r}")
        self.env.note_reread()  # the table can change when the page does not
        box = nodes.container()
        self.state.nested_parse(StringList(TABLES[self.arguments[0]](Path(self.env.srcdir))), self.content_offset, box)
        return box.children


def add_times(app, doctree):
    """Add the times to a chapter, below its objectives, and to the exercises."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    times = json.loads((Path(app.srcdir) / RESULTS / "times.json").read_text(encoding="utf-8"))["times"].get(path.stem)
    promise = next((one for one in doctree.findall(nodes.paragraph) if one.astext().startswith("After this chapter you can")), None)
    if promise is not None:
        minutes = f"About {round(reading_minutes(path))} minutes to read"
        said = f"{minutes}, {in_words(times['notebook'])} to run." if times else f"{minutes}."
        promise.parent.insert(promise.parent.index(promise) + 1, nodes.paragraph("", "", nodes.emphasis("", said)))
    exercises = [node for node in doctree.findall(nodes.Element) if "exercise" in node.get("classes", [])]
    for number, exercise in enumerate(exercises, 1):
        seconds = (times or {}).get(f"ex{number}-solution", 0)
        for text in exercise.findall(nodes.emphasis):
            if text.astext().startswith("Trains ") and seconds > 1.5:
                text.append(nodes.Text(f" About {seconds:.0f} seconds."))


def setup(app):
    """Add the directive, and the times once a page has been read."""
    app.add_directive("derived", Derived)
    app.connect("doctree-read", add_times)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
