"""Typical wrong answers to the exercises on folds and forecasts, with words of what their reader is told."""

from wrong_answers.stuck import stuck_in_turn

WRONG = {
    "overlap": [
        ([100, 0, "b"], "held out"), ([900, 900, "b"], "no two train"), ([900, 0, "b"], "neither"),
        ([900, 810, "b"], "independently"),
        ([900, 800, "a"], "near enough to normal"), ([900, 800, "c"], "in the standard deviation already"),
        ([900, 800, "d"], "smaller still"), ([900, 800, "x"], "Expected one of"), ([900, 800], "two numbers and a letter"),
        ([900, 800, ...], "Nothing to check"), (["b", 900, 800], "Expected numbers"),
    ],
    "two_forecasts": [
        ([0.9, 0.673, 0.105], "share that B predicts"), ([0.4, 0.673, 0.105], "among all five"), ([1, 3.365, 0.527], "is a mean"),
        ([1, -0.673, -0.105], "minus sign"), ([1, 0.367, 0.042], "count, too"), ([1, 0.971, 0.152], "base 2"),
        ([1, 0.292, 0.046], "base 10"), ([1, 0.24, 0.01], "Brier"), ([1, 0.105, 0.673], "other way round"),
    ],
    "out_of_fold": [
        (lambda preds, held_out: (preds * held_out).sum(dim=0) / 3, "not every respondent".capitalize()),
        (lambda preds, held_out: preds.mean(dim=0), "all models"),
        (lambda preds, held_out: (preds * held_out).mean(dim=0), "divided by the number of all"),
        (lambda preds, held_out: (preds * held_out).sum(dim=0), "That is their sum"),
        (lambda preds, held_out: (preds * ~held_out).sum(dim=0) / (~held_out).sum(dim=0), "trained on the respondent"),
        (lambda preds, held_out: preds[held_out], "Expected numbers of shape"),
        *stuck_in_turn(lambda preds, held_out: (preds * held_out).sum(dim=0) / held_out.sum(dim=0),
                       preds="For others", held_out="For others"),
    ],
    "margin": [
        (0.0916982, "independent samples"), (0.0330802, "difference of two margins"), (-0.0330802, "never negative"),
        (0.1160449, "Add up"), (0.0728, "the estimate"), ([0.05, 0.06], "one number"),
    ],
    "corrected_error": [
        (lambda losses, k: losses.std() / len(losses) ** 0.5, "independent draws"),
        (lambda losses, k: losses.var() * (1 / len(losses) + 1 / (k - 1)), "is a variance"),
        (lambda losses, k: losses.std() * (1 / len(losses) + 1 / k) ** 0.5, "how many are they"),
        (lambda losses, k: losses.std() * (1 / len(losses) + (k - 1)) ** 0.5, "other way round"),
        (lambda losses, k: losses.std() * (1 / k + 1 / (k - 1)) ** 0.5, "number of losses, that of all"),
        (lambda losses, k: losses.std() * (1 / (k - 1)) ** 0.5, "is missing"),
        (lambda losses, k: losses.std(correction=0) * (1 / len(losses) + 1 / (k - 1)) ** 0.5, "one less"),
        (lambda losses, k: losses.std() * (1 / len(losses) + 1 / 9) ** 0.5, "use k"),
        (lambda losses, k: losses.std() * (1 / 30 + 1 / (k - 1)) ** 0.5, "take it from losses"),
        (lambda losses, k: losses.std() * (len(losses) ** -0.5 + (k - 1) ** -0.5), "then take the root"),
        (lambda losses: losses.std(), "TypeError"),
        *stuck_in_turn(lambda losses, k: losses.std() * (1 / len(losses) + 1 / (k - 1)) ** 0.5,
                       losses="all of its arguments", k="all of its arguments"),
    ],
}
