"""Marginal effects of any model that can be differentiated."""

import torch

from lib import checks
from lib.descent import spread
from lib.models import replicas_of


def marginal_effects(model, inputs):
    """Return the slope of each observation's prediction in each input.

    inputs (n, features); returns (n, features), in units of the prediction
    per unit of the input. For a model with replicas (replicas, n, features).
    Raises ValueError for inputs that are not finite or do not fit the model.
    """
    checks.a_model("model", model)
    checks.finite_numbers("inputs", inputs)
    inputs = spread(inputs, replicas_of(model)).clone().requires_grad_()
    # Each prediction depends on its own row only: the gradient of their sum holds them all.
    effects, = torch.autograd.grad(model(inputs).sum(), inputs)
    return effects


def average_marginal_effects(model, inputs):
    """Return the mean of marginal_effects over the observations.

    Shape (features,), or (replicas, features): what Stata's margins, dydx(*)
    reports. Raises ValueError as marginal_effects does.
    """
    return marginal_effects(model, inputs).mean(dim=-2)
