"""The loop does what a hand-written one does, draws batches as it says, and refuses bad input."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy

from helpers import refuses
from lib.models import Perceptron, SimpleLinearNN, initialise
from lib.training import batches, evaluate, no_better_for, reaches, state, train

GENERATOR = torch.Generator().manual_seed(7)
INPUTS = torch.randn(23, 2, generator=GENERATOR)
LABELS = INPUTS @ torch.tensor([[2.0], [-1.0]]) + 0.5 + 0.1 * torch.randn(23, 1, generator=GENERATOR)


def spoilt(values, bad):
    """Return a copy whose last number is `bad`."""
    copy = values.clone()
    copy[-1, -1] = bad
    return copy


GOOD = dict(loss_fn=nn.MSELoss(), learning_rate=0.05, epochs=3, batch_size=5)


def train_with(**changes):
    """Train a new linear model on the data above with some arguments changed."""
    arguments = {"model": initialise(SimpleLinearNN(2, 1), seed=0), "data": (INPUTS, LABELS), **GOOD, **changes}
    return train(arguments.pop("model"), arguments.pop("data"), **arguments)


def descend_in_numpy(x, y, weights, bias, learning_rate, epochs, batch_size):
    """Return weights and bias after mini-batch gradient descent on the mean squared error."""
    for _ in range(epochs):
        for start in range(0, len(x), batch_size):
            some_x, some_y = x[start:start + batch_size], y[start:start + batch_size]
            error = some_y - (some_x @ weights + bias)
            weights = weights + learning_rate * 2 * some_x.T @ error / len(some_x)
            bias = bias + learning_rate * 2 * error.mean(axis=0, keepdims=True)
    return weights, bias


@pytest.mark.parametrize("batch_size", [1, 5, 23, 100])
def test_loop_equals_a_loop_in_numpy(batch_size):
    model = initialise(SimpleLinearNN(2, 1).double(), seed=0)
    start = [model.weights.detach().numpy().copy(), model.bias.detach().numpy().copy()]
    data = (INPUTS.double(), LABELS.double())
    train(model, data, loss_fn=nn.MSELoss(), learning_rate=0.03, epochs=4, batch_size=batch_size)
    weights, bias = descend_in_numpy(*(part.numpy() for part in data), *start, 0.03, 4, batch_size)
    assert np.allclose(model.weights.detach(), weights, atol=1e-12)
    assert np.allclose(model.bias.detach(), bias, atol=1e-12)


def test_training_reaches_least_squares():
    model = initialise(SimpleLinearNN(2, 1).double(), seed=0)
    inputs, labels = INPUTS.double(), LABELS.double()
    train(model, (inputs, labels), loss_fn=nn.MSELoss(), learning_rate=0.2, epochs=500, batch_size=23)
    design = torch.cat([inputs, torch.ones(23, 1).double()], dim=1)
    solution = torch.linalg.lstsq(design, labels).solution
    assert torch.allclose(torch.cat([model.weights, model.bias]), solution, atol=1e-8)


def test_history_holds_the_loss_from_the_start_to_the_last_epoch():
    model = initialise(SimpleLinearNN(2, 1), seed=0)
    first = evaluate(model, INPUTS, LABELS, nn.MSELoss())
    history = train_with(model=model)
    assert history.index.name == "epoch" and history.index.tolist() == [0, 1, 2, 3]
    assert history.loss[0] == first
    assert history.loss[3] == evaluate(model, INPUTS, LABELS, nn.MSELoss())
    assert history.loss.is_monotonic_decreasing


def test_a_seed_repeats_the_shuffles_and_another_does_not():
    one, again, other = (train_with(seed=seed).loss[3] for seed in (1, torch.Generator().manual_seed(1), 2))
    assert one == again != other


def test_every_epoch_is_shuffled_anew():
    shuffle = torch.Generator().manual_seed(0)
    first, second = ([x.tolist() for x, _ in batches(INPUTS, LABELS, 23, shuffle)] for _ in range(2))
    assert first != second and sorted(first[0]) == sorted(second[0])


def test_batches_hold_every_row_once_and_keep_pairs_together():
    got = list(batches(INPUTS, LABELS, 5, seed=0))
    assert [len(x) for x, _ in got] == [5, 5, 5, 5, 3]
    rows = torch.cat([torch.cat(pair, dim=1) for pair in got]).tolist()
    assert sorted(rows) == sorted(torch.cat([INPUTS, LABELS], dim=1).tolist())
    assert rows != torch.cat([INPUTS, LABELS], dim=1).tolist()


def test_without_a_seed_batches_keep_the_order():
    assert torch.equal(torch.cat([x for x, _ in batches(INPUTS, LABELS, 4)]), INPUTS)


def test_evaluation_leaves_no_gradients():
    recorded = []

    def loss_fn(preds, labels):
        recorded.append(preds.requires_grad)
        return nn.MSELoss()(preds, labels)

    evaluate(SimpleLinearNN(2, 1), INPUTS, LABELS, loss_fn)
    assert recorded == [False]


@pytest.mark.parametrize("labels, loss_fn, name", [
    (LABELS.flatten(), nn.MSELoss(), "labels"), (LABELS, nn.MSELoss(reduction="none"), "loss_fn"),
])
def test_evaluation_refuses_what_would_be_broadcast(labels, loss_fn, name):
    with refuses(name):
        evaluate(SimpleLinearNN(2, 1), INPUTS, labels, loss_fn)


def test_a_diverging_loss_says_when_and_what_to_do_and_undoes_the_training():
    model = initialise(SimpleLinearNN(2, 1), seed=0)
    start = model.weights.clone()
    epoch = first_epoch_that_diverges(learning_rate=20)
    with pytest.raises(FloatingPointError, match=rf"after epoch {epoch} with learning_rate=20: .*such as 2"):
        train_with(model=model, learning_rate=20, epochs=100)
    assert torch.equal(model.weights, start)


def first_epoch_that_diverges(learning_rate):
    """Return it as found by training one epoch more each time, until the loss is no longer finite."""
    for epoch in range(1, 100):
        try:
            train_with(learning_rate=learning_rate, epochs=epoch)
        except FloatingPointError:
            return epoch
    raise AssertionError("it never does")


SLOW = """
import itertools, tqdm.std
clock = itertools.count(step={step})
tqdm.std.time = lambda: next(clock)
from test_training import train_with
train_with(epochs=20)
"""


@pytest.mark.parametrize(
    "step, environment, shown",
    [(0.01, {}, False), (1.0, {}, True), (1.0, {"TQDM_DISABLE": "1"}, False)],
    ids=["short", "long", "long but stored"],
)
def test_progress_shows_in_long_training_and_clears_its_line(step, environment, shown):
    clean = {name: setting for name, setting in os.environ.items() if not name.startswith("TQDM")}
    result = subprocess.run(
        [sys.executable, "-c", SLOW.format(step=step)], cwd=Path(__file__).parent,
        env={**clean, **environment}, capture_output=True, text=True, check=True,
    )
    assert ("epochs" in result.stderr) is shown
    assert result.stderr.rpartition("\r")[0].rpartition("\r")[2].strip() == ""


@pytest.mark.parametrize(
    "name, value",
    [
        ("learning_rate", 0), ("learning_rate", -0.1), ("learning_rate", float("nan")), ("learning_rate", "0.1"),
        ("epochs", 0), ("epochs", -1), ("epochs", 1.5), ("epochs", None),
        ("batch_size", 0), ("batch_size", 2.0),
        ("loss_fn", nn.MSELoss), ("loss_fn", "mse"), ("loss_fn", nn.MSELoss(reduction="none")),
        ("seed", -1), ("seed", "0"),
        ("data", INPUTS), ("data", (INPUTS, LABELS, LABELS)),
        ("inputs", (INPUTS[:, :1], LABELS)),
        ("inputs", (INPUTS.numpy(), LABELS)),
        ("inputs", (INPUTS.long(), LABELS)),
        ("inputs", (INPUTS[:0], LABELS[:0])),
        ("inputs", (spoilt(INPUTS, float("nan")), LABELS)),
        ("inputs", (INPUTS.double(), LABELS.double())),
        ("labels", (INPUTS, LABELS.double())),
        ("labels", (INPUTS, LABELS[:5])),
        ("labels", (INPUTS, LABELS.flatten())),
        ("labels", (INPUTS, spoilt(LABELS, float("inf")))),
        ("evaluation", INPUTS),
        ("stop", lambda losses: True),
    ],
)
def test_bad_arguments_are_refused_before_training(name, value):
    model = initialise(SimpleLinearNN(2, 1), seed=0)
    start = model.weights.clone()
    with refuses(name):
        train_with(model=model, **{"data" if name in ("inputs", "labels") else name: value})
    assert torch.equal(model.weights, start)


@pytest.mark.parametrize("model", [SimpleLinearNN, None])
def test_model_is_an_instance(model):
    with refuses("model"):
        train_with(model=model)


def test_a_model_that_is_broken_already_is_refused():
    model = SimpleLinearNN(2, 1)
    model.bias.data.fill_(float("nan"))
    with refuses("model"):
        train_with(model=model)


@pytest.mark.parametrize("loss_fn", [nn.BCELoss(), nn.BCEWithLogitsLoss(), binary_cross_entropy])
def test_cross_entropy_wants_zeros_and_ones(loss_fn):
    zeros_and_ones = (INPUTS, (LABELS > 0).float())
    almost = zeros_and_ones[1].clone()
    almost[-1] = 2.0
    with refuses("labels"):
        train_with(model=Perceptron(2, 1), data=(INPUTS, almost), loss_fn=loss_fn)
    assert train_with(model=Perceptron(2, 1), data=zeros_and_ones, loss_fn=loss_fn).loss[3] > 0


@pytest.mark.parametrize("batch_size", [0, -3, 1.0])
def test_batches_refuse_a_bad_size_at_once(batch_size):
    with refuses("batch_size"):
        batches(INPUTS, LABELS, batch_size)


EVALUATION = (INPUTS[:7], LABELS[:7])


def test_evaluation_loss_is_that_of_the_evaluation_data():
    model = initialise(SimpleLinearNN(2, 1), seed=0)
    history = train_with(model=model, evaluation=EVALUATION)
    assert history.evaluation_loss[3] == evaluate(model, *EVALUATION, nn.MSELoss())
    assert history.loss.tolist() == train_with().loss.tolist()


def test_watch_notes_the_model_at_the_start_and_after_each_epoch():
    model = initialise(SimpleLinearNN(2, 1), seed=0)
    start = model.weights.clone()
    watched = train_with(model=model, watch=state).watched
    assert torch.equal(watched[0]["weights"], start)
    assert torch.equal(watched[3]["weights"], model.weights)
    assert not torch.equal(watched[1]["weights"], watched[2]["weights"])


def test_training_stops_at_the_first_epoch_that_reaches_the_threshold():
    losses = train_with(epochs=20, evaluation=EVALUATION).evaluation_loss
    stopped = train_with(epochs=20, evaluation=EVALUATION, stop=reaches(losses[4])).evaluation_loss
    assert stopped.tolist() == losses[:5].tolist()


@pytest.mark.parametrize(
    "losses, stop", [([3, 2, 1], False), ([1, 2, 3], False), ([1, 2, 3, 4], True), ([2, 1, 3, 1], False)]
)
def test_patience_ends_after_so_many_epochs_without_a_better_one(losses, stop):
    assert no_better_for(3)(losses) == stop


@pytest.mark.parametrize("rule, name", [(reaches, "threshold"), (no_better_for, "epochs")])
@pytest.mark.parametrize("value", [0, -1, "1"])
def test_rules_refuse_bad_values(rule, name, value):
    with refuses(name):
        rule(value)
