"""What a social scientist reports of a model."""

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
    """Return intercept and slopes of a neuron in the units of its inputs.

    `scale` is the Standardise layer before it, `names` those of the inputs.
    A z-score's weight counts standard deviations: divide by them.
    """
    weights, bias = (part.data.flatten() for part in neuron.parameters())
    slopes = weights / scale.std.flatten()
    intercept = bias.item() - scale.mean.flatten() @ slopes
    values = [intercept.item(), *slopes.tolist()]
    return pd.Series(values, ["Intercept", *names])


def marginal_effects(model, inputs):
    """Return the slope of each observation's prediction in each input.

    inputs (n, features); returns (n, features), with dimensions in front
    for several outputs and for replicas, in units of the prediction.
    """
    with torch.enable_grad(), evaluating(model):
        checks.finite("inputs", inputs, model)
        inputs = for_each(inputs, replicas_of(model)).detach().clone()
        preds = checked_preds(model, inputs.requires_grad_())
        # A prediction depends on its own row only: the sum has all slopes.
        effects = [torch.autograd.grad(output, inputs, retain_graph=True)[0]
                   for output in preds.flatten(0, -2).sum(dim=0)]
    return torch.stack(effects) if len(effects) > 1 else effects[0]


def average_marginal_effects(model, inputs):
    """Return mean marginal effects: (features,), or dimensions in front.

    Stata's margins, dydx(*) reports them for continuous (c.) variables, and
    differences for i. variables: for dummies, subtract two predictions.
    """
    return marginal_effects(model, inputs).mean(dim=-2)


def checked_preds(model, inputs):
    """Return the predictions of `model`, refusing infinite ones, and warning of those whose effects are 0 for want of scaling."""
    preds = model(inputs)
    checks.require(preds.dim() > 1 and preds.isfinite().all(), "model", "finite predictions, a column for each output", preds)
    if ((preds == 0) | (preds == 1)).any():
        warnings.warn("model: some predictions are numerically 0 or 1, and their effects 0. A saturated sigmoid? Put the inputs on a "
                      "common scale before training (Standardise)", stacklevel=3)
    return preds


def accuracy(preds, labels):
    """Return the share of predicted probabilities on the same side of 0.5 as their labels, 0 or 1, of the same shape."""
    checks.finite("preds", preds)
    checks.fits_loss(preds, labels, functional.binary_cross_entropy_with_logits)
    return ((preds > 0.5) == (labels > 0.5)).double().mean().item()


def corrected_interval(losses, k):
    """Return the mean loss of repeated k folds and its interval: Nadeau and Bengio (2003), Machine Learning 52, 239-281 (folds overlap)."""
    losses = np.asarray(losses, dtype=float)
    checks.whole_number("k", k, 2)
    checks.require(losses.size > 1 and np.isfinite(losses).all(), "losses", "at least two numbers", losses[:3])
    error = losses.std(ddof=1) * np.sqrt(1 / losses.size + 1 / (k - 1))
    low, high = stats.t.interval(0.95, losses.size - 1, losses.mean(), error)
    return pd.Series({"estimate": losses.mean(), "low": low, "high": high})


def calibration(preds, labels, groups=10):
    """Return the mean predicted probability and observed share, in percent, in groups of equal size by the former.

    preds and labels (n,) or (n, 1), else ValueError; low and high: the 95 percent interval of the observed share (Wilson).
    """
    preds, labels = (torch.from_numpy(np.asarray(part, dtype=float).flatten()) for part in (preds, labels))
    checks.finite("preds", preds)
    checks.require(preds.min() >= 0 and preds.max() <= 1, "preds", "probabilities", f"{preds.min():g} to {preds.max():g}")
    checks.fits_loss(preds, labels, functional.binary_cross_entropy)
    checks.whole_number("groups", groups, 1, len(preds) + 1)
    parts = preds.argsort(stable=True).tensor_split(groups)
    predicted, observed = (np.array([values[part].mean().item() for part in parts]) for values in (preds, labels))
    n = np.array([len(part) for part in parts])
    low, high = proportion_confint(observed * n, n, method="wilson")
    return (100 * pd.DataFrame({"predicted": predicted, "observed": observed, "low": low, "high": high})).assign(n=n)
