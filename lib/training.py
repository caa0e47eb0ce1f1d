"""The training loop of every network in the book, what it returns, and the rules by which it stops."""

import math
from functools import partial

import numpy as np
import pandas as pd
import torch

from lib import checks
from lib.descent import GradientDescent, batches, check_data, diverged, evaluate, measure, one_epoch, patient, progress
from lib.models import replicas_of, state
from lib.replicas import train_replicas
from lib.seeds import as_generator


def train(model, data, *, loss_fn, learning_rate, epochs, batch_size, seed=None,
          weight_decay=0.0, evaluation=None, evaluation_fn=None, stop=None,
          watch=None):
    """Train model in place by gradient descent; return its loss by epoch.

    data is the pair inputs (n, features_in) and labels (n, features_out),
    evaluation another such pair that is not trained on; loss_fn is an
    instance such as nn.MSELoss(). With a seed the rows are shuffled anew for
    every epoch, without one they keep their order. weight_decay shrinks all
    parameters as ridge does (see GradientDescent). evaluation_fn is what to
    compute on the evaluation data, if not loss_fn. stop is a rule such as
    reaches(0.1): given all evaluation losses so far, whether to stop. watch
    is a function of the model to be noted each epoch, such as state.
    Returns a DataFrame: index epoch, 0 being the start; columns loss (on all
    of the data) and, if asked for, evaluation_loss and watched.
    Raises ValueError for bad arguments, before any training, and
    FloatingPointError if the loss diverges; the model is then back where it
    started. For a model with replicas, see train_replicas.
    """
    notes = loss_fn, evaluation_fn or loss_fn, watch
    check_training(model, data, loss_fn, learning_rate, epochs, batch_size)
    checks.number_from_zero("weight_decay", weight_decay)
    check_evaluation(model, evaluation, notes[1], stop)
    if replicas_of(model) is not None:
        return train_replicas(model, data, learning_rate, weight_decay, epochs,
                              batch_size, seed, evaluation, stop, notes)
    start = state(model)
    generator = None if seed is None else as_generator(seed)
    optim = GradientDescent(model.parameters(), learning_rate, weight_decay)
    history = [measure(model, data, evaluation, *notes)]
    for epoch in progress(range(1, epochs + 1), "epochs"):
        shuffled = batches(*data, batch_size, generator)
        one_epoch(model, shuffled, patient(loss_fn), optim)
        history.append(measure(model, data, evaluation, *notes))
        if not math.isfinite(history[-1]["loss"]):
            model.load_state_dict(start)
            raise diverged(history[-1]["loss"], epoch, learning_rate)
        if stop and stop([row["evaluation_loss"] for row in history]):
            break
    return pd.DataFrame(history).rename_axis("epoch")


def reaches(threshold):
    """Return the rule: stop once the evaluation loss is at most threshold."""
    checks.positive_number("threshold", threshold)
    return partial(is_reached, threshold)


def is_reached(threshold, losses):
    """Apply the rule of reaches to losses (epochs,) or (epochs, replicas)."""
    return losses[-1] <= threshold


def no_better_for(epochs):
    """Return the rule: stop if the best epoch is so many epochs ago."""
    checks.positive_integer("epochs", epochs)
    return partial(is_no_better, epochs)


def is_no_better(epochs, losses):
    """Apply the rule of no_better_for to losses (epochs,) or (epochs, replicas)."""
    return np.min(losses, axis=0) < np.min(losses[-epochs:], axis=0)


def check_training(model, data, loss_fn, learning_rate, epochs, batch_size):
    """Refuse what train cannot work with, before it changes anything."""
    checks.a_model("model", model)
    checks.loss_function("loss_fn", loss_fn)
    checks.positive_number("learning_rate", learning_rate)
    checks.positive_integer("epochs", epochs)
    checks.positive_integer("batch_size", batch_size)
    check_fit(model, "data", data, loss_fn)


def check_evaluation(model, evaluation, evaluation_fn, stop):
    """Refuse evaluation data that do not fit, or a rule without any."""
    needs = "evaluation data for it to look at"
    checks.require(stop is None or evaluation is not None, "stop", needs, "none")
    checks.require(stop is None or callable(stop), "stop", "a rule such as reaches(0.1)", repr(stop))
    checks.loss_function("evaluation_fn", evaluation_fn)
    if evaluation is not None:
        check_fit(model, "evaluation", evaluation, evaluation_fn)


def check_fit(model, name, data, loss_fn):
    """Refuse data that do not fit the model, or a model that predicts NaN."""
    checks.pair(name, data)
    inputs, labels = data
    check_data(inputs, labels)
    checks.same_replicas("inputs", inputs, replicas_of(model))
    checks.same_replicas("labels", labels, replicas_of(model))
    for weights in model.parameters():
        checks.same_type("inputs", inputs, weights)
        checks.same_type("labels", labels, weights)
    checks.labels_fit_loss(labels, loss_fn)
    losses = torch.as_tensor(evaluate(model, inputs, labels, loss_fn), dtype=torch.float64)
    checks.require(losses.isfinite().all(), "model", "a finite loss at the start", losses.tolist())
