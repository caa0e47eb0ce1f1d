"""Typical wrong answers to the exercises on neurons, with words of what their reader is told."""

import math

import torch
from torch import nn

from lib.models import Perceptron, SimpleLinearNN, initialise
from wrong_answers.models import layer, neuron
from wrong_answers.stuck import stuck_in_turn

LOG2 = math.log(2)
WRONG = {
    "one_neuron": [
        ([-1, 26.9], "percent are 0.269"), ([-1, 27], "percent are 0.269"), ([-1, "27%"], "got '27%'"),
        ([-2, 0.119], "bias was left out"), ([-1, 0.731], "sign in the exponent"), ([-1, 0.368], "these are the odds"),
        ([0.368, 0.269], "weighted sum itself"), ([0.269, -1], "other order"), ([15, 1], "subtract"), ([-1, 0], "step by step"),
    ],
    "two_names": [
        ([1.5 * LOG2, 6 * LOG2], "and so negative"), ([-1.5 * LOG2, -6 * LOG2], "cannot be negative"),
        ([6 * LOG2, -6 * LOG2], "The first is a sum"), ([1.5 * LOG2, -1.5 * LOG2], "Both are means"),
        ([-math.log(3 / 64) / 4, math.log(3 / 64)], "1 minus the prediction"), ([1.5, -6], "base 2"),
        ([-6 * LOG2, 1.5 * LOG2], "other order"), ([1.5 * LOG2, 12 * LOG2], "the deviance"), ([0, 0], "step by step"),
    ],
    "maximum_likelihood": [
        (neuron(0.99, -5.12, 0.79), "squared error"), (neuron(2.14, -8.92, -0.11), "squashed twice"),
        (neuron(2.73, -12.18, 1.64), "absolute error"), (neuron(1.15, -6.3, 1.03), "Not yet the coefficients"),
        (neuron(0.0, 1.0, 0.0), "Not yet the coefficients"),
        (layer([[0.2], [-0.7]], [-0.6], SimpleLinearNN), "no probabilities"),
        (initialise(nn.Sequential(Perceptron(2, 1)), seed=0), "where it started"),
        (neuron(478.4, -189.9, 604.8), "exactly 0 or 1"),
        (Perceptron, "the class Perceptron"), (nn.Sequential(Perceptron(3, 1)), "RuntimeError"),
    ],
    "poisson_loss": [
        (lambda preds, labels: preds - labels * preds.log(), "Expected one number"),
        (lambda preds, labels: (preds - labels * preds.log()).sum(), "That is the sum"),
        (lambda preds, labels: (labels * preds.log() - preds).mean(), "reverse the sign"),
        (nn.PoissonNLLLoss(), "log_input=False"),
        (lambda preds, labels: -(labels * preds.log()).mean(), "without the count is missing"),
        (lambda preds, labels: (preds - preds * labels.clamp(min=1e-9).log()).mean(), "not the other way round"),
        (lambda preds, labels: (preds - labels * preds.log() + torch.lgamma(labels + 1)).mean(), "log y! is in it"),
        (nn.MSELoss(), "step by step"), (nn.PoissonNLLLoss(log_input=False)(torch.ones(1), torch.ones(1)), "Expected a function"),
        *stuck_in_turn(lambda preds, labels: (preds - labels * preds.log()).mean(), preds="stopped with", labels="stopped with"),
    ],
}
