"""What is reported of a model agrees with statsmodels, scikit-learn and torch, and bad input is refused."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
import torch
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score
from torch import nn

from helpers import refuses
from lib.data import tensors
from lib.models import Perceptron, Standardise, build, initialise, predict, state
from lib.replicas import alone, replicate
from lib.statistics import accuracy, average_marginal_effects, calibration, coefficients, corrected_interval, marginal_effects
from lib.training import Batches, train
from tools.book import ROOT

ANES = pd.read_csv(ROOT / "data" / "anes96.csv")
PLACEMENTS = ["selfLR", "ClinLR", "DoleLR"]
INPUTS, LABELS = tensors(ANES, PLACEMENTS, ["vote"])


@pytest.fixture(scope="module")
def logit():
    """The logit of statsmodels."""
    return smf.logit("vote ~ selfLR + ClinLR + DoleLR", ANES).fit(disp=0)


def neuron_of(fitted):
    """Return a Perceptron with the coefficients of a logit."""
    weights, bias = torch.tensor(fitted.params[1:].to_numpy())[:, None], torch.tensor([[fitted.params.iloc[0]]])
    neuron = Perceptron(3, 1).double()
    neuron.load_state_dict({"weights": weights, "bias": bias})
    return neuron


def network():
    """Return a network 3-4-1 with a scale before it."""
    return nn.Sequential(Standardise(INPUTS), *initialise(build([3, 4, 1], nn.Tanh), seed=0))


def on_scale(neuron, scale):
    """Return the neuron that does with z-scores what `neuron` does with the inputs."""
    scaled = Perceptron(3, 1).double()
    scaled.weights.data = neuron.weights.data * scale.std.T
    scaled.bias.data = neuron.bias.data + scale.mean @ neuron.weights.data
    return scaled


def test_coefficients_are_those_in_the_units_of_the_inputs(logit):
    scale = Standardise(INPUTS.double())
    scaled = on_scale(neuron_of(logit), scale)
    torchs = nn.Sequential(nn.Linear(3, 1).double(), nn.Sigmoid())
    torchs[0].load_state_dict({"weight": scaled.weights.T, "bias": scaled.bias[0]})
    for neuron in (scaled, torchs, torchs[0]):
        found = coefficients(scale, neuron, PLACEMENTS)
        assert found.index.tolist() == ["Intercept", *PLACEMENTS]
        assert found.to_numpy() == pytest.approx(logit.params.to_numpy(), rel=1e-9)


def test_average_marginal_effects_of_a_neuron_are_those_of_statsmodels(logit):
    ours = average_marginal_effects(neuron_of(logit), INPUTS.double())
    assert ours.tolist() == pytest.approx(logit.get_margeff().margeff, abs=1e-10)


def test_effects_of_a_dummy_are_slopes_as_the_docstring_says():
    frame = ANES.assign(party=(ANES.PID > 3).astype(float))
    fitted = smf.logit("vote ~ selfLR + ClinLR + party", frame).fit(disp=0)
    inputs, _ = tensors(frame, ["selfLR", "ClinLR", "party"], ["vote"])
    ours = average_marginal_effects(neuron_of(fitted), inputs.double())
    assert ours.tolist() == pytest.approx(fitted.get_margeff().margeff, abs=1e-10)
    assert abs(ours[2] - fitted.get_margeff(dummy=True).margeff[2]) > 0.001
    assert "continuous (c.)" in average_marginal_effects.__doc__ and "differences" in average_marginal_effects.__doc__


def test_marginal_effects_are_slopes_also_through_a_scale_and_in_replicas():
    one = network().double()
    model = initialise(nn.Sequential(one[0], *replicate(nn.Sequential(*one[1:]), 2)), 0)
    inputs, step = INPUTS[:20].double(), 1e-5
    effects = marginal_effects(model, inputs)
    assert effects.shape == (2, 20, 3)
    for i in range(3):
        up, down = inputs.clone(), inputs.clone()
        up[:, i] += step
        down[:, i] -= step
        assert torch.allclose(effects[:, :, [i]], (model(up) - model(down)) / (2 * step), atol=1e-8)
    assert torch.allclose(average_marginal_effects(model, inputs), effects.mean(dim=1))
    assert torch.allclose(marginal_effects(alone(model, 1), inputs), effects[1])


def changing():
    """Return a model that differs between training and evaluation."""
    model = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 1), nn.Sigmoid())
    return model.train()


def test_effects_are_those_of_evaluation_and_leave_the_model_as_it_was():
    model = changing()
    before = state(model)
    effects = marginal_effects(model, INPUTS)
    assert torch.equal(effects, marginal_effects(model, INPUTS)) and model.training
    assert torch.allclose(effects[:5], marginal_effects(model, INPUTS[:5]), atol=1e-6)
    assert all(torch.equal(now, before[name]) for name, now in model.state_dict().items())
    assert all(values.grad is None for values in model.parameters())


@pytest.mark.parametrize("replicas", [None, 4])
def test_several_outputs_give_the_effects_of_each(replicas):
    model = nn.Sequential(Standardise(INPUTS), Perceptron(3, 2))
    model = initialise(model if replicas is None else replicate(model, replicas), 0)
    both = marginal_effects(model, INPUTS)
    assert both.shape == (2, *([] if replicas is None else [replicas]), *INPUTS.shape)
    for output in (0, 1):
        one = nn.Sequential(Standardise(INPUTS), Perceptron(3, 1))
        one = one if replicas is None else replicate(one, replicas)
        one[1].weights.data, one[1].bias.data = (part.data[..., [output]] for part in model[1].parameters())
        assert torch.allclose(both[output], marginal_effects(one, INPUTS), atol=1e-6)
    assert torch.allclose(average_marginal_effects(model, INPUTS), both.mean(dim=-2))


def test_the_effects_on_shares_that_add_up_to_one_add_up_to_zero():
    model = nn.Sequential(Standardise(INPUTS), nn.Linear(3, 3), nn.Softmax(dim=1))
    assert marginal_effects(model, INPUTS).sum(dim=0).abs().max() < 1e-6


def test_effects_work_where_gradients_are_off_and_leave_inputs_alone():
    inputs = INPUTS.clone()
    expected = marginal_effects(network(), inputs)
    with torch.no_grad():
        assert torch.equal(marginal_effects(network(), inputs), expected)
    assert not inputs.requires_grad and not expected.requires_grad


NAN = initialise(Perceptron(3, 1), 0)
NAN.bias.data.fill_(torch.nan)


@pytest.mark.parametrize("model, inputs, name", [
    (Perceptron, INPUTS, "model"), (Perceptron(3, 1), INPUTS * torch.nan, "inputs"), (Perceptron(3, 1), INPUTS.double(), "inputs"),
    (Perceptron(3, 1), INPUTS.numpy(), "inputs"), (Perceptron(3, 1), ANES[PLACEMENTS], "inputs"), (NAN, INPUTS, "model"),
    (nn.Sequential(nn.Linear(3, 1), nn.Flatten(0)), INPUTS, "model"),
])
@pytest.mark.parametrize("effects", [marginal_effects, average_marginal_effects])
def test_effects_that_cannot_be_are_refused(effects, model, inputs, name):
    with refuses(name):
        effects(model, inputs)


def test_effects_that_are_zero_for_want_of_a_scale_are_warned_of():
    model = initialise(Perceptron(2, 1), 0)
    inputs, labels = tensors(ANES, ["age", "popul"], ["vote"])
    with pytest.warns(UserWarning, match="numerically 0 or 1, and wrong"):
        train(model, Batches((inputs, labels), 944), nn.BCELoss(), torch.optim.SGD(model.parameters(), lr=0.1), 200)
    with pytest.warns(UserWarning, match="numerically 0 or 1, and their effects 0.*Standardise"):
        average_marginal_effects(model, inputs)


@pytest.mark.filterwarnings("error")
def test_other_effects_are_not_warned_of():
    average_marginal_effects(network(), INPUTS)


def test_accuracy_is_scikit_learns():
    preds = torch.rand(200, 1, generator=torch.Generator().manual_seed(3))
    assert accuracy(preds, LABELS[:200]) == pytest.approx(accuracy_score(LABELS[:200], preds > 0.5))
    assert accuracy(predict(network(), INPUTS), LABELS) == pytest.approx(((network()(INPUTS) > 0.5) == (LABELS > 0)).float().mean().item())


@pytest.mark.parametrize("preds, labels, name", [
    (torch.tensor([[0.9], [0.1], [0.2]]), torch.tensor([1.0, 0, 0]), "labels"), (torch.rand(2, 5, 1), torch.ones(5, 1), "labels"),
    (torch.tensor([[torch.nan]]), torch.tensor([[0.0]]), "preds"), (torch.rand(5, 1), torch.full((5, 1), 2.0), "labels"),
    ([0.5], torch.ones(1), "preds"),
])
def test_accuracy_refuses_what_would_be_broadcast_or_misread(preds, labels, name):
    with refuses(name):
        accuracy(preds, labels)


def test_interval_is_that_of_nadeau_and_bengio():
    losses = [0.2, 0.3, 0.4, 0.3]
    error = np.std(losses, ddof=1) * math.sqrt(1 / 4 + 0.5 / 0.5)
    for given in (losses, pd.Series(losses, index=[4, 4, 2, 1]), torch.tensor(losses)):
        estimate, low, high = corrected_interval(given, k=2)
        assert estimate == pytest.approx(0.3) and high - estimate == pytest.approx(3.182446 * error, rel=1e-6)
        assert estimate - low == pytest.approx(high - estimate)
    assert corrected_interval(losses, 2).index.tolist() == ["estimate", "low", "high"]


@pytest.mark.parametrize("losses, k, name", [
    ([0.3], 2, "losses"), ([0.3, np.nan], 2, "losses"), ([0.3, 0.4], 1, "k"), ([0.3, 0.4], 2.5, "k"),
])
def test_interval_refuses_bad_input(losses, k, name):
    with refuses(name):
        corrected_interval(losses, k)


def test_calibration_is_scikit_learns_with_the_interval_of_wilson():
    preds = torch.rand(200, 1, generator=torch.Generator().manual_seed(3)).double()
    table = calibration(preds, LABELS[:200].double())
    observed, predicted = calibration_curve(LABELS[:200].flatten(), preds.flatten(), n_bins=10, strategy="quantile")
    assert list(table) == ["predicted", "observed", "low", "high", "n"]
    assert table.predicted.to_numpy() / 100 == pytest.approx(predicted, abs=1e-10)
    assert table.observed.to_numpy() / 100 == pytest.approx(observed, abs=1e-10)
    p, n, z = table.observed[4] / 100, 20, 1.959964
    center, reach = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert table.high[4] / 100 == pytest.approx((center + reach) / (1 + z**2 / n), abs=1e-6)
    assert table.low[4] / 100 == pytest.approx((center - reach) / (1 + z**2 / n), abs=1e-6)
    assert table.n.tolist() == [20] * 10


@pytest.mark.filterwarnings("error")
def test_calibration_takes_any_index_and_kind_of_values():
    frame = pd.DataFrame({"p": [0.1, 0.2, 0.3, 0.7, 0.8, 0.9], "y": [0, 1, 0, 1, 1, 1]})
    expected = calibration(frame.p.to_numpy(), frame.y.to_numpy(), groups=2)
    some = frame.set_axis([9, 5, 5, 7, 3, 2])
    for preds, labels in ((some.p, some.y), (some.p, some.y.astype(bool)), (some[["p"]], some[["y"]]), (list(frame.p), list(frame.y)),
                          (torch.tensor(frame.p), frame.y.astype("Int64")), (some.p.iloc[::-1], some.y.iloc[::-1])):
        assert np.allclose(calibration(preds, labels, groups=2), expected)
    late = frame[frame.p > 0.5]
    assert calibration(late.p, late.y, groups=1).observed[0] == 100


@pytest.mark.parametrize("name, arguments", [
    ("labels", ([0.1, 0.2], [0, 2])), ("labels", ([0.1, 0.2], [0])), ("labels", ([0.1, 0.2], [0, np.nan])),
    ("groups", ([0.1, 0.2], [0, 1], 3)), ("groups", ([0.1, 0.2], [0, 1], 1.5)), ("preds", ([0.1, np.nan], [0, 1])),
    ("preds", ([10, 90], [0, 1])), ("preds", ([-150, 1], [0, 1])), ("preds", ([], [])),
])
def test_calibration_refuses_bad_input(name, arguments):
    with refuses(name):
        calibration(*arguments)
