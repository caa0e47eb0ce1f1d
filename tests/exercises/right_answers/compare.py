"""Right answers to the exercises on folds and forecasts, in several styles."""

import numpy as np
import torch

RIGHT = {
    "out_of_fold": [
        lambda preds, held_out: preds.masked_fill(~held_out, torch.nan).nanmean(dim=0),
        lambda preds, held_out: torch.stack([column[which].mean() for column, which in zip(preds.T, held_out.T)]),
        lambda preds, held_out: np.average(preds.numpy(), axis=0, weights=held_out.numpy()),
    ],
    "corrected_error": [
        lambda losses, k: losses.std() * (1 / len(losses) + 1 / (k - 1)) ** 0.5,
        lambda losses, k: np.std(np.asarray(losses), ddof=1) * np.sqrt(1 / len(losses) + 1 / (k - 1)),
        lambda losses, k: (losses.var() / len(losses) + losses.var() / (k - 1)).sqrt(),
    ],
}
