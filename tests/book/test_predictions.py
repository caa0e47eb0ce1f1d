"""Every question that asks for a prediction has its answer in the stored outputs of its chapter, and mistakes of authors are named."""

import base64
import re

import nbformat
import numpy as np
import pytest
from docutils import nodes

from _ext.predict import addresses, check_ideas, notes, settings_of, stored
from _ext.predict.covers import cover
from _ext.predict.markup import predict, predict_cover
from tools.book import CHAPTERS, ROOT, cells

BLOCK = re.compile(r":::\{predict\}\n(.*?)\n:::", re.DOTALL)
# Chapters whose questions stand as plain text, with the result below them.
PLAIN = {"motivation", "recap"}


def questions(path):
    """Return the questions of a chapter: for each the id of its cell, its text, its settings, and the sentence for each idea."""
    return [(cell.id, *notes(text)) for cell in cells(path, "markdown") for text in BLOCK.findall(cell.source)]


def options(text):
    """Return the options of a question."""
    return re.findall(r"(?m)^- (.+)", text)


EVERY = [(path, *question) for path in CHAPTERS for question in questions(path)]
every_question = pytest.mark.parametrize("path, cell, text, given, ideas", EVERY, ids=[f"{one[0].stem}-{one[1]}" for one in EVERY])


@every_question
def test_the_answer_stands_in_the_stored_output(path, cell, text, given, ideas):
    book, choices = nbformat.read(path, as_version=4), options(text)
    settings = settings_of(book, given, choices)
    check_ideas(ideas, settings, len(choices))
    assert any(stored.figure(book, one) or stored.number(book, one) for one in addresses(given))
    if settings["kind"] == "choice":
        assert 0 <= settings["answer"] < len(choices)
    elif settings["kind"] == "number":
        assert settings["low"] <= float(settings["answer"]) <= settings["high"]
    else:
        assert all(settings["low"] <= value <= settings["high"] for value in [*settings["truth"], *settings["answer"][1]])


@every_question
def test_a_question_says_predict_first_and_knows_a_misconception(path, cell, text, given, ideas):
    assert text.startswith("**Predict first.** ") and "?" in text
    assert ideas and all(re.fullmatch(r"[A-Z].*[.?]", said) for said in ideas.values())
    assert len(options(text)) != 1


@every_question
def test_one_option_alone_is_right(path, cell, text, given, ideas):
    choices = options(text)
    if choices and "answer" in given:
        answer = float(stored.number(nbformat.read(path, as_version=4), given["answer"]))
        gaps = sorted(abs(float(stored.NUMBER.search(option)[0]) - answer) for option in choices)
        assert gaps[0] < gaps[1] / 2
    elif choices:
        assert given["right"] not in ideas


@pytest.mark.parametrize("path", [path for path in CHAPTERS if path.stem not in PLAIN], ids=lambda path: path.stem)
def test_every_predict_first_of_a_chapter_is_one_that_can_be_answered(path):
    plain = [cell.id for cell in cells(path, "markdown") if "**Predict first.**" in BLOCK.sub("", cell.source)]
    assert not plain
    assert len(questions(path)) >= 2


# ---- A notebook for trying things out ----

TABLE = """<table><thead><tr><th></th><th>loss</th><th>a + b</th></tr><tr><th>epoch</th><th></th><th></th></tr></thead>
<tbody><tr><th>0</th><td>0.693</td><td>-1.5</td></tr><tr><th>50</th><td>0.241</td><td>2</td></tr></tbody></table>"""
SERIES = "epoch\n0      0.693\n-1     0.241\nbest epoch    0.500\nName: loss, dtype: float64"
PRINTED = "tensor([[0.9086]], grad_fn=<AddmmBackward0>)"
EIGHT = {"dtype": "f8", "bdata": base64.b64encode(np.linspace(0, 1, 101).tobytes()).decode()}
FIGURE = {"data": [{"name": "true", "x": list(range(101)), "y": EIGHT}], "layout": {"xaxis": {"title": {"text": "epoch"}},
                                                                                   "yaxis": {"title": {"text": "loss"}, "type": "log"}}}


def code(name, **data):
    """Return a code cell with this id and this output."""
    names = {"plain": "text/plain", "table": "text/html", "figure": stored.FIGURE}
    shown = [nbformat.v4.new_output("execute_result", {names[kind]: value for kind, value in data.items()})] if data else []
    return nbformat.v4.new_code_cell("1", id=name, outputs=shown)


@pytest.fixture
def book():
    """A notebook with a question in its first cell, a heading in its last, and every kind of output between them."""
    ask, read = (nbformat.v4.new_markdown_cell("", id=name) for name in ("ask-text", "read-text"))
    return nbformat.v4.new_notebook(cells=[
        ask, code("table", plain="", table=TABLE), code("series", plain=SERIES), code("printed", plain=PRINTED),
        code("figure", figure=FIGURE), code("silent"), code("loss", plain="0.5"), read])


@pytest.mark.parametrize("address, found", [
    ("table / 50 / loss", "0.241"), ("table / 0 / a + b", "-1.5"), ("series / -1", "0.241"), ("series / best epoch", "0.500"),
    ("printed", "0.9086"), ("series / #2", "0.693"), ("series / #-1", "0.500"),
])
def test_a_number_is_found_where_its_address_says(book, address, found):
    assert stored.number(book, address) == found


@pytest.mark.parametrize("address, said", [
    ("tables", "id of a code cell, got 'tables'"), ("ask-text", "id of a code cell, got 'ask-text'"),
    ("table / 51 / loss", r"a row among \['0', '50'\] in the output of the cell 'table', got '51'"),
    ("table / 50 / los", r"a column among \['loss', 'a \+ b'\].* got 'los'"), ("table / 50", "a column among .* got None"),
    ("series", "one number, or a place such as `#2`, in the output of the cell 'series', got 5"),
    ("printed / #2", "at least 2 numbers in the output of the cell 'printed', got 1"),
])
def test_a_number_that_is_not_there_is_named(book, address, said):
    with pytest.raises(stored.Missing, match=f"expected .*{said}"):
        stored.number(book, address)


@pytest.mark.parametrize("condition, true", [
    ("table / 0 / loss > table / 50 / loss", True), ("table / 0 / loss < table / 50 / loss", False), ("printed = 0.9086", True),
    ("printed > 1", False), ("table / 0 / loss = series / 0; printed < 1", True), ("printed < 1; printed > 1", False),
    ("table / 0 / loss minus table / 50 / loss > 0.4", True), ("table / 0 / loss minus table / 50 / loss > 0.5", False),
])
def test_a_condition_compares_stored_numbers(book, condition, true):
    assert stored.holds(book, condition) is true


@pytest.mark.parametrize("given, texts, said", [
    ({"right": "1", "because": "printed > 1"}, ["a", "b"], "expected that printed > 1"),
    ({"right": "1", "because": "printed is small"}, ["a", "b"], "expected a comparison"),
    ({"answer": "figure / false", "from": "0 to 1"}, [], r"a curve among \['true'\] in the figure of the cell 'figure', got 'false'"),
    ({"answer": "printed", "from": "0 to 1", "0.9": "x"}, [], None),
])
def test_a_right_option_must_be_right_and_a_curve_be_there(book, given, texts, said):
    if said is None:
        assert settings_of(book, given, texts)["answer"] == "0.9086"
    else:
        with pytest.raises(stored.Missing, match=said):
            settings_of(book, given, texts)


def test_of_options_with_numbers_the_nearest_is_right(book):
    assert settings_of(book, {"answer": "table / 50 / loss"}, ["About 0.5", "About 0.25", "About 0.1"])["answer"] == 1


def test_a_curve_is_set_at_nine_points_and_true_at_each(book):
    settings = settings_of(book, {"answer": "figure / true", "from": "0.01 to 1"}, [])
    assert settings["at"] == [0, 12.5, 25, 37.5, 50, 62.5, 75, 87.5, 100]
    assert settings["truth"] == pytest.approx([x / 100 for x in settings["at"]])
    assert settings["logs"] == {"x": False, "y": True} and len(settings["answer"][0]) <= stored.POINTS


@pytest.mark.parametrize("idea", ["0.9", "above 0.5", "below 1", "near 0.5", "5 to 6"])
def test_an_idea_that_the_right_answer_shows_or_that_nothing_shows_is_refused(idea):
    with pytest.raises(stored.Missing, match="got '?" + idea):
        check_ideas({idea: "A sentence."}, {"kind": "number", "answer": "0.9086", "within": 0.02}, 0)


@pytest.mark.parametrize("kind, idea", [
    ("choice", "4"), ("choice", "0"), ("choice", "sooner"), ("curve", "sinks"), ("curve", "rises or falls"),
])
def test_an_idea_must_be_an_option_or_a_shape(kind, idea):
    with pytest.raises(stored.Missing, match=f"got '{idea}'"):
        check_ideas({idea: "A sentence."}, {"kind": kind}, 3 if kind == "choice" else 0)


def test_lines_of_a_note_may_go_on_on_the_next_if_indented():
    text, given, ideas = notes("Ask?\n<!--\nanswer: table / 0\n    / loss\n0.5: A sentence\n  that goes on: here.\n-->")
    assert (text, given, ideas) == ("Ask?\n", {"answer": "table / 0 / loss"}, {"0.5": "A sentence that goes on: here."})
    with pytest.raises(stored.Missing, match="expected lines such as `answer: ...` in the comment, got 'nothing'"):
        notes("Ask?\n<!--\nnothing\n-->")


# ---- What is covered ----


def page_of(book, given, heading="read-text"):
    """Return the document of the notebook, and its question; a heading stands in one of the cells, before its text."""
    doctree, section = nodes.Element(), nodes.section()
    doctree += section
    box = predict(ids=["q"], cell="ask-text", given=given, answers=addresses(given), asked="Ask?")
    box.line = 10_001
    section += box
    for index, cell in list(enumerate(book.cells))[1:]:
        if cell.id == heading:
            section += nodes.title("", "A heading")
            section.children[-1].line = 10_000 * (index + 1) + 1
        if cell.cell_type == "markdown":
            section += nodes.paragraph("", cell.id)
            section.children[-1].line = 10_000 * (index + 1) + 3
        else:
            shown = [nodes.container("", nodes.Text(cell.id), nb_element="cell_code_output")] if cell.outputs else []
            section += nodes.container("", nodes.paragraph("", "code"), *shown, nb_element="cell_code", cell_index=index)
    return doctree, box


def covered(doctree):
    """Return the texts of what is covered, a list for each cover."""
    return [[part.astext() for part in one.children] for one in doctree.findall(predict_cover)]


def test_all_up_to_the_answer_and_the_text_below_it_is_covered_if_nothing_else_is_said(book):
    doctree, box = page_of(book, {"answer": "loss"}, heading=None)
    cover(doctree, book, box)
    assert covered(doctree) == [["table"], ["series"], ["printed"], ["figure"], ["loss"], ["read-text"]]


def test_a_heading_ends_what_is_covered(book):
    doctree, box = page_of(book, {"answer": "loss"})
    cover(doctree, book, box)
    assert covered(doctree)[-1] == ["loss"]


def test_an_author_says_what_is_covered(book):
    doctree, box = page_of(book, {"answer": "loss", "covers": "printed loss"})
    cover(doctree, book, box)
    assert covered(doctree) == [["printed"], ["loss"]]


@pytest.mark.parametrize("given, heading, said", [
    ({"answer": "loss", "covers": "printed"}, None, r"which come after the question, got none of \['loss'\]"),
    ({"answer": "loss", "covers": "loss pritned"}, None, r"ids of cells, got \['pritned'\]"),
    ({"answer": "loss", "covers": "loss silent"}, None, r"got neither in \['silent'\]"),
    ({"answer": "loss", "covers": "loss read-text"}, "read-text", r"text before a heading, got neither in \['read-text'\]"),
])
def test_what_cannot_be_covered_is_named(book, given, heading, said):
    doctree, box = page_of(book, given, heading)
    with pytest.raises(stored.Missing, match=said):
        cover(doctree, book, box)


def test_a_heading_between_question_and_answer_asks_for_a_list(book):
    book.cells.insert(2, nbformat.v4.new_markdown_cell("", id="more-text"))
    doctree, box = page_of(book, {"answer": "loss"}, heading="more-text")
    with pytest.raises(stored.Missing, match="no heading between question and answer, got 'A heading': list the cells"):
        cover(doctree, book, box)


def test_nothing_is_covered_twice(book):
    doctree, box = page_of(book, {"answer": "loss", "covers": "loss"})
    cover(doctree, book, box)
    with pytest.raises(stored.Missing, match="no other question covers"):
        cover(doctree, book, box)


def test_outputs_of_the_other_chapters_have_addresses_too():
    found = {"simple-case": {"forward": "0.9086", "guess / #1": "0.7705", "ols / x": "3.3830", "why-square / 0 / squared error": "9.03"}}
    for name, numbers in found.items():
        book = nbformat.read(ROOT / "chapters" / f"{name}.ipynb", as_version=4)
        assert {address: stored.number(book, address) for address in numbers} == numbers
