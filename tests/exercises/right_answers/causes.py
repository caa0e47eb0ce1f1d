"""Right answers to the exercises on weights and causes, in several styles."""

import math

import numpy as np
import statsmodels.api as sm
import torch
from torch.nn import functional

from right_answers.styles import number, numbers
from self_checks.data import frame

CES = frame("ces11")
URBAN = CES[CES.urban == 1].assign(religious=lambda rows: rows.importance.isin([2, 3]).astype(int))


def by_loop(preds, labels, weight):
    """Add up one respondent after the other."""
    total = 0
    for p, y, w in zip(preds.flatten().tolist(), labels.flatten().tolist(), weight.flatten().tolist()):
        total -= w * math.log(p if y == 1 else 1 - p)
    return total / weight.sum().item()


def with_numpy(preds, labels, weight):
    """Let numpy average."""
    preds, labels, weight = preds.numpy(), labels.numpy(), weight.numpy()
    return np.average(-np.log(np.where(labels == 1, preds, 1 - preds)), weights=weight)


def row_by_row(fit, inputs, labels, folds):
    """Fill a list, one held-out row after the other."""
    preds = [None] * len(inputs)
    for known, held_out in folds:
        model = fit(inputs[known], labels[known])
        for row in held_out:
            preds[row] = model(inputs[[row]]).item()
    return torch.tensor(preds).reshape(-1, 1)


def sorted_back(fit, inputs, labels, folds):
    """Predict fold by fold, and bring the rows back to their order."""
    preds = torch.cat([fit(inputs[known], labels[known])(inputs[held_out]) for known, held_out in folds])
    return preds[np.argsort(np.concatenate([held_out for _, held_out in folds]))]


def in_numpy(fit, inputs, labels, folds):
    """Predict all rows, and keep those held out."""
    preds = np.full((len(labels), 1), np.nan)
    for known, held_out in folds:
        preds[held_out] = fit(inputs[known], labels[known])(inputs).detach().numpy()[held_out]
    return preds


def by_mask(fit, inputs, labels, folds):
    """Add up what each model says of the rows that it has not seen."""
    preds = torch.zeros_like(labels)
    for known, _ in folds:
        unseen = torch.ones(len(labels), 1)
        unseen[known] = 0
        preds = preds + unseen * fit(inputs[known], labels[known])(inputs)
    return preds


def by_groups():
    """Return the difference by pandas' groups."""
    sums = URBAN.assign(for_ban=URBAN.weight * URBAN.ban).groupby("religious")[["for_ban", "weight"]].sum()
    return (sums.for_ban / sums.weight).diff().iloc[-1]


def by_regression():
    """Return the slope of a weighted regression on a dummy."""
    return sm.WLS(URBAN.ban, sm.add_constant(URBAN.religious), weights=URBAN.weight).fit().params["religious"]


def by_torch():
    """Return the difference as a tensor, from shares of people."""
    ban, weight, religious = (torch.tensor(URBAN[name].to_numpy(float)) for name in ["ban", "weight", "religious"])
    return (weight * religious * ban).sum() / (weight * religious).sum() - weight[(religious == 0) & (ban == 1)].sum() / \
        weight[religious == 0].sum()


RIGHT = {
    "share_and_size": numbers(0.625, 3.2),
    "corrected_effect": numbers(2, 2.25),
    "loss_of": [
        by_loop, with_numpy,
        lambda preds, labels, weight: functional.binary_cross_entropy(preds, labels, weight=weight, reduction="sum") / weight.sum(),
        lambda preds, labels, weight: functional.binary_cross_entropy(preds, labels, weight=weight / weight.mean()),
        lambda preds, labels, weight: (weight / weight.sum()).T @ functional.binary_cross_entropy(preds, labels, reduction="none"),
    ],
    "cross_fitted": [row_by_row, sorted_back, in_numpy, by_mask],
    "ban_gap": [by_groups(), by_regression(), by_torch(), *number(0.230)],
}
