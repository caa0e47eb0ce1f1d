"""What the chapters on survey data add to lib agrees with statsmodels, scikit-learn and torch, and refuses bad input."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
import torch
from lib.descent import GradientDescent
from lib.effects import average_marginal_effects, marginal_effects
from lib.spatial import Proximity
from lib.validation import calibration, corrected_interval, fold_losses, folds
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold
from sklearn.preprocessing import StandardScaler
from statsmodels.datasets import anes96
from torch import nn

from helpers import refuses
from lib.data import tensors
from lib.models import Perceptron, SimpleLinearNN, Standardise, build, initialise
from lib.replicas import alone, take
from lib.training import no_better_for, train
from tools.book import ROOT

ANES = pd.read_csv(ROOT / "data" / "anes96.csv")
PLACEMENTS = ["selfLR", "ClinLR", "DoleLR"]
INPUTS, LABELS = tensors(ANES, PLACEMENTS, ["vote"])
BOOTSTRAP = torch.randint(944, (4, 944), generator=torch.Generator().manual_seed(2))


def logit():
    return smf.logit("vote ~ selfLR + ClinLR + DoleLR", ANES).fit(disp=0)


def neuron_of(fitted):
    """Return a Perceptron with the coefficients of a logit."""
    neuron = Perceptron(3, 1).double()
    neuron.weights.data[:, 0] = torch.tensor(fitted.params[1:].values)
    neuron.bias.data[:] = fitted.params.iloc[0]
    return neuron


def test_the_survey_is_the_one_of_statsmodels_and_complete():
    source = anes96.load_pandas().data.drop(columns="logpopul")
    assert (ANES.drop(columns="split") == source).all(axis=None) and not ANES.isna().any(axis=None)
    assert ANES.split.value_counts().to_dict() == {"train": 544, "evaluation": 200, "test": 200}


def two_rules(weight_decay):
    """Return the same network after some steps of our update rule and of torch's."""
    models = [initialise(build([3, 4, 1], nn.Tanh), seed=0) for _ in range(2)]
    ours = GradientDescent(models[0].parameters(), 0.3, weight_decay)
    theirs = torch.optim.SGD(models[1].parameters(), lr=0.3, weight_decay=weight_decay)
    for model, optim in zip(models, (ours, theirs)):
        for rows in range(0, 900, 100):
            optim.zero_grad()
            nn.BCELoss()(model(INPUTS[rows:rows + 100]), LABELS[rows:rows + 100]).backward()
            optim.step()
    return models


@pytest.mark.parametrize("weight_decay", [0.0, 0.02])
def test_weight_decay_is_that_of_torch_bit_for_bit(weight_decay):
    ours, theirs = two_rules(weight_decay)
    assert all(torch.equal(a, b) for a, b in zip(ours.parameters(), theirs.parameters()))


def test_weight_decay_is_ridge():
    inputs, labels = Standardise(INPUTS)(INPUTS).double(), LABELS.double()
    model = initialise(SimpleLinearNN(3, 1).double(), seed=0)
    train(model, (inputs, labels), loss_fn=nn.MSELoss(), learning_rate=0.2, epochs=400, batch_size=944, weight_decay=0.3)
    x = torch.cat([inputs, torch.ones(944, 1)], dim=1)
    ridge = torch.linalg.solve(2 * x.T @ x / 944 + 0.3 * torch.eye(4), 2 * x.T @ labels / 944)
    assert torch.cat([model.weights.data, model.bias.data]).numpy() == pytest.approx(ridge.numpy(), abs=1e-6)


@pytest.mark.parametrize("own", [False, True], ids=["shared", "bootstrap"])
def test_replicas_with_a_scale_and_weight_decay_are_as_if_alone(own):
    inputs, labels = (INPUTS[BOOTSTRAP], LABELS[BOOTSTRAP]) if own else (INPUTS, LABELS)
    together = initialise(nn.Sequential(Standardise(inputs), *build([3, 4, 1], nn.Tanh, 4)), seed=0)
    singles = [alone(together, r) for r in range(4)]
    how = dict(loss_fn=nn.BCELoss(), learning_rate=0.5, epochs=12, batch_size=200, weight_decay=0.01)
    history = train(together, (inputs, labels), **how, evaluation=(INPUTS[:90], LABELS[:90]), stop=no_better_for(2))
    epochs = history["loss"].count() - 1
    assert epochs.nunique() > 1  # some have stopped before others
    for r, single in enumerate(singles):
        train(single, (inputs[r], labels[r]) if own else (inputs, labels), **{**how, "epochs": int(epochs[r])})
        assert torch.allclose(alone(together, r)(INPUTS), single(INPUTS), atol=1e-5)


def test_a_group_of_replicas_keeps_its_own_scale():
    model = nn.Sequential(Standardise(INPUTS[BOOTSTRAP]), Perceptron(3, 1, replicas=4))
    assert torch.equal(take(model, [2, 3])[0].mean, INPUTS[BOOTSTRAP[[2, 3]]].mean(dim=1, keepdim=True))


@pytest.mark.parametrize("weight_decay", [-0.1, float("nan"), "0.1", True, None])
def test_bad_weight_decay_is_refused(weight_decay):
    with refuses("weight_decay"):
        train(Perceptron(3, 1), (INPUTS, LABELS), loss_fn=nn.BCELoss(), learning_rate=0.1, epochs=1, batch_size=8,
              weight_decay=weight_decay)


def test_standardise_is_scikit_learns_up_to_n_minus_1():
    theirs = StandardScaler().fit(INPUTS[:500]).transform(INPUTS) * math.sqrt(499 / 500)
    assert Standardise(INPUTS[:500])(INPUTS).numpy() == pytest.approx(theirs, abs=1e-5)


@pytest.mark.parametrize(
    "inputs",
    [torch.tensor([[1.0, 2.0], [1.0, 3.0]]), torch.tensor([[1.0, float("nan")], [2.0, 3.0]]), INPUTS[:1], INPUTS[0],
     INPUTS.long(), [[1.0], [2.0]], torch.ones(2, 5, 1)],
)
def test_standardise_refuses_constant_missing_or_other_inputs(inputs):
    with refuses("inputs"):
        Standardise(inputs)


def test_standardise_refuses_new_inputs_of_another_shape():
    with refuses("inputs"):
        Standardise(INPUTS)(INPUTS[:, :2])


def test_a_column_that_is_not_numeric_or_incomplete_is_refused_by_name():
    for bad in (["a"] * 944, [None] + [1.0] * 943):
        with refuses("ClinLR"):
            tensors(ANES.assign(ClinLR=bad), PLACEMENTS, ["vote"])


def test_proximity_is_the_difference_of_two_distances():
    by_hand = (ANES.selfLR - ANES.ClinLR).abs() - (ANES.selfLR - ANES.DoleLR).abs()
    assert Proximity()(INPUTS).flatten().tolist() == by_hand.tolist()
    with refuses("inputs"):
        Proximity()(INPUTS[:, :2])


def test_average_marginal_effects_of_a_neuron_are_those_of_statsmodels():
    fitted = logit()
    ours = average_marginal_effects(neuron_of(fitted), INPUTS.double())
    assert ours.tolist() == pytest.approx(fitted.get_margeff().margeff, abs=1e-10)


def test_marginal_effects_are_slopes_also_through_a_scale_and_in_replicas():
    model = initialise(nn.Sequential(Standardise(INPUTS), *build([3, 4, 1], nn.Tanh, 2)), seed=0).double()
    inputs, step = INPUTS[:20].double(), 1e-5
    effects = marginal_effects(model, inputs)
    assert effects.shape == (2, 20, 3)
    for i in range(3):
        up, down = inputs.clone(), inputs.clone()
        up[:, i] += step
        down[:, i] -= step
        slope = (model(up) - model(down)) / (2 * step)
        assert torch.allclose(effects[:, :, [i]], slope, atol=1e-8)
    assert torch.allclose(average_marginal_effects(model, inputs), effects.mean(dim=1))


def test_marginal_effects_leave_model_and_inputs_alone():
    model, inputs = Perceptron(3, 1), INPUTS.clone()
    marginal_effects(model, inputs)
    assert model.weights.grad is None and not inputs.requires_grad


def test_marginal_effects_refuse_bad_input():
    with refuses("model"):
        marginal_effects(Perceptron, INPUTS)
    with refuses("inputs"):
        marginal_effects(Perceptron(3, 1), INPUTS * float("nan"))
    with refuses("inputs"):
        marginal_effects(Perceptron(3, 1), INPUTS[:, :2])


@pytest.mark.parametrize("n, k", [(944, 10), (30, 10), (7, 7), (11, 2)])
def test_folds_hold_out_each_row_once_in_parts_as_large_as_scikit_learns(n, k):
    rows, held_out = folds(n, k, repeats=3, seed=0)
    sizes = [len(test) for _, test in KFold(k).split(np.zeros(n))]
    assert held_out.sum(dim=1).tolist() == 3 * sizes
    assert (held_out.reshape(3, k, n).sum(dim=1) == 1).all()
    assert rows.shape == (3 * k, n - math.ceil(n / k))
    for train_rows, fold in zip(rows, held_out):
        assert len(set(train_rows.tolist())) == len(train_rows) and not fold[train_rows].any()


def test_folds_depend_on_the_seed_alone_and_differ_between_repeats():
    first, again, other = (folds(50, 5, 2, seed)[1] for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert not torch.equal(first[:5], first[5:])


@pytest.mark.parametrize("name, arguments", [("k", (9, 10, 1, 0)), ("k", (9, 1, 1, 0)), ("k", (9, 2.5, 1, 0)),
                                             ("repeats", (9, 3, 0, 0)), ("seed", (9, 3, 1, -1))])
def test_folds_that_cannot_be_are_refused(name, arguments):
    with refuses(name):
        folds(*arguments)


def test_fold_losses_are_scikit_learns_log_loss():
    held_out = folds(60, 4, 1, seed=0)[1]
    preds = torch.rand(4, 60, 1, generator=torch.Generator().manual_seed(0)).double()
    theirs = [log_loss(LABELS[:60][fold].flatten(), part[fold].flatten(), labels=[0, 1]) for part, fold in zip(preds, held_out)]
    assert fold_losses(preds, LABELS[:60].double(), held_out).tolist() == pytest.approx(theirs, abs=1e-10)
    with refuses("preds"):
        fold_losses(preds[:3], LABELS[:60].double(), held_out)
    with refuses("labels"):
        fold_losses(preds, LABELS[:59].double(), held_out)


def test_interval_is_that_of_nadeau_and_bengio():
    losses = [0.2, 0.3, 0.4, 0.3]
    error = np.std(losses, ddof=1) * math.sqrt(1 / 4 + 0.5 / 0.5)
    estimate, low, high = corrected_interval(losses, k=2)
    assert estimate == pytest.approx(0.3) and high - estimate == pytest.approx(3.182446 * error, rel=1e-6)
    assert estimate - low == pytest.approx(high - estimate)
    for bad in ([0.3], [0.3, float("nan")]):
        with refuses("losses"):
            corrected_interval(bad, k=2)


def test_calibration_is_scikit_learns_with_the_interval_of_wilson():
    preds = torch.rand(200, 1, generator=torch.Generator().manual_seed(3)).double()
    table = calibration(preds, LABELS[:200].double())
    observed, predicted = calibration_curve(LABELS[:200].flatten(), preds.flatten(), n_bins=10, strategy="quantile")
    assert table.predicted.to_numpy() / 100 == pytest.approx(predicted, abs=1e-10)
    assert table.observed.to_numpy() / 100 == pytest.approx(observed, abs=1e-10)
    p, n, z = table.observed[4] / 100, 20, 1.959964
    center, reach = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert table.high[4] / 100 == pytest.approx((center + reach) / (1 + z**2 / n), abs=1e-6)
    assert table.low[4] / 100 == pytest.approx((center - reach) / (1 + z**2 / n), abs=1e-6)
    assert table.n.tolist() == [20] * 10


@pytest.mark.parametrize("name, arguments", [("labels", ([0.1, 0.2], [0, 2])), ("labels", ([0.1, 0.2], [0])),
                                             ("groups", ([0.1, 0.2], [0, 1], 3))])
def test_calibration_refuses_bad_input(name, arguments):
    with refuses(name):
        calibration(*arguments)
