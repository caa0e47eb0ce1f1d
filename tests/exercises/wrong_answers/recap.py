"""Typical wrong answers to the exercises on the whole book, with words of what their reader is told."""

import torch
from torch import nn

from lib.models import Perceptron, SimpleLinearNN, build, initialise
from lib.replicas import replicate
from lib.training import Batches
from self_checks.data import moons


def five_epochs(lines):
    """Return a network 2-4-1 after five epochs with a loop that does the given things in their order."""
    model = initialise(build([2, 4, 1]), seed=0)
    optim = torch.optim.SGD(model.parameters(), lr=0.03)
    data = Batches(moons("train"), batch_size=8, seed=0)
    for _ in range(5):
        for x, y in data:
            loss = nn.BCELoss()(model(x), y)
            for line in lines:
                {"reset": optim.zero_grad, "back": loss.backward, "step": optim.step}[line]()
    return model


def logit(learning_rate):
    """Return one neuron after three hundred steps with all of the data."""
    inputs, labels = moons("train")
    model = initialise(nn.Sequential(Perceptron(2, 1)), seed=0)
    optim = torch.optim.SGD(model.parameters(), lr=learning_rate)
    for _ in range(300):
        optim.zero_grad()
        nn.BCELoss()(model(inputs).clamp(0.001, 0.999), labels).backward()
        optim.step()
    return model


def logit_of_the_test_data():
    """Return the logit that fits the test data best, up to rounding."""
    inputs, labels = moons("test")
    model = initialise(nn.Sequential(Perceptron(2, 1)), seed=0)
    optim = torch.optim.LBFGS(model.parameters(), max_iter=200)

    def loss():
        optim.zero_grad()
        error = nn.BCELoss()(model(inputs), labels)
        error.backward()
        return error

    optim.step(loss)
    return model


HALF, LABELS = torch.full((200, 1), 0.5), torch.tensor([0.0, 1.0]).repeat(100)[:, None]
KNOWN = 1 - LABELS
POLL = torch.randint(2, (600, 1), generator=torch.Generator().manual_seed(0)).float()
GOOD = 0.2 + 0.6 * POLL

WRONG = {
    "swapped": [("a", "order matters"), ("b", "still there"), ("d", "still subtracts"), ("e", "Expected one of")],
    "parameters": [
        ([72, 5], "biases are missing"), ([72, 6], "logit is right"), ([85, 5], "constant"), ([95, 6], "not trained"),
        ([43, 6], "One layer is missing"), ([78, 6], "last layer"), (85, "Expected numbers of shape (2,)"),
    ],
    "no_effect": [
        (five_epochs(["back", "step"]), "Print a parameter"), (five_epochs(["back", "reset", "step"]), "where it started"),
        (five_epochs(["reset", "back"]), "where it started"), (nn.Sigmoid, "Expected the trained model"),
        (Perceptron(3, 1), "stopped with RuntimeError"), (initialise(build([2, 4, 1]), seed=1), "step by step"),
    ],
    "beats_every_logit": [
        (initialise(build([2, 8, 8, 1]), seed=0), "a coin"), (logit(1.0), "hidden layer"), (logit_of_the_test_data(), "a logit can reach"),
        (initialise(SimpleLinearNN(2, 1), seed=0), "end in a sigmoid"), (lambda inputs: inputs, "Expected the trained model"),
        (replicate(build([2, 1]), 3), "Expected predictions of shape"),
        (nn.Sequential(nn.Linear(2, 4), nn.Sigmoid()), "Expected predictions of shape"),
    ],
    "poll": [
        ([HALF, LABELS], "a list of three"), ([HALF, LABELS[:150], KNOWN], "200 predictions"),
        ([HALF[:50], LABELS[:50], KNOWN], "Too few"), ([HALF, LABELS + 1, KNOWN], "0 or 1"),
        ([HALF, LABELS, KNOWN[:3]], "Too few to learn"), ([HALF, LABELS, []], "Too few to learn"),
        ([torch.full((200, 1), POLL[:400].mean().item()), POLL[400:], POLL[:400]], "no better"),
        ([HALF, LABELS, 0 * LABELS], "same answer"), ([HALF + 3, LABELS, KNOWN], "between 0 and 1"),
        ([LABELS, LABELS, KNOWN], "These are labels"), ([HALF, LABELS, KNOWN], "no better"),
        ([HALF, LABELS, LABELS], "has not seen"), ([GOOD, POLL, POLL[:400]], "Some of those you predict"),
        ([GOOD[400:], POLL[400:], POLL], "Some of those you predict"),
        ([GOOD[:300], POLL[:300], POLL[:400]], "Some of those you predict"), ([LABELS, HALF, KNOWN], "come first"),
        ([0.5 + 0.2 * (LABELS - 0.5) * (torch.arange(200)[:, None] < 2), LABELS, KNOWN], "within two"),
        (["yes", "no", "yes"], "Expected numbers"), ([HALF, ..., LABELS], "Nothing to check"),
    ],
}
