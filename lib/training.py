"""The training loop of every network in the book, its batches, and the rules by which it stops."""

import copy
import warnings
from functools import partial
from multiprocessing import parent_process

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader
from tqdm import tqdm

from lib import checks
from lib.models import as_generator, evaluating, predict, state
from lib.replicas import copy_where, for_each, generators, has_replicas, replicas_of

torch.set_num_threads(1)  # networks as small as the book's train two to three times faster than on several


def train(model, data, loss_fn, optim, epochs, evaluation=None, stop=None, watch=None):
    """Train `model` in place; return its loss by epoch.

    model: any nn.Module, or one with replicas (lib.replicas): many networks at once, each as if it were alone.
    data: batches to go through anew in every epoch: a DataLoader, Batches, or a list of pairs (inputs, labels).
    loss_fn: a function of predictions and labels that returns one number, such as nn.MSELoss().
    optim: an optimiser of the model's parameters, such as torch.optim.SGD(model.parameters(), lr=0.03).
    epochs: how often to go through the data, at most.
    evaluation: another pair (inputs, labels), which is measured and not trained on.
    stop: a rule such as early_stopping(50): a function of model and history (a dict of lists so far) to a truth value for each network.
    watch: what else to note: a dict from the name of a column to a function of the model, such as {"state": state}.

    Returns a DataFrame by epoch, 0 being the start: loss (on all of the data, in evaluation mode), evaluation_loss, what is watched;
    replicas have a column each, NaN once they have stopped. One that diverges is lost: its parameters are NaN. Raises ValueError before
    any training, and FloatingPointError if the loss diverges (in all replicas): model and optim are then back where they started.
    """
    check_training(model, data, optim, epochs, watch)
    start, run = copy.deepcopy((model.state_dict(), optim.state_dict())), Run(model, whole(data), loss_fn, evaluation, stop, watch)
    loss_fn = for_training(loss_fn, run.replicas)
    for epoch in range(1, epochs + 1) if parent_process() else tqdm(range(1, epochs + 1), desc="epochs", delay=3, leave=False):
        if not run.going.any():
            break
        for inputs, labels in data:
            optim.zero_grad() # Reset gradients
            preds = model.forward(inputs) # Forward pass
            loss = loss_fn(preds, labels) # Loss calc
            loss.backward()   # Calculate gradients
            optim.step()      # Update parameters
        run.note()
        if run.lost.all():
            model.load_state_dict(start[0])
            optim.load_state_dict(start[1])
            lr = optim.param_groups[0]["lr"]
            raise FloatingPointError(f"the loss is not finite after epoch {epoch} at a learning rate of {lr}: try {min(lr / 10, 0.1):.1g}")
    return run.finished()


class Batches:
    """The pair data, inputs (n, features_in) and labels (n, features_out), in batches; several times faster than a DataLoader.

    With a seed, a whole number or a torch.Generator, every pass has a new random order. With `replicas` each has its own: batches are
    (replicas, batch_size, features), and data may be (replicas, n, features). Raises ValueError for bad data.
    """

    def __init__(self, data, batch_size, seed=None, replicas=None):
        checks.data_pair("data", data)
        checks.whole_number("batch_size", batch_size)
        checks.whole_number("replicas", 1 if replicas is None else replicas)
        self.data, self.batch_size, self.axis = tuple(for_each(part, replicas) for part in data), int(batch_size), int(replicas is not None)
        self.shuffles = [] if seed is None else generators(seed, replicas) if self.axis else [as_generator(seed)]

    def __iter__(self):
        parts = self.data
        if self.shuffles:
            orders = torch.stack([torch.randperm(parts[0].shape[self.axis], generator=shuffle) for shuffle in self.shuffles])
            rows = (torch.arange(len(orders))[:, None], orders) if self.axis else orders[0]
            parts = [part[rows] for part in parts]
        return zip(*(part.split(self.batch_size, dim=self.axis) for part in parts))


class Run:
    """A run of training: its history, which networks still go on, which are lost, and what each keeps: its last or best parameters."""

    def __init__(self, model, everything, loss_fn, evaluation, stop, watch):
        self.model, self.everything, self.loss_fn, self.stop = model, everything, loss_fn, stop
        pairs = {"loss": everything} | ({} if evaluation is None else {"evaluation_loss": evaluation})
        measures = {name: partial(evaluate, data=pair, loss_fn=loss_fn, refuse_nan=False) for name, pair in pairs.items()}
        self.measures = measures | (watch or {})
        self.replicas, self.kept, self.history = replicas_of(model), state(model), {name: [] for name in self.measures}
        self.going, self.lost = np.full(self.replicas or (), True), np.full(self.replicas or (), False)
        self.note()
        checks.require(not self.lost.any(), "model", "a finite loss at the start", self.history["loss"][0])

    def note(self):
        """Add to the history, the loss first; find out which networks diverged, keep parameters, or stop."""
        for name, measure in self.measures.items():
            with torch.no_grad(), evaluating(self.model):
                values = copy.deepcopy(measure(self.model))
            self.history[name].append(np.where(self.going, self.one_each(name, values), np.nan) if self.replicas else values)
            if name == "loss":
                self.lost |= self.going & ~np.isfinite(self.history["loss"][-1])
                self.going &= ~self.lost
                copy_where(~self.going, self.kept, self.model.state_dict())
        copy_where(self.going & getattr(self.stop, "keeps", lambda history: True)(self.history), self.model.state_dict(), self.kept)
        if self.stop is not None:
            self.going &= ~self.one_each("stop", self.stop(self.model, self.history))

    def one_each(self, name, values):
        """Return values as an array, refusing all but one for each network."""
        checks.require(np.shape(values) == self.going.shape, name, "one value for each network", f"shape {np.shape(values)}")
        return np.asarray(values.detach().cpu() if isinstance(values, torch.Tensor) else values)

    def finished(self):
        """Give every network the parameters that it keeps, NaN if it is lost; return the history as a table."""
        self.model.load_state_dict(self.kept)
        if checks.is_loss(self.loss_fn, checks.PROBABILITIES + checks.LOG_ODDS):
            warn(self.model, self.everything, self.loss_fn)
        if self.replicas is None:
            return pd.DataFrame(self.history).rename_axis("epoch")
        copy_where(self.lost, {name: values * torch.nan for name, values in self.kept.items()}, self.model.state_dict())
        tables = {name: pd.DataFrame(values).rename_axis("epoch") for name, values in self.history.items()}
        return pd.concat(tables, axis=1, names=["", "replica"])


def reaches(threshold, column="evaluation_loss"):
    """Return the rule: stop once the evaluation loss, or another column of the history, is at most `threshold`."""
    return lambda model, history: so_far(history, column)[-1] <= threshold


def early_stopping(patience):
    """Return the rule: stop once the lowest evaluation loss is `patience` epochs ago, and go back to that epoch's parameters."""
    checks.whole_number("patience", patience)
    best = lambda history: so_far(history, "evaluation_loss").argmin(axis=0)
    rule = lambda model, history: len(history["evaluation_loss"]) - best(history) > patience
    rule.keeps = lambda history: best(history) == len(history["evaluation_loss"]) - 1  # else train keeps the last epoch's
    return rule


def so_far(history, column):
    """Return a column of the history as an array (epochs,) or (epochs, replicas)."""
    checks.require(column in history, "stop", f"evaluation data, or a column to look at among {list(history)}", repr(column))
    return np.array(history[column])


def evaluate(model, data, loss_fn, refuse_nan=True):
    """Return the loss on a pair, in evaluation mode, for replicas a tensor; raise ValueError if it does not fit, or the loss is NaN."""
    replicas = replicas_of(model)
    checks.data_pair("data", data, model)
    for name, values in zip(("inputs", "labels"), data):
        fits = not has_replicas(values) or len(values) == replicas
        checks.require(fits, name, f"data of one, or of {replicas} replicas", f"shape {tuple(values.shape)}")
    with torch.no_grad(), evaluating(model):
        preds, labels, each = model(data[0]), for_each(data[1], replicas), patient(loss_fn)
        checks.fits_loss(preds, labels, loss_fn)
        losses = torch.vmap(each)(preds, labels) if replicas else each(preds, labels)
    checks.require(losses.numel() == (replicas or 1), "loss_fn", "one number, as with reduction='mean'", f"{losses.numel()} numbers")
    checks.require(losses.isfinite().all() or not refuse_nan, "model", "a finite loss", losses)
    return losses.cpu() if replicas else losses.item()


def for_training(loss_fn, replicas):
    """Return loss_fn such that each replica has the gradients that it would have alone: the sum of all their losses."""
    def sum_of_losses(preds, labels):  # means over single predictions can be taken of all replicas at once, which is faster
        if type(loss_fn) in (nn.MSELoss, nn.L1Loss, nn.BCELoss, nn.BCEWithLogitsLoss) and loss_fn.reduction == "mean":
            return replicas * patient(loss_fn)(preds.flatten(0, 1), for_each(labels, replicas).flatten(0, 1))
        return torch.vmap(patient(loss_fn))(preds, for_each(labels, replicas)).sum()
    return sum_of_losses if replicas else patient(loss_fn)


def patient(loss_fn):
    """Return loss_fn such that it answers NaN with NaN: the RuntimeError of nn.BCELoss would end all replicas for one."""
    def patient_loss(preds, labels):
        try:
            return loss_fn(preds, labels)
        except RuntimeError:
            return loss_fn(preds.nan_to_num(0.5), labels) + 0 * preds.sum()
    return patient_loss


def whole(data):
    """Return all rows that batches come from as one pair, without using up the random numbers of their shuffles."""
    if isinstance(data, DataLoader):
        return tuple(data.collate_fn([data.dataset[row] for row in getattr(data.sampler, "indices", range(len(data.dataset)))]))
    return data.data if isinstance(data, Batches) else tuple(torch.cat(parts, dim=int(has_replicas(parts[0]))) for parts in zip(*data))


def warn(model, data, loss_fn):
    """Warn of results that look fine and are not: two sigmoids, saturated ones, separation by a logit."""
    say, log_odds = partial(warnings.warn, stacklevel=4), checks.is_loss(loss_fn, checks.LOG_ODDS)
    preds, labels = predict(model, data[0]), data[1]
    if log_odds and isinstance(list(model.modules())[-1], nn.Sigmoid):
        say("model: ends with a sigmoid, and nn.BCEWithLogitsLoss applies another: use nn.BCELoss")
    if not log_odds and ((preds - labels).abs() == 1).any():
        say("model: some predictions are numerically 0 or 1, and wrong: a saturated sigmoid passes no gradient back. "
            "Put the inputs on a common scale (Standardise), or lower the learning rate")
    right = (preds > (0 if log_odds else 0.5)) == (labels > 0.5)
    if len(list(model.parameters())) <= 2 and right.flatten(-2).all(dim=-1).any():
        say("data: perfectly separated by this logit: the likelihood has no maximum, and longer training makes larger weights")


def check_training(model, data, optim, epochs, watch):
    """Refuse what train cannot work with, before it changes anything."""
    checks.a_model("model", model)
    checks.whole_number("epochs", epochs)
    checks.require(isinstance(optim, torch.optim.Optimizer), "optim", "a torch.optim.SGD(model.parameters(), lr=0.03), say", repr(optim))
    strange = {values for group in optim.param_groups for values in group["params"]} - set(model.parameters())
    checks.require(not strange, "optim", "parameters of this model only", f"{len(strange)} of another")
    pair = any(isinstance(part, torch.Tensor) for part in (data if isinstance(data, (tuple, list)) else [data]))
    again = hasattr(data, "__iter__") and not hasattr(data, "__next__") and not pair
    checks.require(again, "data", "batches for any number of epochs, such as Batches(data, batch_size=8)", type(data).__name__)
    fits = watch is None or (isinstance(watch, dict) and not {"loss", "evaluation_loss"} & set(watch))
    checks.require(fits, "watch", "a dict from new names of columns to functions of the model", watch)
