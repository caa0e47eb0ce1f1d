"""Replicas are trained as if each were alone; one that stops or diverges does not disturb the others."""

import numpy as np
import pytest
import torch
from lib.descent import GradientDescent, accuracy, patient
from lib.models import Perceptron, SimpleLinearNN, build, initialise, replicas_of
from lib.replicas import alone, put
from lib.seeds import generators
from lib.training import evaluate, no_better_for, reaches, train
from test_models import refuses
from torch import nn

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
    return all(torch.allclose(a, b, atol=tolerance) for a, b in zip(one.parameters(), other.parameters()))


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
def test_so_it_is_with_other_losses_and_in_double_precision(loss_fn):
    together = nn.Sequential(Perceptron(2, 3, replicas=R), SimpleLinearNN(3, 1, replicas=R)).double()
    singles = [alone(initialise(together, 0), r) for r in range(R)]
    how = dict(loss_fn=loss_fn, learning_rate=0.1, epochs=5, batch_size=7)
    data = INPUTS.double(), LABELS.double()
    train(together, data, seed=3, **how)
    for r, shuffle in enumerate(generators(3, R)):
        train(singles[r], data, seed=shuffle, **how)
        assert same(alone(together, r), singles[r], 1e-10)


@pytest.mark.parametrize("device", DEVICES)
def test_replicas_train_on_the_device_of_their_tensors(device):
    model = network().to(device)
    history = train(model, (INPUTS.to(device), LABELS.to(device)), seed=1, **{**HOW, "evaluation": None})
    expected = train(network(), (INPUTS, LABELS), seed=1, **{**HOW, "evaluation": None})
    assert np.allclose(history, expected, atol=1e-4)


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
        assert history["loss"][r].count() == len(single)
        assert np.allclose(history["evaluation_loss"][r].dropna(), losses[r][:len(single)], atol=1e-5)
        lengths.add(len(single))
    assert len(lengths) > 1


LINEAR = nn.Sequential(SimpleLinearNN(2, 3, replicas=R), SimpleLinearNN(3, 1, replicas=R))


@pytest.mark.parametrize("model, scale, loss_fn", [
    (LINEAR, 1e10, nn.MSELoss()), (build([2, 3, 1], nn.ReLU, R), 1e38, nn.BCELoss()),
], ids=["squared error", "cross-entropy"])
def test_a_replica_that_diverges_is_lost_and_disturbs_nobody(model, scale, loss_fn):
    put(initialise(model, 0), initialise(build([2, 3, 1], nn.ReLU), 0), 1)
    calm = [alone(model, r) for r in range(R)]
    inputs, labels = INPUTS.repeat(R, 1, 1), LABELS.repeat(R, 1, 1)
    inputs[1] *= scale
    how = dict(loss_fn=loss_fn, learning_rate=0.1, epochs=8, batch_size=8)
    history = train(model, (inputs, labels), **how)
    assert all(values[1].isnan().all() for values in model.parameters())
    assert not np.isfinite(history["loss"][1]).all() and np.isfinite(history["loss"][1][0])
    for r in (0, 2, 3):
        train(calm[r], (INPUTS, LABELS), **how)
        assert same(alone(model, r), calm[r])
        assert np.isfinite(history["loss"][r]).all()


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
    history = train(network(), (INPUTS, LABELS), watch=lambda model: model[1].bias.detach().flatten(), **HOW)
    assert history["watched"].shape == (7, R)
    with refuses("watched"):
        train(network(), (INPUTS, LABELS), watch=lambda model: 1.0, **HOW)


BAD = {
    "model, plain and replicated": (nn.Sequential(Perceptron(2, 3, replicas=R), Perceptron(3, 1)), {}, "model"),
    "model, two numbers": (nn.Sequential(Perceptron(2, 3, replicas=R), Perceptron(3, 1, replicas=2)), {}, "model"),
    "inputs of other replicas": (network(), {"data": (BOOTSTRAP[0][:3], LABELS)}, "inputs"),
    "labels of other replicas": (network(), {"data": (INPUTS, BOOTSTRAP[1][:3])}, "labels"),
    "inputs of replicas, plain model": (network(None), {"data": BOOTSTRAP}, "inputs"),
    "labels of other length": (network(), {"data": (BOOTSTRAP[0], BOOTSTRAP[1][:, :9])}, "labels"),
    "sum": (network(), {"loss_fn": nn.BCELoss(reduction="sum")}, "loss_fn"),
    "no reduction": (network(), {"loss_fn": nn.BCELoss(reduction="none")}, "loss_fn"),
    "evaluation of other replicas": (network(), {"evaluation": (BOOTSTRAP[0][:3], LABELS)}, "inputs"),
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


def test_cross_entropy_answers_nan_with_nan_and_other_errors_come_through():
    preds, labels = torch.tensor([0.2, torch.nan]), torch.tensor([0.0, 1.0])
    with pytest.raises(RuntimeError):
        nn.BCELoss()(preds, labels)
    assert patient(nn.BCELoss())(preds, labels).isnan()
    with pytest.raises(RuntimeError):
        patient(nn.BCELoss())(torch.tensor([2.0]), torch.tensor([1.0]))


def test_generators_differ_and_the_first_ones_do_not_depend_on_their_number():
    draws = [[torch.rand(1, generator=one).item() for one in generators(5, many)] for many in (3, 6)]
    assert draws[0] == draws[1][:3] and len(set(draws[1])) == 6


@pytest.mark.parametrize("replicas", [0, -1, 1.5, True])
def test_a_number_of_generators_is_positive(replicas):
    with refuses("replicas"):
        generators(0, replicas)


def test_build_puts_perceptrons_between_sizes():
    model = build([2, 5, 3, 1], nn.ReLU, replicas=2)
    assert [tuple(layer.weights.shape) for layer in model] == [(2, 2, 5), (2, 5, 3), (2, 3, 1)]
    assert [type(layer.activation) for layer in model] == [nn.ReLU, nn.ReLU, nn.Sigmoid]
    with refuses("sizes"):
        build([2])
