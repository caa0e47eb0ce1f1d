"""What the self-checks of several pages ask of a model."""

import copy

import numpy as np
import torch
from torch import nn

from self_checks.verdict import EMPTY, Verdict


def predictions(model, points):
    """Return what a model predicts for points, as 64-bit numbers, or the verdict on why it does not."""
    if model is ...:
        return Verdict(False, EMPTY)
    if isinstance(model, type) or not callable(model):
        got = f"the class {model.__name__}" if isinstance(model, type) else type(model).__name__
        return Verdict(False, f"Expected a model, such as Perceptron(2, 1), and got {got}.")
    try:
        preds = torch.as_tensor(_run(model, points)).detach().flatten().double()
    except Exception as error:  # whatever the reader's model raises is for the reader to see
        return Verdict(False, f"Your model stopped with {type(error).__name__}: {str(error).rstrip('.')}.")
    if len(preds) != len(points) or not preds.isfinite().all():
        return Verdict(False, f"Expected one number for each of {len(points)} observations; the model does not give that.")
    return preds


def as_in(model, values):
    """Return values in the precision of a model's parameters, if it has any."""
    return values.to(next(model.parameters(), values).dtype)


def _run(model, points):
    """Return what comes out of a copy of the model in 64 bits or, where that does not work, of the model as it is."""
    if isinstance(model, nn.Module):
        try:
            return copy.deepcopy(model).double()(points.double())
        except Exception:  # its own code may insist on 32 bits
            pass
    return model(points)


def design(points):
    """Return the design matrix of points (n, 2): a column for each input and one for the constant."""
    return np.column_stack([points, np.ones(len(points))]).astype(float)
