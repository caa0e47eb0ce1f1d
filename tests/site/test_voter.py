"""The voter whose placements readers choose: its logits are those of statsmodels, its twenty networks those of the chapter."""

import re

import nbformat
import pandas as pd
import pytest
import statsmodels.formula.api as smf
import torch
from torch import nn

from _ext.live.recipes import many_starts
from lib.data import splits
from lib.models import Standardise, build, initialise, predict
from lib.replicas import replicate
from lib.training import Batches, early_stopping, train
from page_limits import REPORTED, assert_in_its_place
from tools.book import ROOT
from tools.page_look import LOOKS, SHIFTS

RECIPE = many_starts(nbformat.read(ROOT / "chapters" / "survey.ipynb", as_version=4))
COLUMNS = ["selfLR", "ClinLR", "DoleLR"]
FORMULAS = {"placements": "vote ~ selfLR + ClinLR + DoleLR", "proximity": "vote ~ proximity", "by order": "vote ~ proximity * reversed"}
ASKED = [[2, 5, 3], [1, 2, 6], [7, 3, 7], [4, 6, 2]]
DONE = "Live.theVoter?.starts.every(({over}) => over)"


@pytest.fixture
def opened(at_part):
    """Open the chapter at the part."""
    return lambda **how: at_part("survey", "voter", **how)


def survey(rows):
    """Return placements as a table with the terms of the chapter's logits."""
    frame = pd.DataFrame(rows, columns=COLUMNS)
    nearer = (frame.selfLR - frame.ClinLR).abs() - (frame.selfLR - frame.DoleLR).abs()
    return frame.assign(proximity=nearer, reversed=(frame.ClinLR > frame.DoleLR).astype(int))


def test_its_models_answer_as_those_of_the_chapter(opened):
    one = opened()
    anes = pd.read_csv(ROOT / "data" / "anes96.csv")
    known = anes[anes.split != "test"]
    table = survey(known[COLUMNS].to_numpy()).assign(vote=known.vote.to_numpy())
    parts = splits(anes, COLUMNS, ["vote"])
    network = nn.Sequential(Standardise(parts["train"][0]), *build(RECIPE["sizes"], nn.Tanh))
    networks = initialise(replicate(network, RECIPE["replicas"]), RECIPE["seed"], RECIPE["std"])
    optim = torch.optim.SGD(networks.parameters(), **RECIPE["settings"])
    batches = Batches(parts["train"], RECIPE["batch_size"], RECIPE["shuffle"], RECIPE["replicas"])
    train(networks, batches, nn.BCELoss(), optim, RECIPE["epochs"], evaluation=parts["evaluation"], stop=early_stopping(RECIPE["patience"]))
    one.page.wait_for_function(DONE, timeout=60_000)
    due = predict(networks, torch.tensor(ASKED, dtype=torch.float32))[:, :, 0].T
    for three, each in zip(ASKED, due, strict=True):
        found = one.page.evaluate("(three) => (Live.theVoter.three = three, Live.theVoter.answers())", three)
        assert found["network"]["each"] == pytest.approx(each.tolist(), abs=1e-4)
        for name, formula in FORMULAS.items():
            logit = smf.logit(formula, table).fit(disp=0)
            assert found[name]["now"] == pytest.approx(logit.predict(survey([three])).item(), abs=1e-6)


def test_sliders_and_respondents_are_worked_by_keyboard_and_said(opened):
    one = opened()
    one.page.wait_for_function(DONE, timeout=60_000)
    said = one.box.locator(".live-said")
    before = said.inner_text()
    one.box.get_by_label("Dole at").press("End")
    assert said.inner_text() != before and one.page.evaluate("Live.theVoter.three") == [2, 5, 7]
    respondent = one.box.get_by_label("A respondent of the survey")
    respondent.press("End")
    anes = pd.read_csv(ROOT / "data" / "anes96.csv")
    parts = [anes[anes.split == part] for part in ("train", "evaluation")]
    last = pd.concat(parts).iloc[-1]
    assert one.page.evaluate("Live.theVoter.three") == last[COLUMNS].tolist()
    assert one.box.get_by_label("You at").input_value() == str(last.selfLR)
    assert re.search(f"votes for {'Dole' if last.vote else 'Clinton'}\\.$", said.inner_text())


@pytest.mark.parametrize("width, scheme", LOOKS)
def test_axe_finds_nothing_and_the_page_does_not_move(opened, width, scheme):
    one = opened(width=width, scheme=scheme)
    one.page.evaluate(SHIFTS)
    one.page.wait_for_function(DONE, timeout=60_000)
    assert_in_its_place(one, width)


def test_it_works_under_a_strict_policy_and_from_a_folder(opened, strict, site):
    for place in (strict, site.as_uri()):
        one = opened(place=place, script=REPORTED)
        assert "You vote for Dole" in one.box.locator(".live-said").inner_text()
        assert not [text for text in one.page.evaluate("window.broken") if text.startswith("script-src-elem")]
        one.errors.clear()  # about the theme's own handlers
