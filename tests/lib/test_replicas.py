"""Replicas are trained as if each were alone; one that stops or diverges does not disturb the others."""

from functools import partial

import numpy as np
import pytest
import torch
from lib.descent import GradientDescent, accuracy, patient
from torch import nn

from helpers import refuses
from lib.models import Perceptron, SimpleLinearNN, build, initialise, replicas_of
from lib.replicas import alone, put
from lib.seeds import generators
from lib.training import evaluate, no_better_for, reaches, train

DEVICES = ["cpu"] + ["cuda"] * torch.cuda.is_available()
R = 4
DRAWS = torch.Generator().manual_seed(1)
INPUTS = torch.randn(30, 2, generator=DRAWS)
LABELS = (INPUTS[:, :1] * INPUTS[:, 1:] > 0).float()
EVALUATION = (torch.randn(12, 2, generator=DRAWS), torch.randint(2, (12, 1), generator=DRAWS).float())
OWN = [torch.randint(30, (30,), generator=DRAWS) for _ in range(R)]
BOOTSTRAP = tuple(torch.stack([part[rows] for rows in OWN]) for part in (INPUTS, LABELS))
HOW = dict(loss_fn=nn.BCELoss(), learning_rate=0.5, epochs=6, batch_size=8, evaluation=EVALUATION)


def network(replicas=R):
    """Return the same network 2-3-1, or replicas of it, every time."""
    return initialise(build([2, 3, 1], nn.Tanh, replicas), seed=0)


def same(one, other, tolerance=1e-5):
    """Return whether two plain models have the same parameters."""
    pairs = zip(one.parameters(), other.parameters())
    return all(torch.allclose(a, b, rtol=tolerance, atol=tolerance) for a, b in pairs)


@pytest.mark.parametrize("data", [(INPUTS, LABELS), BOOTSTRAP, (INPUTS, BOOTSTRAP[1])], ids=["shared", "own", "labels"])
@pytest.mark.parametrize("seed", [3, None], ids=["shuffled", "in order"])
def test_a_replica_is_the_network_trained_alone(data, seed):
    together = network()
    singles = [alone(together, r) for r in range(R)]
    history = train(together, data, seed=seed, **HOW)
    for r, shuffle in enumerate(generators(3, R)):
        mine = tuple(part[r] if part.dim() == 3 else part for part in data)
        single = train(singles[r], mine, seed=seed and shuffle, **HOW)
        assert same(alone(together, r), singles[r])
        assert np.allclose(history["loss"][r], single.loss, atol=1e-5)
        assert np.allclose(history["evaluation_loss"][r], single.evaluation_loss, atol=1e-5)


@pytest.mark.parametrize("loss_fn", [nn.MSELoss(), nn.BCEWithLogitsLoss()])
@pytest.mark.parametrize("precision, tolerance", [(torch.float32, 1e-5), (torch.float64, 1e-10)])
def test_so_it_is_with_other_losses_and_in_double_precision(loss_fn, precision, tolerance):
    together = nn.Sequential(Perceptron(2, 3, replicas=R), SimpleLinearNN(3, 1, replicas=R)).to(precision)
    singles = [alone(initialise(together, 0), r) for r in range(R)]
    how = dict(loss_fn=loss_fn, learning_rate=0.1, epochs=5, batch_size=7)
    data = INPUTS.to(precision), LABELS.to(precision)
    history = train(together, data, seed=3, **how)
    for r, shuffle in enumerate(generators(3, R)):
        single = train(singles[r], data, seed=shuffle, **how)
        assert same(alone(together, r), singles[r], tolerance)
        assert np.allclose(history["loss"][r], single.loss, rtol=0, atol=tolerance)


@pytest.mark.parametrize("device", DEVICES)
def test_replicas_train_on_the_device_of_their_tensors(device):
    model = network().to(device)
    history = train(model, (INPUTS.to(device), LABELS.to(device)), seed=1, **{**HOW, "evaluation": None})
    expected = train(network(), (INPUTS, LABELS), seed=1, **{**HOW, "evaluation": None})
    assert np.allclose(history, expected, atol=1e-4)


def test_no_tensor_is_read_as_an_array_as_that_works_on_the_processor_only(monkeypatch):
    def refuse(*_):
        raise TypeError("can't convert cuda:0 device type tensor to numpy")
    monkeypatch.setattr(torch.Tensor, "__array__", refuse)
    history = train(network(), (INPUTS, LABELS), seed=1, stop=reaches(0.7), **HOW)
    assert history["loss"].iloc[0].notna().all()


def test_each_replica_is_shuffled_in_its_own_way():
    def ends(seed):
        model = network()
        for values in model.parameters():
            values.data[:] = values.data[:1].clone()
        train(model, (INPUTS, LABELS), seed=seed, **HOW)
        return model[0].weights
    assert torch.allclose(ends(None)[0], ends(None)[1], atol=1e-6)
    assert not torch.allclose(ends(0)[0], ends(0)[1], atol=1e-3)


def test_history_has_a_table_with_a_column_for_each_replica():
    history = train(network(), (INPUTS, LABELS), **HOW)
    assert history.index.name == "epoch" and history.index.tolist() == list(range(7))
    assert history["loss"].shape == (7, R) == history["evaluation_loss"].shape
    assert history["loss"].columns.tolist() == list(range(R))


@pytest.mark.parametrize("patience", [False, True], ids=["threshold", "patience"])
def test_a_replica_that_stops_is_left_as_it_is_and_disturbs_nobody(patience):
    free = network()
    how = {**HOW, "epochs": 30}
    losses = train(free, (INPUTS, LABELS), seed=2, **how)["evaluation_loss"]
    rule = no_better_for(5) if patience else reaches(losses.min().median())
    stopped, singles = network(), [alone(network(), r) for r in range(R)]
    history = train(stopped, (INPUTS, LABELS), seed=2, stop=rule, **how)
    lengths = set()
    for r, shuffle in enumerate(generators(2, R)):
        single = train(singles[r], (INPUTS, LABELS), seed=shuffle, stop=rule, **how)
        assert same(alone(stopped, r), singles[r])
        assert history["loss"][r].notna().tolist() == [epoch < len(single) for epoch in history.index]
        assert np.allclose(history["evaluation_loss"][r].dropna(), losses[r][:len(single)], atol=1e-5)
        lengths.add(len(single))
    assert len(lengths) > 1


LINEAR = nn.Sequential(SimpleLinearNN(2, 3, replicas=R), SimpleLinearNN(3, 1, replicas=R))


@pytest.mark.parametrize("model, scale, loss_fn", [
    (LINEAR, 1e10, nn.MSELoss()), (build([2, 3, 1], nn.ReLU, R), 1e38, nn.BCELoss()),
], ids=["squared error", "cross-entropy"])
def test_a_replica_that_diverges_is_lost_and_disturbs_nobody(model, scale, loss_fn):
    put(initialise(model, 0), initialise(build([2, 3, 1], nn.ReLU), 0), 1)
    singles = [alone(model, r) for r in range(R)]
    data = BOOTSTRAP[0].clone(), BOOTSTRAP[1]
    data[0][1] *= scale
    how = dict(loss_fn=loss_fn, learning_rate=0.1, epochs=8, batch_size=8)
    history = train(model, data, seed=3, evaluation=data, **how)
    assert all(values[1].isnan().all() for values in model.parameters())
    for r, shuffle in enumerate(generators(3, R)):
        mine = tuple(part[r] for part in data)
        if r == 1:
            assert_lost_at_the_epoch_of(partial(train, singles[1], mine, seed=shuffle, **how), history["loss"][1])
            continue
        single = train(singles[r], mine, seed=shuffle, evaluation=mine, **how)
        assert same(alone(model, r), singles[r])
        assert np.allclose(history["loss"][r], single.loss, atol=1e-5)
        assert np.allclose(history["evaluation_loss"][r], single.evaluation_loss, atol=1e-5)


def assert_lost_at_the_epoch_of(training, losses):
    """Assert that the losses are finite up to the epoch at which training diverges, and NaN after it."""
    epoch = int(np.argmin(np.isfinite(losses)))
    assert epoch > 0 and losses[epoch + 1:].isna().all()
    with pytest.raises(FloatingPointError, match=f"after epoch {epoch} with"):
        training()


def test_a_replica_whose_start_is_spoilt_is_lost_while_the_others_stop():
    model = initialise(SimpleLinearNN(2, 1, replicas=R), 0)
    model.weights.data[1] *= 1e18
    singles = [alone(model, r) for r in range(R)]
    how = dict(loss_fn=nn.MSELoss(), learning_rate=1.5, epochs=9, batch_size=8)
    how |= dict(evaluation=EVALUATION, stop=reaches(1e9))
    history = train(model, (INPUTS, LABELS), **how)
    assert model.weights[1].isnan().all() and model.bias[1].isnan().all()
    assert_lost_at_the_epoch_of(lambda: train(singles[1], (INPUTS, LABELS), **how), history["loss"][1])
    for r in (0, 2, 3):
        assert len(train(singles[r], (INPUTS, LABELS), **how)) == history["loss"][r].count() == 2
        assert same(alone(model, r), singles[r])


def test_if_all_diverge_the_model_is_back_where_it_started():
    model = initialise(SimpleLinearNN(2, 1, replicas=R), 0)
    start = model.weights.clone()
    with pytest.raises(FloatingPointError, match="in any replica after epoch .* learning_rate=1000"):
        train(model, (INPUTS, LABELS), loss_fn=nn.MSELoss(), learning_rate=1000, epochs=100, batch_size=8)
    assert torch.equal(model.weights, start)


def test_a_single_network_that_diverges_under_cross_entropy_says_so():
    model = initialise(build([2, 3, 1], nn.ReLU), 0)
    start = model[0].weights.clone()
    with pytest.raises(FloatingPointError):
        train(model, (1e38 * INPUTS, LABELS), loss_fn=nn.BCELoss(), learning_rate=0.1, epochs=5, batch_size=8)
    assert torch.equal(model[0].weights, start)


def test_accuracies_come_back_for_each_replica():
    model = network()
    history = train(model, (INPUTS, LABELS), evaluation_fn=accuracy, **HOW)
    inputs, labels = EVALUATION
    by_hand = ((model(inputs) > 0.5) == (labels == 1)).float().mean(dim=(1, 2))
    assert np.allclose(history["evaluation_loss"].iloc[-1], by_hand)
    assert torch.allclose(evaluate(model, inputs, labels, accuracy), by_hand)


def test_watch_notes_a_number_for_each_replica_and_refuses_else():
    model = network()
    history = train(model, (INPUTS, LABELS), watch=lambda model: model[1].bias.flatten(), **HOW)
    assert history["watched"].shape == (7, R)
    assert history["watched"].iloc[-1].tolist() == model[1].bias.flatten().tolist()
    for watch in (lambda model: 1.0, lambda model: model[1].bias, lambda model: [1.0] * (R + 1)):
        with refuses("watched"):
            train(network(), (INPUTS, LABELS), watch=watch, **HOW)


@pytest.mark.parametrize("rule", [lambda losses: True, lambda losses: [False] * (R + 1)])
def test_a_rule_answers_for_each_replica(rule):
    model = network()
    with refuses("stop"):
        train(model, (INPUTS, LABELS), stop=rule, **HOW)
    assert torch.equal(model[0].weights, network()[0].weights)


def test_watch_notes_a_replica_until_it_stops():
    how = {**HOW, "epochs": 30, "stop": no_better_for(2)}
    history = train(network(), (INPUTS, LABELS), watch=lambda model: model[1].bias.flatten(), seed=2, **how)
    assert history["watched"].notna().equals(history["loss"].notna())
    assert history["loss"].count().nunique() > 1


BAD = {
    "model, plain and replicated": (nn.Sequential(Perceptron(2, 3, replicas=R), Perceptron(3, 1)), {}, "model"),
    "model, two numbers": (nn.Sequential(Perceptron(2, 3, replicas=R), Perceptron(3, 1, replicas=2)), {}, "model"),
    "inputs of other replicas": (network(), {"data": (BOOTSTRAP[0][:3], LABELS)}, "inputs"),
    "labels of other replicas": (network(), {"data": (INPUTS, BOOTSTRAP[1][:3])}, "labels"),
    "inputs of replicas, plain model": (network(None), {"data": BOOTSTRAP}, "inputs"),
    "labels of replicas, plain model": (network(None), {"data": (INPUTS, BOOTSTRAP[1])}, "labels"),
    "labels of other length": (network(), {"data": (BOOTSTRAP[0], BOOTSTRAP[1][:, :9])}, "labels"),
    "sum": (network(), {"loss_fn": nn.BCELoss(reduction="sum")}, "loss_fn"),
    "no reduction": (network(), {"loss_fn": nn.BCELoss(reduction="none")}, "loss_fn"),
    "evaluation of other replicas": (network(), {"evaluation": (BOOTSTRAP[0][:3], LABELS)}, "inputs"),
    "seed": (network(), {"seed": -1}, "seed"),
    "epochs": (network(), {"epochs": 0}, "epochs"),
}


@pytest.mark.parametrize("model, change, name", BAD.values(), ids=BAD)
def test_what_does_not_fit_is_refused_before_training(model, change, name):
    before = [values.clone() for values in model.parameters()]
    arguments = {"data": (INPUTS, LABELS), **HOW, **change}
    with refuses(name):
        train(model, arguments.pop("data"), **arguments)
    assert all(map(torch.equal, before, model.parameters()))


def test_layers_refuse_inputs_of_other_replicas():
    with refuses("inputs"):
        network()(BOOTSTRAP[0][:3])


@pytest.mark.parametrize("model, replica, name", [
    (network(None), 0, "model"), (network(), R, "replica"), (network(), -1, "replica"), (network(), 1.0, "replica"),
])
def test_only_a_replica_that_is_there_can_be_taken_out(model, replica, name):
    with refuses(name):
        alone(model, replica)


def test_replicas_are_counted():
    assert replicas_of(network()) == R and replicas_of(network(None)) is None
    assert replicas_of(alone(network(), 2)) is None


def test_the_update_rule_is_torchs_bit_for_bit():
    ours, theirs = network(None), network(None)
    rules = GradientDescent(ours.parameters(), 0.3), torch.optim.SGD(theirs.parameters(), lr=0.3)
    for _ in range(20):
        for model, rule in zip((ours, theirs), rules):
            rule.zero_grad()
            nn.BCELoss()(model(INPUTS), LABELS).backward()
            rule.step()
    assert all(map(torch.equal, ours.parameters(), theirs.parameters()))


@pytest.mark.parametrize("replicas", [R, None], ids=["replicas", "plain"])
def test_a_parameter_that_is_frozen_stays_as_it_is(replicas):
    model = network(replicas)
    model[0].weights.requires_grad_(False)
    start = model[0].weights.clone(), model[1].weights.clone()
    train(model, (INPUTS, LABELS), **HOW)
    assert torch.equal(model[0].weights, start[0]) and not torch.equal(model[1].weights, start[1])


def test_cross_entropy_answers_nan_with_nan_and_other_errors_come_through():
    preds, labels = torch.tensor([0.2, torch.nan]), torch.tensor([0.0, 1.0])
    with pytest.raises(RuntimeError):
        nn.BCELoss()(preds, labels)
    assert patient(nn.BCELoss())(preds, labels).isnan()
    with pytest.raises(RuntimeError):
        patient(nn.BCELoss())(torch.tensor([2.0]), torch.tensor([1.0]))


def test_generators_differ_and_the_first_ones_do_not_depend_on_their_number():
    draws = [[torch.rand(1, generator=one).item() for one in generators(5, many)] for many in (3, 100)]
    assert draws[0] == draws[1][:3] and len(set(draws[1])) == 100


@pytest.mark.parametrize("replicas", [0, -1, 1.5, True])
def test_a_number_of_generators_is_positive(replicas):
    with refuses("replicas"):
        generators(0, replicas)
    with refuses("seed"):
        generators(-1, 3)


def test_build_puts_perceptrons_between_sizes():
    model = build([2, 5, 3, 1], nn.ReLU, replicas=2)
    assert [tuple(layer.weights.shape) for layer in model] == [(2, 2, 5), (2, 5, 3), (2, 3, 1)]
    assert [type(layer.activation) for layer in model] == [nn.ReLU, nn.ReLU, nn.Sigmoid]
    assert tuple(build([2, 1])[0].weights.shape) == (2, 1)


@pytest.mark.parametrize("arguments, name", [
    (([2],), "sizes"), (([],), "sizes"), (([2, 0],), "features_out"), (([2, 3, 1], nn.ReLU()), "activation"),
    (([2, 1], nn.ReLU, 0), "replicas"),
])
def test_build_refuses_what_is_no_network(arguments, name):
    with refuses(name):
        build(*arguments)
