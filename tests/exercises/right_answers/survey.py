"""Right answers to the exercises on a survey, in several styles."""

import copy

import numpy as np
import pandas as pd
import statsmodels.api as sm
import torch
from sklearn.preprocessing import StandardScaler
from torch import nn

from lib.data import splits, tensors
from lib.models import SimpleLinearNN, Standardise, initialise
from right_answers.styles import letter, numbers
from self_checks.data import frame

ANES = frame("anes96")
PLACEMENTS = ["selfLR", "ClinLR", "DoleLR"]
INPUTS, _ = tensors(ANES, PLACEMENTS, ["vote"])
PARTY = torch.tensor(np.digitize(ANES.PID, [2, 5]))
TRAIN, TEST = (splits(ANES, PLACEMENTS, ["vote"])[part][0] for part in ("train", "test"))


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


def by_pandas():
    """Return the z-scores of a data frame."""
    train, test = (ANES.loc[ANES.split == part, PLACEMENTS] for part in ("train", "test"))
    return (test - train.mean()) / train.std()


def by_scaler():
    """Return the z-scores of scikit-learn, brought to n - 1."""
    return StandardScaler().fit(TRAIN).transform(TEST) * (1 - 1 / len(TRAIN)) ** 0.5


def multinomial(layer, optim, steps):
    """Return a multinomial logit on z-scores, trained on everybody."""
    model = nn.Sequential(Standardise(INPUTS), layer)
    optim = optim(model.parameters())
    for _ in range(steps):
        def loss():
            optim.zero_grad()
            error = nn.functional.cross_entropy(model(INPUTS), PARTY)
            error.backward()
            return error
        optim.step(loss)
    return model


def by_statsmodels():
    """Return the probabilities of MNLogit as a data frame."""
    design = sm.add_constant(ANES[PLACEMENTS].astype(float))
    return sm.MNLogit(PARTY.numpy(), design).fit(disp=0).predict(design)


BY_DESCENT = multinomial(initialise(SimpleLinearNN(3, 3), seed=0), lambda given: torch.optim.SGD(given, lr=1.0), 300)
RIGHT = {
    "proximity": numbers(-1, 3, -1, 1),
    "doubled_decay": letter("b"),
    "z_scores": [
        Standardise(TRAIN)(TEST), ((TEST - TRAIN.mean(dim=0)) / TRAIN.std(dim=0)).tolist(), by_pandas(), by_scaler(),
        (TEST.numpy() - TRAIN.numpy().mean(axis=0)) / TRAIN.numpy().std(axis=0, ddof=1),
    ],
    "coefficients": [named, lambda model: pd.Series(named(model)), by_numpy, from_predictions],
    "three_classes": [
        BY_DESCENT, copy.deepcopy(BY_DESCENT).double(), by_statsmodels(), BY_DESCENT(INPUTS).softmax(dim=1), BY_DESCENT(INPUTS).detach(),
        multinomial(nn.Linear(3, 3), lambda given: torch.optim.LBFGS(given, max_iter=100), 3),
    ],
}
