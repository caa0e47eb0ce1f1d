"""Self-checks for the exercises on replicas, times to an event and the comparison of recipes."""

import warnings
from functools import cache, partial

import numpy as np
import pandas as pd
import torch
from torch import nn

from lib.models import build, initialise
from lib.replicas import replicate
from lib.training import Batches, evaluate, train
from self_checks.data import moons
from self_checks.verdict import EMPTY, Verdict, as_numbers, in_percent, judge, judge_function, unanswered

EPOCHS, NETWORKS, THRESHOLD = 30, 16, 0.05


def shapes(answer):
    """The shapes of the second layer's weights and of the outputs of twenty networks 2-4-1."""
    parts = answer if isinstance(answer, (list, tuple)) else []
    if any(isinstance(shape, (list, tuple)) and len(shape) != 3 for shape in parts):
        return Verdict(False, "With replicas, each of these shapes has three numbers: one dimension is theirs.")
    model = replicate(build([2, 4, 1]), 20)
    weights, outputs = model[1].weights.shape, model(torch.zeros(450, 2)).shape
    return judge(answer, [weights, outputs], {
        "That is the first layer's weights. The second has the four hidden neurons as its inputs.":
            [model[0].weights.shape, outputs],
        "In a layer's weights, the number of its inputs comes before the number of its outputs.": [(20, 1, 4), outputs],
        "The replicas are the first dimension, before all others.": [(4, 1, 20), (450, 1, 20)],
        "The first layer passes on four columns, but the last one is a single neuron.": [weights, (20, 450, 4)],
        "Outputs have a row for each observation and a column for each output, within each network.":
            [weights, (20, 1, 450)],
    })


def share_and_median(answer):
    """By hand: the share of nine networks that arrived, and the median of their times, three of them censored."""
    arrived, horizon = [90, 140, 200, 260, 410, 550], 600
    times = np.array(arrived + 3 * [np.inf])
    share, median = np.isfinite(times).mean(), np.median(times)
    return judge(answer, [share, median], {
        "Your median is that of the six that arrived. The three slow ones belong in it, and they rank last.":
            [share, np.median(arrived)],
        "Never to arrive is not to arrive at 0: the censored ones are the slowest, not the fastest.":
            [share, np.median(arrived + 3 * [0])],
        "That is a mean in which the censored ones count as if they had arrived at the end. Take the median.":
            [share, np.mean(arrived + 3 * [horizon])],
        "More than half have arrived, so the median is known, although the longest times are not.": [share, np.inf],
        "The share is that of the survivors. How many have arrived?": [1 - share, median],
        "The median is right. The first number is to be a share, between 0 and 1.": [len(arrived), median],
        **in_percent(share, "The median is right. As a share,", lambda given: [given, median]),
        "The share is of all nine, those that were censored among them.": [1, median],
    }, tolerance=0.035)  # one decimal will do


def twenty(history):
    """The history of twenty networks that were trained in one go."""
    if history is ...:
        return Verdict(False, EMPTY)
    if not isinstance(history, pd.DataFrame) or "loss" not in history:
        return Verdict(False, f"Expected the history that train returns, got {type(history).__name__}.")
    losses = history["loss"]
    if losses.ndim == 1:
        return Verdict(False, "That is the history of a single network. Give the model that build returns to replicate, with the number of "
                              "networks.")
    if losses.shape[1] != 20:
        return Verdict(False, f"Expected twenty networks, got {losses.shape[1]}.")
    if losses.iloc[0].nunique() < 20:
        return Verdict(False, "Some of your networks have the same start: these are not twenty independent draws.")
    if len(losses) < 3:
        return Verdict(False, "These networks have hardly been trained. Leave the recipe as it is.")
    asked = initialise(replicate(build([2, 4, 1], nn.Tanh), 20), seed=0)
    if not np.allclose(losses.iloc[0], evaluate(asked, moons("train"), nn.BCELoss()), atol=1e-4):
        return Verdict(False, "Twenty networks, but not those that were asked for: is it still 2-4-1, with tanh, from the seed 0?")
    return Verdict(True, "Right: a column for each of the twenty, and no two of them alike.")


def how_often_faster(answer):
    """The share of pairs in which the first recipe's network arrives before the second's, with ties and infinity."""
    first, second = np.array([4, 5, 7, 9, np.inf]), np.array([5, 7, 9, 10, np.inf, np.inf])

    def right(first, second):
        return np.less.outer(first, second).mean()

    return judge_function(answer, [first, second], right, {
        "A tie is not faster, and of two that never arrive neither is: the comparison has to be strict.":
            lambda first, second: np.less_equal.outer(first, second).mean(),
        "Ties got half a win, as in the Mann-Whitney test. Here they do not count.":
            lambda first, second: (right(first, second) + np.less_equal.outer(first, second).mean()) / 2,
        "The other way round: that is how often the second recipe is faster.":
            lambda first, second: np.greater.outer(first, second).mean(),
        "The networks that never arrived were left out. They are the ones that lost their pairs.":
            lambda first, second: right(first[np.isfinite(first)], second[np.isfinite(second)]),
        "Pairs in which nobody arrives count among all pairs.":
            lambda first, second: right(first, second) / (1 - np.isinf(first).mean() * np.isinf(second).mean()),
        "Never to arrive is not to arrive at once: infinity must not become 0.":
            lambda first, second: right(np.where(np.isinf(first), 0, first), np.where(np.isinf(second), 0, second)),
        "Compare every network of the first recipe with every one of the second, not in the order of the lists.":
            lambda first, second: np.mean([a < b for a, b in zip(first, second)]),
        "That is the number of pairs. Divide by how many pairs there are.":
            lambda first, second: np.less.outer(first, second).sum(),
        "As a share, percent are divided by a hundred.": lambda first, second: 100 * right(first, second),
    }, others=[[np.array([3.0, np.inf]), np.array([2.0, 3, 8])]])


def two_treatments(job):
    """A job that trains sixteen networks and returns their arrival times, run with tanh and with sigmoid."""
    if job is ...:
        return Verdict(False, EMPTY)
    if not callable(job):
        return Verdict(False, f"Expected a function, got {type(job).__name__}: write its name without parentheses.")
    runs = []
    for activation, seed in [(nn.Tanh, 1), (nn.Tanh, 1), (nn.Tanh, 2), (nn.Sigmoid, 1)]:
        try:
            times = job(activation, seed)
        except Exception as error:  # whatever the reader's code raises is for the reader to see
            return Verdict(False, f"Your job stopped with {type(error).__name__}: {str(error).rstrip('.')}.")
        words = _no_times(times)
        if words:
            return Verdict(False, words)
        runs.append(as_numbers(times).flatten())
    return _comparison(*runs)


def _no_times(times):
    """Return what is wrong with the arrival times of a job, else an empty text."""
    if times is None or unanswered(times):
        return "Your job returns nothing yet: end it with return and the arrival times."
    try:
        numbers = as_numbers(times)
    except (TypeError, ValueError, RuntimeError):
        return f"Expected {NETWORKS} arrival times from your job, got {type(times).__name__}."
    if numbers.size != NETWORKS:
        return f"Expected {NETWORKS} arrival times from your job, got {numbers.size}."
    if np.isnan(numbers).any():
        return "Some times are NaN. A network that never arrives has the time infinity, np.inf."
    if (numbers == 0).any():
        return ("Some networks seem to arrive in epoch 0. Where no epoch qualifies, idxmax answers with the first one. "
                "Or is it the training loss? The threshold is for that on the evaluation data.")
    if (numbers[np.isfinite(numbers)] % 1 != 0).any() or (numbers < 0).any():
        return "Expected epochs, which are whole numbers, or infinity."
    return ""


def _comparison(tanh, again, other_seed, sigmoid):
    """Return the verdict on four runs of a job: tanh twice with one seed, with another seed, and the sigmoid."""
    if not np.array_equal(tanh, again):
        return Verdict(False, "The same job with the same seed gave two different results: something in it is drawn "
                              "without the seed.")
    if np.array_equal(tanh, other_seed):
        return Verdict(False, "Another seed, and the same result: hand the seed on to what trains the networks.")
    if np.array_equal(tanh, sigmoid):
        return Verdict(False, "Tanh and sigmoid gave the same result: hand the activation on.")
    if not np.isinf(sigmoid).any():
        return Verdict(False, f"All sigmoid networks seem to arrive. Within {EPOCHS} epochs some do not, and their "
                              "time is infinity, not the last epoch.")
    if np.less.outer(tanh, sigmoid).mean() < 0.9:
        return Verdict(False, "Your tanh networks are not clearly faster. With the recipe as given they are: leave it "
                              "as it is.")
    if np.array_equal(tanh[1:], other_seed[:-1]):
        return Verdict(False, "Seeds 1 and 2 share fifteen of their networks: draw all sixteen from one generator.")
    if pd.Series(tanh).rank().corr(pd.Series(other_seed).rank()) > 0.75:
        return Verdict(False, "With seeds 1 and 2, the same networks are fast and the same slow: do they start alike? "
                              "The seed must decide the starts as well as the shuffles.")
    if len(np.unique(tanh)) < 3:
        return Verdict(False, f"Your {NETWORKS} times are nearly all the same: are these {NETWORKS} networks, or one that is counted "
                              f"{NETWORKS} times?")
    known = [_times(), _times(one_generator=False)]
    if any(np.array_equal(tanh, times["evaluation"] + 1) for times in known):
        return Verdict(False, "Each time is an epoch too late. The history begins with epoch 0, before any training.")
    judged = {part for times in known for part in times if _same_arrivals(tanh, times[part])}
    if judged and "evaluation" not in judged:
        return Verdict(False, "These are the arrivals on other data, the train or the test data. The threshold is for the loss on the "
                              "evaluation data.")
    if (np.append(tanh, other_seed) > np.median(known[0]["evaluation"])).mean() < 0.15:  # with 2-4-1 it is a third or more
        return Verdict(False, "Your tanh networks arrive sooner than networks 2-4-1 do with this recipe. Leave the sizes "
                              "and the recipe as they are.")
    return Verdict(True, "Right, and the answer is yes: in nearly all pairs the tanh network is faster.")


def _same_arrivals(times, others):
    """Return whether all networks that arrive do so at the same times, most of them at least."""
    there = np.isfinite(times)
    return there.mean() > 0.5 and np.array_equal(times[there], others[there])


@cache
def _times(one_generator=True):
    """Return arrival times of the tanh networks for seed 1 on each part of the data; the seed starts one generator, or is used twice."""
    seed = torch.Generator().manual_seed(1) if one_generator else 1
    model = initialise(replicate(build([2, 4, 1], nn.Tanh), NETWORKS), seed)
    data = Batches(moons("train"), batch_size=8, seed=seed, replicas=NETWORKS)
    optim = torch.optim.SGD(model.parameters(), lr=1.0)
    watch = {part: partial(evaluate, data=moons(part), loss_fn=nn.BCELoss()) for part in ("train", "evaluation", "test")}
    with warnings.catch_warnings(action="ignore"):  # of networks that saturate
        there = train(model, data, nn.BCELoss(), optim, EPOCHS, watch=watch) <= THRESHOLD
    return {part: there[part].idxmax().where(there[part].any(), np.inf).to_numpy() for part in watch}
