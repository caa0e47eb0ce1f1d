"""Self-checks for the exercises on a survey."""

from functools import cache

import numpy as np
import pandas as pd
import statsmodels.api as sm
import torch
from torch import nn

from lib.data import splits, tensors
from lib.models import Perceptron, Standardise, initialise
from self_checks.data import frame
from self_checks.models import as_in
from self_checks.verdict import EMPTY, Verdict, as_numbers, judge, judge_choice, judge_function, unanswered

PLACEMENTS = ["selfLR", "ClinLR", "DoleLR"]


def proximity(answer):
    """By hand: the proximity at 3 and at 6, and how it changes as Dole moves from 5 to 6."""
    own, clinton = torch.tensor([3.0, 6.0]), 2
    before, after = ((own - clinton).abs() - (own - dole).abs() for dole in (5, 6))
    right = [*before, *(after - before)]
    return judge(answer, right, {
        "Distances have no sign: take absolute values.": [3, 3, 1, 1],
        "For one of the two the proximity falls: give the change its sign.": [*before, *(after - before).abs()],
        "It is the other way round: the distance to Clinton minus the distance to Dole.": [-number for number in right],
        "The last two are the new proximities. By how much have they changed?": [*before, *after],
        "The proximities are right. For the changes, take the new proximity minus the old one.": [*before, *(before - after)],
    })


def doubled_decay(answer):
    """Predict first: what twice the weight decay does to the parameters of the logit on z-scores."""
    return judge_choice(answer, "b", {
        "a": "The penalty doubles, but it is not alone: the likelihood holds the parameters where they are.",
        "b": "Right: penalty and likelihood pull in opposite directions, and they meet a little nearer to zero.",
        "c": "That is the ridge of most software. Does torch spare the bias, too? The chapter has a word on it, in parentheses.",
        "d": "That is the lasso, with absolute values. The slope of a square fades near zero, so it sets nothing to zero.",
    })


def z_scores(answer):
    """The placements of the test data as z-scores, on the scale of the train data."""
    inputs = {name: part[0] for name, part in splits(frame("anes96"), PLACEMENTS, ["vote"]).items()}
    unseen = inputs["test"]
    return judge(answer, Standardise(inputs["train"])(unseen), {
        "These are means and standard deviations of all respondents, the test data among them.":
            Standardise(torch.cat(list(inputs.values())))(unseen),
        "The test data got a scale of their own: a layer made from other data than the model was trained on.":
            Standardise(unseen)(unseen),
        "The evaluation data were not trained on, so they have no part in the scale.":
            Standardise(torch.cat([inputs["train"], inputs["evaluation"]]))(unseen),
        "That is the scale of the evaluation data. On which data is the model trained?":
            Standardise(inputs["evaluation"])(unseen),
        "Nearly: the standard deviation of a sample divides by n - 1, and numpy and scikit-learn divide by n.":
            (unseen - inputs["train"].mean(dim=0)) / inputs["train"].std(dim=0, correction=0),
        "These are not the z-scores of the test data: leave the line with unseen as it was.":
            Standardise(inputs["train"])(inputs["train"]),
    }, tolerance=0.0005)


def coefficients(answer):
    """Intercept and coefficients of a neuron on z-scores, read off its predictions at zero and one point away from it."""
    inputs, _ = tensors(frame("anes96"), PLACEMENTS, ["vote"])
    model = initialise(nn.Sequential(Standardise(inputs), Perceptron(3, 1)), seed=2)

    def right(model):
        log_odds = model(torch.cat([torch.zeros(1, 3), torch.eye(3)])).logit().flatten()
        return torch.cat([log_odds[:1], log_odds[1:] - log_odds[0]])

    def slip(form):
        return _flat(lambda model: form(model[1].weights.flatten(), model[1].bias,
                                        model[0].mean.flatten(), model[0].std.flatten()))

    table = "Weights stand in a column, means in a row, and torch multiplies each with each: flatten both."
    verdict = judge_function(_flat(answer), [model], right, {
        "The slopes are right. The bias belongs to somebody at the mean of every input: move it to zero.":
            slip(lambda w, b, mean, std: [b, w / std]),
        "The slopes are right. For the intercept you went the wrong way: it is at zero, the bias at the mean.":
            slip(lambda w, b, mean, std: [b + (w / std * mean).sum(), w / std]),
        "The slopes are right. In the intercept, each mean goes with the slope per point, not with the weight.":
            slip(lambda w, b, mean, std: [b - (w * mean).sum(), w / std]),
        "These are bias and weights as they are, per standard deviation.": slip(lambda w, b, mean, std: [b, w]),
        "These are weights per standard deviation, with an intercept. How much of a standard deviation is one point?":
            slip(lambda w, b, mean, std: [b - (w / std * mean).sum(), w]),
        "You multiplied by the standard deviation. How much of a standard deviation is one point?":
            slip(lambda w, b, mean, std: [b - (w * std * mean).sum(), w * std]),
        "You multiplied by the standard deviation, and left the bias at the mean. How much of it is one point?":
            slip(lambda w, b, mean, std: [b, w * std]),
        "These are the right numbers in another order: the intercept comes first.":
            slip(lambda w, b, mean, std: [w / std, b - (w / std * mean).sum()]),
        table: slip(lambda w, b, mean, std: [b - (w[:, None] / std * mean).sum(), w / std]),
        f"The slopes are right. {table}": slip(lambda w, b, mean, std: [b - ((w / std)[:, None] * mean).sum(), w / std]),
    }, tolerance=0.002, others=[[initialise(nn.Sequential(Standardise(3 - 0.5 * inputs[:90]), Perceptron(3, 1)), seed=4)]])
    return Verdict(False, table) if "got numbers of shape (10,)" in verdict.words else verdict


def three_classes(answer):
    """A multinomial logit of party on the placements, as a model or its probabilities, against statsmodels' MNLogit."""
    if unanswered(answer):
        return Verdict(False, EMPTY)
    party, expected = _multinomial_logit()
    try:
        outputs = _outputs(answer)
    except Exception as error:  # whatever the reader's model raises is for the reader to see
        if not isinstance(answer, nn.Module):
            return Verdict(False, f"Expected a model or its probabilities, got {type(answer).__name__}.")
        return Verdict(False, f"Your model stopped with {type(error).__name__}: {str(error).rstrip('.')}.")
    if outputs.shape != expected.shape:
        return Verdict(False, f"Expected one output for each respondent and class, {tuple(expected.shape)}, "
                              f"got {tuple(outputs.shape)}.")
    if not outputs.isfinite().all():
        return Verdict(False, "Some outputs are not finite: the training has diverged. Try a smaller learning rate.")
    squeezed = bool((outputs >= 0).all() and (outputs <= 1).all())
    shares = squeezed and torch.allclose(outputs.sum(dim=1), torch.ones(()).double(), atol=1e-4)
    probabilities = outputs if shares else outputs.softmax(dim=1)
    loss, best = (nn.functional.nll_loss(each.clamp(min=1e-12).log(), party).item() for each in (probabilities, expected))
    if abs(loss - best) < 0.001 and (probabilities - expected).abs().max() < 0.02:
        return Verdict(True, f"Right: the mean log loss is {loss:.4f}, that of MNLogit {best:.4f}.")
    return Verdict(False, _what_is_wrong(shares, squeezed, loss, best))


def _what_is_wrong(shares, squeezed, loss, best):
    """Return the words for predictions that are not those of the multinomial logit."""
    if shares:
        return ("These probabilities are not those of MNLogit. If your model ends with a softmax, leave it out: "
                "nn.CrossEntropyLoss has one inside, and two squash twice.")
    if squeezed:
        return ("All outputs lie between 0 and 1, as if a sigmoid came after the weighted sums. "
                "nn.CrossEntropyLoss takes the sums as they are: use SimpleLinearNN.")
    if loss < best - 0.001:
        return "This fits better than MNLogit, so it is another model. Is there a hidden layer? Leave it out."
    if loss > np.log(3):
        return ("Equal thirds for everybody would do better. Has the loop run? Were the steps too large, or the gradients "
                "not reset? Or are the z-scores outside the model? The check hands it the raw inputs.")
    return (f"The mean log loss on all respondents is {loss:.4f}, that of MNLogit {best:.4f}. Train on all of them, "
            "the whole sample in each step, and go on until the loss no longer falls.")


def _outputs(answer):
    """Return the outputs of the reader's model for all respondents, or the numbers that the answer is already."""
    if isinstance(answer, nn.Module):
        inputs, _ = tensors(frame("anes96"), PLACEMENTS, ["vote"])
        with torch.no_grad():
            return answer(as_in(answer, inputs)).double()
    return torch.tensor(as_numbers(answer))


@cache
def _multinomial_logit():
    """Return party of all respondents, and the probabilities that statsmodels' MNLogit gives them."""
    party = np.digitize(frame("anes96").PID, [2, 5])
    fit = sm.MNLogit(party, sm.add_constant(frame("anes96")[PLACEMENTS].to_numpy())).fit(disp=0)
    return torch.tensor(party), torch.from_numpy(fit.predict())


def _flat(function):
    """Return the reader's function with what it returns in one row, however it was grouped."""
    def row(values):
        if isinstance(values, dict):
            values = list(values.values())
        if isinstance(values, (list, tuple)):
            return [number for value in values for number in row(value)]
        return list(as_numbers(values).ravel()) if isinstance(values, (torch.Tensor, np.ndarray, pd.Series)) else [values]

    def flat(model):
        values = function(model)
        return values if values is None else row(values)

    return flat if callable(function) else function


