"""What a social scientist reports of a model: coefficients, marginal effects, accuracy, cross-validation, calibration."""

import math
import warnings

import numpy as np
import pandas as pd
import torch
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from torch.nn import functional

from lib import checks
from lib.models import evaluating
from lib.replicas import for_each, replicas_of


def coefficients(scale, neuron, names):
    """Return the intercept and slopes of a neuron, in the units of its inputs.

    `scale` is the Standardise layer before the neuron, `names` are those of
    its inputs. A z-score's weight counts standard deviations: divide by them.
    """
    slopes = (neuron.weights / scale.std.T).detach().flatten()
    intercept = neuron.bias.item() - scale.mean.flatten() @ slopes
    return pd.Series([intercept.item(), *slopes.tolist()], ["Intercept", *names])


def marginal_effects(model, inputs):
    """Return the slope of each observation's prediction in each input.

    inputs (n, features); returns (n, features), in units of the prediction per
    unit of the input. For a model with replicas (replicas, n, features).
    Raises ValueError for inputs that are not finite, or more than one output.
    """
    with torch.enable_grad(), evaluating(model):
        inputs = for_each(inputs, replicas_of(model)).clone().requires_grad_()
        preds = checked_preds(model, inputs)
        # Each prediction depends on its own row only: their sum has all slopes.
        effects, = torch.autograd.grad(preds.sum(), inputs)
    return effects


def average_marginal_effects(model, inputs):
    """Return the mean of marginal_effects over the observations.

    Shape (features,), or (replicas, features): what Stata's margins, dydx(*)
    reports of continuous (c.) variables; for i. variables it takes differences.
    """
    return marginal_effects(model, inputs).mean(dim=-2)


def checked_preds(model, inputs):
    """Return the predictions of `model`, refusing those that have no marginal effects, or zero ones for want of scaling."""
    checks.finite("inputs", inputs)
    checks.same_precision("inputs", inputs, model)
    preds = model(inputs)
    checks.require(preds.shape[-1] == 1, "model", "one output", f"{preds.shape[-1]}, whose effects would be added up")
    checks.require(preds.isfinite().all(), "model", "finite predictions", "some that are NaN or infinite")
    stuck = ((preds == 0) | (preds == 1)).double().mean().item()
    if stuck:
        warnings.warn(f"model: {stuck:.0%} of its predictions are numerically 0 or 1, and their effects 0. A saturated sigmoid? "
                      "Put the inputs on a common scale before training (Standardise)", stacklevel=3)
    return preds


def accuracy(preds, labels):
    """Return the share of predicted probabilities that are on the same side of 0.5 as their label, 0 or 1.

    preds and labels of one shape. Raises ValueError for others, and for numbers that are not finite.
    """
    checks.same_shape("labels", labels, "the predictions", preds)
    checks.finite("preds", preds)
    return ((preds > 0.5) == (labels > 0.5)).double().mean().item()


def corrected_interval(losses, k):
    """Return estimate, low and high: the mean of the losses of repeated k folds, and its 95 percent interval.

    Training sets overlap, so folds are not independent draws; the variance is corrected for that as in Nadeau and Bengio
    (2003), Machine Learning 52, 239-281. Raises ValueError for fewer than two losses or folds.
    """
    losses = pd.Series(np.asarray(losses, dtype=float))
    checks.whole_number("k", k, 2)
    checks.require(len(losses) > 1 and losses.notna().all(), "losses", "at least two numbers", losses.tolist()[:3])
    error = losses.std() * math.sqrt(1 / len(losses) + 1 / (k - 1))
    reach, center = error * stats.t.ppf(0.975, len(losses) - 1), losses.mean()
    return pd.Series({"estimate": center, "low": center - reach, "high": center + reach})


def calibration(preds, labels, groups=10):
    """Return a table of predicted and observed shares, in percent, in groups of equal size by predicted probability.

    preds and labels (n,) or (n, 1), labels 0 or 1. Columns: predicted and observed, the means of both; low and high, the
    95 percent interval of the observed share (Wilson); n. Raises ValueError for anything but probabilities and labels.
    """
    preds, labels = (torch.as_tensor(np.array(part, dtype=float)).flatten() for part in (preds, labels))
    checks.finite("preds", preds)
    checks.require(preds.min() >= 0 and preds.max() <= 1, "preds", "probabilities", f"{preds.min():g} to {preds.max():g}")
    checks.fits_loss(preds, labels, functional.binary_cross_entropy)
    checks.whole_number("groups", groups, 1, len(preds) + 1)
    parts = preds.argsort(stable=True).tensor_split(groups)
    table = pd.DataFrame({"predicted": [preds[part].mean().item() for part in parts],
                          "observed": [labels[part].mean().item() for part in parts]})
    n = [len(part) for part in parts]
    table["low"], table["high"] = proportion_confint(table.observed * n, n, method="wilson")
    return (100 * table).assign(n=n)
