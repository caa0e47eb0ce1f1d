"""The training loop of every network in the book, its batches, and the rules by which it stops."""

import copy
import warnings
from collections.abc import Iterable, Iterator
from multiprocessing import parent_process

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, default_collate
from tqdm import tqdm

from lib import checks
from lib.models import evaluating, predict, state
from lib.replicas import copy_where, for_each, has_replicas, replicas_of
from lib.seeds import as_generator, generators

# Networks as small as the book's train two to three times faster on one thread than on several.
torch.set_num_threads(1)


def train(model, data, loss_fn, optim, epochs, evaluation=None, stop=None, watch=None):
    """Train `model` in place; return its loss by epoch.

    model: any nn.Module, or one with replicas (lib.replicas): many networks at once, each as if it were alone.
    data: batches to go through anew in every epoch: a DataLoader, Batches, or a list of pairs (inputs, labels).
    loss_fn: a function of predictions and labels such as nn.MSELoss(); for replicas it has to be a mean.
    optim: an optimiser of the model's parameters, such as torch.optim.SGD(model.parameters(), lr=0.03).
    epochs: how often to go through the data, at most.
    evaluation: another pair (inputs, labels), which is measured and not trained on.
    stop: a rule such as reaches(0.1): a function of the model and the history so far (a dict of lists) that says whether to
        stop, for replicas with a truth value for each. early_stopping also goes back to the best epoch.
    watch: what else to note: a dict from the name of a column to a function of the model, such as {"state": state}.

    Returns a DataFrame: index epoch, 0 being the start; columns loss (on all of the data, in evaluation mode), evaluation_loss
    and those of watch. With replicas each is a table with a column for each of them, NaN once it has stopped; one that diverges
    is lost: its parameters are NaN, the others go on. Raises ValueError for bad arguments, before any training, and
    FloatingPointError if the loss diverges (in all replicas); model and optim are then back where they started.
    """
    check_training(model, data, loss_fn, optim, epochs)
    before, run = copy.deepcopy(optim.state_dict()), Run(model, whole(data), loss_fn, evaluation, stop, watch)
    loss_fn = for_training(loss_fn, run.replicas)
    for epoch in progress(range(1, epochs + 1), "epochs"):
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
            model.load_state_dict(run.start)
            optim.load_state_dict(before)
            rate = optim.param_groups[0]["lr"]
            raise FloatingPointError(f"the loss is not finite after epoch {epoch} with a learning rate of {rate}: "
                                     f"try a smaller one, such as {rate / 10:.1g}")
    return run.finished()


class Batches:
    """Data in batches, for a loop such as `for inputs, labels in Batches(data, batch_size=8, seed=0)`.

    data is the pair inputs (n, features_in) and labels (n, features_out); the last batch may be smaller. With a seed, a whole
    number or a torch.Generator, every pass has a new random order; without one the rows keep theirs. With `replicas` each has
    its own order (by lib.seeds.generators), batches are (replicas, batch_size, features), and data may be (replicas, n,
    features). Does what a DataLoader does, several times faster. Raises ValueError for empty, non-finite or unequal data.
    """

    def __init__(self, data, batch_size, seed=None, replicas=None):
        checks.data_pair("data", data)
        checks.whole_number("batch_size", batch_size)
        self.data = tuple(for_each(part, replicas) for part in data)
        self.batch_size, self.axis = batch_size, 0 if replicas is None else 1
        self.shuffles = [] if seed is None else generators(seed, replicas) if replicas else [as_generator(seed)]

    def __iter__(self):
        inputs, labels = self.data
        if self.shuffles:
            orders = torch.stack([torch.randperm(inputs.shape[self.axis], generator=shuffle) for shuffle in self.shuffles])
            rows = (torch.arange(len(orders))[:, None], orders) if self.axis else orders[0]
            inputs, labels = inputs[rows], labels[rows]
        return zip(inputs.split(self.batch_size, dim=self.axis), labels.split(self.batch_size, dim=self.axis))


class Run:
    """A run of training: its history, which networks are still going and which are lost, single truth values or (replicas,).

    `kept` holds what each network ends with: the parameters of its last epoch or, with early_stopping, of its best.
    """

    def __init__(self, model, everything, loss_fn, evaluation, stop, watch):
        self.model, self.everything, self.loss_fn, self.stop = model, everything, loss_fn, stop
        self.measures = {"loss": lambda model: losses_of(model, everything, loss_fn)}
        if evaluation is not None:
            self.measures["evaluation_loss"] = lambda model: losses_of(model, evaluation, loss_fn)
        self.measures |= watch or {}
        self.history = {name: [] for name in self.measures}
        self.replicas, self.start, self.kept = replicas_of(model), state(model), state(model)
        self.going = np.ones(self.replicas or (), dtype=bool)
        self.lost = ~self.going
        self.note()
        losses = self.history["loss"][0]
        checks.require(np.isfinite(losses).all(), "model", "a finite loss at the start", losses)
        with torch.no_grad(), evaluating(model):
            total, expected = for_training(loss_fn, self.replicas)(model(everything[0]), everything[1]).item(), np.sum(losses)
        got = f"{total:.4g} in all where these add up to {expected:.4g}"
        checks.require(np.isclose(total, expected, rtol=1e-3), "loss_fn", "the mean of all predictions' losses", got)

    def note(self):
        """Add what there is to measure to the history, and put aside the networks that diverged or stop."""
        for name, measure in self.measures.items():
            values = measure(self.model)
            if self.replicas:
                values = np.where(self.going, self.one_each(name, values), np.nan)
            self.history[name].append(values)
            if name == "loss":
                self.lost |= self.going & ~np.isfinite(values)
                copy_where(self.lost, self.kept, self.model.state_dict())
        self.going &= ~self.lost
        copy_where(self.going & self.to_keep(), self.model.state_dict(), self.kept)
        if self.stop is not None:
            self.going &= ~self.one_each("stop", self.stop(self.model, self.history))
        copy_where(~self.going, self.kept, self.model.state_dict())

    def one_each(self, name, values):
        """Return values as an array, refusing all but one for each network."""
        got, expected = np.shape(values), f"one value for each of the {self.replicas} replicas" if self.replicas else "one value"
        checks.require(got == self.going.shape, name, expected, f"shape {got}")
        return np.asarray(values)

    def to_keep(self):
        """Return for which networks this epoch is the one to keep so far: any, or with early_stopping the best."""
        losses = so_far(self.history, "evaluation_loss") if getattr(self.stop, "keeps_best", False) else np.zeros(1)
        return losses[-1] <= losses.min(axis=0)

    def finished(self):
        """Give every network the parameters that it keeps, NaN if it is lost; return the history as a table."""
        now = self.model.state_dict()
        copy_where(np.ones_like(self.going), self.kept, now)
        copy_where(self.lost, {name: torch.full_like(values, torch.nan) for name, values in now.items()}, now)
        warn(self)
        if self.replicas is None:
            return pd.DataFrame(self.history).rename_axis("epoch")
        tables = {name: pd.DataFrame(np.array(values)) for name, values in self.history.items()}
        return pd.concat(tables, axis=1, names=["", "replica"]).rename_axis("epoch")


def reaches(threshold, column="evaluation_loss"):
    """Return the rule: stop once the evaluation loss, or another column of the history, is at most `threshold`."""
    return lambda model, history: so_far(history, column)[-1] <= threshold


def early_stopping(patience):
    """Return the rule: stop once the lowest evaluation loss is `patience` epochs ago, and go back to that epoch's parameters."""
    def no_better(model, history):
        losses = so_far(history, "evaluation_loss")
        return losses.min(axis=0) < losses[-patience:].min(axis=0)

    checks.whole_number("patience", patience)
    no_better.keeps_best = True  # tells train to go back
    return no_better


def so_far(history, column):
    """Return a column of the history as an array (epochs,) or (epochs, replicas)."""
    checks.require(column in history, "stop", f"evaluation data, or a column to look at among {list(history)}", repr(column))
    return np.array(history[column])


def evaluate(model, data, loss_fn):
    """Return the loss of `model` on the pair data, without gradients and in evaluation mode; for replicas (replicas,).

    Raises ValueError for data or a loss that do not fit the model, and for a loss that is not finite (a lost replica).
    """
    losses = losses_of(model, data, loss_fn)
    checks.require(np.isfinite(losses).all(), "model", "a finite loss", losses)
    return torch.as_tensor(losses) if np.ndim(losses) else losses


def losses_of(model, data, loss_fn):
    """Return the loss of `model` on data as a number, or that of each replica as an array; it need not be finite."""
    checks.data_pair("data", data)
    replicas, (inputs, labels) = replicas_of(model), data
    for name, values in (("inputs", inputs), ("labels", labels)):
        checks.same_precision(name, values, model)
        fits = replicas is None or len(for_each(values, replicas)) == replicas
        checks.require(fits, name, f"shape (n, features) or ({replicas}, n, features)", f"shape {tuple(values.shape)}")
    with torch.no_grad(), evaluating(model):
        preds, labels, each = model(inputs), for_each(labels, replicas), patient(loss_fn)
        checks.fits_loss(preds, labels, loss_fn)
        losses = torch.vmap(each)(preds, labels) if replicas else each(preds, labels)
    got = f"shape {tuple(losses.shape)}"
    checks.require(losses.numel() == (replicas or 1), "loss_fn", "one number, as with reduction='mean'", got)
    return losses.numpy() if replicas else losses.item()


def for_training(loss_fn, replicas):
    """Return loss_fn such that the gradients of replicas are those that each would have alone: the sum of their means."""
    def sum_of_means(preds, labels):
        return replicas * patient(loss_fn)(preds.flatten(0, 1), for_each(labels, replicas).flatten(0, 1))

    return sum_of_means if replicas else patient(loss_fn)


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
    if isinstance(data, Batches):
        return data.data
    if isinstance(data, DataLoader):
        return tuple(default_collate([data.dataset[row] for row in range(len(data.dataset))]))
    return tuple(torch.cat(parts, dim=int(has_replicas(parts[0]))) for parts in zip(*data))


def progress(things, name):
    """Go through things; show a progress bar if they take over 3 seconds and no other process shows one."""
    return things if parent_process() else tqdm(things, desc=name, delay=3, leave=False)


def warn(run):
    """Warn of results that look fine and are not: two sigmoids, saturated ones, separation."""
    if checks.is_loss(run.loss_fn, checks.LOG_ODDS) and isinstance(list(run.model.modules())[-1], nn.Sigmoid):
        warnings.warn("model: ends with a sigmoid, and nn.BCEWithLogitsLoss applies another; use nn.BCELoss", stacklevel=4)
    if checks.is_loss(run.loss_fn, checks.PROBABILITIES) and not run.lost.any():
        preds, labels = predict(run.model, run.everything[0]), run.everything[1]
        stuck = int((((preds == 0) | (preds == 1)) & (preds != labels)).sum())
        if stuck:
            warnings.warn(f"model: {stuck} predictions are numerically 0 or 1, and wrong. A saturated sigmoid passes no gradient "
                          "back: put the inputs on a common scale (Standardise), or lower the learning rate", stacklevel=4)
        if len(list(run.model.parameters())) <= 2 and ((preds > 0.5) == (labels > 0.5)).all():
            warnings.warn("data: perfectly separated by this logit, so its likelihood has no maximum: the longer the training, "
                          "the larger the weights", stacklevel=4)


def check_training(model, data, loss_fn, optim, epochs):
    """Refuse what train cannot work with, before it changes anything."""
    checks.a_model("model", model)
    checks.a_function("loss_fn", loss_fn, "nn.MSELoss() with parentheses")
    checks.whole_number("epochs", epochs)
    expected = "an optimiser such as torch.optim.SGD(model.parameters(), lr=0.03)"
    checks.require(isinstance(optim, torch.optim.Optimizer), "optim", expected, repr(optim)[:60])
    own = {id(parameter) for parameter in model.parameters()}
    strange = sum(id(parameter) not in own for group in optim.param_groups for parameter in group["params"])
    checks.require(not strange, "optim", "parameters of this model only", f"{strange} of another")
    pair = isinstance(data, (tuple, list)) and any(isinstance(part, torch.Tensor) for part in data)
    again = isinstance(data, Iterable) and not isinstance(data, Iterator) and not pair
    expected, got = "batches for any number of epochs, such as Batches(data, batch_size=8)", "data" if pair else type(data).__name__
    checks.require(again, "data", expected, got)
    weights = None if checks.is_loss(loss_fn, checks.CLASSES) else getattr(loss_fn, "weight", None)
    fits = weights is None or weights.numel() == 1
    checks.require(fits, "loss_fn", "no weights of rows: shuffled rows would leave them behind", "some")
