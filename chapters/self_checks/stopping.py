"""Self-checks for the exercises on stopping."""


import pandas as pd
import torch
from torch import nn

from lib.models import build, initialise, state
from lib.training import Batches, evaluate
from lib.training import early_stopping as rule_of_lib
from self_checks.data import moons
from self_checks.verdict import Misfit, Verdict, judge, judge_function

TRAINING = [.69, .55, .46, .41, .37, .33, .30, .27, .25, .23, .21]
EVALUATION = [.70, .58, .50, .52, .47, .44, .46, .45, .49, .48, .53]
TEST = [.71, .60, .53, .51, .50, .51, .48, .52, .55, .57, .60]
PATIENCE = 20
ENDLESS = "Your function trains on and on: let it end when the rule says so."


def two_curves(answer):
    """By hand: the best epoch of two learning curves, and the last one if training stops when it is three epochs back."""
    best = EVALUATION.index(min(EVALUATION))
    last = next(epoch for epoch in range(len(EVALUATION)) if _rule(EVALUATION[:epoch + 1], 3))
    end = len(TRAINING) - 1
    return judge(answer, [best, last], {
        "Count from 0: the first number is the random start.": [best + 1, last + 1],
        "The first is right. For the second, count the best epoch as 0 epochs ago.": [best, last - 1],
        "The first is right. The rule does not wait until the best is more than three epochs ago.": [best, last + 1],
        "The first is right. But the rule would not let the training go on to the end of the lists.": [best, end],
        "The training loss falls as long as one trains. Which curve shows how the network does on other data?": [end, end],
        "One rise is not the end: a lower loss follows before three epochs have passed.": [2, 2 + 3],
    }, tolerance=0.1)


def squashed_twice(answer):
    """By hand: what the classifiers that always say one half, or always 0, score on the lecture's scale."""
    labels = torch.tensor([0.0, 1.0])
    half, zero, one = (nn.BCEWithLogitsLoss()(torch.full((2,), pred), labels) for pred in (0.5, 0.0, 1.0))
    perfect, true_half = nn.BCEWithLogitsLoss()(labels, labels), nn.BCELoss()(torch.tensor([0.5, 0.5]), labels)
    return judge(answer, [half, zero], {
        "The second is right. The first is the true cross-entropy: squash the prediction of one half once more.":
            [true_half, zero],
        "Both are right, in the other order.": [zero, half],
        "The first is right. The second is for a classifier that always says 1.": [half, one],
        "The first is right. The second is the score of a perfect classifier: this one is right only for the label 0.":
            [half, perfect],
        "These are sums over two observations, one with each label. The loss is their mean.": [2 * half, 2 * zero],
        "These are the squashed predictions. Now take their cross-entropy with the labels.": torch.tensor([0.5, 0.0]).sigmoid(),
        "The loss is minus the mean of the logs.": [-half, -zero],
        **{f"{kind} These are the true cross-entropies. On the lecture's scale, predictions are squashed once more.": [true_half, none]
           for kind, none in (("Infinity is right for the second.", torch.inf), ("torch's 50 stands for infinity.", 50.0))},
    })


def honest_report(answer):
    """A function that chooses an epoch on the evaluation data and reports its loss on the test data."""
    curves = pd.DataFrame({"training": TRAINING, "evaluation": EVALUATION, "test": TEST})
    said = lambda by, on: lambda given: [given[by].idxmin(), given[on][given[by].idxmin()]]
    too_good = "The data that chose the epoch also report its loss, which is the lowest of many: too good by luck."
    return judge_function(answer, [curves], said("evaluation", "test"), {
        f"{too_good} The report is the right one to make; the choice is not.": said("test", "test"),
        f"{too_good} The choice is the right one to make; the report is not.": said("evaluation", "evaluation"),
        "Two sets of data, as it should be, but in each other's place: evaluation data are there to choose, test data to report.":
            said("test", "evaluation"),
        "The training loss falls for as long as one trains, so it would always choose one of the last epochs.":
            said("training", "test"),
        "Neither the choice nor the report may come from the data that the network was fitted to.": said("training", "training"),
        "The network was fitted to the training data: its loss there says nothing about new data.":
            said("evaluation", "training"),
    }, praise="Right: one set of data chooses, another reports.", tolerance=1e-3, others=[[curves.head(5)]])


def is_over(answer):
    """The rule that stops once the best epoch is `patience` epochs ago."""
    cases = [(EVALUATION[:epoch + 1], patience) for patience in (1, 2, 3, 4) for epoch in range(len(EVALUATION))]
    silent = []  # for each case, whether the reader's function returns nothing

    def on_all(rule):
        return lambda: [bool(rule(list(losses), patience)) for losses, patience in cases]

    def answers():
        given = [answer(list(losses), patience) for losses, patience in cases]
        silent[:] = [one is None for one in given]
        return None if all(silent) else list(map(_truth, given))

    if not callable(answer):
        return judge_function(answer, [], None, {})
    ago = lambda losses: len(losses) - 1 - losses.index(min(losses))
    verdict = judge_function(answers, [], on_all(_rule), {
        "One epoch too late: the rule stops when the best epoch is `patience` epochs ago, not more than that.":
            on_all(lambda losses, patience: ago(losses) > patience),
        "One epoch too early: the present epoch is 0 epochs ago.": on_all(lambda losses, patience: ago(losses) >= patience - 1),
        "True and False have changed places: True means stop.": on_all(lambda losses, patience: ago(losses) < patience),
        "It stops in one epoch only. If the best is even longer ago, that is a reason to stop, too.":
            on_all(lambda losses, patience: ago(losses) == patience),
        "It stops as soon as the best epoch is not the present one: let it wait for `patience` epochs.":
            on_all(lambda losses, patience: ago(losses) > 0),
        "It compares with one earlier epoch only. What counts is where the lowest of all losses lies.":
            on_all(lambda losses, patience: len(losses) > patience and losses[-1] > losses[-1 - patience]),
        "It waits for losses that rise without a break. They go up and down: what counts is how long ago the lowest was.":
            on_all(lambda losses, patience: len(losses) > patience and all(
                before < after for before, after in zip(losses[-patience - 1:], losses[-patience:]))),
        "It stops in every case.": on_all(lambda losses, patience: True),
        "It never stops.": on_all(lambda losses, patience: False),
    }, praise="Right, whatever the patience.")
    if verdict.right and any(silent):
        return Verdict(False, "It returns nothing where it should go on: end it with return False.")
    return verdict


def early_stopping(answer):
    """A function that trains a model until the rule ends it, and leaves it with the parameters of its best epoch."""
    if not callable(answer):
        return judge_function(answer, [], None, {})
    run = _Run()
    try:
        answer(run.model, run.next_epoch, run.evaluation_loss, lambda losses: _rule(losses, PATIENCE))
    except Misfit as error:
        return Verdict(False, str(error))
    except Exception as error:  # whatever the reader's code raises is for the reader to see
        return Verdict(False, f"Your function stopped with {type(error).__name__}: {str(error).rstrip('.')}.")
    last = len(run.losses) - 1
    best = run.losses.index(min(run.losses))
    if last == 0:
        return Verdict(False, "The model has not been trained yet: call next_epoch(model) in a loop.")
    if last - best != PATIENCE:
        after = f"{last - best} epoch{'s' * (last - best != 1)} after the best one" if last > best else "at the best one"
        return Verdict(False, f"The patience was {PATIENCE}, but training ended {after}. "
                              "Ask the rule after every epoch, with all losses so far.")
    end = state(run.model)
    if _same(end, run.states[best]):
        return Verdict(True, "Right: trained until the rule ended it, then back to the best epoch.")
    if _same(end, run.states[last]):
        return Verdict(False, f"It ended in time, but the model is still that of the last epoch, {last}. "
                              "Load the parameters of the best one, from a copy: "
                              "state(model) makes one, model.state_dict() goes along with the model.")
    return Verdict(False, "It ended in time, but the parameters are neither those of the last epoch nor those of the best. "
                          "Copy them whenever the newest loss is the lowest so far.")


class _Run:
    """A network to be trained on the noisy moons, and what became of it after each epoch."""

    def __init__(self):
        self.model = initialise(build([2, 16, 16, 1], nn.Tanh), seed=1, std=0.5)
        self.optim = torch.optim.SGD(self.model.parameters(), lr=0.3)
        self.data = Batches(moons("train", "noisy_moons"), batch_size=15, seed=1)
        self.asked, self.losses, self.states = 0, [], []
        self.note()

    def note(self):
        self.losses.append(evaluate(self.model, moons("evaluation", "noisy_moons"), nn.BCELoss()))
        self.states.append(state(self.model))

    def next_epoch(self, model):
        if model is not self.model:
            raise Misfit("next_epoch was handed another model than the one that your function is given: train that one, not a copy.")
        for inputs, labels in self.data:
            self.optim.zero_grad()
            nn.BCELoss()(model(inputs), labels).backward()
            self.optim.step()
        self.note()
        if len(self.losses) > 300:
            raise Misfit(ENDLESS)

    def evaluation_loss(self, model):
        self.asked += 1
        if self.asked > 2000:
            raise Misfit(ENDLESS)
        return evaluate(model, moons("evaluation", "noisy_moons"), nn.BCELoss())


def _rule(losses, patience):
    """Return whether early stopping in lib would end the training after these evaluation losses."""
    return bool(rule_of_lib(patience)(None, {"evaluation_loss": losses}))


def _truth(value):
    """Return a truth value of any kind as one of Python's."""
    try:
        return bool(value)
    except (RuntimeError, ValueError):  # of several numbers
        raise Misfit("Expected True or False, got several values at once.") from None


def _same(one, other):
    """Return whether two copies of a model's parameters are equal."""
    return all(torch.equal(one[name], other[name]) for name in one)
