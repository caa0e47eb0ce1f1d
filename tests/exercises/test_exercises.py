"""Every chapter has exercises with folded solutions that pass their self-checks; wrong answers get an explanation."""

import importlib
import inspect
import re

import pytest

from tools.book import CHAPTERS, EXERCISES, cells, printed, prose

FORMS = ["## Predict first", "## Change one line", "## Write it yourself"]
every_page = pytest.mark.parametrize("path", EXERCISES, ids=[path.stem for path in EXERCISES])


def module_of(path):
    """Return the name of the module with a page's self-checks."""
    return path.stem.removesuffix("-exercises").replace("-", "_")


def checks_of(name):
    """Return a dict of the self-checks in a module: the public functions that it defines."""
    module = importlib.import_module(f"self_checks.{name}")
    functions = inspect.getmembers(module, inspect.isfunction)
    return {key: one for key, one in functions if one.__module__ == module.__name__ and not key.startswith("_")}


def wrong_answers_to(name):
    """Return a dict from each self-check of a module to pairs: a wrong answer, and words from its feedback."""
    return importlib.import_module(f"wrong_answers.{name}").WRONG


def right_answers_to(name):
    """Return a dict from each self-check of a module to right answers in several styles."""
    return importlib.import_module(f"right_answers.{name}").RIGHT


RIGHT = [
    pytest.param(name, check, answer, id=f"{name}-{check}-{number}")
    for name in map(module_of, EXERCISES) for check, answers in right_answers_to(name).items() for number, answer in enumerate(answers)
]
WRONG = [
    pytest.param(name, check, answer, words, id=f"{name}-{check}-{number}")
    for name in map(module_of, EXERCISES) for check, pairs in wrong_answers_to(name).items()
    for number, (answer, words) in enumerate(pairs)
]


def called(cell):
    """Return the names of the self-checks that a cell calls."""
    return set(re.findall(r"\bcheck\.(\w+)\(", cell.source))


def test_every_chapter_has_its_exercises():
    assert [path.stem for path in EXERCISES] == [f"{path.stem}-exercises" for path in CHAPTERS]


@every_page
def test_a_page_leads_from_predicting_to_writing(path):
    headings = re.findall(r"(?m)^## .+$", prose(path))
    assert headings == FORMS


@every_page
def test_there_are_at_least_four_exercises_each_with_a_folded_solution(path):
    text = prose(path)
    labels = re.findall(r"\{exercise-start\} .+\n:label: (\S+)", text)
    solutions = re.findall(r"\{solution-start\} (\S+)\n:label: \S+\n:class: dropdown", text)
    assert len(labels) >= 4
    assert labels == solutions == [f"ex-{path.stem.removesuffix('-exercises')}-{i + 1}" for i in range(len(labels))]


@every_page
def test_self_checks_reject_the_start_and_accept_the_solution(path):
    code = {cell.id: cell for cell in cells(path, "code")}
    starts = [name for name in code if re.fullmatch(r"ex\d+", name)]
    drawn = {name for name in code if re.fullmatch(r"ex\d+-figure", name)}
    assert set(code) - drawn == {"setup", *starts, *(f"{name}-solution" for name in starts)}
    for name in starts:
        start, solution = code[name], code[f"{name}-solution"]
        assert called(start) == called(solution) != set()
        assert "✗" in printed(start) and "✓" not in printed(start)
        assert "✓" in printed(solution) and "✗" not in printed(solution)
        assert solution.metadata["jupyter"]["source_hidden"]


@every_page
def test_every_self_check_is_used_and_has_wrong_answers(path):
    used = set().union(*(called(cell) for cell in cells(path, "code")))
    checks, wrong = checks_of(module_of(path)), wrong_answers_to(module_of(path))
    assert used == checks.keys() == wrong.keys()
    for check, pairs in wrong.items():
        assert len({words for _, words in pairs}) >= 2, check


@every_page
def test_every_self_check_has_right_answers_in_three_styles(path):
    right = right_answers_to(module_of(path))
    assert right.keys() == checks_of(module_of(path)).keys()
    assert all(len(answers) >= 3 for answers in right.values())


@pytest.mark.parametrize("name, check, answer", RIGHT)
def test_a_right_answer_in_another_style_is_accepted(name, check, answer):
    verdict = checks_of(name)[check](answer)
    assert verdict.right, verdict.words


@pytest.mark.parametrize("name, check, answer, words", WRONG)
def test_a_wrong_answer_is_told_why(name, check, answer, words):
    verdict = checks_of(name)[check](answer)
    assert not verdict.right
    assert words in verdict.words


@pytest.mark.parametrize("name, check", [(name, check) for name in map(module_of, EXERCISES) for check in checks_of(name)])
def test_what_is_no_answer_gets_a_kind_word(name, check):
    for nothing in (..., "nonsense", None, [], 12345.678):
        verdict = checks_of(name)[check](nothing)
        assert not verdict.right and len(verdict.words) > 20
