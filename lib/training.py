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
    """Return the loss of model on all of the data, without gradients.

    Raises ValueError for data or a loss that do not fit the model.
    """
    with torch.no_grad():
        preds = model(inputs)
        checks.same_shape("labels", labels, "the predictions", preds)
        loss = loss_fn(preds, labels)
    checks.one_number("loss_fn", loss)
    return loss.item()


def train(model, data, *, loss_fn, learning_rate, epochs, batch_size,
          seed=None, evaluation=None, stop=None, watch=None):
    """Train model in place by gradient descent; return its loss by epoch.

    data is the pair inputs (n, features_in) and labels (n, features_out),
    evaluation another such pair that is not trained on; loss_fn is an
    instance such as nn.MSELoss(). With a seed the rows are shuffled anew for
    every epoch, without one they keep their order. stop is a rule such as
    reaches(0.1): given all evaluation losses so far, whether to stop. watch
    is a function of the model to be noted each epoch, such as state.
    Returns a DataFrame: index epoch, 0 being the start; columns loss (on all
    of the data) and, if asked for, evaluation_loss and watched.
    Raises ValueError for bad arguments, before any training, and
    FloatingPointError if the loss diverges; the model is then back where it
    started.
    """
    check_training(model, data, loss_fn, learning_rate, epochs, batch_size)
    check_evaluation(model, evaluation, loss_fn, stop)
    start = state(model)
    generator = None if seed is None else as_generator(seed)
    optim = torch.optim.SGD(model.parameters(), lr=learning_rate)
    history = [measure(model, data, evaluation, loss_fn, watch)]
    for epoch in progress(epochs):
        for inputs, labels in batches(*data, batch_size, generator):
            optim.zero_grad()              # Reset gradients
            preds = model(inputs)          # Forward pass
            loss = loss_fn(preds, labels)  # Loss calc
            loss.backward()                # Calculate gradients
            optim.step()                   # Update parameters
        history.append(measure(model, data, evaluation, loss_fn, watch))
        if not math.isfinite(history[-1]["loss"]):
            model.load_state_dict(start)
            raise diverged(history[-1]["loss"], epoch, learning_rate)
        if stop and stop([row["evaluation_loss"] for row in history]):
            break
    return pd.DataFrame(history).rename_axis("epoch")


def measure(model, data, evaluation, loss_fn, watch):
    """Return what train notes after an epoch, as one row of its history."""
    row = {"loss": evaluate(model, *data, loss_fn)}
    if evaluation is not None:
        row["evaluation_loss"] = evaluate(model, *evaluation, loss_fn)
    if watch is not None:
        row["watched"] = watch(model)
    return row


def state(model):
    """Return a copy of all parameters, for model.load_state_dict."""
    return copy.deepcopy(model.state_dict())


def reaches(threshold):
    """Return the rule: stop once the evaluation loss is at most threshold."""
    checks.positive_number("threshold", threshold)
    return lambda losses: losses[-1] <= threshold


def no_better_for(epochs):
    """Return the rule: stop if the best epoch is so many epochs ago."""
    checks.positive_integer("epochs", epochs)
    return lambda losses: min(losses) < min(losses[-epochs:])


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
    checks.a_model("model", model)
    checks.loss_function("loss_fn", loss_fn)
    checks.positive_number("learning_rate", learning_rate)
    checks.positive_integer("epochs", epochs)
    checks.positive_integer("batch_size", batch_size)
    check_fit(model, "data", data, loss_fn)


def check_evaluation(model, evaluation, loss_fn, stop):
    """Refuse evaluation data that do not fit, or a rule without any."""
    needs = "evaluation data for it to look at"
    checks.require(stop is None or evaluation is not None, "stop", needs, "none")
    checks.require(stop is None or callable(stop), "stop", "a rule such as reaches(0.1)", repr(stop))
    if evaluation is not None:
        check_fit(model, "evaluation", evaluation, loss_fn)


def check_fit(model, name, data, loss_fn):
    """Refuse data that do not fit the model, or a model that predicts NaN."""
    checks.pair(name, data)
    inputs, labels = data
    check_data(inputs, labels)
    for weights in model.parameters():
        checks.same_type("inputs", inputs, weights)
        checks.same_type("labels", labels, weights)
    checks.labels_fit_loss(labels, loss_fn)
    loss = evaluate(model, inputs, labels, loss_fn)
    checks.require(math.isfinite(loss), "model", "a finite loss at the start", loss)
