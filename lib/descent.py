"""One epoch of gradient descent: its batches, its update rule, and what is measured after it."""

from multiprocessing import parent_process

import torch
from tqdm import tqdm

from lib import checks
from lib.models import replicas_of
from lib.seeds import as_generator


class GradientDescent:
    """The update rule: parameter = parameter - learning_rate * gradient.

    With a weight_decay, weight_decay * parameter is added to the gradient:
    that of a ridge penalty, half of weight_decay times the sum of squares.
    Does what torch.optim.SGD does with these two options, bit for bit, at
    a fraction of what its many others cost in each step.
    """

    def __init__(self, parameters, learning_rate, weight_decay=0.0):
        self.parameters = list(parameters)
        self.learning_rate, self.weight_decay = learning_rate, weight_decay

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = None

    def step(self):
        for parameter in self.parameters:
            if parameter.grad is None:  # as of one that is frozen
                continue
            if self.weight_decay:
                parameter.grad.add_(parameter.data, alpha=self.weight_decay)
            parameter.data.sub_(parameter.grad, alpha=self.learning_rate)


def one_epoch(model, batches, loss_fn, optim):
    """Update model once for each of the batches, pairs (inputs, labels)."""
    for inputs, labels in batches:
        optim.zero_grad()              # Reset gradients
        preds = model(inputs)          # Forward pass
        loss = loss_fn(preds, labels)  # Loss calc
        loss.backward()                # Calculate gradients
        optim.step()                   # Update parameters


def batches(inputs, labels, batch_size, seed=None):
    """Return the data as pairs (inputs, labels) of batch_size rows each.

    inputs (n, features_in), labels (n, features_out); the last pair may be
    smaller. With a seed, a whole number or a torch.Generator, the rows come
    in random order, without one in the order of the data.
    Raises ValueError for empty, non-finite or unequal data.
    """
    check_data(inputs, labels)
    checks.positive_integer("batch_size", batch_size)
    if seed is not None:
        order = torch.randperm(len(inputs), generator=as_generator(seed))
        inputs, labels = inputs[order], labels[order]
    return zip(inputs.split(batch_size), labels.split(batch_size))


def check_data(inputs, labels):
    """Refuse all but two finite tensors with the same number of rows."""
    checks.finite_numbers("inputs", inputs)
    checks.finite_numbers("labels", labels)
    checks.same_rows(inputs, labels)


def evaluate(model, inputs, labels, loss_fn):
    """Return the loss of model on all of the data, without gradients.

    Of a model with replicas, a tensor (replicas,) with the loss of each.
    Raises ValueError for data or a loss that do not fit the model.
    """
    replicas = replicas_of(model)
    with torch.no_grad():
        preds = model(spread(inputs, replicas))
        labels = spread(labels, replicas)
        checks.same_shape("labels", labels, "the predictions", preds)
        each = patient(loss_fn) if replicas is None else torch.vmap(patient(loss_fn))
        losses = each(preds, labels)
    checks.one_number("loss_fn", losses, replicas)
    return losses.item() if replicas is None else losses


def accuracy(preds, labels):
    """Return the share of predicted probabilities on the same side of 0.5 as their label, 0 or 1."""
    return ((preds > 0.5) == (labels > 0.5)).to(preds.dtype).mean()


def spread(values, replicas):
    """Return values (n, features) once for every replica, unless each has its own already."""
    shared = replicas is not None and values.dim() == 2
    return values.expand(replicas, *values.shape) if shared else values


def patient(loss_fn):
    """Return loss_fn such that it answers NaN with NaN.

    torch's cross-entropy of probabilities raises a RuntimeError instead,
    and so would end the training of all replicas because one has diverged.
    """
    def patient_loss(preds, labels):
        try:
            return loss_fn(preds, labels)
        except RuntimeError:
            return loss_fn(preds.nan_to_num(0.5), labels) + 0 * preds.sum()

    return patient_loss


def measure(model, data, evaluation, loss_fn, evaluation_fn, watch):
    """Return what is noted after an epoch, as one row of the history."""
    row = {"loss": evaluate(model, *data, loss_fn)}
    if evaluation is not None:
        row["evaluation_loss"] = evaluate(model, *evaluation, evaluation_fn)
    if watch is not None:
        row["watched"] = watch(model)
    return row


def progress(things, name):
    """Go through things; show a progress bar if they take over 3 seconds and no other process shows one."""
    return things if parent_process() else tqdm(things, desc=name, delay=3, leave=False)


def diverged(loss, epoch, learning_rate):
    """Return the error that says when the loss diverged, and what to try."""
    return FloatingPointError(
        f"the loss is {loss} after epoch {epoch} with learning_rate="
        f"{learning_rate}: try a smaller one, such as {learning_rate / 10:.1g}"
    )
