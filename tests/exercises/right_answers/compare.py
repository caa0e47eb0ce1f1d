"""Right answers to the exercises on folds and forecasts, in several styles."""

import numpy as np
import pandas as pd
import torch

from right_answers.styles import letter, number, numbers

MARGIN = 0.0579


def by_loop(preds, held_out):
    """Take the mean of one respondent after the other."""
    means = []
    for row in range(preds.shape[1]):
        known = [preds[model, row].item() for model in range(len(preds)) if held_out[model, row]]
        means.append(sum(known) / len(known))
    return means


RIGHT = {
    "overlap": [[900, 800, one] for one in letter("b")] + [[torch.tensor(900), np.int64(800), "b"], (900.0, 800.0, "b")],
    "two_forecasts": numbers(1, 0.6730, 0.1054),
    "margin": number(MARGIN),
    "out_of_fold": [
        lambda preds, held_out: preds.masked_fill(~held_out, torch.nan).nanmean(dim=0),
        lambda preds, held_out: torch.stack([column[which].mean() for column, which in zip(preds.T, held_out.T)]),
        lambda preds, held_out: np.average(preds.numpy(), axis=0, weights=held_out.numpy()),
        lambda preds, held_out: pd.DataFrame(preds.numpy()).where(held_out.numpy()).mean(),
        lambda preds, held_out: (preds * held_out).sum(dim=0, keepdim=True) / held_out.sum(dim=0, keepdim=True),
        by_loop,
    ],
    "corrected_error": [
        lambda losses, k: losses.std() * (1 / len(losses) + 1 / (k - 1)) ** 0.5,
        lambda losses, k: np.std(np.asarray(losses), ddof=1) * np.sqrt(1 / len(losses) + 1 / (k - 1)),
        lambda losses, k: (losses.var() / len(losses) + losses.var() / (k - 1)).sqrt(),
        lambda losses, k: pd.Series(losses).sem() * (1 + len(losses) / (k - 1)) ** 0.5,
    ],
}
