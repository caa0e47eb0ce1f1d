"""Typical wrong answers to the exercises on weights and causes, with words of what their reader is told."""

import numpy as np
import statsmodels.formula.api as smf
import torch
from sklearn.model_selection import KFold
from torch.nn.functional import binary_cross_entropy

from self_checks.data import frame
from wrong_answers.stuck import stuck_in_turn

CES = frame("ces11")
URBAN, RURAL = CES[CES.urban == 1], CES[CES.urban == 0]


def each(preds, labels):
    return binary_cross_entropy(preds, labels, reduction="none")


def a_table(preds, labels, weight):
    return (weight.flatten() * each(preds, labels)).sum() / weight.sum()


def twice(preds, labels, weight):
    shares = weight / weight.sum()
    return (shares * each(preds, labels)).sum() / weight.sum()


def then_mean(preds, labels, weight):
    return (weight / weight.sum() * each(preds, labels)).mean()


def on_all_rows(fit, inputs, labels, folds):
    model = fit(inputs, labels)
    preds = torch.zeros(len(inputs), 1)
    for _, held_out in folds:
        preds[held_out] = model(inputs[held_out])
    return preds


def by_folds(fit, inputs, labels, folds):
    preds = torch.zeros(len(inputs), 1)
    for known, held_out in folds:
        preds[held_out] = fit(inputs[known], labels[known])(inputs[held_out])
    return preds


def on_itself(fit, inputs, labels, folds):
    return by_folds(fit, inputs, labels, [(held_out, held_out) for _, held_out in folds])


def swapped(fit, inputs, labels, folds):
    return by_folds(fit, inputs, labels, [(held_out, known) for known, held_out in folds])


def known_ones(fit, inputs, labels, folds):
    return by_folds(fit, inputs, labels, [(known, known) for known, _ in folds])


def overwritten(fit, inputs, labels, folds):
    for known, _ in folds:
        preds = fit(inputs[known], labels[known])(inputs)
    return preds


def averaged(fit, inputs, labels, folds):
    return torch.stack([fit(inputs[known], labels[known])(inputs) for known, _ in folds]).mean(dim=0)


def in_turn(fit, inputs, labels, folds):
    return torch.cat([fit(inputs[known], labels[known])(inputs[held_out]) for known, held_out in folds])


def too_early(fit, inputs, labels, folds):
    preds = torch.zeros(len(inputs), 1)
    for known, held_out in folds:
        preds[held_out] = fit(inputs[known], labels[known])(inputs[held_out])
        break
    return preds


def anew(fit, inputs, labels, folds):
    for known, held_out in folds:
        preds = torch.zeros(len(inputs), 1)
        preds[held_out] = fit(inputs[known], labels[known])(inputs[held_out])
    return preds


def one_model(fit, inputs, labels, folds):
    model = fit(inputs[folds[0][0]], labels[folds[0][0]])
    return model(inputs)


def of_the_next(fit, inputs, labels, folds):
    models = [fit(inputs[known], labels[known]) for known, _ in folds]
    preds = torch.zeros(len(inputs), 1)
    for model, (_, held_out) in zip(models[1:] + models[:1], folds):
        preds[held_out] = model(inputs[held_out])
    return preds


def leaking(fit, inputs, labels, folds):
    whole = fit(inputs, labels)(inputs)
    return (by_folds(fit, inputs, labels, folds) + whole) / 2


def mismatched(fit, inputs, labels, folds):
    preds = torch.zeros(len(inputs), 1)
    for known, held_out in folds:
        preds[held_out] = fit(inputs[known], labels[:len(known)])(inputs[held_out])
    return preds


def leaking_a_fold(fit, inputs, labels, folds):
    preds = torch.zeros(len(inputs), 1)
    for _, held_out in folds:
        preds[held_out] = fit(inputs[held_out], labels[held_out])(inputs[held_out]) / 2
    return preds


def folds_of_its_own(fit, inputs, labels, folds):
    return by_folds(fit, inputs, labels, KFold(5).split(inputs))


def for_twelve(fit, inputs, labels, folds):
    preds = torch.zeros(12, 1)
    for known, held_out in folds:
        preds[held_out] = fit(inputs[known], labels[known])(inputs[held_out])
    return preds


def share(rows, weighted=True):
    return np.average(rows.ban, weights=rows.weight if weighted else None)


def gap(rows, weighted=True, other=None, least=2):
    religious = rows.importance >= least
    return share(rows[religious], weighted) - share(rows[~religious], weighted if other is None else other)


def mean_gap(weight):
    products = weight * URBAN.ban
    return products[URBAN.importance >= 2].mean() - products[URBAN.importance < 2].mean()


def of_everybody():
    products = URBAN.weight * URBAN.ban / URBAN.weight.sum()
    return products[URBAN.importance >= 2].sum() - products[URBAN.importance < 2].sum()


HIGH, LOW = share(URBAN[URBAN.importance >= 2]), share(URBAN[URBAN.importance < 2])
LOG_ODDS = np.log(HIGH / (1 - HIGH)) - np.log(LOW / (1 - LOW))
SLOPE = smf.ols("ban ~ importance", URBAN).fit().params["importance"]

WRONG = {
    "share_and_size": [
        ([0.4, 3.2], "share is unweighted"), ([0.4, 5], "Both should"), ([5, 3.2], "sum of all weights"),
        ([1, 3.2], "do not have a mean of 1"), ([0.375, 3.2], "say no"), ([3.2, 0.625], "other way round"),
        ([0.625, 8], "sum of the weights, and"), ([0.625, 5], "whatever their weights"), ([0.625, 0.3125], "upside down"),
        ([0.625, 20 / 64], "upside down"), ([0.625, 0.4], "square the sum"), ([0.625, 20], "below the line"),
        ([0.625, 64], "divided by"), ([0.625, 0.64], "means in the place"), ([0.625, 1.6], "mean weight"),
        ([0.625, 4], "mean of the squares"), ([62.5, 3.2], "as a share"), ([62, 3.2], "as a share"),
        (0.625, "shape (2,)"), ([0.1, 3.2], "which step"),
    ],
    "corrected_effect": [
        ([3.5, 2.25], "predictions have no part"), ([4, 4.5], "These are sums"), ([4, 2.25], "first is a sum"),
        ([2, 4.5], "not yet divided"), ([2, 2.5], "Divide both"), ([2, 1.75], "wrong sign"), ([2, 2.2], "with the probabilities"),
        ([2, 6], "upside down"), ([2, 7], "one over the probability, as"), ([2, 3.25], "probability of no treatment"),
        ([2, 3], "not weighed"), ([2, 2.667], "add up to 1"), ([2, 2], "no correction yet"), ([2, 0.25], "correction alone"),
        ([2, -0.5], "over the untreated alone"), ([2, 3.5], "Where are the predictions"), ([2.25, 2], "other way round"),
        ([-2, -2.25], "signs are turned"), (2.25, "shape (2,)"),
    ],
    "loss_of": [
        (lambda preds, labels, weight: binary_cross_entropy(preds, labels), "equal weights"),
        (lambda preds, labels, weight: (weight * binary_cross_entropy(preds, labels)).sum() / weight.sum(), "taken already"),
        (lambda preds, labels, weight: (weight * each(preds, labels)).mean(), "number of respondents, as"),
        (lambda preds, labels, weight: binary_cross_entropy(preds, labels, weight=weight), "torch's own"),
        (lambda preds, labels, weight: (weight * each(preds, labels)).sum(), "sum of the weighted losses"),
        (a_table, "table"), (twice, "once too often by the sum"), (then_mean, "then by the number"),
        (lambda preds, labels, weight: each(preds, labels).sum() / weight.sum(), "have no weights"),
        (lambda preds, labels, weight: (weight * each(preds, labels)).sum() / (weight**2).sum(), "effective sample size"),
        (lambda preds, labels, weight: (weight**2 * each(preds, labels)).sum() / (weight**2).sum(), "are squared"),
        (lambda preds, labels, weight: (each(preds, labels) / weight).sum() / (1 / weight).sum(), "divided by their weights"),
        (lambda preds, labels, weight: binary_cross_entropy(preds, weight * labels), "torch refuses"),
        (lambda preds, labels, weight: (weight * (preds - labels) ** 2).sum() / weight.sum(), "squared errors"),
        (lambda preds, labels, weight: -(weight * each(preds, labels)).sum() / weight.sum(), "wants a minus"),
        (lambda preds, labels, weight: weight * each(preds, labels) / weight.sum(), "Expected one number"),
        (lambda preds, labels, weight: binary_cross_entropy(weight * preds, labels), "Weigh the losses"),
        (lambda preds, labels, weight: (weight * each(preds, labels)).sum() / 12.4, "which step"),
        (lambda preds, labels: each(preds, labels).mean(), "TypeError"),
        *stuck_in_turn(lambda preds, labels, weight: (weight * each(preds, labels)).sum() / weight.sum(),
                       preds="For others", labels="For others", weight="For others"),
    ],
    "cross_fitted": [
        (on_all_rows, "fitted to all rows"), (lambda fit, inputs, labels, folds: fit(inputs, labels)(inputs), "fitted to all rows"),
        (on_itself, "that very fold"),
        (swapped, "two parts are swapped"),
        (known_ones, "Predict the held-out ones"), (overwritten, "overwrites"), (averaged, "mean over all models"),
        (in_turn, "order of the folds"), (too_early, "inside the loop"), (anew, "set to zero inside"),
        (lambda fit, inputs, labels, folds: labels, "These are the labels"),
        (lambda fit, inputs, labels, folds: 0 * labels, "never called"),
        (one_model, "no model of their own"), (of_the_next, "model of another fold"), (leaking, "fitted to all rows"),
        (leaking_a_fold, "fitted to the held-out rows"), (mismatched, "labels of others"),
        (folds_of_its_own, "other rows than the folds say"), (for_twelve, "all of its arguments"),
        (lambda fit, inputs, labels, folds: in_turn(fit, inputs, labels, folds).flatten(), "Expected numbers of shape (12, 1)"),
        (lambda fit, inputs, labels, folds: fit(inputs), "TypeError"),
        *stuck_in_turn(by_folds, fit="all of its arguments", inputs="all of its arguments", labels="all of its arguments",
                       folds="For others, your function stopped"),
    ],
    "ban_gap": [
        (gap(URBAN, False), "without weights"), (gap(CES), "all places. Keep"), (gap(CES, False), "all places, and"),
        (gap(RURAL), "rural places."), (gap(RURAL, False), "rural places, and"), (-gap(URBAN), "sign is turned"),
        (gap(URBAN, least=3), "too narrow: somewhat"), (gap(URBAN, False, least=3), "too narrow, and"),
        (gap(URBAN, least=1), "too wide: not"), (gap(URBAN, False, least=1), "too wide, and"),
        (gap(URBAN, True, False), "Weight the others"), (gap(URBAN, False, True), "Only the others"),
        (of_everybody(), "all respondents"), (mean_gap(URBAN.weight / CES.weight.mean()), "of the sample is"),
        (mean_gap(URBAN.weight / URBAN.weight.mean()), "in towns is"), (mean_gap(URBAN.weight), "number of respondents."),
        (HIGH, "one of the two shares"), (LOW, "share among the others"), (HIGH / LOW, "ratio"), (LOG_ODDS, "log odds"),
        (100 * gap(URBAN), "in percentage points"), (round(100 * gap(URBAN)), "and rounded"), ([HIGH, LOW], "one number"),
        (SLOPE, "which step"),
    ],
}
