"""Right answers to the exercises on a survey, in several styles."""

import numpy as np
import pandas as pd
import torch


def named(model):
    """Return a dict by the names of the coefficients."""
    scale, layer = model
    slopes = layer.weights.flatten() / scale.std.flatten()
    intercept = layer.bias.item() - (slopes * scale.mean.flatten()).sum().item()
    return dict(zip(["(Intercept)", "selfLR", "ClinLR", "DoleLR"], [intercept, *slopes.tolist()]))


def by_numpy(model):
    """Return an array."""
    scale, layer = model
    mean, std, w, b = (values.detach().numpy().ravel() for values in (scale.mean, scale.std, layer.weights, layer.bias))
    return np.concatenate([b - mean @ (w / std), w / std])


def from_predictions(model):
    """Read the coefficients off the log odds at zero and one point away from it."""
    log_odds = torch.logit(model(torch.cat([torch.zeros(1, 3), torch.eye(3)])).double()).flatten()
    return torch.cat([log_odds[:1], log_odds[1:] - log_odds[0]])


RIGHT = {"coefficients": [named, lambda model: pd.Series(named(model)), by_numpy, from_predictions]}
