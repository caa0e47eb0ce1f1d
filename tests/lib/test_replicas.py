"""Replicas are trained as if each were alone; one that stops or diverges does not disturb the others."""

from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from helpers import refuses
from lib.models import Perceptron, SimpleLinearNN, Standardise, build, initialise, predict, state
from lib.replicas import alone, generators, replicas_of, replicate
from lib.statistics import accuracy, average_marginal_effects
from lib.training import Batches, early_stopping, evaluate, reaches, train

DEVICES = ["cpu"] + ["cuda"] * torch.cuda.is_available()
R = 4
DRAWS = torch.Generator().manual_seed(1)
INPUTS = torch.randn(30, 2, generator=DRAWS)
LABELS = (INPUTS[:, :1] * INPUTS[:, 1:] > 0).float()
EVALUATION = (torch.randn(12, 2, generator=DRAWS), torch.randint(2, (12, 1), generator=DRAWS).float())
OWN = [torch.randint(30, (30,), generator=DRAWS) for _ in range(R)]
BOOTSTRAP = tuple(torch.stack([part[rows] for rows in OWN]) for part in (INPUTS, LABELS))
PAIRS = {"shared": (INPUTS, LABELS), "own": BOOTSTRAP, "own labels": (INPUTS, BOOTSTRAP[1]), "own inputs": (BOOTSTRAP[0], LABELS)}
SGD = partial(torch.optim.SGD, lr=0.5)
OPTIMISERS = {
    "plain": SGD, "momentum and decay": partial(torch.optim.SGD, lr=0.1, momentum=0.9, weight_decay=0.02),
    "Adam": partial(torch.optim.Adam, lr=0.05), "AdamW": partial(torch.optim.AdamW, lr=0.05),
    "RMSprop": partial(torch.optim.RMSprop, lr=0.01), "Adagrad": partial(torch.optim.Adagrad, lr=0.1),
}


def plain():
    """Return the same network 2-3-1 every time."""
    return initialise(build([2, 3, 1], nn.Tanh), seed=0)


def network():
    """Return the same replicas of it every time."""
    return initialise(replicate(plain(), R), seed=0)


def fit(model, data, optimiser=SGD, loss_fn=None, epochs=6, batch_size=8, seed=None, replicas=None, **more):
    """Train by Batches of their own for each replica."""
    batches = Batches(data, batch_size, seed, replicas)
    return train(model, batches, loss_fn or nn.BCELoss(), optimiser(model.parameters()), epochs, **more)


def mine(data, r):
    """Return the data of one replica."""
    return tuple(part[r] if part.dim() == 3 else part for part in data)


def same(one, other, tolerance=1e-5):
    """Return whether two plain models have the same parameters."""
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return all(torch.allclose(a, b, rtol=tolerance, atol=tolerance) for a, b in pairs)


def as_if_alone(together, data, seed=3, evaluation=None, tolerance=1e-5, **how):
    """Train replicas and each of them alone; assert that they end alike, and return the history of both."""
    singles = [alone(together, r) for r in range(R)]
    history, lengths = fit(together, data, seed=seed, replicas=R, evaluation=evaluation, **how), []
    for r, shuffle in enumerate(generators(3, R)):
        own = evaluation and mine(evaluation, r)
        single = fit(singles[r], mine(data, r), seed=seed and shuffle, evaluation=own, **how)
        assert same(alone(together, r), singles[r], tolerance)
        for name in single:
            assert history[name][r].notna().tolist() == [epoch < len(single) for epoch in history.index]
            assert np.allclose(history[name][r].dropna(), single[name], rtol=tolerance, atol=tolerance)
        lengths.append(len(single))
    return history, lengths


@pytest.mark.parametrize("data", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("seed", [3, None], ids=["shuffled", "in order"])
def test_a_replica_is_the_network_trained_alone(data, seed):
    history, _ = as_if_alone(network(), data, seed, evaluation=EVALUATION)
    assert history.index.name == "epoch" and history.index.tolist() == list(range(7))
    assert history["loss"].shape == (7, R) == history["evaluation_loss"].shape
    assert history["loss"].columns.tolist() == list(range(R))
    assert history["loss"].loc[6].nunique() == R


@pytest.mark.parametrize("optimiser", OPTIMISERS.values(), ids=OPTIMISERS)
def test_so_it_is_with_any_optimiser(optimiser):
    as_if_alone(network(), BOOTSTRAP, optimiser=optimiser, tolerance=1e-4)


@pytest.mark.parametrize("loss_fn", [
    nn.MSELoss(), nn.BCEWithLogitsLoss(), nn.L1Loss(), nn.MSELoss(reduction="sum"), nn.HuberLoss(), functional.mse_loss,
    lambda preds, labels: (preds - labels).pow(2).mean().sqrt(), nn.BCEWithLogitsLoss(pos_weight=torch.tensor([3.0])),
])
@pytest.mark.parametrize("precision, tolerance", [(torch.float32, 1e-5), (torch.float64, 1e-10)])
def test_so_it_is_with_any_loss_in_both_precisions(loss_fn, precision, tolerance):
    together = replicate(nn.Sequential(Perceptron(2, 3), SimpleLinearNN(3, 1)).to(precision), R)
    optimiser = partial(torch.optim.SGD, lr=0.02)
    data = tuple(part.to(precision) for part in (INPUTS, LABELS))
    as_if_alone(initialise(together, 0), data, loss_fn=loss_fn, optimiser=optimiser, batch_size=7, tolerance=tolerance)


def test_so_it_is_with_classes_and_a_data_loader():
    model = initialise(replicate(SimpleLinearNN(2, 2), R), 0)
    singles = [alone(model, r) for r in range(R)]
    data = DataLoader(TensorDataset(INPUTS, LABELS.long().flatten()), 8, shuffle=True)
    for one in (model, *singles):
        torch.manual_seed(5)
        train(one, data, nn.CrossEntropyLoss(), SGD(one.parameters()), 3)
    assert all(same(alone(model, r), single) for r, single in enumerate(singles))


@pytest.mark.parametrize("own", [False, True], ids=["shared", "bootstrap"])
def test_so_it_is_with_a_scale(own):
    data = BOOTSTRAP if own else (INPUTS, LABELS)
    model = nn.Sequential(Standardise(data[0]), *network())
    history, lengths = as_if_alone(model, data, evaluation=EVALUATION, epochs=30, stop=early_stopping(3))
    assert len(set(lengths)) > 1 and torch.equal(alone(model, 2)[0].mean[0], mine(data, 2)[0].mean(dim=0))


def test_the_rate_typed_is_the_rate_used():
    model = network()
    optim = SGD(model.parameters())
    train(model, Batches((INPUTS, LABELS), 30), nn.BCELoss(), optim, 1)
    assert optim.param_groups[0]["lr"] == 0.5
    single = plain()
    single.load_state_dict(alone(network(), 1).state_dict())
    nn.BCELoss()(single(INPUTS), LABELS).backward()
    for now, before in zip(alone(model, 1).parameters(), single.parameters()):
        assert torch.allclose(now, before - 0.5 * before.grad, atol=1e-6)


@pytest.mark.parametrize("device", DEVICES)
def test_replicas_train_on_the_device_of_their_tensors(device):
    model = network().to(device)
    history = fit(model, (INPUTS.to(device), LABELS.to(device)), seed=1, replicas=R)
    assert np.allclose(history, fit(network(), (INPUTS, LABELS), seed=1, replicas=R), atol=1e-4)


def test_each_replica_is_shuffled_in_its_own_way():
    def ends(seed):
        model = replicate(plain(), R)
        fit(model, (INPUTS, LABELS), seed=seed, replicas=R)
        return model[0].weights
    assert torch.allclose(ends(None)[0], ends(None)[1], atol=1e-6)
    assert not torch.allclose(ends(0)[0], ends(0)[1], atol=1e-3)


@pytest.mark.parametrize("data", [(INPUTS, LABELS), BOOTSTRAP], ids=["shared", "own"])
def test_batches_of_replicas_hold_every_row_once_with_what_belongs_to_it(data):
    got = list(Batches(data, 7, seed=0, replicas=R))
    assert [tuple(x.shape) for x, _ in got] == [(R, 7, 2)] * 4 + [(R, 2, 2)]
    for r in range(R):
        rows = torch.cat([torch.cat([x[r], y[r]], dim=1) for x, y in got]).tolist()
        assert sorted(rows) == sorted(torch.cat(mine(data, r), dim=1).tolist())


RULES = {"threshold": lambda losses: reaches(losses.min().median()), "early stopping": lambda losses: early_stopping(5)}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("optimiser", [SGD, OPTIMISERS["Adam"]], ids=["SGD", "Adam"])
def test_a_replica_that_stops_is_left_as_it_is_and_disturbs_nobody(rule, optimiser):
    losses = fit(network(), (INPUTS, LABELS), optimiser, seed=3, replicas=R, epochs=30, evaluation=EVALUATION)["evaluation_loss"]
    history, lengths = as_if_alone(
        network(), (INPUTS, LABELS), evaluation=EVALUATION, epochs=30, optimiser=optimiser, stop=rule(losses), tolerance=1e-4)
    assert len(set(lengths)) > 1
    for r in range(R):
        assert np.allclose(history["evaluation_loss"][r].dropna(), losses[r][:lengths[r]], atol=1e-4)


@pytest.mark.parametrize("patience", [4, 1000], ids=["by the rule", "as epochs run out"])
def test_early_stopping_gives_each_replica_back_its_best_epoch(patience):
    model = network()
    how = dict(evaluation=EVALUATION, stop=early_stopping(patience), watch={"bias": lambda model: model[1].bias.flatten()})
    history = fit(model, (INPUTS, LABELS), OPTIMISERS["Adam"], epochs=40, seed=3, replicas=R, **how)
    best = history["evaluation_loss"].idxmin()
    assert best.nunique() > 1 and (best < history["loss"].count() - 1).any()
    assert np.allclose(evaluate(model, EVALUATION, nn.BCELoss()), history["evaluation_loss"].min(), atol=1e-6)
    assert model[1].bias.flatten().tolist() == [history["bias"][r][best[r]] for r in range(R)]


LINEAR = nn.Sequential(SimpleLinearNN(2, 3), SimpleLinearNN(3, 1))


@pytest.mark.parametrize("model, scale, loss_fn", [(LINEAR, 1e10, nn.MSELoss()), (build([2, 3, 1], nn.ReLU), 1e38, nn.BCELoss())],
                         ids=["squared error", "cross-entropy"])
def test_a_replica_that_diverges_is_lost_and_disturbs_nobody(model, scale, loss_fn):
    together = initialise(replicate(model, R), 0)
    for values, start in zip(together.parameters(), initialise(model, 0).parameters()):
        values.data[1] = start.data
    singles = [alone(together, r) for r in range(R)]
    data = BOOTSTRAP[0].clone(), BOOTSTRAP[1]
    data[0][1] *= scale
    how = dict(optimiser=partial(torch.optim.SGD, lr=0.1), loss_fn=loss_fn, epochs=8)
    watch = {"accuracy": lambda model: [accuracy(p, y) for p, y in zip(predict(model, data[0]), data[1])]}
    history = fit(together, data, seed=3, replicas=R, evaluation=data, watch=watch, **how)
    assert all(values[1].isnan().all() for values in together.parameters())
    assert_lost_at_the_epoch_of(partial(fit, singles[1], mine(data, 1), seed=generators(3, R)[1], **how), history, 1)
    for r in (0, 2, 3):
        single = fit(singles[r], mine(data, r), seed=generators(3, R)[r], evaluation=mine(data, r), **how)
        assert same(alone(together, r), singles[r])
        assert np.allclose(history["loss"][r], single.loss, atol=1e-5)
        assert np.allclose(history["evaluation_loss"][r], single.evaluation_loss, atol=1e-5)
    with refuses("model"):
        evaluate(together, data, loss_fn)
    with refuses("model"):
        predict(alone(together, 1), INPUTS)


def assert_lost_at_the_epoch_of(training, history, r):
    """Assert that the losses of a replica are finite up to the epoch at which training it alone diverges, and NaN from there on."""
    epoch = int(np.argmin(np.isfinite(history["loss"][r])))
    assert epoch > 0 and history["loss"][r][epoch + 1:].isna().all()
    assert history.drop(columns="loss", level=0).xs(r, axis=1, level="replica")[epoch:].isna().all(axis=None)
    with pytest.raises(FloatingPointError, match=f"after epoch {epoch} at"):
        training()


def test_a_replica_whose_start_is_spoilt_is_lost_while_the_others_stop():
    model = initialise(replicate(SimpleLinearNN(2, 1), R), 0)
    model.weights.data[1] *= 1e18
    singles = [alone(model, r) for r in range(R)]
    how = dict(loss_fn=nn.MSELoss(), optimiser=partial(torch.optim.SGD, lr=1.5), epochs=9, evaluation=EVALUATION, stop=reaches(1e9))
    history = fit(model, (INPUTS, LABELS), **how)
    assert model.weights[1].isnan().all() and model.bias[1].isnan().all()
    assert_lost_at_the_epoch_of(partial(fit, singles[1], (INPUTS, LABELS), **how), history, 1)
    for r in (0, 2, 3):
        assert len(fit(singles[r], (INPUTS, LABELS), **how)) == history["loss"][r].count() == 1
        assert same(alone(model, r), singles[r])


@pytest.mark.parametrize("optimiser", [partial(torch.optim.SGD, lr=1000), partial(torch.optim.Adam, lr=1e30)], ids=["SGD", "Adam"])
def test_if_all_diverge_the_model_and_the_optimiser_are_back_where_they_started(optimiser):
    model = initialise(replicate(SimpleLinearNN(2, 1), R), 0)
    start, optim = state(model), optimiser(model.parameters())
    with pytest.raises(FloatingPointError, match="after epoch .* at a learning rate of 1"):
        train(model, Batches((INPUTS, LABELS), 8), nn.MSELoss(), optim, 100)
    assert all(torch.equal(now, start[name]) for name, now in model.state_dict().items()) and not optim.state


def test_watch_notes_a_number_for_each_replica_until_it_stops():
    model = network()
    watch = {"bias": lambda model: model[1].bias.flatten(), "effect": lambda model: average_marginal_effects(model, INPUTS)[:, 0]}
    history = fit(model, (INPUTS, LABELS), seed=2, replicas=R, epochs=30, watch=watch, evaluation=EVALUATION, stop=early_stopping(2))
    assert history["bias"].notna().equals(history["loss"].notna()) and history["loss"].count().nunique() > 1
    free = fit(network(), (INPUTS, LABELS), seed=2, replicas=R, epochs=30, watch=watch)
    for name in watch:
        assert np.allclose(history[name].fillna(0), free[name].where(history["loss"].notna(), 0)[:len(history)], atol=1e-6)


@pytest.mark.parametrize("watch", [lambda model: 1.0, lambda model: model[1].bias, lambda model: [1.0] * (R + 1), state])
def test_watch_and_rules_answer_for_each_replica(watch):
    model = network()
    with refuses("watched"):
        fit(model, (INPUTS, LABELS), watch={"watched": watch})
    with refuses("stop"):
        fit(model, (INPUTS, LABELS), stop=lambda model, history: watch(model))
    assert all(map(torch.equal, model.parameters(), network().parameters()))


MIXED = nn.Sequential(replicate(Perceptron(2, 3), R), Perceptron(3, 1))
BAD = {
    "model, plain and replicated": (MIXED, {}, "model"),
    "model, two numbers": (nn.Sequential(replicate(Perceptron(2, 3), R), replicate(Perceptron(3, 1), 2)), {}, "model"),
    "inputs of other replicas": (network(), {"data": (BOOTSTRAP[0][:3], LABELS)}, "inputs"),
    "labels of other replicas": (network(), {"data": (INPUTS, BOOTSTRAP[1][:3])}, "labels"),
    "batches of other replicas": (network(), {"replicas": 3}, "inputs"),
    "data of replicas, plain model": (plain(), {"data": BOOTSTRAP}, "inputs"),
    "labels of replicas, plain model": (plain(), {"data": (INPUTS, BOOTSTRAP[1])}, "labels"),
    "batches of replicas, plain model": (plain(), {"replicas": R}, "inputs"),
    "labels of other length": (network(), {"data": (BOOTSTRAP[0], BOOTSTRAP[1][:, :9])}, "labels"),
    "no reduction": (network(), {"loss_fn": nn.BCELoss(reduction="none")}, "loss_fn"),
    "evaluation of other replicas": (network(), {"evaluation": (BOOTSTRAP[0][:3], LABELS)}, "inputs"),
    "flat labels": (network(), {"evaluation": (INPUTS, LABELS.flatten())}, "labels"),
}


@pytest.mark.parametrize("model, change, name", BAD.values(), ids=BAD)
def test_what_does_not_fit_is_refused_before_training(model, change, name):
    before = [values.clone() for values in model.parameters()]
    with refuses(name):
        fit(model, **{"data": (INPUTS, LABELS), **change})
    assert all(map(torch.equal, before, model.parameters()))


def test_an_optimiser_made_before_the_replicas_is_refused():
    model = plain()
    optim = SGD(model.parameters())
    with refuses("optim"):
        train(replicate(model, R), Batches((INPUTS, LABELS), 8), nn.BCELoss(), optim, 1)


def test_replicate_copies_and_changes_nothing_but_the_dimension():
    model = plain()
    start = state(model)
    together = replicate(model, R)
    assert [tuple(values.shape) for values in together.parameters()] == [(R, 2, 3), (R, 1, 3), (R, 3, 1), (R, 1, 1)]
    assert all(torch.equal(alone(together, r)(INPUTS), model(INPUTS)) for r in range(R))
    initialise(together, 5)
    assert all(torch.equal(now, start[name]) for name, now in model.state_dict().items())
    assert tuple(together(INPUTS).shape) == (R, 30, 1)


class Flat(nn.Module):
    """A layer of the reader's own, whose bias would broadcast along observations."""

    def __init__(self):
        super().__init__()
        self.weights, self.bias = nn.Parameter(torch.ones(2, R)), nn.Parameter(torch.zeros(R))


@pytest.mark.parametrize("model, replicas, name", [
    (nn.Linear(2, 1), R, "model"), (nn.Linear(2, 1, bias=False), R, "model"), (Flat(), R, "model"), (network(), R, "model"),
    (nn.Sequential(Perceptron(2, 3), nn.Linear(3, 1)), R, "model"), (nn.Sequential(Perceptron(2, 3), nn.BatchNorm1d(3)), R, "model"),
    (Perceptron, R, "model"),
    *((plain(), replicas, "replicas") for replicas in (0, -1, 2.0, "3", True, None)),
])
def test_replicate_refuses_what_would_not_broadcast(model, replicas, name):
    with refuses(name):
        replicate(model, replicas)


@pytest.mark.parametrize("model, replica, name", [
    (plain(), 0, "model"), (network(), R, "replica"), (network(), -1, "replica"), (network(), 1.0, "replica"), (MIXED, 0, "model"),
])
def test_only_a_replica_that_is_there_can_be_taken_out(model, replica, name):
    with refuses(name):
        alone(model, replica)


def test_a_replica_taken_out_can_be_trained_on_and_is_a_copy():
    model = network()
    fit(model, (INPUTS, LABELS))
    start, one = state(model), alone(model, np.int64(2))
    assert model[0].weights.grad is not None and one[0].weights.grad is None
    fit(one, (INPUTS, LABELS))
    assert all(torch.equal(now, start[name]) for name, now in model.state_dict().items()) and replicas_of(one) is None


def test_replicas_are_counted():
    assert replicas_of(network()) == R and replicas_of(plain()) is None and replicas_of(nn.ReLU()) is None
    with refuses("model"):
        replicas_of(Perceptron)


def test_generators_differ_and_the_first_ones_do_not_depend_on_their_number():
    draws = [[torch.rand(1, generator=one).item() for one in generators(5, many)] for many in (3, 100)]
    assert draws[0] == draws[1][:3] and len(set(draws[1])) == 100


@pytest.mark.parametrize("replicas", [0, -1, 1.5, True])
def test_a_number_of_generators_is_positive(replicas):
    with refuses("replicas"):
        generators(0, replicas)
    with refuses("seed"):
        generators(-1, 3)
