"""The chief claims of the chapters on runs and on the survey hold for other starts, shuffles, folds and samples than the chapters'."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
import torch
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold
from torch import nn
from torch.nn import functional

from lib.data import splits, tensors
from lib.models import Perceptron, SimpleLinearNN, Standardise, build, initialise, predict
from lib.replicas import replicate
from lib.statistics import average_marginal_effects
from lib.studies import study
from lib.training import Batches, early_stopping, evaluate, train
from tools.book import ROOT

MOONS, NOISY = (splits(pd.read_csv(ROOT / "data" / f"{name}.csv"), ["x1", "x2"], ["y"]) for name in ("moons", "noisy_moons"))
PLACEMENTS = ["selfLR", "ClinLR", "DoleLR"]
ANES = pd.read_csv(ROOT / "data" / "anes96.csv")
ANES["reversed"] = (ANES.ClinLR > ANES.DoleLR).astype(int)
INPUTS, VOTES = tensors(ANES, PLACEMENTS, ["vote"])


class Proximity(nn.Module):
    """How many points nearer Dole stands than Clinton."""

    def forward(self, inputs):
        own, clinton, dole = inputs.split(1, dim=-1)
        return (own - clinton).abs() - (own - dole).abs()


ANES["proximity"] = Proximity()(INPUTS).flatten().numpy()


def survey_networks(inputs, replicas, decay):
    """Return untrained networks of the survey's recipe on z-scores, from a start of their own, and their optimiser."""
    network = nn.Sequential(Standardise(inputs), *build([3, 8, 8, 1], nn.Tanh))
    networks = initialise(replicate(network, replicas), 100, std=0.5)
    return networks, torch.optim.SGD(networks.parameters(), lr=0.1, weight_decay=decay)


def test_training_for_too_long_makes_nearly_every_network_worse():
    networks, loss_fn = initialise(replicate(build([2, 16, 16, 1], nn.Tanh), 32), 100, std=0.5), nn.BCELoss()
    watch = {"test": lambda model: evaluate(model, NOISY["test"], loss_fn)}
    optim = torch.optim.SGD(networks.parameters(), lr=0.1)
    history = train(networks, Batches(NOISY["train"], 15, 100, 32), loss_fn, optim, 1000, evaluation=NOISY["evaluation"], watch=watch)
    best = history["evaluation_loss"].idxmin()
    stopped = np.array([history["test"].loc[epoch, replica] for replica, epoch in best.items()])
    for epoch, worse, by in ((400, 0.6, 0.005), (1000, 0.9, 0.03)):
        lost = history["test"].loc[epoch] - stopped
        assert (lost > 0).mean() >= worse and lost.mean() > by


@pytest.mark.parametrize("treatment, least, most", [
    ({"sizes": [2, 4, 4, 4, 1], "activation": nn.Tanh, "epochs": 200}, 0.9, 1),
    ({"sizes": [2, 4, 4, 4, 1], "activation": nn.ReLU, "epochs": 150}, 0.3, 0.75),
    ({"sizes": [2, 4, 4, 4, 1], "activation": nn.ReLU, "learning_rate": 1.0}, 0, 0.4),
    ({"sizes": [2, 8, 8, 8, 1], "activation": nn.ReLU, "learning_rate": 0.1}, 0.85, 1),
    ({"sizes": [2, 8, 1], "learning_rate": 0.1}, 0, 0.2),
    ({"sizes": [2, 8, 1], "learning_rate": 1.0}, 0.8, 1),
], ids=str)
def test_what_arrives_is_a_matter_of_activation_width_and_rate(treatment, least, most):
    networks = study(MOONS, [treatment], nn.BCELoss(), threshold=0.05, replicas=32, epochs=60, seed=100)
    assert least <= networks.arrived.mean() <= most


@cache
def held_out():
    """Return what the network and some logits predict for respondents held out, in ten folds of another partition."""
    folds = list(KFold(10, shuffle=True, random_state=100).split(ANES))
    known = torch.tensor(np.array([known[:849] for known, _ in folds]))
    train_rows, evaluation_rows = known[:, 99:], known[:, :99]
    inputs = INPUTS[train_rows]
    networks, optim = survey_networks(inputs, 10, 0.003)
    train(networks, Batches((inputs, VOTES[train_rows]), 32, 100, 10), nn.BCELoss(), optim, 200,
          evaluation=(INPUTS[evaluation_rows], VOTES[evaluation_rows]), stop=early_stopping(20))
    preds = predict(networks, INPUTS)[..., 0]
    table = pd.DataFrame(index=ANES.index, columns=["network", "logit", "proximity", "proximity by order"], dtype=float)
    formulas = dict(zip(table.columns[1:], ["selfLR + ClinLR + DoleLR", "proximity", "proximity * reversed"]))
    for fold, (rows, out) in enumerate(folds):
        table.loc[out, "network"] = preds[fold, out].numpy()
        for name, formula in formulas.items():
            table.loc[out, name] = smf.logit(f"vote ~ {formula}", ANES.iloc[rows]).fit(disp=0).predict(ANES.iloc[out])
    return table


def test_the_network_beats_the_logit_and_is_level_with_the_logit_that_says_what_it_found():
    loss = {name: log_loss(ANES.vote, preds) for name, preds in held_out().items()}
    assert loss["logit"] - loss["network"] > 0.04
    assert abs(loss["network"] - loss["proximity by order"]) < 0.02
    assert loss["proximity by order"] < loss["proximity"]


def test_of_those_who_see_clinton_to_the_right_of_dole_the_network_expects_fewer_votes_for_dole_than_theory():
    seen = held_out()[ANES.reversed == 1]
    votes = ANES.vote[ANES.reversed == 1].mean()
    assert abs(seen.network.mean() - votes) < 0.06 < seen.proximity.mean() - votes


def test_intervals_cover_the_effect_of_the_own_placement_if_there_is_less_smoothing():
    theory = nn.Sequential(Proximity(), Perceptron(1, 1))
    constant, slope = smf.logit("vote ~ proximity", ANES).fit(disp=0).params
    nn.init.constant_(theory[1].bias, constant)
    nn.init.constant_(theory[1].weights, slope)
    votes = torch.bernoulli(predict(theory, INPUTS).expand(60, -1, -1), generator=torch.Generator().manual_seed(100))
    truth, covered = average_marginal_effects(theory, INPUTS), {}
    for decay, epochs in ((0.003, 120), (0.0003, 240)):
        networks, optim = survey_networks(INPUTS, 60, decay)
        train(networks, Batches((INPUTS, votes), 32, 100, 60), nn.BCELoss(), optim, epochs)
        effects = average_marginal_effects(networks, INPUTS)
        covered[decay] = ((effects - truth).abs() < 1.96 * effects.std(dim=0)).float().mean(dim=0)[0].item()
    assert covered[0.003] < 0.6 < 0.7 < covered[0.0003]


def test_weights_change_no_effect_on_the_ban_by_much_more_than_its_noise():
    ces = pd.read_csv(ROOT / "data" / "ces11.csv").assign(equal=1.0)
    inputs, labels = tensors(ces, ["importance", "educ", "male", "urban"], ["ban"])
    rows = torch.randint(len(ces), (60, len(ces)), generator=torch.Generator().manual_seed(100))
    rows[0] = torch.arange(len(ces))  # the first sample is the one that there is
    effects = {}
    for name in ("equal", "weight"):
        weight, _ = tensors(ces, [name], ["ban"])
        weight /= weight.mean()
        networks = initialise(replicate(nn.Sequential(Standardise(inputs[rows]), *build([4, 8, 1], nn.Tanh)), 60), 100, std=0.5)
        optim = torch.optim.Adam(networks.parameters(), lr=0.02, weight_decay=0.001)
        for _ in range(200):
            optim.zero_grad()
            losses = functional.binary_cross_entropy(networks(inputs[rows]), labels[rows], reduction="none")
            (weight[rows] * losses).mean(dim=(-2, -1)).sum().backward()
            optim.step()
        ends = [inputs.clone().index_fill_(1, torch.tensor(0), value) for value in (3.0, 0.0)]
        high, low = (predict(networks, end) for end in ends)
        effects[name] = (weight * (high - low)).mean(dim=(-2, -1))
    difference = effects["weight"] - effects["equal"]
    assert difference[0].abs() < 2 * difference[1:].std()
    assert effects["weight"][1:].std() > effects["equal"][1:].std() and (effects["weight"] > 0.3).all()


JOBS = pd.read_csv(ROOT / "data" / "lalonde.csv").eval("earnings = re78 / 1000")
OBSERVED = JOBS[(JOBS.treat == 1) | (JOBS.survey == 1)]
BACKGROUND = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]


def fitted(inputs, labels, last, loss_fn, epochs=10):
    """Return ten trained networks of the recipe of the chapter on causes, from starts of their own."""
    network = nn.Sequential(Standardise(inputs), Perceptron(inputs.shape[1], 8, nn.Tanh), last)
    networks = initialise(replicate(network, 10), 100, std=0.3)
    optim = torch.optim.Adam(networks.parameters(), lr=0.01, weight_decay=0.0001)
    train(networks, Batches((inputs, labels), 128, 100, 10), loss_fn, optim, epochs)
    return networks


def test_one_network_is_far_from_the_effect_of_the_programme_and_less_far_if_it_is_trained_for_longer():
    inputs, earnings = tensors(OBSERVED, ["treat", *BACKGROUND], ["earnings"])
    treated = inputs[inputs[:, 0] == 1]
    untreated = treated.clone().index_fill_(1, torch.tensor(0), 0.0)
    effects = {}
    for epochs in (10, 30):
        networks = fitted(inputs, earnings, SimpleLinearNN(8, 1), nn.MSELoss(), epochs)
        effects[epochs] = (predict(networks, treated) - predict(networks, untreated)).mean(dim=(1, 2))
    assert effects[10].mean() < -2 and effects[10].std() > 2
    assert effects[10].mean() + 2 < effects[30].mean() < 1


def test_double_machine_learning_comes_near_the_experiment_from_every_start():
    inputs, treat = tensors(OBSERVED, BACKGROUND, ["treat"])
    earnings, _ = tensors(OBSERVED, ["earnings"], ["treat"])
    g, e = torch.zeros(2, 10, len(inputs), 1)
    for known, out in KFold(5, shuffle=True, random_state=100).split(inputs):
        rest = known[treat[known, 0] == 0]
        g[:, out] = predict(fitted(inputs[rest], earnings[rest], SimpleLinearNN(8, 1), nn.MSELoss()), inputs[out])
        e[:, out] = predict(fitted(inputs[known], treat[known], Perceptron(8, 1), nn.BCELoss()), inputs[out])
    odds = (1 - treat) * e / (1 - e)
    terms = (treat - odds) * (earnings - g) / treat.mean()
    effects = terms.mean(dim=1, keepdim=True)
    errors = (terms - effects * treat / treat.mean()).std(dim=1) / len(treat) ** 0.5
    trial = JOBS[JOBS.survey == 0].groupby("treat").earnings.mean()
    assert (effects.mean() - (trial[1] - trial[0])).abs() < 1.5 * errors.mean()
    assert effects.min() > 0 and effects.std() < 0.7 * errors.mean()
    assert 100 < (odds.sum(dim=1) ** 2 / (odds**2).sum(dim=1)).mean() < 1000
