"""Self-checks for the exercises on weights and causes."""

import numpy as np
import torch
from sklearn.model_selection import KFold
from torch.nn.functional import binary_cross_entropy

from self_checks.data import frame
from self_checks.verdict import OTHER, Verdict, in_percent, judge, judge_function


def share_and_size(answer):
    """By hand: the weighted share of yes among five respondents, and how many equally weighted ones they are worth."""
    yes, weight = torch.tensor([1.0, 0, 0, 0, 1]), torch.tensor([1.0, 1, 1, 1, 4])
    n, total, squares = len(weight), weight.sum(), (weight**2).sum()
    share, size = (weight * yes).sum() / total, total**2 / squares
    return judge(answer, [share, size], {
        "The size is right. The share is unweighted: the last respondent stands for more people than the others do.":
            [yes.mean(), size],
        "Neither number has the weights in it. Both should.": [yes.mean(), n],
        "The first is the sum of the weights of those who say yes. For a share, divide it by the sum of all weights.":
            [(weight * yes).sum(), size],
        "The share is divided by the number of respondents. These weights do not have a mean of 1: divide by their sum.":
            [(weight * yes).mean(), size],
        "The first is the weighted share of those who say no.": [1 - share, size],
        "The two are the other way round: the share comes first.": [size, share],
        "The share is right. The second is the sum of the weights, and that depends on their unit.": [share, total],
        "The share is right. The second is the number of respondents, whatever their weights.": [share, n],
        "The share is right. The second is upside down: the square of the sum belongs above the line.": [share, 1 / size],
        "The share is right. In the second, square the sum above the line, too.": [share, total / squares],
        "The share is right. The second is the sum of the squares, which belongs below the line.": [share, squares],
        "The share is right. The second is the square of the sum. What is it divided by?": [share, total**2],
        "The share is right. The second has means in the place of sums.": [share, size / n],
        "The share is right. The second is the mean weight.": [share, total / n],
        "The share is right. The second is the mean of the squares. Compare the square of the sum with their sum.":
            [share, squares / n],
        **in_percent(share.item(), "Give the first as a share.", lambda given: [given, size], decimals=3),
    })


def corrected_effect(answer):
    """By hand: the effect on two treated persons by the predictions alone, and with the correction from two untreated ones."""
    over, n = torch.tensor([9.0, 5]) - torch.tensor([6.0, 4]), 2  # what the treated earned beyond the predictions
    surprise, e = torch.tensor([3.0, 4]) - torch.tensor([5.0, 4]), torch.tensor([1 / 5, 1 / 3])

    def corrected(weights):
        return (over.sum() - (weights * surprise).sum()) / n

    odds = e / (1 - e)
    alone, right = over.mean(), corrected(odds)
    raw = torch.tensor([9.0, 5]).mean() - torch.tensor([3.0, 4]).mean()
    second = "The first is right. "
    return judge(answer, [alone, right], {
        "The first is the raw difference of two means: the predictions have no part in it.": [raw, right],
        "These are sums over the treated: divide both by their number.": [alone * n, right * n],
        "The first is a sum over the treated. Divide it by their number.": [alone * n, right],
        second + "The second is not yet divided by the number of the treated.": [alone, right * n],
        second + "In the second, only the first sum is divided by the number of the treated. Divide both.":
            [alone, alone - (odds * surprise).sum()],
        second + "In the second, the correction has the wrong sign. It is subtracted, and a surprise can be negative.":
            [alone, corrected(-odds)],
        second + "The second weighs with the probabilities. It takes their odds.": [alone, corrected(e)],
        second + "The odds are upside down: those who are like the treated should count for more.": [alone, corrected(1 / odds)],
        second + "The second weighs with one over the probability, as for an effect on everybody. Here it takes the odds.":
            [alone, corrected(1 / e)],
        second + "The second weighs with one over the probability of no treatment. It takes the odds.":
            [alone, corrected(1 / (1 - e))],
        second + "In the second, the surprises of the untreated are not weighed: it takes the odds.":
            [alone, corrected(torch.ones(2))],
        second + "In the second, the odds are scaled to add up to 1. That is done, too, but the formula here divides by the number "
                 "of the treated.": [alone, alone - (odds * surprise).sum() / odds.sum()],
        second + "The second has no correction yet. One of the untreated earned less than was predicted.": [alone, alone],
        second + "The second is the correction alone. Add it to the first.": [alone, right - alone],
        second + "The second is the sum over the untreated alone.": [alone, (odds * surprise).sum()],
        second + "The second is the raw difference of two means. Where are the predictions?": [alone, raw],
        "The two are the other way round.": [right, alone],
        "The signs are turned: it is what was earned minus what was predicted.": [-alone, -right],
    })


def loss_of(answer):
    """The weighted mean of the cross-entropy, divided by the sum of the weights."""
    generator = torch.Generator().manual_seed(0)

    def case(n, mean):
        preds, labels, weight = torch.rand(3, n, 1, generator=generator)
        return [0.1 + 0.8 * preds, (labels > 0.5).float(), mean * (0.2 + 2 * weight)]

    def losses(preds, labels):
        return binary_cross_entropy(preds, labels, reduction="none")

    def right(preds, labels, weight):
        return (weight * losses(preds, labels)).sum() / weight.sum()

    def squares(preds, labels, weight):
        return (weight * (preds - labels) ** 2).sum() / weight.sum()

    verdict = judge_function(answer, case(6, 3), right, {
        "That is the mean with equal weights: weight has no part in it, or comes when the mean is taken already. "
        "Ask torch for the loss of each respondent.": lambda p, y, w: losses(p, y).mean(),
        "The weighted losses are divided by the number of respondents, as .mean() and torch's own weight= do. "
        "These weights do not have a mean of 1.": lambda p, y, w: (w * losses(p, y)).mean(),
        "That is the sum of the weighted losses. For a mean, divide by the sum of the weights.": lambda p, y, w:
            (w * losses(p, y)).sum(),
        "That is the sum of the losses without weights. Has a row of weights met a column of losses? The two make a table.":
            lambda p, y, w: losses(p, y).sum(),
        "Divided once too often by the sum of the weights.": lambda p, y, w: right(p, y, w) / w.sum(),
        "Divided once too often: by the sum of the weights, and then by the number of respondents.": lambda p, y, w:
            right(p, y, w) / len(w),
        "The losses have no weights, and are divided by the sum of the weights.": lambda p, y, w: losses(p, y).sum() / w.sum(),
        "Below the line are the squares of the weights. They are for the effective sample size.": lambda p, y, w:
            (w * losses(p, y)).sum() / (w**2).sum(),
        "The weights are squared. Each loss is multiplied by its weight once.": lambda p, y, w:
            (w**2 * losses(p, y)).sum() / (w**2).sum(),
        "The losses are divided by their weights. Those who stand for many people should count for more.": lambda p, y, w:
            (losses(p, y) / w).sum() / (1 / w).sum(),
        "That is a weighted mean of squared errors. Keep the cross-entropy.": squares,
        "Losses are positive: the logarithm of a probability wants a minus.": lambda p, y, w: -right(p, y, w),
    }, tolerance=0.00005, others=[case(9, 0.2)])
    if "between 0 and 1" in verdict.words:
        return Verdict(False, "torch refuses: predictions and labels lie between 0 and 1, as they are. Weigh the losses, not these.")
    return verdict


def cross_fitted(answer):
    """Predictions of each row by a model that has not seen it, for any kind of model and any folds."""
    cases = [_case(12, 3, 0, _least_squares), _case(11, 4, 1, _through_zero)]

    def filled(rule):
        """Return a function that fills the predictions fold by fold, as `rule` says."""
        def fill(fit, inputs, labels, folds):
            preds = torch.zeros(len(labels), 1)
            for known, held_out in folds:
                rule(preds, fit, inputs, labels, known, held_out)
            return preds
        return fill

    def right(preds, fit, inputs, labels, known, held_out):
        preds[held_out] = fit(inputs[known], labels[known])(inputs[held_out])

    def itself(preds, fit, inputs, labels, known, held_out):
        preds[held_out] = fit(inputs[held_out], labels[held_out])(inputs[held_out])

    def swapped(preds, fit, inputs, labels, known, held_out):
        preds[known] = fit(inputs[held_out], labels[held_out])(inputs[known])

    def seen(preds, fit, inputs, labels, known, held_out):
        preds[known] = fit(inputs[known], labels[known])(inputs[known])

    def overwritten(preds, fit, inputs, labels, known, held_out):
        preds[:] = fit(inputs[known], labels[known])(inputs)

    def averaged(preds, fit, inputs, labels, known, held_out):
        preds += fit(inputs[known], labels[known])(inputs) / round(len(labels) / len(held_out))

    def in_turn(fit, inputs, labels, folds):
        return torch.cat([fit(inputs[known], labels[known])(inputs[held_out]) for known, held_out in folds])

    verdict = judge_function(answer, cases[0], filled(right), {
        "The model is fitted to all rows, those that it predicts among them.": lambda fit, x, y, folds: fit(x, y)(x),
        "Each fold is predicted by a model fitted to that very fold.": filled(itself),
        "The two parts are swapped: a model learns from the held-out rows and predicts the others.": filled(swapped),
        "You predict the rows that the model was fitted to. Predict the held-out ones.": filled(seen),
        "Each model predicts all rows and overwrites what was there. What is left comes from the last one.": filled(overwritten),
        "That is the mean over all models, and most of them have seen the row.": filled(averaged),
        "The predictions stand in the order of the folds. Each belongs in the row of its respondent.": in_turn,
        "Only the first fold is filled. Does return stand inside the loop?": lambda fit, x, y, folds: filled(right)(fit, x, y, folds[:1]),
        "Only the last fold is filled. Are the predictions set to zero inside the loop?": lambda fit, x, y, folds:
            filled(right)(fit, x, y, folds[-1:]),
        "These are the labels. Return predictions.": lambda fit, x, y, folds: y,
    }, "Right. No model has seen the rows that it predicts.", tolerance=0.0005, others=cases[1:])
    return Verdict(False, _what_was_fitted(answer, cases[0])) if verdict.words == OTHER else verdict


def ban_gap(answer):
    """The weighted difference in the share for a ban in towns, between those to whom religion is important and the others."""
    ces = frame("ces11")
    urban, rural = (ces[ces.urban == value] for value in (1, 0))

    def shares(rows, least=2, weighted=(True, True)):
        religious = rows.importance >= least
        groups = rows[religious], rows[~religious]
        return [np.average(group.ban, weights=group.weight if each else None) for group, each in zip(groups, weighted)]

    def gap(*given, **settings):
        high, low = shares(*given, **settings)
        return high - low

    def of_means(rows, unit):
        religious = rows.importance >= 2
        products = rows.weight / unit * rows.ban
        return products[religious].mean() - products[~religious].mean()

    def of_total(rows):
        products = rows.weight * rows.ban * np.where(rows.importance >= 2, 1, -1)
        return products.sum() / rows.weight.sum()

    high, low = shares(urban)
    divide = "Divide the weighted sum of each group by the sum of the weights in that group, "
    log_odds = np.log(high / (1 - high)) - np.log(low / (1 - low))
    return judge(answer, high - low, {
        "That is the difference without weights.": gap(urban, weighted=(False, False)),
        "That is the difference in all places. Keep the urban ones only.": gap(ces),
        "That is the difference in all places, and without weights.": gap(ces, weighted=(False, False)),
        "That is the difference in rural places.": gap(rural),
        "That is the difference in rural places, and without weights.": gap(rural, weighted=(False, False)),
        "The sign is turned: it is the share among those to whom religion is important minus the share among the others.": low - high,
        "The recoding is too narrow: somewhat important is to count, too.": gap(urban, least=3),
        "The recoding is too narrow, and the weights are missing.": gap(urban, least=3, weighted=(False, False)),
        "The recoding is too wide: not very important belongs to the others.": gap(urban, least=1),
        "The recoding is too wide, and the weights are missing.": gap(urban, least=1, weighted=(False, False)),
        "Only those to whom religion is important are weighted. Weight the others, too.": gap(urban, weighted=(True, False)),
        "Only the others are weighted. Weight those to whom religion is important, too.": gap(urban, weighted=(False, True)),
        divide + "not by that of all respondents.": of_total(urban),
        divide + "not by its number of respondents: the mean weight of a group is not 1, even if that of the sample is.":
            of_means(urban, ces.weight.mean()),
        divide + "not by its number of respondents: the mean weight of a group is not 1, even if that in towns is.":
            of_means(urban, urban.weight.mean()),
        divide + "not by its number of respondents.": of_means(urban, 1),
        "That is one of the two shares. Subtract that among the others.": high,
        "That is the share among the others. Subtract it from that among those to whom religion is important.": low,
        "That is the ratio of the two shares. Subtract instead.": high / low,
        "That is a difference of log odds, such as the coefficient of a logit. Subtract the shares.": log_odds,
        "That is in percentage points. Give the difference of two shares.": 100 * (high - low),
        "That is in percentage points, and rounded. Give the difference of two shares, with three decimals.":
            round(100 * (high - low), 1),
    }, f"Right: {100 * high:.0f} percent against {100 * low:.0f}.", tolerance=0.0006)


def _case(n, k, seed, fit):
    """Return arguments for cross-fitting: what fits a model, made-up rows that are told apart by their inputs, and k folds."""
    generator = torch.Generator().manual_seed(seed)
    inputs, noise = torch.randn(n, 1, generator=generator), torch.randn(n, 1, generator=generator)
    folds = KFold(k, shuffle=True, random_state=seed).split(range(n))
    return [fit, inputs, inputs + noise, list(folds)]


def _through_zero(inputs, labels):
    """Return a model that predicts, a line through zero fitted to these rows."""
    slope = (inputs * labels).sum() / (inputs**2).sum()
    return lambda inputs: slope * inputs


def _least_squares(inputs, labels):
    """Return a model that predicts, fitted to these rows."""
    def with_constant(inputs):
        return torch.cat([torch.ones(len(inputs), 1), inputs], dim=1)

    beta = torch.linalg.pinv(with_constant(inputs)) @ labels
    return lambda inputs: with_constant(inputs) @ beta


def _what_was_fitted(answer, case):
    """Return what a look at the rows says that the reader's models were fitted to."""
    _, inputs, labels, folds = case
    fitted = []

    def fit(known_inputs, known_labels):
        rows = (known_inputs == inputs.T).nonzero()[:, 1]
        fitted.append((frozenset(rows.tolist()), torch.equal(known_labels, labels[rows])))
        return _least_squares(known_inputs, known_labels)

    answer(fit, inputs.clone(), labels.clone(), folds)
    if not fitted:
        return "fit was never called: each fold needs a model of its own."
    if not all(matching for _, matching in fitted):
        return "A model is fitted to the inputs of some rows and the labels of others."
    sets = [rows for rows, _ in fitted]
    if any(len(rows) == len(labels) for rows in sets):
        return "A model is fitted to all rows, those that it predicts among them."
    if set(sets) & {frozenset(held_out.tolist()) for _, held_out in folds}:
        return "A model is fitted to the held-out rows. It is to learn from the others."
    if not set(sets) <= {frozenset(known.tolist()) for known, _ in folds}:
        return "A model is fitted to other rows than the folds say. Use the pairs in folds as they are."
    if len(set(sets)) < len(folds):
        return "Some folds have no model of their own: fit one for each pair in folds."
    return "The models are fitted to the right rows, but the predictions are in wrong rows, or come from the model of another fold."
