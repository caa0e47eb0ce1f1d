"""Typical wrong answers to the exercises on effects and their noise, with words of what their reader is told."""

import torch

from lib.statistics import average_marginal_effects, marginal_effects
from wrong_answers.stuck import stuck_in_turn


def of_the_mean(model, inputs):
    inputs = inputs.clone().requires_grad_()
    return torch.autograd.grad(model(inputs).mean(), inputs)[0]


def of_the_log_odds(model, inputs):
    inputs = inputs.clone().requires_grad_()
    return torch.autograd.grad(model(inputs).logit().sum(), inputs)[0]


def without_asking(model, inputs):
    return torch.autograd.grad(model(inputs).sum(), inputs)[0]


def without_adding_up(model, inputs):
    inputs.requires_grad_()
    return torch.autograd.grad(model(inputs), inputs)[0]


def by_a_whole_point(model, inputs):
    return torch.cat([model(inputs + point) - model(inputs) for point in torch.eye(3)], dim=1)


def only_for_many(values, draws, generator):
    if draws < 1000:
        raise ValueError("too few draws")
    return percentiles_of(bootstrapped(values, draws, generator))


def by_standard_errors(values, draws, generator):
    means = bootstrapped(values, draws, generator)
    reach = 1.96 * means.std(correction=0)
    return means.mean() - reach, means.mean() + reach


def detached(model, inputs):
    inputs.requires_grad_()
    return torch.autograd.grad(model(inputs.detach()).sum(), inputs)[0]


def neuron_only(model, inputs):
    scale, layer = model
    p = model(inputs)
    return p * (1 - p) * layer.weights.flatten() / scale.std


def percentiles_of(means, low=0.025):
    return [torch.quantile(means, low), torch.quantile(means, 1 - low)]


def bootstrapped(values, draws, generator):
    rows = torch.randint(len(values), (draws, len(values)), generator=generator)
    return values[rows].mean(dim=1)


def without_replacement(values, draws, generator):
    rows = torch.stack([torch.randperm(len(values), generator=generator) for _ in range(100)])
    return percentiles_of(values[rows].mean(dim=1))


def by_formula(values, draws, generator):
    error = values.std() / len(values) ** 0.5
    return [values.mean() - 1.96 * error, values.mean() + 1.96 * error]


def turned(values, draws, generator):
    rows = torch.randint(len(values), (len(values), draws), generator=generator)
    return percentiles_of(values[rows].mean(dim=1))


def by_differences(model, inputs, step=0.01):
    moved = [model(inputs + step * unit) - model(inputs) for unit in torch.eye(3)]
    return torch.cat(moved, dim=1) / step


WRONG = {
    "slope_and_step": [
        ([0.205, 0.1278], "weight is missing"), ([0.1577, 0.1278], "average probability"),
        ([0.1540, 0.1278], "halfway between"), ([0.4505, 0.1278], "1 - p is missing"),
        ([0.1421, 0.15], "one point down"), ([0.2842, 0.2556], "divide by two"), ([0.1278, 0.1421], "other way round"),
        ([0.1421, 0.1421], "after the odds"), ([0.1278, 0.1278], "at the point itself"), ([0.1421, 2.5], "no probabilities"),
    ],
    "two_noises": [
        ([2, 1], "cannot be subtracted"), ([0.04, 0.01], "in percentage points"),
        ([16, 1], "Take their roots"), ([4, 1 / 3], "root of the number"), ([4, 3], "single start"),
        ([34**0.5, 1], "do not add"), ([5, 1], "sample and start together"), ([4, 17**0.5], "still contributes"),
    ],
    "spread_over_starts": [
        (lambda effects: effects.mean(dim=0).std(dim=0), "respondents differ"),
        (lambda effects: effects.mean(dim=1).numpy().std(axis=0), "divides by one less"),
        (lambda effects: effects.std(dim=(0, 1)), "no average in it"),
        (lambda effects: effects.std(dim=0).mean(dim=0), "then averaged"),
        (lambda effects: effects.std(dim=1).mean(dim=0), "spread over respondents in each"),
        (lambda effects: effects.mean(dim=(0, 1)), "average effect itself"),
        (lambda effects: effects.mean(dim=2).std(dim=0), "shape (3,)"),
        (lambda effects: effects.mean(dim=1).std(dim=0) / 20**0.5, "standard error"),
        (lambda effects: effects.mean(dim=1).var(dim=0), "variance"),
        (lambda effects: effects.sum(dim=1).std(dim=0) / 944, "all of its arguments"),
        (lambda effects: effects.mean(dim=3), "IndexError"),
        *stuck_in_turn(lambda effects: effects.mean(dim=1).std(dim=0), effects="all of its arguments"),
    ],
    "slopes": [
        (of_the_mean, "too small by"), (of_the_log_odds, "log odds"), (average_marginal_effects, "shape (5, 3)"),
        (without_asking, "must ask for gradients"), (without_adding_up, "add them up first"), (by_a_whole_point, "step of one whole point"),
        (detached, "RuntimeError"), (neuron_only, "stopped with"),
        (lambda model, inputs: inputs, "These are the inputs"), (by_differences, "a numerical derivative"),
        *stuck_in_turn(lambda model, inputs: marginal_effects(model, inputs), model="all of its arguments", inputs="all of its arguments"),
    ],
    "percentile_interval": [
        (without_replacement, "without replacement"),
        (lambda values, draws, generator: percentiles_of(values), "for their mean"),
        (lambda values, draws, generator: percentiles_of(bootstrapped(values, draws, generator), 0.05), "five percent out"),
        (lambda values, draws, generator: percentiles_of(bootstrapped(values, draws, generator), 0.16), "one standard error"),
        (lambda values, draws, generator: percentiles_of(bootstrapped(values, draws, generator))[::-1], "Low comes first"),
        (turned, "not over the draws"), (by_formula, "nothing was drawn with generator"),
        (lambda values, draws, generator: percentiles_of(bootstrapped(values, draws, torch.Generator().manual_seed(5))),
         "nothing was drawn with generator"),
        (bootstrapped, "shape (2,)"),
        (lambda values, draws, generator: percentiles_of(bootstrapped(values, 10_000, generator)), "Is draws used"),
        (only_for_many, "stopped with ValueError"),
        (by_standard_errors, "percentiles of the means themselves"),
        (lambda values, draws, generator: values[0].mean(dim=1), "IndexError"),
        *stuck_in_turn(lambda values, draws, generator: percentiles_of(bootstrapped(values, draws, generator)),
                       values="For skewed data", draws="Is draws used", generator="nothing was drawn")[:2],
    ],
}
