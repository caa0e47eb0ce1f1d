"""Self-checks for the exercises on effects and their noise."""

import math
from functools import cache

import numpy as np
import torch
from scipy import stats
from torch import nn

from lib.models import Perceptron, Standardise, build, initialise
from lib.statistics import marginal_effects
from self_checks.data import frame
from self_checks.verdict import OTHER, Verdict, as_numbers, judge, judge_function

# What torch says of two slips, and what to say in its place.
TORCHS = {
    "only for scalar outputs": "torch.autograd.grad differentiates one number, and the model gives one for each respondent: "
                               "add them up first. Each depends on its own inputs alone, so no slope is mixed with another.",
    "does not require grad": "The inputs must ask for gradients before the model sees them: inputs.requires_grad_().",
}


def slope_and_step(answer):
    """By hand: the average marginal effect and the average step of one point, at odds of 1 and 4 that double with each."""
    weight, z = math.log(2), torch.tensor([1.0, 4.0]).log()
    p, above, below = z.sigmoid(), (z + weight).sigmoid(), (z - weight).sigmoid()
    slopes, steps = p * (1 - p) * weight, above - p
    slope, step = slopes.mean(), steps.mean()
    at_mean = p.mean() * (1 - p.mean()) * weight
    in_between = z.mean().sigmoid() * (1 - z.mean().sigmoid()) * weight
    return judge(answer, [slope, step], {
        "For the slope, the weight is missing: it is p (1 - p) times the weight.": [slope / weight, step],
        "That is the slope at the average probability. Average the two slopes instead.": [at_mean, step],
        "That is the marginal effect at the mean, of a respondent halfway between the two. Average the two slopes instead.":
            [in_between, step],
        "For the slope, the factor 1 - p is missing.": [p.mean() * weight, step],
        "For the step, you went one point down. Up, the odds double.": [slope, (p - below).mean()],
        "These are sums over the two respondents: divide by two.": [slopes.sum(), steps.sum()],
        "The slope and the step are the other way round.": [step, slope],
        "The step is no slope: compute both probabilities after the odds have doubled.": [slope, slope],
        "The slope has to be that at the point itself, with a weight in it, not the difference of two probabilities.":
            [step, step],
        "The slope is right. For the step, odds are no probabilities: odds of 2 are a probability of 2/3.": [slope, 2.5],
    }, tolerance=0.002)


def two_noises(answer):
    """Predict first: the noise of the sample alone, and that of the start in a mean over nine."""
    sample, start = (5**2 - 3**2) ** 0.5, 3 / 9**0.5
    return judge(answer, [sample, start], {
        "Standard deviations cannot be subtracted. Variances can, if the two parts are independent.": [5 - 3, start],
        "Answer in percentage points.": [sample / 100, start / 100],
        "These are variances. Take their roots.": [sample**2, start**2],
        "The first is a variance. Take its root.": [sample**2, start],
        "The second should fall with the root of the number of starts.": [sample, 3 / 9],
        "The second is that of a single start. A mean over nine has less.": [sample, 3],
        "The noise of 5 contains that of the start already: take it out, do not add it.": [(5**2 + 3**2) ** 0.5, start],
        "The first is that of sample and start together. Take the start out of it.": [5, start],
        "The second is sample and start together. The question is what the start still contributes.":
            [sample, (sample**2 + start**2) ** 0.5],
    })


def spread_over_starts(answer):
    """The standard deviation over networks of the average marginal effects."""
    generator = torch.Generator().manual_seed(0)
    networks, respondents = (torch.randn(shape, generator=generator) for shape in [(20, 1, 3), (1, 944, 3)])
    effects = 0.5 * networks + 2 * respondents + torch.randn(20, 944, 3, generator=generator)
    return judge_function(answer, [effects], lambda effects: effects.mean(dim=1).std(dim=0), {
        "That is how much respondents differ, each averaged over the networks. The question is how much networks differ.":
            lambda effects: effects.mean(dim=0).std(dim=0),
        "There is no average in it: that is the spread over networks and respondents at once.":
            lambda effects: effects.flatten(0, 1).std(dim=0),
        "That is the spread over starts for each respondent, then averaged. First average, then take the spread.":
            lambda effects: effects.std(dim=0).mean(dim=0),
        "That is the spread over respondents in each network, then averaged.": lambda effects: effects.std(dim=1).mean(dim=0),
        "Nearly: the standard deviation of a sample divides by one less than the number of networks.":
            lambda effects: effects.mean(dim=1).std(dim=0, correction=0),
        "That is the average effect itself. Return its spread.": lambda effects: effects.mean(dim=(0, 1)),
        "That is the standard error of a mean over the networks. The spread of single networks is a standard deviation.":
            lambda effects: effects.mean(dim=1).std(dim=0) / len(effects) ** 0.5,
        "That is a variance. The spread is its root, a standard deviation.": lambda effects: effects.mean(dim=1).var(dim=0),
    }, tolerance=0.0005, others=[[3 * effects[:7, :50]]])


def slopes(answer):
    """Marginal effects by back-propagation, on a network against lib and on one neuron against the formula."""
    inputs = torch.tensor([[4.0, 2, 5], [6, 2, 5], [3, 3, 6], [5, 4, 4], [2, 1, 7]])
    network = initialise(nn.Sequential(Standardise(inputs), *build([3, 4, 1], nn.Tanh)), seed=0)
    neuron = initialise(nn.Sequential(Standardise(inputs), Perceptron(3, 1)), seed=0)

    def formula(model, inputs):
        p, beta = model(inputs), model[1].weights.flatten() / model[0].std
        return p * (1 - p) * beta

    def log_odds(model, inputs):
        return marginal_effects(model, inputs) / (model(inputs) * (1 - model(inputs)))

    def known(model, inputs):
        return formula(model, inputs) if model[1].weights.shape[1] == 1 else marginal_effects(model, inputs)

    slips = {
        "Each slope is too small by the number of respondents: that is the gradient of the mean. Which number is not divided?":
            lambda model, inputs: marginal_effects(model, inputs) / len(inputs),
        "These are slopes of the log odds. Differentiate the prediction itself.": log_odds,
        "These are the inputs. Return what torch.autograd.grad returns, its first entry.": lambda model, inputs: inputs,
        "That is a step of one whole point. The slope is the derivative where the respondent stands.": lambda model, inputs:
            torch.cat([model(inputs + point) - model(inputs) for point in torch.eye(inputs.shape[1])], dim=1),
    }
    verdict = judge_function(answer, [network, inputs], known, slips, "Right, for a network and for one neuron.", tolerance=0.0001,
                             others=[[neuron, 0.5 + inputs[:4]]])
    if verdict.words == OTHER and judge_function(answer, [network, inputs], marginal_effects, {}, tolerance=0.01).right:
        return Verdict(False, "Nearly. Is it a numerical derivative? With seven digits it is not exact enough: "
                              "let torch.autograd.grad do it.")
    for torchs, words in TORCHS.items():
        if torchs in verdict.words:
            return Verdict(False, words)
    return verdict


def percentile_interval(answer):
    """The 95 percent percentile interval of a mean, by the bootstrap, up to the noise of ten thousand draws."""
    ages = torch.tensor(_ages())
    error = (ages.std() / len(ages) ** 0.5).item()

    def around(reach):
        return lambda values, draws, generator: [values.mean() - reach * error, values.mean() + reach * error]

    def right(values, draws, generator):
        return _bootstrap()

    generator = torch.Generator().manual_seed(0)
    before = generator.get_state()
    verdict = judge_function(answer, [ages, 10_000, generator], right, {
        "The interval has no length: without replacement, every sample is the whole sample.": around(0),
        "Those are percentiles of the respondents. The interval is for their mean: take it in each sample first.":
            lambda values, draws, generator: values.quantile(torch.tensor([0.025, 0.975])),
        "That leaves five percent out on each side. How much on each, for 95 percent in between?": around(1.645),
        "That is one standard error in each direction, about 68 percent.": around(1),
        "That is 99 percent.": around(2.576),
        "Far too short: each mean must be over as many respondents as there are, not over the draws.":
            around(1.96 * (len(ages) / 10_000) ** 0.5),
        "Low comes first, then high.": lambda values, draws, generator: _bootstrap()[::-1],
    }, f"Right. The formula, 1.96 standard errors in each direction, gives an interval {2 * 1.96 * error:.1f} years long.",
        tolerance=0.15 * error)
    if not verdict.right:
        return verdict
    if torch.equal(before, generator.get_state()):
        return Verdict(False, "The interval is right, but nothing was drawn with generator.")
    length = judge_function(lambda *given: np.ptp(as_numbers(answer(*given))), [ages, 1, generator], lambda *_: 0, {}, tolerance=0)
    if not length.right:
        return length if "stopped" in length.words else Verdict(
            False, "Right for ten thousand draws. With draws=1 there is one mean, so low equals high, and yours differ. "
                              "Is draws used?")
    few = torch.tensor([0.0] * 57 + [100.0] * 3)  # three of sixty: their number in a sample is binomial
    ends = [100 * stats.binom.ppf(share, len(few), 3 / len(few)) / len(few) for share in (0.025, 0.975)]
    skewed = judge_function(answer, [few, 10_000, generator], lambda *_: ends, {}, tolerance=0.5)
    if not skewed.right:
        return skewed if "stopped" in skewed.words else Verdict(
            False, "Right for the ages, whose means spread evenly to both sides. For skewed data you return something else: "
                   "the ends are percentiles of the means themselves.")
    return verdict


@cache
def _bootstrap():
    """Return the interval from many draws of its own."""
    ages = torch.tensor(_ages())
    rows = torch.randint(len(ages), (40_000, len(ages)), generator=torch.Generator().manual_seed(1))
    return ages[rows].mean(dim=1).quantile(torch.tensor([0.025, 0.975])).tolist()


@cache
def _ages():
    """Return the ages of the respondents in the evaluation data."""
    anes = frame("anes96")
    return anes.age[anes.split == "evaluation"].astype(float).tolist()
