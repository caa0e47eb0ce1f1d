"""Self-checks for the exercises on one observation."""

import torch

from self_checks.verdict import judge, judge_choice, judge_function

X, Y = torch.tensor(2.0), torch.tensor(5.0)
OBSERVATIONS = [  # w, b, x, y: above the line, below it, below it because of b; then two above lines with another w and another b
    [0.5, 1.0, -3.0, 4.0], [0.5, 1.0, 2.0, -4.0], [0.5, 1.0, 2.0, 1.5], [-1.0, 1.0, 3.0, 0.5], [0.5, -2.0, 1.0, 1.0],
]


def prediction_and_loss(answer):
    """By hand: y hat and squared error of the line 1.5x - 1 for the observation (2, 5)."""
    predicted = 1.5 * X - 1
    return judge(answer, [predicted, (Y - predicted) ** 2], {
        "The second number is the error. The loss is its square.": [predicted, Y - predicted],
        "The intercept was left out of the prediction.": [1.5 * X, (Y - 1.5 * X) ** 2],
        "The intercept is -1, not 1: subtract it.": [1.5 * X + 1, (Y - 1.5 * X - 1) ** 2],
        "The prediction comes first, then the loss.": [(Y - predicted) ** 2, predicted],
    })


def direction(answer):
    """Predict first: where a gradient of 6 with respect to the weight and -2 to the bias sends the two."""
    return judge_choice(answer, "b", {
        "a": "That is uphill: along the gradient the loss rises. Descent subtracts it.",
        "b": "Right: against the sign of each gradient.",
        "c": "Each parameter has its own gradient, and its own sign.",
        "d": "Where the line stands now does not matter, only which way the loss falls.",
    })


def absolute_gradient(answer):
    """The gradient of |y - (wx + b)| with respect to w and b: above the line, below it, and where the bias decides which it is."""
    first, *others = [list(map(torch.tensor, case)) for case in OBSERVATIONS]

    def right(w, b, x, y):
        sign = torch.sign(y - (w * x + b))
        return [-sign * x, -sign]

    return judge_function(answer, first, right, {
        "The bias is missing from the error: with it, some observations are on the other side of the line.":
            lambda w, b, x, y: right(w, 0, x, y),
        "Right where the observation lies above the line. Below it the error is negative: "
        "what is the slope of the absolute value there?": lambda w, b, x, y: [-x, -torch.ones(())],
        "The gradient with respect to the weight is right. That with respect to the bias has the sign of the error in it, too.":
            lambda w, b, x, y: [right(w, b, x, y)[0], -torch.ones(())],
        "That is the gradient of the squared error. The absolute error has the same slope however far off it is.":
            lambda w, b, x, y: [-2 * (y - (w * x + b)) * x, -2 * (y - (w * x + b))],
        "The minus sign is missing: the prediction enters the error with a minus.":
            lambda w, b, x, y: [torch.sign(y - (w * x + b)) * x, torch.sign(y - (w * x + b))],
        "For the weight, the chain rule has one more factor: the derivative of wx + b with respect to w is x.":
            lambda w, b, x, y: [-torch.sign(y - (w * x + b)), -torch.sign(y - (w * x + b))],
    }, others=others)


def one_step(answer):
    """One update of w and b, plain numbers, for an observation: 0.5 and 1 for (2, 5) at a rate of 0.1, and another."""
    def right(w, b, x, y, learning_rate):
        change_w, change_b = change(w, b, x, y, learning_rate)
        return [w + change_w, b + change_b]

    def change(w, b, x, y, learning_rate):
        error = y - (w * x + b)
        return [learning_rate * 2 * error * x, learning_rate * 2 * error]

    def no_bias(w, b, x, y, learning_rate):
        change_w, change_b = change(w, 0, x, y, learning_rate)
        return [w + change_w, b + change_b]

    def swapped(w, b, x, y, learning_rate):
        change_w, change_b = change(b, w, x, y, learning_rate)
        return [w + change_w, b + change_b]

    def uphill(w, b, x, y, learning_rate):
        error = y - (w * x + b)
        return [w - learning_rate * 2 * error * x, b - learning_rate * 2 * error]

    def in_turn(w, b, x, y, learning_rate):
        w = w + learning_rate * 2 * (y - (w * x + b)) * x
        return [w, b + learning_rate * 2 * (y - (w * x + b))]

    def gradient(w, b, x, y, learning_rate):
        error = y - (w * x + b)
        return [-2 * error * x, -2 * error]

    def without(factor):
        def slip(w, b, x, y, learning_rate):
            change_w, change_b = change(w, b, x, y, learning_rate)
            return [w + change_w / (x if factor == "x" else 2), b + change_b / (1 if factor == "x" else 2)]
        return slip

    return judge_function(answer, [0.5, 1.0, 2.0, 5.0, 0.1], right, {
        "That is the step itself. Add it to where the parameter was.": change,
        "The bias is missing from the prediction.": no_bias,
        "Weight and bias have changed places in the prediction.": swapped,
        "You start from 0, whatever w and b are. Start where they are.": lambda w, b, *rest: right(0, 0, *rest),
        "Your step goes uphill: subtract the gradient, whose own sign is minus here.": uphill,
        "The bias was updated with the new weight. Compute both gradients first, then take both steps.": in_turn,
        "These are the gradients. The step subtracts the learning rate times each from its parameter.": gradient,
        "The gradient of a square has a factor 2.": without("2"),
        "For the weight, the chain rule has one more factor: the derivative of wx + b with respect to w is x.": without("x"),
        "The learning rate is left out: the step is the rate times the gradient.": lambda w, b, x, y, _: right(w, b, x, y, 1),
    }, others=[[-1.0, 2.0, 3.0, 1.5, 0.01]])
