"""Self-checks for the exercises on folds and forecasts."""

import math
from functools import cache

import numpy as np
import torch
from scipy import stats
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold, RepeatedKFold
from torch.nn.functional import binary_cross_entropy

from lib.statistics import corrected_interval
from self_checks.data import frame
from self_checks.verdict import EMPTY, Verdict, judge, judge_choice, judge_function, unanswered


def overlap(answer):
    """Predict first: how many of 1000 rows each of ten models trains on, how many two of them share, and what of it."""
    if unanswered(answer):
        return Verdict(False, EMPTY)
    if not isinstance(answer, (list, tuple)) or len(answer) != 3:
        return Verdict(False, "Expected a list of two numbers and a letter, such as [1, 2, 'a'].")
    first, second, *_ = (known for known, _ in KFold(10).split(range(1000)))
    right = [len(first), len(np.intersect1d(first, second))]
    *numbers, reason = answer
    verdict = judge(numbers, right, {
        "Those are the respondents held out, on whom a model is tested. It trains on all others.": [100, 0],
        "Each model trains on so many, but no two train on the same: they leave out different folds.": [900, 900],
        "The folds do not overlap, the training sets do: who is in neither of the two folds held out?": [900, 0],
        "The two folds held out are not drawn independently: no respondent is in both.": [900, 810],
        "Those are the respondents that one of the two models holds out.": [900, 100],
    })
    return verdict if not verdict.right else judge_choice(reason, "b", {
        "a": "The numbers are right. But the mean of thirty draws is near enough to normal, if they are independent. Are they?",
        "b": "Right: what two models share, their losses share, too.",
        "c": "The numbers are right. But that noise is in the standard deviation already. Think of your second number.",
        "d": "The numbers are right. But that would make the error smaller still, and it is too small as it is.",
    })


def two_forecasts(answer):
    """By hand: the observed share in a group of forecast B, and the cross-entropy of A and B."""
    votes = torch.tensor([1.0, 1, 0, 0, 0])
    a, b = torch.full((5,), 0.4), torch.tensor([0.9, 0.9, 0.1, 0.1, 0.1])
    share = votes[b == b.max()].mean()
    losses = torch.stack([binary_cross_entropy(preds, votes) for preds in (a, b)])
    of_voters = torch.stack([-(votes * preds.log()).mean() for preds in (a, b)])
    return judge(answer, [share, *losses], {
        "The first is the share that B predicts in this group. How many of the two do vote for Dole?": [0.9, *losses],
        "The first is the share among all five. Count only those to whom B gives 90 percent.": [votes.mean(), *losses],
        "The cross-entropy is a mean: divide both sums by the number of respondents.": [share, *(5 * losses)],
        "The minus sign is missing: logarithms of probabilities are negative, losses are not.": [share, *-losses],
        "Those who do not vote for Dole count, too: for each of them, take the logarithm of 1 minus the probability.":
            [share, *of_voters],
        "These are logarithms to base 2. Take the natural one, math.log with one argument.": [share, *(losses / math.log(2))],
        "These are logarithms to base 10. Take the natural one, math.log.": [share, *(losses / math.log(10))],
        "These are mean squared errors, the Brier score. The cross-entropy takes logarithms.":
            [share, *(((preds - votes) ** 2).mean() for preds in (a, b))],
        "A and B are the other way round.": [share, losses[1], losses[0]],
    })


def out_of_fold(answer):
    """The mean prediction for each respondent over the models that did not see her."""
    held_out = torch.zeros(30, 944, dtype=torch.bool)
    for fold, (_, rows) in enumerate(RepeatedKFold(n_splits=10, n_repeats=3, random_state=0).split(range(944))):
        held_out[fold, rows] = True
    preds = torch.rand(held_out.shape, generator=torch.Generator().manual_seed(0))
    uneven = torch.rand(12, 40, generator=torch.Generator().manual_seed(1)) < 0.5
    uneven[0] = True  # each respondent is held out once at least
    return judge_function(answer, [preds, held_out], lambda preds, held: (preds * held).sum(dim=0) / held.sum(dim=0), {
        "That is the mean over all models, those that were trained on the respondent among them.": lambda p, h: p.mean(dim=0),
        "The right predictions are added up, but divided by the number of all models. How many held the respondent out?":
            lambda p, h: (p * h).mean(dim=0),
        "That is their sum. For a mean, divide by how many models held the respondent out.": lambda p, h: (p * h).sum(dim=0),
        "Those are the models that were trained on the respondent: held_out is true for the others.":
            lambda p, h: (p * ~h).sum(dim=0) / (~h).sum(dim=0),
        "Not every respondent is held out three times: count in held_out.": lambda p, h: (p * h).sum(dim=0) / 3,
    }, tolerance=0.0005, others=[[preds[:12, :40], uneven]])


def margin(answer):
    """Half the length of the corrected interval for the difference between two logits, on the same folds."""
    logit, theory = _losses()

    def reach(losses):
        interval = corrected_interval(losses, k=10)
        return (interval["high"] - interval["low"]) / 2

    difference = logit - theory
    return judge(answer, reach(difference), {
        "That is the margin for two independent samples. What do the two series have in common?":
            math.hypot(reach(logit), reach(theory)),
        "That is a difference of two margins. Take the margin of the differences instead.": abs(reach(logit) - reach(theory)),
        "A margin is half an interval and never negative. Take the margin of the differences.": reach(theory) - reach(logit),
        "Add up the losses? It is their difference, fold by fold, that is in question.": reach(logit + theory),
        "That is the estimate, the mean of the differences. How far does its interval reach?": abs(difference.mean()),
    }, f"Right: the difference is {difference.mean():.3f}, plus or minus {reach(difference):.3f}.", tolerance=0.0005)


def corrected_error(answer):
    """The standard error of a mean of fold losses with the correction of Nadeau and Bengio."""
    losses = 0.3 + 0.1 * torch.randn(15, generator=torch.Generator().manual_seed(0), dtype=torch.float64)

    def right(losses, k):
        interval = corrected_interval(losses.numpy(), k)
        return (interval["high"] - interval["estimate"]) / stats.t.ppf(0.975, len(losses) - 1)

    return judge_function(answer, [losses, 5], right, {
        "That is the textbook's standard error, as of independent draws.": lambda x, k: x.std() * (1 / len(x)) ** 0.5,
        "That is a variance: a standard error is its root.": lambda x, k: x.var() * (1 / len(x) + 1 / (k - 1)),
        "One of k folds is tested, on the model that is trained on the others: how many are they?":
            lambda x, k: x.std() * (1 / len(x) + 1 / k) ** 0.5,
        "With k folds, more rows are trained on than tested: the ratio is the other way round.":
            lambda x, k: x.std() * (1 / len(x) + k - 1) ** 0.5,
        "J is the number of losses, that of all folds of all repeats, not k.":
            lambda x, k: x.std() * (1 / k + 1 / (k - 1)) ** 0.5,
        "The first part, 1/J, is missing: the correction is added to it.": lambda x, k: x.std() * (1 / (k - 1)) ** 0.5,
        "Nearly: the sample variance divides by one less than the number of losses.":
            lambda x, k: x.std(correction=0) * (1 / len(x) + 1 / (k - 1)) ** 0.5,
        "The number of folds is not always ten: use k.": lambda x, k: x.std() * (1 / len(x) + 1 / 9) ** 0.5,
        "The number of losses is not always thirty: take it from losses.": lambda x, k: x.std() * (1 / 30 + 1 / (k - 1)) ** 0.5,
        "Add the two parts first, then take the root.": lambda x, k: x.std() * ((1 / len(x)) ** 0.5 + (1 / (k - 1)) ** 0.5),
    }, "Right. With ten folds, three times, it is more than twice the textbook's.", tolerance=0.00001, others=[[losses[:8] ** 2, 3]])


@cache
def _losses():
    """Return the losses of two logits on the folds of the page, fitted here by Newton's method."""
    anes = frame("anes96")
    vote, folds = anes.vote.to_numpy(), list(KFold(n_splits=10, shuffle=True, random_state=0).split(anes))
    own, clinton, dole = (anes[name].to_numpy(float) for name in ("selfLR", "ClinLR", "DoleLR"))
    columns = [own, clinton, dole], [abs(own - clinton) - abs(own - dole)]
    designs = [np.column_stack([np.ones(len(anes)), *each]) for each in columns]
    return [np.array([log_loss(vote[rows], _logit(X, vote, known)[rows]) for known, rows in folds]) for X in designs]


def _logit(X, y, rows):
    """Return the predictions for all rows of a logit that was fitted to some of them."""
    beta = np.zeros(X.shape[1])
    for _ in range(10):
        p = 1 / (1 + np.exp(-X[rows] @ beta))
        beta = beta + np.linalg.solve(X[rows].T @ (X[rows] * (p * (1 - p))[:, None]), X[rows].T @ (y[rows] - p))
    return 1 / (1 + np.exp(-X @ beta))
