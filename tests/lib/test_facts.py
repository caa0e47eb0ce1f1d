"""The numbers that the lecture rests on, recomputed from the data to more digits than its slides show."""

import re

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from lib.models import SimpleLinearNN, initialise
from lib.training import Batches, train
from tools.book import CHAPTERS, NOTEBOOKS, ROOT, cells, printed

DATA = pd.read_csv(ROOT / "data" / "line.csv")


def tensors(dtype=torch.float32):
    return (torch.tensor(DATA[[name]].values, dtype=dtype) for name in ("x", "y"))


def guess():
    return initialise(SimpleLinearNN(), seed=0, std=0.5)


def parameters(model):
    return [model.weights.item(), model.bias.item()]


def test_first_observation():
    assert DATA.shape == (100, 2)
    assert DATA.iloc[0].tolist() == pytest.approx([1.36961687, 3.91311174], abs=1e-8)


def test_ols():
    assert np.polyfit(DATA.x, DATA.y, 1) == pytest.approx([3.38300575, 0.90533079], abs=1e-7)


def test_guess_is_the_lectures():
    assert parameters(guess()) == pytest.approx([0.7704980, -0.1467144], abs=1e-6)
    torch.manual_seed(0)
    drawn = [nn.init.normal_(torch.empty(1, 1), std=0.5).item() for _ in range(2)]
    assert parameters(guess()) == drawn


def test_forward_pass_loss_and_gradients():
    model, (inputs, labels) = guess(), tensors()
    prediction = model(inputs[:1])
    error = labels[:1] - prediction
    error.pow(2).backward()
    assert prediction.item() == pytest.approx(0.9085727, abs=1e-6)
    assert error.item() == pytest.approx(3.0045390, abs=1e-6)
    assert error.item() ** 2 == pytest.approx(9.0272551, abs=1e-5)
    assert model.weights.grad.item() == pytest.approx(-8.2301350, abs=1e-5)
    assert model.bias.grad.item() == pytest.approx(-6.0090780, abs=1e-5)


def test_one_update():
    model, data = guess(), [column[:1] for column in tensors()]
    train(model, [data], nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=0.001), epochs=1)
    assert parameters(model) == pytest.approx([0.7787282, -0.1407054], abs=1e-6)


@pytest.mark.parametrize(
    "learning_rate, line",
    [
        (0.001, [3.0867711, 0.1020332]),
        (0.005, [3.5206, 0.4659]),
        (0.01, [3.4515, 0.6389]),
        (0.05, [3.8880, -0.8463]),
    ],
)
def test_one_epoch_in_the_order_of_the_data(learning_rate, line):
    model, batches = guess(), Batches(tuple(tensors()), batch_size=1)
    train(model, batches, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=learning_rate), epochs=1)
    digits = 1e-5 if learning_rate == 0.001 else 1e-4
    assert parameters(model) == pytest.approx(line, abs=digits)


@pytest.mark.parametrize(
    "shown",
    [
        "x            3.3830", "Intercept    0.9053", "[[0.7705]]", "[-0.1467]", "[[0.9086]]", "error 3.0045", "squared error 9.0273",
        "[[-8.2301]]", "[-6.0091]", "[[-8.2302]]", "[[0.7787]]", "[-0.1407]", "[[3.0868]]", "[0.1020]",
        "0.787 x +0.129", "5.409 x -5.460",
    ],
)
def test_chapters_show_these_numbers(shown):
    simple = [path for path in NOTEBOOKS if path.stem.startswith("simple-case")]
    assert any(shown in printed(cell) for path in simple for cell in cells(path, "code"))


def lecture_moons():
    """Return the design matrix and the labels of the 500 points of the lecture."""
    moons = pd.read_csv(ROOT / "data" / "moons.csv")
    lecture = moons[moons.split != "test"]
    return np.column_stack([lecture[["x1", "x2"]], np.ones(500)]), lecture.y.to_numpy()


def test_linear_probability_model_of_the_moons():
    design, y = lecture_moons()
    beta, (sum_of_squares,), *_ = np.linalg.lstsq(design, y)
    assert beta == pytest.approx([0.1641, -0.6593, 0.5828], abs=5e-5)
    assert sum_of_squares / 500 == pytest.approx(0.0824, abs=5e-5)


def test_logit_of_the_moons():
    design, y = lecture_moons()
    beta = np.zeros(3)
    for _ in range(15):
        p = 1 / (1 + np.exp(-design @ beta))
        beta = beta + np.linalg.solve(design.T @ (design * (p * (1 - p))[:, None]), design.T @ (y - p))
    assert beta == pytest.approx([1.1531, -6.4222, 1.0290], abs=5e-5)
    assert -np.mean(np.log(np.where(y == 1, p, 1 - p))) == pytest.approx(0.2399, abs=5e-5)
    assert np.mean((p > 0.5) == y) == pytest.approx(0.892)


def test_a_perfect_classifier_in_the_scale_of_the_lectures_threshold():
    scored = nn.BCEWithLogitsLoss()(torch.tensor([0.0, 1.0]), torch.tensor([0.0, 1.0])).item()
    assert scored == pytest.approx((np.log(1 + np.exp(-1)) + np.log(2)) / 2) == pytest.approx(0.5032, abs=5e-5)


@pytest.mark.parametrize("shown", ["0.1641", "-0.6593", "0.5828", "0.0824", "1.1531", "-6.4222", "0.2399", "0.892", "0.5032"])
def test_chapters_show_these_numbers_of_the_moons(shown):
    assert any(shown in printed(cell) for path in CHAPTERS for cell in cells(path, "code"))


def shown(name, cell):
    """Return what a cell of a chapter printed or tabulated."""
    path, = (path for path in CHAPTERS if path.stem == name)
    one, = (one for one in cells(path, "code") if one.id == cell)
    return printed(one)


# Cross-validated losses of other implementations: scikit-learn's logit, its network 8-8 with more and with less shrinkage, its
# logit with the proximity term; each from ten folds, three times.
OTHERS = {
    "three placements": ([0.377], [0.294, 0.293], [0.291]), "and party": ([0.231], [0.220, 0.211], [0.198]),
    "all nine": ([0.238], [0.223, 0.231], [0.205]),
}


@pytest.mark.parametrize("row", OTHERS)
def test_losses_on_the_survey_are_those_of_other_implementations(row):
    line, = (line for line in shown("compare", "more").splitlines() if line.startswith(row))
    for ours, theirs in zip(map(float, line.removeprefix(row).split()), OTHERS[row]):
        assert min(abs(ours - one) for one in theirs) <= 0.012, (ours, theirs)


def test_later_chapters_use_the_weight_decay_that_the_survey_chapter_chose():
    losses = re.findall(r"^(0\.\d{3}) +(\d\.\d{4})", shown("survey", "decay-table"), re.MULTILINE)
    assert min(losses, key=lambda row: float(row[1]))[0] == "0.003"
    for name in ("compare", "report"):
        path, = (path for path in CHAPTERS if path.stem == name)
        assert any("0.003" in cell.source for cell in cells(path, "code"))
