"""Right answers to the exercises on effects and their noise, in several styles."""

import numpy as np
import pandas as pd
import torch

from right_answers.styles import numbers


def by_backward(model, inputs):
    """Read the gradient off the inputs."""
    inputs = inputs.clone().requires_grad_()
    model(inputs).sum().backward()
    return inputs.grad


def row_by_row(model, inputs):
    """Differentiate one prediction after the other."""
    return torch.stack([torch.autograd.functional.jacobian(lambda row: model(row[None]).squeeze(), row) for row in inputs])


def by_loop(values, draws, generator):
    """Draw one sample after the other."""
    means = []
    for _ in range(draws):
        rows = torch.randint(len(values), (len(values),), generator=generator)
        means.append(values[rows].mean().item())
    return np.percentile(means, [2.5, 97.5])


def by_multinomial(values, draws, generator):
    """Draw how often each observation occurs."""
    rows = torch.multinomial(torch.ones(draws, len(values)), len(values), replacement=True, generator=generator)
    means = values[rows].mean(dim=1).sort().values
    return means[int(0.025 * draws)], means[min(int(0.975 * draws), draws - 1)]


def at_once(values, draws, generator):
    """Draw all samples at once."""
    rows = torch.randint(len(values), (draws, len(values)), generator=generator)
    return values[rows].mean(dim=1).quantile(torch.tensor([0.025, 0.975]))


RIGHT = {
    "slope_and_step": [*numbers(0.1421, 0.1278), [0.142, 0.128]],
    "two_noises": numbers(4, 1),
    "spread_over_starts": [
        lambda effects: effects.mean(1).std(0), lambda effects: effects.mean(dim=1).numpy().std(axis=0, ddof=1),
        lambda effects: pd.DataFrame([one.mean(dim=0).tolist() for one in effects]).std(),
        lambda effects: effects.double().mean(dim=1, keepdim=True).std(dim=0),
        lambda effects: torch.stack([one.mean(dim=0) for one in effects]).var(dim=0).sqrt(),
    ],
    "slopes": [
        by_backward, row_by_row, lambda model, inputs: torch.func.vmap(torch.func.grad(lambda row: model(row[None]).sum()))(inputs),
    ],
    "percentile_interval": [by_loop, by_multinomial, at_once],
}
