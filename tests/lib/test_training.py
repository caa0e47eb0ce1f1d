"""The loop does what a hand-written one does, bit for bit; draws batches as it says; and refuses bad input."""

import inspect
import os
import re
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, SubsetRandomSampler, TensorDataset

from helpers import refuses
from lib.models import Perceptron, SimpleLinearNN, build, initialise, predict, state
from lib.training import Batches, early_stopping, evaluate, reaches, train
from tools.book import CHAPTERS, ROOT, cells

GENERATOR = torch.Generator().manual_seed(7)
INPUTS = torch.randn(23, 2, generator=GENERATOR)
LABELS = INPUTS @ torch.tensor([[2.0], [-1.0]]) + 0.5 + 0.1 * torch.randn(23, 1, generator=GENERATOR)
BINARY = (LABELS > 0).float()
EVALUATION = (INPUTS[:7], LABELS[:7])


def line(seed=0):
    """Return the same linear model every time."""
    return initialise(SimpleLinearNN(2, 1), seed)


def train_with(model=None, data=(INPUTS, LABELS), batch_size=5, seed=None, lr=0.05, epochs=3, loss_fn=None, **more):
    """Train a linear model, or another, by gradient descent."""
    model = line() if model is None else model
    optim = torch.optim.SGD(model.parameters(), lr=lr)
    return train(model, Batches(data, batch_size, seed), loss_fn or nn.MSELoss(), optim, epochs, **more)


def by_hand(model, data, loss_fn, optim, epochs):
    """Train as the slide does."""
    for _ in range(epochs):
        for inputs, labels in data:
            optim.zero_grad()
            loss_fn(model(inputs), labels).backward()
            optim.step()


def same(one, other):
    """Return whether two models have the same parameters, bit for bit."""
    return all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True))


OPTIMISERS = {
    "plain": lambda values: torch.optim.SGD(values, lr=0.05),
    "momentum and decay": lambda values: torch.optim.SGD(values, lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=True),
    "Adam": lambda values: torch.optim.Adam(values, lr=0.05),
    "AdamW": lambda values: torch.optim.AdamW(values, lr=0.05, weight_decay=0.1),
    "RMSprop": lambda values: torch.optim.RMSprop(values, lr=0.01, momentum=0.5),
    "Adagrad": lambda values: torch.optim.Adagrad(values, lr=0.1),
}
DATA = {
    "DataLoader": lambda: DataLoader(TensorDataset(INPUTS, BINARY), batch_size=5, shuffle=True),
    "DataLoader with a generator": lambda: DataLoader(
        TensorDataset(INPUTS, BINARY), 5, shuffle=True, drop_last=True, generator=torch.Generator().manual_seed(3)),
    "Batches": lambda: Batches((INPUTS, BINARY), batch_size=5, seed=3),
    "list": lambda: [(INPUTS[:9], BINARY[:9]), (INPUTS[9:], BINARY[9:])],
}


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
@pytest.mark.parametrize("optimiser", OPTIMISERS.values(), ids=OPTIMISERS)
def test_any_optimiser_and_any_batches_train_as_torchs_own_loop_bit_for_bit(optimiser, data):
    ours, theirs = (initialise(build([2, 3, 1], nn.Tanh), 0) for _ in range(2))
    torch.manual_seed(11)
    history = train(ours, data(), nn.BCELoss(), optimiser(ours.parameters()), 4, evaluation=(INPUTS[:7], BINARY[:7]))
    after = torch.get_rng_state()
    torch.manual_seed(11)
    by_hand(theirs, data(), nn.BCELoss(), optimiser(theirs.parameters()), 4)
    assert same(ours, theirs) and torch.equal(torch.get_rng_state(), after)
    assert history.loss[4] == nn.BCELoss()(theirs(INPUTS), BINARY).item()


def test_the_rate_typed_is_the_rate_used():
    model = line()
    optim = torch.optim.SGD(model.parameters(), lr=0.05)
    watch = {"rate": lambda model: optim.param_groups[0]["lr"]}
    assert train(model, Batches((INPUTS, LABELS), 5), nn.MSELoss(), optim, 2, watch=watch).rate.tolist() == [0.05] * 3


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
    model = line().double()
    start = [values.detach().numpy().copy() for values in (model.weights, model.bias)]
    data = (INPUTS.double(), LABELS.double())
    train_with(model, data, batch_size, lr=0.03, epochs=4)
    weights, bias = descend_in_numpy(*(part.numpy() for part in data), *start, 0.03, 4, batch_size)
    assert np.allclose(model.weights.detach(), weights, atol=1e-12)
    assert np.allclose(model.bias.detach(), bias, atol=1e-12)


@pytest.mark.parametrize("decay", [0.0, 0.3], ids=["least squares", "ridge"])
def test_training_reaches_the_closed_form(decay):
    model, inputs, labels = line().double(), INPUTS.double(), LABELS.double()
    optim = torch.optim.SGD(model.parameters(), lr=0.2, weight_decay=decay)
    train(model, Batches((inputs, labels), 23), nn.MSELoss(), optim, 500)
    x = torch.cat([inputs, torch.ones(23, 1).double()], dim=1)
    solution = torch.linalg.solve(2 * x.T @ x / 23 + decay * torch.eye(3), 2 * x.T @ labels / 23)
    assert torch.allclose(torch.cat([model.weights, model.bias]), solution, atol=1e-8)


def test_the_five_lines_of_the_slide_stand_in_train_as_on_the_slide():
    loop, = (cell.source for path in CHAPTERS for cell in cells(path, "code") if cell.id == "slide-loop")
    slide = re.search(r"^ *optim\.zero_grad\(\).*?^ *optim\.step\(\)[^\n]*", loop, re.DOTALL | re.MULTILINE).group()
    lines = [line.strip() for line in slide.splitlines()]
    assert len(lines) == 5 and "\n".join(lines) in inspect.cleandoc("\n".join(map(str.strip, inspect.getsource(train).splitlines())))


def test_train_has_at_most_eight_arguments_and_describes_them_in_their_order():
    arguments = list(inspect.signature(train).parameters)
    assert len(arguments) <= 8
    assert re.findall(r"^(\w+): ", inspect.getdoc(train), re.MULTILINE) == arguments


def test_history_holds_the_loss_from_the_start_to_the_last_epoch():
    model = line()
    first = evaluate(model, (INPUTS, LABELS), nn.MSELoss())
    history = train_with(model)
    assert history.index.name == "epoch" and history.index.tolist() == [0, 1, 2, 3]
    assert history.loss[0] == first
    assert history.loss[3] == evaluate(model, (INPUTS, LABELS), nn.MSELoss())
    assert history.loss.is_monotonic_decreasing


def test_loss_is_that_of_the_rows_that_a_data_loader_visits():
    rows = DataLoader(TensorDataset(INPUTS, LABELS), 5, sampler=SubsetRandomSampler(range(9)))
    model = line()
    history = train(model, rows, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=0.05), 2)
    assert history.loss[2] == pytest.approx(evaluate(model, (INPUTS[:9], LABELS[:9]), nn.MSELoss()))


def test_a_seed_repeats_the_shuffles_and_another_does_not():
    one, again, other = (train_with(seed=seed).loss[3] for seed in (1, torch.Generator().manual_seed(1), 2))
    assert one == again != other


def test_batches_hold_every_row_once_with_what_belongs_to_it_in_a_new_order_each_time():
    batches = Batches((INPUTS, LABELS), 5, seed=0)
    orders = []
    for _ in range(2):
        got = list(batches)
        assert [len(x) for x, _ in got] == [5, 5, 5, 5, 3]
        orders.append(torch.cat([torch.cat(pair, dim=1) for pair in got]).tolist())
    rows = torch.cat([INPUTS, LABELS], dim=1).tolist()
    assert sorted(orders[0]) == sorted(orders[1]) == sorted(rows)
    assert orders[0] != orders[1] != rows != orders[0]


def test_without_a_seed_batches_keep_the_order():
    assert torch.equal(torch.cat([x for x, _ in Batches((INPUTS, LABELS), 4)]), INPUTS)


@pytest.mark.parametrize("change, name", [
    ({"batch_size": 0}, "batch_size"), ({"batch_size": 1.0}, "batch_size"), ({"seed": -1}, "seed"), ({"seed": "0"}, "seed"),
    ({"replicas": 0}, "replicas"), ({"replicas": 0, "seed": 1}, "replicas"), ({"replicas": 1.5}, "replicas"),
    ({"data": INPUTS}, "data"), ({"data": (INPUTS, LABELS, LABELS)}, "data"), ({"data": (INPUTS, LABELS[:5])}, "labels"),
    ({"data": (INPUTS[:0], LABELS[:0])}, "inputs"), ({"data": (INPUTS / 0, LABELS)}, "inputs"),
    ({"data": (INPUTS.numpy(), LABELS)}, "inputs"),
])
def test_batches_refuse_bad_data_at_once(change, name):
    with refuses(name):
        Batches(**{"data": (INPUTS, LABELS), "batch_size": 5, **change})


def test_numbers_of_numpy_are_numbers():
    history = train_with(batch_size=np.int64(5), seed=np.int32(3), lr=np.float32(0.05), epochs=np.int16(3))
    assert history.equals(train_with(seed=3))


def changing():
    """Return a model that differs between training and evaluation."""
    return nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 1))


def test_evaluation_measures_in_evaluation_mode_without_gradients_and_leaves_the_model_as_it_was():
    model, seen = changing(), []

    def loss_fn(preds, labels):
        seen.append((preds.requires_grad, model.training))
        return nn.MSELoss()(preds, labels)

    before = state(model)
    first, again = (evaluate(model, EVALUATION, loss_fn) for _ in range(2))
    assert first == again == nn.MSELoss()(predict(model, EVALUATION[0]), EVALUATION[1]).item()
    assert seen == [(False, False)] * 2 and model.training
    assert all(torch.equal(now, before[name]) for name, now in model.state_dict().items())


def test_training_trains_in_training_mode_and_measures_in_evaluation_mode():
    model, modes = changing(), set()
    model[0].register_forward_hook(lambda layer, inputs, preds: modes.add((len(inputs[0]), layer.training)))
    history = train_with(model, watch={"mode": lambda model: model.training}, evaluation=EVALUATION)
    assert modes == {(5, True), (3, True), (23, False), (7, False)}
    assert not any(history["mode"]) and model.training
    assert history.evaluation_loss[3] == evaluate(model, EVALUATION, nn.MSELoss())


NAN = line()
NAN.bias.data.fill_(torch.nan)


@pytest.mark.parametrize("model, data, loss_fn, name", [
    (line(), (INPUTS, LABELS.flatten()), nn.MSELoss(), "labels"), (line(), (INPUTS, LABELS), nn.MSELoss(reduction="none"), "loss_fn"),
    (line(), (INPUTS, LABELS), nn.MSELoss, "loss_fn"), (line(), INPUTS, nn.MSELoss(), "data"),
    (NAN, (INPUTS, LABELS), nn.MSELoss(), "model"), (SimpleLinearNN, (INPUTS, LABELS), nn.MSELoss(), "model"),
    (line(), (INPUTS.double(), LABELS), nn.MSELoss(), "inputs"),
])
def test_evaluation_refuses_what_would_be_broadcast_or_misread(model, data, loss_fn, name):
    with refuses(name):
        evaluate(model, data, loss_fn)


@pytest.mark.parametrize("model, scale, labels, loss_fn", [
    (line(), 1, LABELS, nn.MSELoss()), (initialise(build([2, 3, 1], nn.ReLU), 0), 1e38, BINARY, nn.BCELoss()),
])
def test_a_diverging_loss_says_when_and_what_to_do_and_undoes_the_training(model, scale, labels, loss_fn):
    start, data = state(model), (scale * INPUTS, labels)
    epoch = first_epoch_that_diverges(state=start, model=model, data=data, lr=20, loss_fn=loss_fn)
    with pytest.raises(FloatingPointError, match=rf"after epoch {epoch} at a learning rate of 20: try 0.1"):
        train_with(model, data, lr=20, epochs=100, loss_fn=loss_fn)
    assert all(torch.equal(now, start[name]) for name, now in model.state_dict().items())


def first_epoch_that_diverges(state, model, **how):
    """Return it as found by training one epoch more each time, until the loss is no longer finite."""
    for epoch in range(1, 100):
        model.load_state_dict(state)
        try:
            train_with(model, epochs=epoch, **how)
        except FloatingPointError:
            return epoch
        finally:
            model.load_state_dict(state)
    raise AssertionError("it never does")


def test_an_optimiser_is_back_where_it_started_after_a_divergence():
    model = line()
    optim = torch.optim.Adam(model.parameters(), lr=1e25)
    with pytest.raises(FloatingPointError):
        train(model, Batches((INPUTS, LABELS), 5), nn.MSELoss(), optim, 5)
    assert not optim.state and optim.param_groups[0]["lr"] == 1e25


SLOW = """
import itertools, torch, tqdm.std
clock = itertools.count(step={step})
tqdm.std.time = lambda: next(clock)
from lib.training import train
model = torch.nn.Linear(1, 1)
train(model, [(torch.ones(2, 1), torch.ones(2, 1))], torch.nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=0.1), 20)
"""


@pytest.mark.parametrize("step, environment, is_shown", [(0.01, {}, False), (1.0, {}, True), (1.0, {"TQDM_DISABLE": "1"}, False)],
                         ids=["short", "long", "long but stored"])
def test_progress_shows_in_long_training_and_clears_its_line(step, environment, is_shown):
    clean = {name: setting for name, setting in os.environ.items() if not name.startswith("TQDM")}
    code, environment = SLOW.format(step=step), {**clean, **environment, "PYTHONPATH": str(ROOT)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    bars = result.stderr.decode().split("\r")
    assert any("epochs" in bar for bar in bars) is is_shown
    assert not "".join(bars[-2:]).strip()


OTHER_FOLDER = """
import sys, types, torch
lib = types.ModuleType("lib")
lib.__path__ = [{path!r}]
sys.modules["lib"] = lib
torch.set_num_threads(2)
import lib.training
print(torch.get_num_threads())
"""


def test_torch_has_one_thread_even_where_another_folder_named_lib_hides_the_package():
    code = OTHER_FOLDER.format(path=str(ROOT / "lib"))
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == ["1"]


def spoilt(values, bad):
    """Return a copy whose last number is `bad`."""
    copy = values.clone()
    copy[-1, -1] = bad
    return copy


def loader(*parts):
    """Return batches of tensors that Batches would refuse."""
    return DataLoader(TensorDataset(*parts), batch_size=5)


GOOD = {"data": loader(INPUTS, LABELS), "loss_fn": nn.MSELoss(), "epochs": 3}


@pytest.mark.parametrize("name, change", [
    ("epochs", {"epochs": 0}), ("epochs", {"epochs": 1.5}), ("epochs", {"epochs": None}),
    ("loss_fn", {"loss_fn": nn.MSELoss}), ("loss_fn", {"loss_fn": "mse"}), ("loss_fn", {"loss_fn": nn.MSELoss(reduction="none")}),
    ("data", {"data": (INPUTS, LABELS)}), ("data", {"data": [INPUTS, LABELS]}), ("data", {"data": INPUTS}), ("data", {"data": None}),
    ("data", {"data": iter([(INPUTS, LABELS)])}), ("data", {"data": zip(INPUTS, LABELS)}), ("data", {"data": []}),
    ("data", {"data": loader(INPUTS, LABELS, LABELS)}), ("inputs", {"data": loader(INPUTS[:, :0], LABELS)}),
    ("inputs", {"data": loader(spoilt(INPUTS, torch.nan), LABELS)}), ("labels", {"data": loader(INPUTS, spoilt(LABELS, torch.inf))}),
    ("inputs", {"data": loader(INPUTS.double(), LABELS.double())}), ("labels", {"data": loader(INPUTS, LABELS.double())}),
    ("labels", {"data": loader(INPUTS, LABELS.flatten())}), ("labels", {"data": loader(INPUTS, LABELS.expand(23, 3))}),
    ("inputs", {"data": [(INPUTS.expand(4, 23, 2), LABELS)]}), ("evaluation|data", {"evaluation": INPUTS}),
    ("labels", {"evaluation": (INPUTS, LABELS.flatten())}), ("stop", {"stop": lambda model, history: [True, False]}),
    ("stop", {"stop": reaches(0.1)}), ("stop", {"stop": early_stopping(3)}), ("stop", {"stop": reaches(0.1, "accuracy")}),
    ("watch", {"watch": state}), ("watch", {"watch": {"loss": state}}), ("watch", {"watch": {"evaluation_loss": state}}),
])
def test_bad_arguments_are_refused_before_training(name, change):
    model = line()
    optim = torch.optim.SGD(model.parameters(), lr=0.05)
    with refuses(f"({name})"):
        train(model, optim=optim, **{**GOOD, **change})
    assert same(model, line())


def test_the_advice_about_precision_is_right():
    model = line().double()
    with pytest.raises(ValueError, match=r"inputs: expected torch.float64 .*: inputs.to\(torch.float64\), got torch.float32"):
        train_with(model)
    assert len(train_with(model, (INPUTS.to(torch.float64), LABELS.to(torch.float64)))) == 4


@pytest.mark.parametrize("model", [SimpleLinearNN, None])
def test_model_is_an_instance(model):
    with refuses("model"):
        train(model, optim=torch.optim.SGD(line().parameters(), lr=0.05), **GOOD)


def test_an_optimiser_is_one_of_this_model():
    model, other = line(), line(1)
    for optim in (torch.optim.SGD, 0.05, None, torch.optim.SGD(other.parameters(), lr=0.05)):
        with refuses("optim"):
            train(model, optim=optim, **GOOD)


def test_a_part_of_the_model_may_be_trained_and_a_frozen_layer_stays():
    model = initialise(build([2, 3, 1]), 0)
    start = state(model)
    train(model, [(INPUTS, BINARY)], nn.BCELoss(), torch.optim.SGD(model[1].parameters(), lr=0.5), 3)
    assert torch.equal(model[0].weights, start["0.weights"]) and not torch.equal(model[1].weights, start["1.weights"])
    model[0].requires_grad_(False)
    train(model, [(INPUTS, BINARY)], nn.BCELoss(), torch.optim.SGD(model.parameters(), lr=0.5), 3)
    assert torch.equal(model[0].weights, start["0.weights"])


def test_a_model_that_is_broken_already_is_refused():
    for model, loss_fn in ((NAN, nn.MSELoss()), (nn.Sequential(NAN, nn.Sigmoid()), nn.BCELoss())):
        with refuses("model"):
            train_with(model, (INPUTS, BINARY), loss_fn=loss_fn)


@pytest.mark.parametrize("loss_fn", [nn.BCELoss(), nn.BCEWithLogitsLoss(), functional.binary_cross_entropy])
def test_cross_entropy_wants_zeros_and_ones(loss_fn):
    with refuses("labels"):
        train_with(Perceptron(2, 1), (INPUTS, spoilt(BINARY, 2.0)), loss_fn=loss_fn)


@pytest.mark.parametrize("loss_fn", [nn.BCELoss(), functional.binary_cross_entropy])
def test_cross_entropy_of_log_odds_is_refused_with_the_loss_to_take(loss_fn):
    with pytest.raises(ValueError, match="model: expected probabilities .*BCEWithLogitsLoss"):
        train_with(line(), (INPUTS, BINARY), loss_fn=loss_fn)


@pytest.mark.parametrize("loss_fn", [nn.CrossEntropyLoss(), functional.cross_entropy])
def test_cross_entropy_of_classes_wants_an_output_for_each(loss_fn):
    for labels in (BINARY, BINARY.long().flatten()):
        with pytest.raises(ValueError, match="model: expected an output for each class .*BCEWithLogitsLoss"):
            train_with(Perceptron(2, 1), (INPUTS, labels), loss_fn=loss_fn)
    assert train_with(SimpleLinearNN(2, 2), (INPUTS, BINARY.long().flatten()), loss_fn=loss_fn).loss.is_monotonic_decreasing


def test_weights_of_rows_are_refused_as_shuffles_would_leave_them_behind():
    with refuses("loss_fn"):
        train_with(Perceptron(2, 1), (INPUTS, BINARY), 23, seed=0, loss_fn=nn.BCELoss(weight=torch.ones(23, 1)))
    weighted = train_with(SimpleLinearNN(2, 1), (INPUTS, BINARY), loss_fn=nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.0])))
    assert len(weighted) == 4


def test_evaluation_loss_is_that_of_the_evaluation_data_and_does_not_disturb():
    model = line()
    history = train_with(model, evaluation=EVALUATION)
    assert history.evaluation_loss[3] == evaluate(model, EVALUATION, nn.MSELoss())
    assert history.loss.tolist() == train_with().loss.tolist()


def test_watch_notes_copies_at_the_start_and_after_each_epoch():
    model = line()
    start = state(model)
    watch = {"state": state, "live": lambda model: model.state_dict(),
             "weights": lambda model: model.weights, "slope": lambda model: model.weights[0]}
    history = train_with(model, watch=watch)
    assert list(history) == ["loss", *watch] and len(history) == 4
    for name in ("state", "live"):
        assert torch.equal(history[name][0]["weights"], start["weights"])
        assert torch.equal(history[name][3]["weights"], model.weights)
    assert torch.equal(history.weights[0], start["weights"]) and torch.equal(history.slope[3], model.weights[0])
    assert not torch.equal(history.weights[1], history.weights[2])


def test_training_stops_at_the_first_epoch_that_reaches_the_threshold():
    losses = train_with(epochs=20, evaluation=EVALUATION).evaluation_loss
    stopped = train_with(epochs=20, evaluation=EVALUATION, stop=reaches(losses[4])).evaluation_loss
    assert stopped.tolist() == losses[:5].tolist()
    assert len(train_with(epochs=20, stop=reaches(losses[0] * 9, "loss"))) == 1


def test_a_rule_sees_the_model_and_the_history_so_far():
    seen = []

    def rule(model, history):
        seen.append((model.weights[0].item(), {name: len(values) for name, values in history.items()}))
        return model.weights[0].item() > 1.8 and history["slope"][-1] == model.weights[0].item()

    model = line()
    history = train_with(model, epochs=50, stop=rule, watch={"slope": lambda model: model.weights[0].item()})
    assert [slope for slope, _ in seen] == history.slope.tolist()
    assert [sizes for _, sizes in seen] == [{"loss": epoch + 1, "slope": epoch + 1} for epoch in history.index]
    assert 1 < len(history) < 51 and history.slope[:-1].max() <= 1.8 < history.slope.iloc[-1]


@pytest.mark.parametrize("losses, stop, keeps", [
    ([3, 2, 1], False, True), ([1, 2, 3], False, False), ([1, 2, 3, 4], True, False), ([2, 1, 3, 1.5], False, False),
    ([2, 1, 3, 0.5], False, True), ([2, 2, 2, 2], True, False),
])
def test_patience_ends_after_epochs_without_a_better_one(losses, stop, keeps):
    rule, history = early_stopping(3), {"loss": losses, "evaluation_loss": losses}
    assert (rule(None, history), rule.keeps(history)) == (stop, keeps)


def overfitting(epochs, stop=None):
    """Train a network on few and noisy labels, the evaluation loss of which falls and rises again."""
    draws = torch.Generator().manual_seed(2)
    inputs = torch.randn(60, 2, generator=draws)
    labels = (inputs[:, :1] + torch.randn(60, 1, generator=draws) > 0).float()
    model = initialise(build([2, 8, 1], nn.Tanh), 0)
    optim = torch.optim.Adam(model.parameters(), lr=0.05)
    evaluation = (inputs[20:], labels[20:])
    history = train(model, Batches((inputs[:20], labels[:20]), 5, seed=0), nn.BCELoss(), optim, epochs, evaluation, stop, {"state": state})
    return model, history, evaluate(model, evaluation, nn.BCELoss())


@pytest.mark.parametrize("patience, ended_by", [(8, "rule"), (1000, "epochs")])
def test_early_stopping_gives_back_the_parameters_of_the_best_epoch(patience, ended_by):
    _, free, _ = overfitting(40)
    model, history, loss = overfitting(40, early_stopping(patience))
    best = history.evaluation_loss.idxmin()
    assert 0 < best < len(history) - 1 and loss == history.evaluation_loss[best] == history.evaluation_loss.min()
    assert all(torch.equal(now, history.state[best][name]) for name, now in model.state_dict().items())
    assert len(history) == (best + patience + 1 if ended_by == "rule" else 41)
    assert history.loss.tolist() == free.loss[:len(history)].tolist()


def test_other_rules_and_none_keep_the_last_epoch():
    for stop in (None, lambda model, history: len(history["loss"]) > 30):
        _, history, loss = overfitting(40, stop)
        assert loss == history.evaluation_loss.iloc[-1] > history.evaluation_loss.min()


@pytest.mark.parametrize("patience", [0, -1, "1", 1.5])
def test_patience_is_a_whole_number(patience):
    with refuses("patience"):
        early_stopping(patience)


def test_saturated_outputs_are_warned_of():
    inputs = 50 + 100 * INPUTS
    model, data = initialise(Perceptron(2, 1), 0), (inputs, BINARY)
    with pytest.warns(UserWarning, match=r"numerically 0 or 1, and wrong.*Standardise") as caught:
        train_with(model, data, 23, lr=0.1, epochs=3, loss_fn=nn.BCELoss())
    assert caught[0].filename == __file__


def test_two_sigmoids_are_warned_of():
    for model in (Perceptron(2, 1), nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())):
        with pytest.warns(UserWarning, match="ends with a sigmoid, and nn.BCEWithLogitsLoss applies another: use nn.BCELoss"):
            train_with(model, (INPUTS, BINARY), loss_fn=nn.BCEWithLogitsLoss())


@pytest.mark.parametrize("model, loss_fn", [
    (Perceptron(2, 1), nn.BCELoss()), (SimpleLinearNN(2, 1), nn.BCEWithLogitsLoss()), (nn.Linear(2, 1), nn.BCEWithLogitsLoss()),
    (nn.Sequential(nn.Linear(2, 1), nn.Sigmoid()), functional.binary_cross_entropy),
])
def test_separation_is_named(model, loss_fn):
    with pytest.warns(UserWarning, match="perfectly separated by this logit: the likelihood has no maximum"):
        train_with(model, (INPUTS, (INPUTS[:, :1] > 0).float()), lr=1, epochs=60, loss_fn=loss_fn)


def test_log_odds_are_separated_at_zero():
    model = line()
    model.load_state_dict({"weights": torch.tensor([[0.01], [0.0]]), "bias": torch.zeros(1, 1)})
    with pytest.warns(UserWarning, match="perfectly separated"):
        train_with(model, (INPUTS, (INPUTS[:, :1] > 0).float()), lr=1e-6, epochs=1, loss_fn=nn.BCEWithLogitsLoss())


@pytest.mark.filterwarnings("error")
def test_nothing_else_is_warned_of():
    noisy = (INPUTS[:, :1] + torch.randn(23, 1, generator=torch.Generator().manual_seed(1)) > 0).float()
    train_with(Perceptron(2, 1), (INPUTS, noisy), epochs=60, lr=1, loss_fn=nn.BCELoss())
    train_with(SimpleLinearNN(2, 1), (INPUTS, noisy), epochs=60, lr=1, loss_fn=nn.BCEWithLogitsLoss())
    train_with(build([2, 8, 1], nn.Tanh), (INPUTS, (INPUTS[:, :1] > 0).float()), lr=1, epochs=60, loss_fn=nn.BCELoss())
    train_with(line(), epochs=5)
    train_with(SimpleLinearNN(2, 2), (INPUTS, BINARY.long().flatten()), loss_fn=nn.CrossEntropyLoss())
