"""Sphinx extension: the reader commits to a number, a choice or a curve before she sees the result.

    :::{predict}
    **Predict first.** With a learning rate of 0.001, what is the new $w$?

    <!--
    answer: update / weight
    from: 0 to 2
    0.7623: You went uphill. Descent subtracts the gradient.
    -->
    :::

The question stands as text in JupyterLab, which shows no comments. Lines of the comment:

    answer: the address of a number or a curve in the stored outputs (`stored.py`); with a list of options, the one whose
        number is nearest to it is right
    right: 2, for a list of options, with `because: cell / row < cell / other row`, which must hold; `;` stands between comparisons
    from: 0 to 2, what may be answered; for a curve, its vertical axis
    within: 0.05, how near is right (by default, the digits of the output; for a curve, a tenth of the axis on average)
    unit: what stands after a number; beside: a curve of the same figure that is shown at once
    covers: the ids of the cells whose outputs, or whose text up to a heading, are covered; by default all that comes after the
        question, up to the cell with the answer and the text below it

Every other line is a usual misconception: what shows it, and a sentence for those who fell for it. It shows in a number (`0.76`,
`above 1`, `below 0`), an option (`3`), or a curve (`rises`, `falls`, `flat`, `turns`, `does not turn`, `ends above 0.4`, ...).

`{predictions}` is the page with the reader's own record. `predict.js` does the rest; without scripts and on paper nothing is covered.
"""

import re
from pathlib import Path

import nbformat
import numpy as np
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from . import stored
from .covers import cover
from .markup import predict, predict_asked, predict_form, predict_option, predict_options, predict_record, predict_says, writers

HERE = Path(__file__).parent
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
SETTINGS = {"answer", "right", "because", "from", "within", "unit", "beside", "covers", "name"}
SHAPE = r"(?:rises|falls|flat|straight|turns|does not turn|(?:starts|ends) (?:above|below) -?[\d.]+)"
IDEAS = {"number": r"(?:(?:above|below) )?-?[\d.]+", "choice": r"\d+", "curve": rf"{SHAPE}(?: and {SHAPE})*"}


def notes(text):
    """Split the text of a question into what everybody sees, the settings, and the sentence for each idea."""
    lines = re.sub(r"\n[ \t]+(?=\S)", " ", "\n".join(COMMENT.findall(text))).splitlines()
    pairs = [line.partition(": ")[::2] for line in lines if line.strip()]
    if odd := [key for key, said in pairs if not said]:
        raise stored.Missing(f"expected lines such as `answer: ...` in the comment, got {odd[0]!r}")
    settings = {key: said for key, said in pairs if key in SETTINGS}
    return COMMENT.sub("", text), settings, {key: said for key, said in pairs if key not in SETTINGS}


def span(text):
    """Return the two numbers of `0 to 2`."""
    return [float(one) for one in text.split(" to ")]


def number_settings(book, given):
    """Return what the script must know to judge a number."""
    answer = stored.number(book, given["answer"])
    low, high = span(given["from"])
    digits = len(answer.partition(".")[2])
    within = float(given.get("within", 0.501 * 10.0**-digits))
    return {"answer": answer, "low": low, "high": high, "within": within, "unit": given.get("unit", "")}


def choice_settings(book, given, options):
    """Return the number of the right option, from 0, and make sure that it is right."""
    if "answer" in given:
        answer = float(stored.number(book, given["answer"]))
        gaps = [abs(float(stored.NUMBER.search(option)[0]) - answer) for option in options]
        return {"answer": gaps.index(min(gaps))}
    if not stored.holds(book, given["because"]):
        raise stored.Missing(f"expected that {given['because']}, got another output: another option is right")
    return {"answer": int(given["right"]) - 1}


def curve_settings(book, given):
    """Return the true curve, where the reader sets hers, and the axes."""
    cell = stored.parts_of(given["answer"])[0]
    layout = stored.figure(book, given["answer"])["layout"]
    logs = {axis: layout[f"{axis}axis"].get("type") == "log" for axis in "xy"}
    points = stored.curve(book, given["answer"])
    at = stored.knots(points, logs["x"])
    low, high = span(given["from"])
    beside = given.get("beside")
    return {"answer": stored.thinned(points), "at": at, "low": low, "high": high, "logs": logs,
            "name": stored.parts_of(given["answer"])[1], "within": float(given.get("within", (high - low) / 10)),
            "titles": {axis: layout[f"{axis}axis"]["title"]["text"] for axis in "xy"},
            "truth": np.interp(at, *points.T).round(6).tolist(),
            "beside": beside and {"name": beside, "points": stored.thinned(stored.curve(book, f"{cell} / {beside}"))}}


def addresses(given):
    """Return the addresses that a question's answer rests on."""
    words = re.split(r"; | (?:minus|<=|>=|<|>|=) ", given.get("because", given.get("answer", "")))
    return [word for word in words if not stored.NUMBER.fullmatch(word.strip())]


class Predict(SphinxDirective):
    """A question to be answered before the result is shown."""

    has_content = True

    def run(self):
        """Return the question, or say what is wrong with it."""
        book = nbformat.read(self.env.doc2path(self.env.docname), as_version=4)
        cell = book.cells[self.lineno // 10000 - 1]
        try:
            return [self.question(book, cell)]
        except (stored.Missing, KeyError, IndexError, ValueError, TypeError) as wrong:
            said = f"expected a line `{wrong.args[0]}: ...`, got none" if isinstance(wrong, KeyError) else wrong
            raise self.error(f"predict: {self.env.docname}, cell {cell.id!r}: {said}") from wrong

    def question(self, book, cell):
        """Return the question that stands in a cell: its options, what the script must know, and the sentences."""
        text, given, ideas = notes("\n".join(self.content))
        name = given.get("name", f"predict-{cell.id.removesuffix('-text')}")
        box = predict(ids=[name], cell=cell.id, given=given, answers=addresses(given))
        box.line = self.lineno
        self.state.nested_parse(StringList(text.splitlines()), 0, box)
        box["asked"] = box.next_node(nodes.paragraph).astext().removeprefix("Predict first. ")
        options = with_options(box, name)
        settings = settings_of(book, given, options)
        check_ideas(ideas, settings, len(options))
        form = predict_form(settings={**settings, "ideas": list(ideas), "page": Path(self.env.docname).name}, name=name)
        sentences = [nodes.paragraph("", "", *self.state.inline_text(said, self.lineno)[0]) for said in ideas.values()]
        box += [form, predict_says("", *sentences)]
        return box


def with_options(box, name):
    """Set the question apart, turn a list of options into controls, and return their texts."""
    asked = predict_asked("", *box.children, name=name)
    box.children = []
    box += asked
    listed = next((child for child in asked.children if isinstance(child, nodes.bullet_list)), None)
    if listed is None:
        return []
    options = predict_options(name=name)
    for index, item in enumerate(listed.children):
        options += predict_option("", *item.next_node(nodes.paragraph).children, name=name, value=index)
    asked.remove(listed)
    box += options
    return [option.astext() for option in options.children]


def settings_of(book, given, options):
    """Return the kind of a question and what the script must know about it."""
    if options:
        return {"kind": "choice", **choice_settings(book, given, options)}
    if stored.figure(book, given["answer"]):
        return {"kind": "curve", **curve_settings(book, given)}
    return {"kind": "number", **number_settings(book, given)}


def check_ideas(ideas, settings, options):
    """Make sure that each misconception can be told from what the reader says, and that the right answer is none."""
    kind = settings["kind"]
    for idea in ideas:
        if not re.fullmatch(IDEAS[kind], idea) or options and not 1 <= int(idea) <= options:
            raise stored.Missing(f"expected what shows a misconception in a {kind}, or one of {sorted(SETTINGS)}, got {idea!r}")
        if kind == "number" and shows(idea, float(settings["answer"]), settings["within"]):
            raise stored.Missing(f"expected misconceptions that the right answer {settings['answer']} does not show, got {idea!r}")


def shows(idea, number, within):
    """Return whether a number shows an idea; the script has the same rule."""
    *side, limit = idea.split(" ")
    gap = number - float(limit)
    return abs(gap) <= within if not side else gap > 0 if side == ["above"] else gap < 0


def cover_answers(app, doctree):
    """Cover what answers the questions of a page, and note them for the record."""
    questions = list(doctree.findall(predict))
    if questions:
        book = nbformat.read(app.env.doc2path(app.env.docname), as_version=4)
        for box in questions:
            try:
                cover(doctree, book, box)
            except stored.Missing as wrong:
                raise ExtensionError(f"predict: {app.env.docname}, cell {box['cell']!r}: {wrong}") from wrong
    asked = [{"id": box["ids"][0], "asked": box["asked"]} for box in questions]
    if len({one["id"] for one in asked}) < len(asked):
        raise ExtensionError(f"predict: {app.env.docname}: expected a name of its own for each question of a cell")
    kept(app.env)[app.env.docname] = asked


def kept(env):
    """Return the questions of each page, which the environment keeps."""
    if not hasattr(env, "predictions"):
        env.predictions = {}
    return env.predictions


def forget(app, env, docname):
    """Forget the questions of a page that is read anew or gone."""
    kept(env).pop(docname, None)


def merge(app, env, docnames, other):
    """Take over what a parallel reader has found."""
    kept(env).update({name: kept(other)[name] for name in docnames if name in kept(other)})


class Predictions(SphinxDirective):
    """The reader's own record; the body stands there for readers without scripts."""

    has_content = True

    def run(self):
        """Return the record, with its body inside."""
        box = predict_record()
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


def copy_assets(app):
    """Copy scripts and style into the built site, without comments and indentation, which are half of their weight."""
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for path in [*HERE.glob("*.js"), *HERE.glob("*.css")]:
        (static / path.name).write_text(bare(path.read_text(encoding="utf-8")), encoding="utf-8")


def bare(text):
    """Return the lines of a script or a style without comments that fill lines, and without indentation."""
    lines = [line.strip() for line in re.sub(r"(?m)^\s*/\*.*?\*/$", "", text).splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def add_assets(app, pagename, templatename, context, doctree):
    """Load the scripts before the text of a page with a question, so that no answer is seen before it is covered."""
    scripts = [name for node, name in ((predict, "predict"), (predict_record, "record")) if doctree and doctree.next_node(node)]
    for name in scripts:
        app.add_css_file(f"{name}.css")
        context["metatags"] += f'<script src="{context["pathto"](f"_static/{name}.js", resource=True)}"></script>'


def setup(app):
    """Register the directives, what is covered, and the assets."""
    for node, write in writers().items():
        app.add_node(node, html=write)
    app.add_directive("predict", Predict)
    app.add_directive("predictions", Predictions)
    app.connect("builder-inited", copy_assets)
    app.connect("doctree-read", cover_answers)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("html-page-context", add_assets, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
