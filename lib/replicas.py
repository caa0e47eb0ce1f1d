"""Trains the replicas of a model side by side, each as if it were alone."""

import copy

import numpy as np
import pandas as pd
import torch

from lib import checks
from lib.descent import GradientDescent, diverged, evaluate, measure, one_epoch, patient, progress, spread
from lib.models import replicas_of, state
from lib.seeds import generators


def train_replicas(model, data, learning_rate, weight_decay, epochs,
                   batch_size, seed, evaluation, stop, notes):
    """Do what train does, for all replicas of model at once.

    Each replica is shuffled by its own of lib.seeds.generators(seed,
    replicas). inputs (replicas, n, features_in) and labels (replicas, n,
    features_out) give each its own data, (n, ...) are for all; what watch
    notes must be one number for each replica.
    Every column of the history, such as history["loss"], is a table with a
    column for each replica, NaN once it is no longer trained. A replica that
    stops is left as it is. One that diverges is lost, its parameters are NaN;
    the others go on. Only if all have diverged, FloatingPointError is raised
    and model is back where it started.
    """
    check_mean(model, data, notes[0])
    start, group = state(model), Group(model, data, evaluation, seed)
    first = measure(group.model, group.data, group.evaluation, *notes)
    history = {name: np.full((epochs + 1, len(group.numbers)), np.nan) for name in first}
    enter(history, 0, group.numbers, first)
    for epoch in progress(range(1, epochs + 1), "epochs"):
        # The mean over all replicas has divided the gradient of each by their number.
        many = len(group.numbers)
        optim = GradientDescent(group.model.parameters(), learning_rate * many, weight_decay / many)
        one_epoch(group.model, group.batches(batch_size), patient(notes[0]), optim)
        row = measure(group.model, group.data, group.evaluation, *notes)
        enter(history, epoch, group.numbers, row)
        lost = ~np.isfinite(history["loss"][epoch, group.numbers])
        stopped = answers(stop, history["evaluation_loss"][:epoch + 1])[group.numbers] if stop else False
        if (lost | stopped).any():
            group.release(model, lost, ~(lost | stopped))
        if len(group.numbers) == 0:
            break
    put(model, group.model, group.numbers)
    if next(model.parameters()).isnan().all():
        model.load_state_dict(start)
        raise diverged("not finite in any replica", epoch, learning_rate)
    tables = {name: pd.DataFrame(values[:epoch + 1]) for name, values in history.items()}
    return pd.concat(tables, axis=1, names=["", "replica"]).rename_axis("epoch")


class Group:
    """The replicas still in training: their numbers, parameters, data and shuffles."""

    def __init__(self, model, data, evaluation, seed):
        self.numbers = np.arange(replicas_of(model))
        self.model = take(model, self.numbers)
        self.data, self.evaluation = data, evaluation
        self.shuffles = None if seed is None else generators(seed, len(self.numbers))

    def batches(self, batch_size):
        """Return the data as pairs (replicas, batch_size, features), each replica with its own shuffle."""
        replicas = len(self.numbers)
        inputs, labels = (spread(part, replicas) for part in self.data)
        if self.shuffles is not None:
            rows = [torch.randperm(inputs.shape[1], generator=shuffle) for shuffle in self.shuffles]
            order = torch.stack(rows)[:, :, None].to(inputs.device)
            inputs, labels = inputs.take_along_dim(order, dim=1), labels.take_along_dim(order, dim=1)
        return zip(inputs.split(batch_size, dim=1), labels.split(batch_size, dim=1))

    def release(self, model, lost, going):
        """Write all parameters back to `model`, NaN for the lost ones; keep only the replicas still going."""
        for parameter in self.model.parameters():
            parameter.data[lost] = torch.nan
        put(model, self.model, self.numbers)
        self.model = take(self.model, going)
        self.data, self.evaluation = own(self.data, going), own(self.evaluation, going)
        self.shuffles = self.shuffles and [shuffle for shuffle, goes in zip(self.shuffles, going) if goes]
        self.numbers = self.numbers[going]


def take(model, which):
    """Return a copy of `model` with only some replicas: truth values, numbers, or one number for a plain model."""
    part = copy.deepcopy(model)
    for values in [*part.parameters(), *part.buffers()]:
        if values.dim() > 2:  # else it is shared by all replicas
            values.data, values.grad = values.data[which], None
    return part


def put(model, part, which):
    """Write the parameters of `part` over the replicas `which` of `model`."""
    for whole, some in zip(model.parameters(), part.parameters()):
        whole.data[which] = some.data


def own(data, which):
    """Return the data of some replicas; what is everybody's, (n, features), stays as it is."""
    return data and tuple(part[which] if part.dim() > 2 else part for part in data)


def enter(history, epoch, numbers, row):
    """Write what was measured in an epoch into the columns of the replicas that it is of."""
    for name, values in row.items():
        expected, got = f"{len(numbers)} numbers, one for each replica", np.shape(values)
        checks.require(got == (len(numbers),), name, expected, f"shape {got}")
        history[name][epoch, numbers] = values.tolist() if isinstance(values, torch.Tensor) else values


def answers(stop, losses):
    """Return for each replica whether the rule `stop` ends it, given the losses (epochs, replicas) so far."""
    ends = np.asarray(stop(losses))
    expected = f"a rule that answers for each of the {losses.shape[1]} replicas"
    checks.require(ends.shape == losses.shape[1:], "stop", expected, f"shape {ends.shape}")
    return ends


def check_mean(model, data, loss_fn):
    """Refuse a loss that is no mean over the predictions: its gradients would depend on the number of replicas."""
    inputs, labels = data
    each = evaluate(model, inputs, labels, loss_fn).mean()
    with torch.no_grad():
        preds = model(inputs)
        together = loss_fn(preds, spread(labels, len(preds)))
    expected, got = "a mean over all predictions, as with reduction='mean'", f"{together:.4g} where that is {each:.4g}"
    checks.require(torch.isclose(together, each, rtol=1e-3), "loss_fn", expected, got)


def alone(model, replica):
    """Return replica number `replica` of `model` as a plain model, in which nothing is replicated.

    Raises ValueError for a plain model or a number that is not there.
    """
    replicas = replicas_of(model)
    checks.require(replicas is not None, "model", "a model with replicas", "a plain one")
    checks.whole_number("replica", replica, 0, replicas)
    return take(model, replica)
