"""The book's R code runs, prints what the pages show, and gives the same numbers as the PyTorch cells next to it."""

import os
import re
import shutil
import subprocess

import pytest

from helpers import need_in_r
from tools.book import ROOT, cells, printed, prose

RSCRIPT = shutil.which("Rscript")
CHAPTERS = ROOT / "chapters"
CODE = re.compile(r"```r\n(.*?)```", re.DOTALL)
ANSWERED = re.compile(r"```r\n(.*?)```\n```text\n(.*?)```", re.DOTALL)
DECIMAL = re.compile(r"-?\d+\.\d+")
PAGE = CHAPTERS / "coming-from-r-or-stata.ipynb"

needs_r = pytest.mark.skipif(RSCRIPT is None and not os.environ.get("NOTHING_SKIPPED"), reason="R not found, so its code is not run")


def run_r(blocks, folder):
    """Run blocks of R code in the book's folder, in one session; return the output of each."""
    script = folder / "code.R"
    script.write_text('cat("-----\\n")\n'.join(blocks), encoding="utf-8")
    command = [RSCRIPT, "--vanilla", script]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout.split("-----\n")


def decimals(text):
    """Return the decimals in a text, in any order."""
    return sorted(DECIMAL.findall(text))


@needs_r
def test_r_prints_what_the_page_says(tmp_path):
    code, answers = zip(*ANSWERED.findall(prose(PAGE)))
    assert len(code) == len(CODE.findall(prose(PAGE))) == 6
    for found, answer in zip(run_r(code, tmp_path), answers):
        assert [line.rstrip() for line in found.splitlines()] == [line.rstrip() for line in answer.splitlines()]


def test_pytorch_gives_the_same_numbers_to_the_printed_digit():
    of_torch = {cell.id: printed(cell) for cell in cells(PAGE, "code")}
    beside = [["ols", "ols-errors"], ["lpm"], ["moons-logit"], ["anes-logit", "anes-errors"], ["predicted"], ["effects"]]
    assert sorted(sum(beside, [])) == sorted(of_torch.keys() - {"setup"})
    for (_, answer), names in zip(ANSWERED.findall(prose(PAGE)), beside, strict=True):
        assert decimals(answer) == decimals("\n".join(of_torch[name] for name in names)), names


# An R expression for the numbers of a chapter, rounded as the chapter prints them, and the cell that prints them.
ELSEWHERE = [
    ("survey", "round(coef(summary(logit))[, 1:2], 3)", "logit", slice(None)),
    ("report", "round(mean(p * (1 - p)) * coef(logit)[-1], 4)", "check", slice(0, 1)),
    ("causes", "round(coef(summary(logit))[, 1:2], 3)", "statsmodels", slice(1, 4, 2)),
]


@needs_r
@pytest.mark.parametrize("name, digits, cell_id, columns", ELSEWHERE)
def test_r_gives_the_numbers_of_the_chapters(tmp_path, name, digits, cell_id, columns):
    path = CHAPTERS / f"{name}.ipynb"
    for package in re.findall(r"library\((\w+)\)", "".join(CODE.findall(prose(path)))):
        need_in_r(package)
    found = run_r([*CODE.findall(prose(path)), digits + "\n"], tmp_path)[-1]
    cell = next(cell for cell in cells(path, "code") if cell.id == cell_id)
    rows = [DECIMAL.findall(row)[columns] for row in printed(cell).splitlines()]
    assert decimals(found) == sorted(sum(rows, [])) != []


def test_no_other_page_has_r_code_that_is_not_run():
    pages = [path for path in CHAPTERS.glob("*.*") if path.suffix in (".ipynb", ".md") and "```r" in path.read_text(encoding="utf-8")]
    assert {path.stem for path in pages} == {PAGE.stem, *(name for name, *_ in ELSEWHERE)}


def test_stata_code_is_marked_as_not_run():
    for name in (PAGE.stem, *(name for name, *_ in ELSEWHERE)):
        text = prose(CHAPTERS / f"{name}.ipynb")
        assert "```stata" in text and re.search(r"Stata code was not run", text)


@needs_r
def test_the_lines_of_r_beside_those_of_python_run(tmp_path):
    rows = [row.split(" | ") for row in prose(CHAPTERS / "python.ipynb").splitlines() if row.startswith("| ") and row.count("`") >= 4]
    lines = [row[1].strip("`") for row in rows]
    first, last, two, power = [out.split()[1:] for out in run_r([lines[0] + "\n" + line + "\n" for line in lines], tmp_path)[1:5]]
    assert len(lines) == 12 and (first, last, two, power) == (["2"], ["8"], ["2", "4"], ["4"])
