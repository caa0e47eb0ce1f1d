"""Readers' own data: what the page reads, and the sentence that it has for each thing that may be wrong."""

import random
import re
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from _ext.live import copy_assets, papa
from helpers import need
from in_javascript import ROOT, in_javascript, needs_node

pytestmark = needs_node
READ = """
const table = made ? Live.own.points(made) : Live.own.read(text);
const plain = (pair) => pair && {inputs: Array.from(pair.inputs), labels: Array.from(pair.labels), rows: pair.rows};
const {columns, outcome} = {...table.suggested, ...asked};
const chosen = table.problem ? null : Live.own.choose(table, columns, outcome, asked.share, asked.seed);
reply = {table: {...table, all: null}, data: chosen && {...chosen, train: plain(chosen.train), test: plain(chosen.test)}};
"""


@pytest.fixture(scope="module")
def parser(tmp_path_factory):
    """The file of Papa Parse; without npm, these tests are skipped."""
    script = papa.papa_parse(ROOT / "_build" / "npm")
    if script == papa.MISSING:
        pytest.skip("npm could not fetch Papa Parse")
    path = tmp_path_factory.mktemp("npm") / "papaparse.js"
    path.write_text(f"(function (module, exports) {{{script}}}).call(globalThis);", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def read(parser):
    """Read a text and choose from it, as a reader does: what is suggested, unless something else is asked for."""
    def read(text=None, engine="node", points=None, **asked):
        return in_javascript(["engine", "datasets", "own"], READ, engine, before=[parser], text=text, made=points, asked=asked)
    return read


def table(rows=20, header="x1,x2,y", **cells):
    """Return a good file; `cells` puts other texts into a column."""
    draw = random.Random(0)
    names = header.split(",")
    lines = []
    for row in range(rows):
        values = {"y": str(row % 2)}
        values |= {name: f"{draw.uniform(-1, 1):.3f}" for name in names if name not in values}
        values |= {name: texts[row % len(texts)] for name, texts in cells.items()}
        lines.append(",".join(values[name] for name in names))
    return "\n".join([header, *lines]) + "\n"


def numbers(text, columns):
    """Return columns of a file as an array."""
    names, *rows = [line.split(",") for line in text.strip().splitlines()]
    return np.array([[float(row[names.index(name)]) for name in columns] for row in rows])


def test_rows_are_split_as_torch_shuffles_them(read):
    text = table(50)
    data = read(text, share=0.6, seed=5)["data"]
    order = torch.randperm(50, generator=torch.Generator().manual_seed(5)).numpy()
    inputs = numbers(text, ["x1", "x2"])[order].astype(np.float32)
    assert (data["train"]["rows"], data["test"]["rows"]) == (30, 20)
    assert np.array_equal(np.reshape(data["train"]["inputs"] + data["test"]["inputs"], (50, 2)), inputs)
    assert data["train"]["labels"] + data["test"]["labels"] == (order % 2).tolist()
    assert (data["columns"], data["label"], data["names"], data["notes"]) == (["x1", "x2"], "y", ["0", "1"], [])


def test_with_a_share_of_one_there_are_no_test_data(read):
    data = read(table(), share=1)["data"]
    assert (data["train"]["rows"], data["test"]) == (20, None)


SAME = table()
VARIANTS = {
    "byte-order mark": "\ufeff" + SAME,
    "semicolons": SAME.replace(",", ";"),
    "tabs": SAME.replace(",", "\t"),
    "decimal commas": SAME.replace(",", ";").replace(".", ","),
    "decimal commas and tabs": SAME.replace(",", "\t").replace(".", ","),
    "quotes": "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in SAME.splitlines()),
    "windows": SAME.replace("\n", "\r\n"),
    "old mac": SAME.replace("\n", "\r"),
    "blank lines": SAME.replace("\n", "\n\n") + "\n \n",
    "spaces": SAME.replace(",", ", "),
    "names of rows": "\n".join(f'"{row}",{line}' if row else f'"",{line}' for row, line in enumerate(SAME.splitlines())),
    "exponents": SAME.replace("0.", "0.00").replace(",", "e2,"). replace("x1e2,x2e2", "x1,x2"),
}


@pytest.mark.parametrize("kind", VARIANTS)
def test_ways_to_write_the_same_file_are_understood(read, kind):
    page, plain = read(VARIANTS[kind]), read(SAME)
    assert page["data"]["train"] == plain["data"]["train"] or np.allclose(page["data"]["train"]["inputs"], plain["data"]["train"]["inputs"])
    assert page["data"]["train"]["labels"] == plain["data"]["train"]["labels"]
    expected = {"names of rows": ["A column without a name was left out."], "decimal commas": ["Commas were read as decimal commas."],
                "decimal commas and tabs": ["Commas were read as decimal commas."]}
    assert page["table"]["notes"] == expected.get(kind, [])


BROKEN = {
    "": "The file is empty: expected a header with names, then rows of values, separated by commas, semicolons or tabs.",
    "\ufeff \n": "The file is empty: .*",
    "x1,x2,y\n": "The file has a header and no rows: .*",
    "0.5,1,0\n0.1,2,1\n": "The first line is “0.5, 1, 0”: expected the names of the columns.",
    table(header="x1,x1,y"): "Two columns are named “x1”: expected different names.",
    table() + "1,2\n": "Row 21 has 2 values: expected 3, as in the header. If commas are decimal commas, .*",
    table().replace(",", ";") + "1;2\n": "Row 21 has 2 values: expected 3, as in the header.",
    table() + '1,"2,1\n': "Row 21 has a single quotation mark, or one within a value: expected two around a value.",
    "words without end\nand more\nand more\n": "No column can be the outcome. “words without end” is “and more” in every row: expected .*",
    table(y=["1"]): "No column can be the outcome. .*“y” is 1 in every row: expected two to four, such as 0 and 1.",
    table(header="x1,x2,x3"): "No column can be the outcome. “x1” has more than four different values: .*",
    table(x2=["low", "high", "3"]): "Expected two or more numeric columns beside the outcome “y”, got 1. "
                                    "“x2” is not numeric: expected numbers, got “low” in row 1.",
    table(x2=["7"]): "Expected two or more .*, got 1. “x2” is 7 in every row: expected values that differ.",
    table(x2=["NA"]): "Expected two or more .*, got 1. “x2” has no values at all: expected numbers.",
    table(x2=['"1,000.5"']): "Expected two or more .* “x2” is not numeric: expected numbers, got “1,000.5” in row 1.",
    table(x2=["1e39", "2"]): "Expected two or more .* “x2” has values as large as 1e[+]39: expected less than 3.4e38.",
    table(x2=["16000000001", "16000000002"]): "Expected two or more .* “x2” has values near 16000000000 that differ by little: expected .*",
    ",".join(f"x{i}" for i in range(40)) + "\n": "The file has 40 columns: expected at most 30.",
}


@pytest.mark.parametrize("text", BROKEN)
def test_files_that_cannot_be_read_get_a_sentence(read, text):
    page = read(text)
    assert re.fullmatch(BROKEN[text], page["table"]["problem"]), page["table"]["problem"]


WIDE = table(header=",".join(f"x{i}" for i in range(1, 13)) + ",y")
CHOICES = [
    (WIDE, {"columns": [f"x{i}" for i in range(1, 11)]}, "Expected two to nine inputs, got 10."),
    (SAME, {"columns": ["x1"]}, "Expected two to nine inputs, got 1."),
    (SAME, {"columns": ["x1", "x9"]}, "Expected some of the columns “x1”, “x2”, “y”, got “x9”."),
    (SAME, {"columns": ["x1", "y"]}, "“y” is both an input and the outcome: expected another column."),
    (table(header="x1,x2,x3,y"), {"columns": ["x1", "x2"], "outcome": "x3"}, "“x3” has more than four .*"),
    (table(header="x1,x2,x3,y", x3=["7"]), {"columns": ["x1", "x3"]}, "“x3” is 7 in every row: expected values that differ."),
    (table(header="x1,x2,x3,y", x3=["7"]), {"outcome": "x3"}, "“x3” is 7 in every row: expected two to four, such as 0 and 1."),
    (table(header="x1,x2,x3,y", x3=["no"]), {"columns": ["x1", "x3"]}, "“x3” is not numeric: expected numbers, got “no” in row 1."),
    (SAME, {"share": 0}, "Share of training data: expected a number above 0, at most 1, got “0”."),
    (table(x1=["1", "2", "", ".", "NA"], rows=5), {}, "Expected four or more rows with values in all chosen columns, got 2."),
    (table(20, y=["1"] * 19 + ["0"]), {"share": 0.2, "seed": 1}, "No row of the training data has “y” 0: expected some of each class. .*"),
    (table(20, x1=["1"] * 19 + ["0"]), {"share": 0.2, "seed": 1}, "“x1” is the same in all 4 rows of the training data: .*"),
]


@pytest.mark.parametrize("number", range(len(CHOICES)))
def test_choices_that_cannot_be_made_get_a_sentence(read, number):
    text, asked, words = CHOICES[number]
    assert re.fullmatch(words, read(text, **asked)["data"]["problem"])


def test_many_columns_can_be_chosen_from(read):
    page = read(WIDE)
    assert page["table"]["notes"] == ["12 columns can be inputs: choose two to nine. These are the first nine."]
    assert page["data"]["columns"] == [f"x{i}" for i in range(1, 10)]


def test_rows_with_missing_values_are_left_out_and_counted(read):
    page = read(table(20, x1=["1.5", "NA", "2", "", "3", ".", "2.5", "0.5", "7", "2"]))
    assert page["data"]["notes"] == ["6 rows lack a value in “x1” and are left out."]
    assert page["data"]["train"]["rows"] + page["data"]["test"]["rows"] == 14
    assert np.isfinite(page["data"]["train"]["inputs"]).all()


@pytest.mark.parametrize("values, codes, labels", [
    (["1", "2"], "“1” counts as 0, “2” counts as 1", ["1", "2"]), (["yes", "no"], "“no” counts as 0, “yes” counts as 1", ["no", "yes"]),
    (["10", "9", "-1"], "“-1” counts as 0, “9” counts as 1, “10” counts as 2", ["-1", "9", "10"]),
])
def test_an_outcome_that_is_not_0_or_1_is_coded_and_said(read, values, codes, labels):
    page = read(table(30, y=values), outcome="y")
    assert page["data"]["notes"] == [f"“y” is not 0 or 1: {codes}."]
    assert (page["data"]["names"], page["data"]["classes"]) == (labels, len(labels))
    text = numbers(table(30), ["x1"]).flatten().astype(np.float32).tolist()
    for x1, label in zip(page["data"]["train"]["inputs"][::2], page["data"]["train"]["labels"]):
        assert labels[int(label)] == values[text.index(x1) % len(values)]


def test_of_100000_rows_some_are_drawn_and_that_is_said(read):
    text = table(100_000)
    page = read(text)
    assert page["table"]["notes"] == ["The file has 100,000 rows; 5,000 of them, drawn at random, are used."]
    assert page["data"]["train"]["rows"] + page["data"]["test"]["rows"] == page["table"]["rows"] == 5000
    kept = np.sort(torch.randperm(100_000, generator=torch.Generator().manual_seed(0))[:5000].numpy())
    inputs = numbers(text, ["x1", "x2"])[kept].astype(np.float32)
    order = torch.randperm(5000, generator=torch.Generator().manual_seed(0)).numpy()
    assert np.array_equal(np.reshape(page["data"]["train"]["inputs"], (-1, 2)), inputs[order][:3750])


def test_too_many_rows_with_line_breaks_in_them_are_refused(read):
    text = table(6000, header="x1,x2,y,z", z=['"a\nb"', '"b"'])
    assert "line breaks within quotation marks: expected at most 5,000 of that kind." in read(text)["table"]["problem"]


def test_a_file_of_excessive_size_is_refused(read):
    text = "x1,x2,y\n" + "1,2,0\n" * 3_400_000
    assert read(text)["table"]["problem"] == "The file has 20,400,008 characters: expected at most 20,000,000."


def test_points_set_by_hand_are_a_table(read):
    page = read(points=[[0.5, 1, 0], [0.25, -1, 1], [1, 1, 0], [0, 0, 1]], share=1)
    assert page["data"]["columns"] == ["x1", "x2"]
    assert sorted(page["data"]["train"]["inputs"]) == [-1, 0, 0, 0.25, 0.5, 1, 1, 1]
    assert read(points=[])["table"]["problem"] == "There are no points yet: expected some of each class."


def test_without_npm_the_page_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    script = papa.papa_parse(tmp_path)
    assert script == papa.MISSING
    (tmp_path / "papaparse.js").write_text(script, encoding="utf-8")
    monkeypatch.undo()
    load = "Live.script = async () => {}; Live.own.load().then((said) => console.log(JSON.stringify(said)));"
    said = in_javascript(["engine", "own"], load + "reply = null; globalThis.print = () => {};", before=[tmp_path / "papaparse.js"])
    assert said == "Own files cannot be read here: this book was built without Papa Parse, which npm brings."


def test_the_site_has_the_parser(parser, tmp_path):
    copy_assets(SimpleNamespace(outdir=tmp_path, srcdir=ROOT))
    script = (tmp_path / "_static" / "live" / "papaparse.js").read_text(encoding="utf-8")
    assert "Papa Parse\nv5.7.1" in script
    assert "License: MIT" in script


@pytest.mark.parametrize("engine", ["js102", "jsc"])
def test_other_browsers_engines_read_the_same(read, engine):
    need([engine], "the page's scripts do not run in the engine of its browser")
    text = VARIANTS["decimal commas"]
    assert read(text, engine) == read(text)
