"""Typical wrong answers to the exercises on stopping, with words of what their reader is told."""

import copy
import math

import numpy as np

from lib.models import state
from wrong_answers.stuck import stuck_in_turn


def _ago(losses):
    """Return how many epochs ago the best one was."""
    return len(losses) - 1 - losses.index(min(losses))


def _rising(losses, patience):
    """Return whether the last `patience` losses each lie above the one before."""
    last = losses[-patience - 1:]
    return len(last) > patience and sorted(last) == last


def _early_stopping(rule=None, keep=state, load=True, when=lambda losses: losses[-1] == min(losses)):
    """Return early stopping with one thing done differently."""
    def train_early(model, next_epoch, evaluation_loss, is_over):
        losses, best = [evaluation_loss(model)], keep(model)
        while not (rule or is_over)(losses):
            next_epoch(model)
            losses.append(evaluation_loss(model))
            if when(losses):
                best = keep(model)
        if load:
            model.load_state_dict(best)
    return train_early


def _forgetful(model, next_epoch, evaluation_loss, is_over):
    """Ask for the loss over and over, and never train."""
    while not is_over([evaluation_loss(model)]):
        pass


HALF = -(math.log(1 / (1 + math.exp(-0.5))) + math.log(1 / (1 + math.exp(0.5)))) / 2
WRONG = {
    "two_curves": [
        ([6, 9], "Count from 0"), ([5, 7], "0 epochs ago"), ([5, 9], "does not wait"), ([5, 10], "end of the lists"),
        ([10, 10], "Which curve"), ([2, 5], "One rise"), ([0, 0], "step by step"), (5, "got one number"),
    ],
    "squashed_twice": [
        ([math.log(2), math.inf], "true cross-entropies"), ([math.log(2), 50], "true cross-entropies"),
        ([math.log(2), math.log(2)], "true cross-entropy"), ([math.log(2), HALF], "other order"),
        ([HALF, 0.813], "always says 1"),
        ([HALF, 0.503], "perfect classifier"), ([2 * HALF, 2 * math.log(2)], "mean"), ([0.622, 0.5], "squashed predictions"),
        ([-HALF, -math.log(2)], "minus the mean"), ([0, 0], "step by step"),
    ],
    "honest_report": [
        (lambda curves: (curves.test.idxmin(), curves.test.min()), "the choice is not"),
        (lambda curves: (curves.evaluation.idxmin(), curves.evaluation.min()), "the report is not"),
        (lambda curves: (curves.test.idxmin(), curves.evaluation[curves.test.idxmin()]), "each other's place"),
        (lambda curves: (curves.training.idxmin(), curves.test[curves.training.idxmin()]), "one of the last"),
        (lambda curves: (curves.training.idxmin(), curves.training.min()), "Neither"),
        (lambda curves: (curves.evaluation.idxmin(), curves.training[curves.evaluation.idxmin()]), "fitted to the training data"),
        (lambda curves: curves.test.min(), "got one number"), (lambda curves: curves["tests"], "KeyError"),
        *stuck_in_turn(lambda curves: (curves.evaluation.idxmin(), curves.test[curves.evaluation.idxmin()]), curves="all of its arguments"),
    ],
    "is_over": [
        (lambda losses, patience: _ago(losses) > patience, "too late"),
        (lambda losses, patience: _ago(losses) >= patience - 1, "too early"),
        (lambda losses, patience: _ago(losses) < patience, "changed places"),
        (lambda losses, patience: _ago(losses) == patience, "in one epoch only"),
        (lambda losses, patience: losses[-1] > min(losses), "let it wait"),
        (lambda losses, patience: len(losses) > patience and losses[-1] > losses[-patience - 1], "one earlier epoch"),
        (_rising, "without a break"), (lambda losses, patience: True, "in every case"),
        (lambda losses, patience: False, "never stops"), (lambda losses, patience: print, "in every case"),
        (lambda losses: True, "TypeError"), (lambda losses, patience: None, "returns nothing yet"),
        (lambda losses, patience: np.diff(losses) > 0 if len(losses) > 2 else True, "got several values at once"),
        (lambda losses, patience: True if _ago(losses) >= patience else None, "nothing where it should go on"),
        (lambda losses, patience: True if _ago(losses) > patience else None, "too late"),
        *stuck_in_turn(lambda losses, patience: _ago(losses) >= patience, losses="never stops", patience="let it wait"),
    ],
    "early_stopping": [
        (_early_stopping(load=False), "still that of the last epoch"),
        (_early_stopping(keep=lambda model: model.state_dict()), "state(model) makes one"),
        (_early_stopping(when=lambda losses: len(losses) == 2), "neither those of the last epoch"),
        (_early_stopping(rule=lambda losses: len(losses) > 50), "Ask the rule after every epoch"),
        (_early_stopping(rule=lambda losses: False), "on and on"), (_forgetful, "on and on"),
        (lambda *arguments: None, "not been trained"), (lambda model: model, "TypeError"),
        (lambda model, next_epoch, evaluation_loss, is_over: _early_stopping()(
            copy.deepcopy(model), next_epoch, evaluation_loss, is_over), "not a copy"),
        (lambda model, next_epoch, evaluation_loss, is_over: _early_stopping()(model, lambda model: None, evaluation_loss, is_over),
         "not been trained"),
        (lambda model, next_epoch, evaluation_loss, is_over: _early_stopping()(model, next_epoch, lambda model: 0.7, is_over),
         "Ask the rule after every epoch"),
    ],
}
