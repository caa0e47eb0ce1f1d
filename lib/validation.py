"""How well probabilities fit observations that their model was not trained on."""

import math

import pandas as pd
import torch
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from torch.nn import functional

from lib import checks
from lib.seeds import as_generator


def folds(n, k, repeats, seed):
    """Return repeated k-fold cross-validation of n rows as two tensors.

    rows (k * repeats, n - n/k rounded up): the numbers of the rows to train
    on, in random order; of some folds one row is left out, so that all have
    as many. held_out (k * repeats, n): true for the rows to predict, each
    of which is in one fold of every repeat. seed as in as_generator.
    Raises ValueError for less than two folds, or more folds than rows.
    """
    checks.positive_integer("repeats", repeats)
    checks.whole_number("k", k, 2)
    checks.require(k <= n, "k", f"at most {n}, the number of rows", k)
    generator, rows = as_generator(seed), []
    held_out = torch.zeros(k * repeats, n, dtype=torch.bool)
    for repeat in range(repeats):
        parts = torch.randperm(n, generator=generator).tensor_split(k)
        for i, part in enumerate(parts):
            held_out[repeat * k + i, part] = True
            rest = torch.cat(parts[i + 1:] + parts[:i])
            rows.append(rest[:n - math.ceil(n / k)])
    return torch.stack(rows), held_out


def fold_losses(preds, labels, held_out):
    """Return the cross-entropy of each fold on the rows that it held out.

    preds (folds, n, 1): the probabilities of each fold's model for all
    rows; labels (n, 1); held_out (folds, n); returns (folds,).
    Raises ValueError for shapes that do not fit.
    """
    checks.finite_numbers("preds", preds)
    expected = f"shape {(*held_out.shape, 1)}, to fit held_out"
    checks.require(preds.shape == (*held_out.shape, 1), "preds", expected, tuple(preds.shape))
    checks.same_shape("labels", labels, "the predictions of a fold", preds[0])
    each = functional.binary_cross_entropy(preds, labels.expand_as(preds), reduction="none")
    return (each.squeeze(-1) * held_out).sum(dim=1) / held_out.sum(dim=1)


def corrected_interval(losses, k):
    """Return estimate, low and high: the mean of losses, one for each of
    repeated k folds, and its 95 percent interval.

    As training sets overlap, folds are no independent draws; the variance
    is corrected for that as in Nadeau and Bengio (2003), Machine Learning
    52, 239-281. Raises ValueError for less than two losses or folds.
    """
    losses = pd.Series(losses, dtype=float)
    checks.whole_number("k", k, 2)
    checks.require(len(losses) > 1 and losses.notna().all(), "losses", "at least two numbers", losses.tolist()[:3])
    error = losses.std() * math.sqrt(1 / len(losses) + 1 / (k - 1))
    reach = error * stats.t.ppf(0.975, len(losses) - 1)
    center = losses.mean()
    return pd.Series({"estimate": center, "low": center - reach, "high": center + reach})


def calibration(preds, labels, groups=10):
    """Return a table of predicted and observed shares, in percent.

    The rows are sorted by their predicted probability and cut into groups of
    equal size. preds and labels are (n,) or (n, 1), labels 0 or 1. Columns:
    predicted and observed, the means of both; low and high, the 95 percent
    interval of the observed share (Wilson); n.
    Raises ValueError for labels that are not 0 or 1, or too many groups.
    """
    preds, labels = (torch.as_tensor(part).flatten().double() for part in (preds, labels))
    checks.same_shape("labels", labels, "the predictions", preds)
    checks.labels_fit_loss(labels, functional.binary_cross_entropy)
    checks.whole_number("groups", groups, 1, len(preds) + 1)
    parts = preds.argsort(stable=True).tensor_split(groups)
    table = pd.DataFrame({"predicted": [preds[part].mean().item() for part in parts],
                          "observed": [labels[part].mean().item() for part in parts]})
    n = [len(part) for part in parts]
    table["low"], table["high"] = proportion_confint(table.observed * n, n, method="wilson")
    return (100 * table).assign(n=n)
