"""Typical wrong answers to the exercises on a survey, with words of what their reader is told."""


import numpy as np
import torch
from torch import nn

from lib.data import splits, tensors
from lib.models import Perceptron, SimpleLinearNN, Standardise, initialise
from self_checks.data import frame
from wrong_answers.stuck import stuck_in_turn

ANES = frame("anes96")
PLACEMENTS = ["selfLR", "ClinLR", "DoleLR"]
INPUTS, _ = tensors(ANES, PLACEMENTS, ["vote"])
PARTS = {name: part[0] for name, part in splits(ANES, PLACEMENTS, ["vote"]).items()}
PARTY = torch.tensor(np.digitize(ANES.PID, [2, 5]))


def parts_of(model):
    """Return weights, bias, mean and std of a neuron on z-scores, each as one row."""
    scale, layer = model
    return layer.weights.flatten(), layer.bias.flatten(), scale.mean.flatten(), scale.std.flatten()


def bias_left(model):
    w, b, mean, std = parts_of(model)
    return torch.cat([b, w / std])


def as_they_are(model):
    w, b, mean, std = parts_of(model)
    return [b.item(), *w.tolist()]


def multiplied(model):
    w, b, mean, std = parts_of(model)
    return b - (w * std * mean).sum(), w * std


def from_zero(model):
    w, b, mean, std = parts_of(model)
    return b + (w / std * mean).sum(), w / std


def table(model):
    scale, layer = model
    slopes = layer.weights / scale.std
    return [layer.bias - (slopes * scale.mean).sum(), slopes]


def table_in_the_intercept(model):
    return [table(model)[0], parts_of(model)[0] / parts_of(model)[3]]


def column_times_row(model):
    w, b, mean, std = parts_of(model)
    return [b - ((w / std)[:, None] * mean).sum(), w / std]


def intercept_last(model):
    w, b, mean, std = parts_of(model)
    return [w / std, b - (w / std * mean).sum()]


def trained(*layers, epochs=100, rows=slice(None)):
    """Return a model of these layers on the z-scores, trained by the recipe of the solution."""
    model = initialise(nn.Sequential(Standardise(INPUTS), *layers), seed=0)
    optim = torch.optim.SGD(model.parameters(), lr=1.0)
    for _ in range(epochs):
        optim.zero_grad()
        nn.CrossEntropyLoss()(model(INPUTS[rows]), PARTY[rows]).backward()
        optim.step()
    return model


TRAIN = torch.tensor((ANES.split == "train").to_numpy())

WRONG = {
    "proximity": [([3, 3, 1, 1], "no sign"), ([1, -3, 1, -1], "other way round"), ([-1, 3, -2, 4], "new proximities"),
                  ([-1, 3, 1, -1], "minus the old one"), ([-1, 3, 1, 1], "give the change its sign"), ([-1, 3], "shape (4,)")],
    "doubled_decay": [("a", "not alone"), ("c", "in parentheses"), ("d", "lasso"), ("e", "Expected one of")],
    "z_scores": [
        ((PARTS["test"].numpy() - PARTS["train"].numpy().mean(0)) / PARTS["train"].numpy().std(0), "divide by n."),
        (Standardise(INPUTS)(PARTS["test"]), "all respondents"),
        (Standardise(PARTS["test"])(PARTS["test"]), "scale of their own"),
        (Standardise(torch.cat([PARTS["train"], PARTS["evaluation"]]))(PARTS["test"]), "no part in the scale"),
        (Standardise(PARTS["evaluation"])(PARTS["test"]), "scale of the evaluation data"),
        (Standardise(PARTS["train"])(INPUTS), "shape (200, 3)"),
        (PARTS["test"], "step by step"),
        (Standardise(PARTS["train"]), "Expected numbers"),
    ],
    "coefficients": [
        (bias_left, "move it to zero"), (as_they_are, "as they are"), (multiplied, "You multiplied"),
        (from_zero, "wrong way"), (intercept_last, "another order"), (table, "each with each"),
        (table_in_the_intercept, "flatten both"), (column_times_row, "flatten both"),
        (lambda model: parts_of(model)[0] / parts_of(model)[3], "shape (4,)"),
        (lambda model: None, "returns nothing"), (lambda model: model[2], "IndexError"),
        *stuck_in_turn(lambda model: intercept_last(model)[::-1], model="all of its arguments"),
    ],
    "three_classes": [
        (initialise(nn.Sequential(Standardise(INPUTS), SimpleLinearNN(3, 3)), seed=0), "Has the loop run"),
        (trained(SimpleLinearNN(3, 3), epochs=5), "no longer falls"),
        (trained(SimpleLinearNN(3, 3), rows=TRAIN), "all of them"),
        (trained(SimpleLinearNN(3, 3))[1], "z-scores outside"),
        (trained(Perceptron(3, 3)), "as if a sigmoid"),
        (trained(SimpleLinearNN(3, 3), nn.Softmax(dim=1)), "squash twice"),
        (trained(Perceptron(3, 8, nn.Tanh), SimpleLinearNN(8, 3), epochs=300), "hidden layer"),
        (Perceptron(3, 1), "one output for each"),
        (SimpleLinearNN(2, 3), "Your model stopped with RuntimeError"),
        (torch.full((944, 3), torch.nan), "diverged"),
        (SimpleLinearNN, "Expected a model or its probabilities, got type"),
    ],
}
