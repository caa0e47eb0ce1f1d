"""Studies of many networks: each treatment trains replicas until they arrive at a threshold."""

from functools import partial

import pandas as pd
import torch
from torch import nn

from lib import checks
from lib.models import as_generator, build, initialise
from lib.replicas import alone, replicate
from lib.training import Batches, evaluate, reaches, train

USUAL = {"activation": nn.Sigmoid, "learning_rate": 0.03, "std": 1.0, "batch_size": 8, "optimiser": torch.optim.SGD}


def study(parts, treatments, criterion, threshold, replicas, epochs, seed, mapper=map):
    """Train networks by treatment until their loss on the evaluation data is at most a threshold; return a row for each.

    parts: a dict with the pairs (inputs, labels) "train" and "evaluation".
    treatments: dicts such as {"sizes": [2, 4, 1]}, with settings that are to differ from USUAL, the recipe of the lecture.
    criterion, threshold: the loss on the evaluation data, such as nn.BCELoss(), and when it is low enough.
    replicas, epochs, seed: how many networks a treatment gets, for how long at most, and what decides starts and shuffles.
    mapper: what maps jobs: map, or that of any executor, such as ProcessPoolExecutor(2).map.

    Columns: size (as in 2-4-1), the settings, replica; epoch, that of the arrival or the last; arrived, whether it did (else it is
    censored); network, the trained model. Raises what train raises.
    """
    fits = all({"sizes", *USUAL} == {*USUAL, *treatment} for treatment in treatments)
    checks.require(fits, "treatments", f"dicts of sizes and any of {list(USUAL)}", treatments)
    job = partial(run_treatment, parts, criterion, threshold, replicas, epochs, seed)
    return pd.concat(mapper(job, treatments), ignore_index=True)


def run_treatment(parts, criterion, threshold, replicas, epochs, seed, treatment):
    """Return the rows of the study for one treatment."""
    given, generator = USUAL | treatment, as_generator(seed)
    model = initialise(replicate(build(given["sizes"], given["activation"]), replicas), generator, given["std"])
    data = Batches(parts["train"], given["batch_size"], generator, replicas)
    optim = given["optimiser"](model.parameters(), lr=given["learning_rate"])
    watch = {"criterion": partial(evaluate, data=parts["evaluation"], loss_fn=criterion)}
    there = train(model, data, nn.BCELoss(), optim, epochs, stop=reaches(threshold, "criterion"), watch=watch)["criterion"] <= threshold
    named = {name: getattr(value, "__name__", value) for name, value in given.items() if name != "sizes"}
    outcome = {"epoch": there.idxmax().where(there.any(), epochs), "arrived": there.any()}
    rows = pd.DataFrame({"size": "-".join(map(str, given["sizes"])), **named, "replica": range(replicas), **outcome})
    return rows.assign(network=[alone(model, replica) for replica in range(replicas)])
