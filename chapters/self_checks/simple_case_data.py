"""Self-checks for the exercises on all observations of the simple case."""

from functools import cache, partial

import numpy as np
import torch
from torch import nn

from lib.data import tensors
from lib.models import initialise
from self_checks.data import frame
from self_checks.verdict import OTHER, Misfit, Verdict, as_numbers, elsewhere, judge, judge_function, no_model, odd_one

ADDED = "Your gradients add up: one line looks like a reset, and does nothing."


def _path_of_torch(rate, memory):
    """Return where ten steps of torch's own momentum lead, parameters first and then velocities, (2, 10)."""
    parameter = nn.Parameter(torch.tensor(1.0))
    optim, places = torch.optim.SGD([parameter], lr=rate, momentum=memory), [[], []]
    for _ in range(10):
        optim.zero_grad()
        parameter.pow(2).backward()
        optim.step()
        places[0].append(parameter.item())
        places[1].append(optim.state[parameter]["momentum_buffer"].item())
    return places


@cache
def _line():
    """Return inputs and labels of the line, (100, 1) each."""
    return tensors(frame("line"), ["x"], ["y"])


def _ols(inputs, labels):
    """Return slope and intercept of the least-squares line."""
    return np.polyfit(inputs.flatten().double(), labels.flatten().double(), deg=1)


def _median_line(inputs, labels):
    """Return slope and intercept with the least absolute errors: of all lines through two observations, the best."""
    x, y = inputs.flatten().double().numpy(), labels.flatten().double().numpy()
    i, j = np.triu_indices(len(x), 1)
    slopes = (y[j] - y[i]) / (x[j] - x[i])
    intercepts = y[i] - slopes * x[i]
    best = np.abs(y - slopes[:, None] * x - intercepts[:, None]).mean(axis=1).argmin()
    return np.array([slopes[best], intercepts[best]])


def _by_sums(inputs, labels):
    """Return where the page's training for exercise 3 leads if the loss is the sum of the absolute errors."""
    line = torch.stack([parameter.detach().flatten() for parameter in initialise(nn.Linear(1, 1), seed=0, std=0.5).parameters()])
    design = torch.cat([inputs, torch.ones_like(inputs)], dim=1)
    for _ in range(300):
        line = line + 0.05 * design.T @ (labels - design @ line).sign()
    return line.flatten()


def rates(answer):
    """Predict first: what a step leaves of the distance, if a rate that halves it is taken times 2, 4 and 8."""
    x = _line()[0]
    halving = 0.5 / (2 * x.pow(2).mean())
    right = [1 - 2 * times * halving * x.pow(2).mean() for times in (2, 4, 8)]
    return judge(answer, right, {
        "That is what 2, 4 and 8 steps of the present rate leave. One large step does not stop on its way to look again.":
            [1 / 4, 1 / 16, 1 / 256],
        "It is the step that doubles with the rate. How far does the present one go, and how far one of twice the rate?":
            [1 / 4, 1 / 8, 1 / 16],
        "The sizes are right. But a step that covers more than the distance lands on the other side.": [0, 1, 3],
        "That is how far the step goes, in distances. What is left of the distance then?": [1, 2, 4],
    }, praise="Right: it arrives at once, jumps from side to side, runs away.")


def no_reset(answer):
    """Predict first: three steps on w squared from 8 at a rate of a quarter, with gradients that add up."""
    def path(memory, slope=2):
        w, kept, places = 8.0, 0.0, []
        for _ in range(3):
            kept = memory(kept) + slope * w
            w = w - kept / 4
            places.append(w)
        return places

    last_two = [8 - 16 / 4, 4 - (16 + 8) / 4, -2 - (8 - 4) / 4]
    return judge(answer, path(lambda kept: kept), {
        "That is the loop with a reset: each step has its own gradient alone.": path(lambda kept: 0),
        "The third step is off: .grad holds the sum of all gradients so far, not of the last two.": last_two,
        "The gradient of w squared is 2w, not w.": path(lambda kept: kept, slope=1),
        "These are the sums of the gradients. A step takes a quarter of each from w.": [16, 24, 20],
    }, praise="Right: past the minimum, and on.")


def outlier(answer):
    """The median regression of the line's data with ten gross outliers."""
    if words := no_model(answer):
        return Verdict(False, words)
    inputs, labels = _line()
    typed = labels.clone()
    typed[inputs.flatten().topk(10).indices] = -200
    followed, clean = _ols(inputs, typed), _ols(inputs, labels)
    line = np.concatenate([[], *(np.ravel(as_numbers(parameter)) for parameter in answer.parameters())])
    if len(line) != 2:
        return Verdict(False, f"Expected a regression line, with one weight and one bias, got {len(line)} parameters.")
    return judge(line, _median_line(inputs, typed), {
        f"This is still least squares, and follows the outliers: {followed[0]:.2f}, where the slope was {clean[0]:.2f}.":
            followed,
        "This is least squares without the outliers. Leave the data as they are, and change the loss.": clean,
        "This is the median regression without the outliers. Leave the data as they are, and change no more than the loss.":
            _median_line(inputs, labels),
        "Your loss is the sum of the absolute errors. Its steps are a hundred times those of the mean, and the line never settles.":
            _by_sums(inputs, typed),
    }, tolerance=0.02,
        praise=f"Right: your slope is {line[0]:.2f}. Least squares has {followed[0]:.2f}, without the outliers {clean[0]:.2f}.")


def published(answer):
    """The lecture's loop for one epoch, its gradients reset: run from the lecture's guess, by itself and after a loss curve."""
    def loop(forget=(), early=False, zero=True):
        def one_epoch(w, b, inputs, labels):
            for x, y in zip(inputs, labels):
                (y - (w * x + b)).pow(2).backward()
                reset = [parameter for name, parameter in (("w", w), ("b", b)) if name not in forget]
                if early:
                    _reset(reset)
                with torch.no_grad():
                    w -= 0.001 * w.grad
                    b -= 0.001 * b.grad
                if zero:
                    _reset(reset)
            return w.item(), b.item()

        return partial(_from_guess, one_epoch)

    inputs, labels = _line()
    function = partial(_from_guess, answer) if callable(answer) else answer
    verdict = judge_function(function, [inputs, labels, 0], loop(), {
        "Only the bias is reset: the gradients of the weight still add up.": loop(forget="w"),
        "Only the weight is reset: the gradients of the bias still add up.": loop(forget="b"),
        "Nothing moved: the gradients are reset before they are used. Reset them after the step.": loop(early=True),
        ADDED: loop(zero=False),
    }, praise="Right: with a reset, the line of the chapter.", tolerance=1e-4, others=[[inputs[40:], labels[40:], 1]])
    if verdict.words != ADDED:
        return verdict
    first, last = (_from_guess(answer, inputs[:rows], labels[:rows], 0, curve=True) for rows in (1, len(inputs)))
    return Verdict(False, f"{ADDED}\nAfter the loss curve, as in the lecture, one step leads to {_equation(first)},\n"
                          f"an epoch to {_equation(last)}: figures 4 and 5 as published.")


def _reset(parameters):
    """Set the gradients of all parameters to zero."""
    for parameter in parameters:
        parameter.grad.zero_()


def _from_guess(one_epoch, inputs, labels, seed, curve=False):
    """Return where a loop leads from a guess, the lecture's for seed 0, with the gradients of its loss curve left over or with none."""
    w, b = initialise(nn.Linear(1, 1), seed, std=0.5).parameters()
    if curve:
        for slope in (w, *torch.linspace(-1, 5, 100)):
            (labels[0] - (slope * inputs[0] + b)).pow(2).backward()
    return one_epoch(w, b, inputs, labels)


def _equation(line):
    """Return weight and bias as the equation of a line."""
    return f"{line[0]:.3f} x {line[1]:+.3f}"


def descend(answer):
    """The regression line by batch gradient descent from zero, in 500 epochs at a rate of 0.05; the first step is judged, too."""
    def one_step(x, y, rate, epochs, sign=1, size=1):
        return [sign * size * rate * 2 * (y * x).mean(), sign * size * rate * 2 * y.mean()]

    def in_turn(x, y, rate, epochs):
        w = rate * 2 * (y * x).mean()
        return [w, rate * 2 * (y - w * x).mean()]

    def by_row(x, y, rate, epochs):
        w, b = 0.0, 0.0
        for one, label in zip(x.flatten(), y.flatten()):
            error = label - (w * one + b)
            w, b = w + 2 * rate * error * one, b + 2 * rate * error
        return [w, b]

    function = partial(_flat, answer) if callable(answer) else answer
    end = judge_function(function, [*_line(), 0.05, 500], lambda x, y, *_: _ols(x, y), {
        "One step, and a right one. Repeat it epochs times, each from where the last one ended.": one_step,
        "These are in R's order. Return the weight first, then the bias.": lambda x, y, *_: _ols(x, y)[::-1],
        "The bias stayed at 0: it has a gradient and a step of its own.":
            lambda x, y, *_: [(x * y).sum() / x.pow(2).sum(), 0],
        "Your errors are those of every label with every input. Give both the same shape.": lambda x, y, *_: [0, y.mean()],
    }, praise="Right: this is OLS, to three decimals.", tolerance=0.0005)
    if not end.right and end.words != OTHER:
        return end
    few = [part[:60] for part in _line()]  # not so many that a fixed number of rows, or the page's own, would do
    start = judge_function(function, [*few, 0.03, 1], one_step, {
        "After one epoch it is OLS already: go there step by step, one step in each epoch.": lambda x, y, *_: _ols(x, y),
        "You step after every row, as stochastic descent does. Take one step in an epoch, with the mean over all rows.": by_row,
        "Your steps go uphill: subtract the gradient, whose own sign is minus here.": partial(one_step, sign=-1),
        "Your gradient is without its 2: the loss is a mean of squares.": partial(one_step, size=1 / 2),
        "The bias was updated with the new weight. Compute both gradients first, then take both steps.": in_turn,
        "Your gradient is a sum over all rows: take the mean.": partial(one_step, size=60),
        "Your gradient is a sum over all rows, and without its 2: the loss is a mean of squares.": partial(one_step, size=30),
        "Your step has another rate than the one that it is given.": lambda x, y, rate, epochs: one_step(x, y, 0.05, epochs),
        "Your sums are divided by a hundred. How many rows are there?": partial(one_step, size=0.6),
        "Your data are those of the page, not those that the function is given.": lambda x, y, *rest: one_step(*_line(), *rest),
    }, tolerance=1e-4)
    if end.right and "stopped with" in start.words:
        return elsewhere(start)
    if end.right and not start.right:
        hint = "Where does it start, and how many steps does it take?" if start.words == OTHER else start.words
        return Verdict(False, f"It ends at OLS, but the first step is not the one asked for. {hint}")
    if end.right:
        return end
    later = "The first step is right, but you do not end at OLS: does every step take gradients of its own?"
    return Verdict(False, later if start.right else start.words)


def _flat(function, *arguments):
    """Return what a function returns as plain numbers, so that [[w]], [[b]] counts as w, b."""
    result = function(*arguments)
    parts = result if isinstance(result, (list, tuple)) else [result]
    if any(value is ... or value is None for value in parts):
        return None
    return np.concatenate([np.ravel(_numbers(value)) for value in parts])


def _numbers(value):
    """Return what as_numbers does, and say in words what is no number."""
    try:
        return as_numbers(value)
    except (TypeError, ValueError, RuntimeError):
        raise Misfit(f"Expected numbers, got {odd_one([value])}.") from None


def momentum(answer):
    """Ten steps on a parabola with a momentum of 0.9, and of 0.5, beside those of torch.optim.SGD: parameters and velocities."""
    def changed(update):
        return lambda rate, memory: _path(update, rate, memory)[0]

    def part(place):
        return lambda rate, memory: (_path(answer, rate, memory) or [None, None])[place]

    cases = dict(praise="Right, step for step as torch does it.", tolerance=1e-4, others=[[0.05, 0.5]])
    parameters = judge_function(part(0) if callable(answer) else answer, [0.2, 0.9], lambda *given: _path_of_torch(*given)[0], {
        "Your velocity is not used, or forgotten at once: this is plain gradient descent.":
            changed(lambda p, v, g, rate, m: (p - rate * g, g)),
        "The parameter moved by the old velocity. Update the velocity first.":
            changed(lambda p, v, g, rate, m: (p - rate * v, m * v + g)),
        "The step goes uphill: subtract the velocity.": changed(lambda p, v, g, rate, m: (p + rate * (m * v + g), m * v + g)),
        "The new gradient counts in full: a weighted mean of both is another rule.":
            changed(lambda p, v, g, rate, m: (p - rate * (m * v + (1 - m) * g), m * v + (1 - m) * g)),
        "The learning rate is in the velocity and in the step; it belongs in one of them.":
            changed(lambda p, v, g, rate, m: (p - rate * (m * v + rate * g), m * v + rate * g)),
        "The old velocity comes in full: multiply it by the momentum.":
            changed(lambda p, v, g, rate, m: (p - rate * (v + g), v + g)),
        "The parameter is as it was: the step is missing.": changed(lambda p, v, g, rate, m: (p, v)),
        "Return the parameter first and the velocity second.":
            changed(lambda p, v, g, rate, m: (m * v + g, p - rate * (m * v + g))),
    }, **cases)
    if parameters.words == OTHER and np.isclose(part(0)(0.2, 0.9)[0], _path_of_torch(0.2, 0.9)[0][0]):
        return Verdict(False, "The first step is right, and a later one is not. Does your function use all of its arguments?")
    if not parameters.right:
        return parameters
    velocities = judge_function(part(1), [0.2, 0.9], lambda *given: _path_of_torch(*given)[1], {}, **cases)
    return velocities if velocities.right else Verdict(
        False, "The parameters are right, but the velocity is not torch's. In the formula the learning rate is in the step alone, "
               "not in the velocity: once the rate changes, the two rules part.")


def _path(step, rate, memory):
    """Return where ten steps of an update rule on w squared lead from 1, and the velocities, (2, 10); None if it returns none."""
    parameter, velocity, places = torch.tensor(1.0), torch.tensor(0.0), [[], []]
    for _ in range(10):
        result = step(parameter, velocity, 2 * parameter, rate, memory)
        if result is None or result is ...:
            return None
        parts = list(result) if isinstance(result, (list, tuple)) else np.atleast_1d(_numbers(result)).tolist()
        if len(parts) != 2:
            raise Misfit(f"Expected two results, parameter and velocity, got {len(parts)}.")
        parameter, velocity = (torch.tensor(_numbers(value)).float() for value in parts)
        if parameter.numel() != 1 or velocity.numel() != 1:
            raise Misfit("Expected one number for the parameter and one for the velocity.")
        places[0].append(parameter.item())
        places[1].append(velocity.item())
    return places
