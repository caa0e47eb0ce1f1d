"""The training loop of every network in the book, and the mini-batches that it takes."""

import copy
import math

import pandas as pd
import torch
from tqdm import trange

from lib import checks
from lib.seeds import as_generator


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


def evaluate(model, inputs, labels, loss_fn):
    """Return the loss of model on all of the data, without gradients."""
    with torch.no_grad():
        return loss_fn(model(inputs), labels).item()


def train(model, data, *, loss_fn, learning_rate, epochs, batch_size, seed=None):
    """Train model in place by gradient descent; return its loss by epoch.

    data is the pair inputs (n, features_in) and labels (n, features_out);
    loss_fn is an instance such as nn.MSELoss(). With a seed the rows are
    shuffled anew for every epoch, without one they keep their order.
    Returns a DataFrame: index epoch, 0 being the start; column loss, the
    loss on all of the data. Raises ValueError for bad arguments, before any
    training, and FloatingPointError if the loss diverges; the model is then
    back where it started.
    """
    check_training(model, data, loss_fn, learning_rate, epochs, batch_size)
    start = copy.deepcopy(model.state_dict())
    generator = None if seed is None else as_generator(seed)
    optim = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = [evaluate(model, *data, loss_fn)]
    for epoch in progress(epochs):
        for inputs, labels in batches(*data, batch_size, generator):
            optim.zero_grad()              # Reset gradients
            preds = model(inputs)          # Forward pass
            loss = loss_fn(preds, labels)  # Loss calc
            loss.backward()                # Calculate gradients
            optim.step()                   # Update parameters
        losses.append(evaluate(model, *data, loss_fn))
        if not math.isfinite(losses[-1]):
            model.load_state_dict(start)
            raise diverged(losses[-1], epoch, learning_rate)
    return pd.DataFrame({"loss": losses}).rename_axis("epoch")


def progress(epochs):
    """Count epochs from 1; show a progress bar if they take over 3 seconds."""
    return trange(1, epochs + 1, desc="epochs", delay=3, leave=False)


def diverged(loss, epoch, learning_rate):
    """Return the error that says when the loss diverged, and what to try."""
    return FloatingPointError(
        f"the loss is {loss} after epoch {epoch} with learning_rate="
        f"{learning_rate}: try a smaller one, such as {learning_rate / 10:.1g}"
    )


def check_data(inputs, labels):
    """Refuse all but two finite tensors with the same number of rows."""
    checks.finite_numbers("inputs", inputs)
    checks.finite_numbers("labels", labels)
    checks.same_rows(inputs, labels)


def check_training(model, data, loss_fn, learning_rate, epochs, batch_size):
    """Refuse what train cannot work with, before it changes anything."""
    inputs, labels = checks.pair("data", data)
    check_data(inputs, labels)
    checks.module_instance("loss_fn", loss_fn)
    checks.labels_fit_loss(labels, loss_fn)
    checks.positive_number("learning_rate", learning_rate)
    checks.positive_integer("epochs", epochs)
    checks.positive_integer("batch_size", batch_size)
    with torch.no_grad():
        checks.same_shape("labels", labels, "the predictions", model(inputs))
