"""Studies of many networks: each treatment trains replicas until they arrive at a threshold."""

import warnings
from functools import partial

import pandas as pd
import torch
from torch import nn

from lib import checks
from lib.models import as_generator, build, initialise
from lib.replicas import alone, replicate
from lib.training import Batches, evaluate, reaches, train

USUAL = {"activation": nn.Sigmoid, "learning_rate": 0.03, "start": initialise, "batch_size": 8, "optimiser": torch.optim.SGD}


def study(parts, treatments, criterion, threshold, replicas, epochs, seed, mapper=map):
    """Train networks by treatment until their loss on the evaluation data is at most a threshold; return a row for each.

    parts: the pairs (inputs, labels) "train" and "evaluation"; criterion, threshold: the loss on the latter, and when it is low enough.
    treatments: dicts such as {"sizes": [2, 4, 1]}, with what is to differ from USUAL, the recipe of the lecture, or its own epochs.
    replicas, epochs, seed: how many networks a treatment gets, for how long at most, and what decides starts and shuffles.
    mapper: what maps jobs: map, or that of any executor, such as ProcessPoolExecutor(2).map.

    Columns: size (as in 2-4-1), settings, replica, epoch (of the arrival, or the last), arrived (else censored) and network, the model.
    """
    fits = all({"sizes", "epochs", *USUAL} == {"epochs", *USUAL, *treatment} for treatment in treatments)
    checks.require(fits, "treatments", f"dicts of sizes and any of {['epochs', *USUAL]}", treatments)
    job = partial(run_treatment, parts, criterion, threshold, replicas, USUAL | {"epochs": epochs}, seed)
    trained = [rows.assign(network=[alone(model, replica) for replica in range(replicas)]) for rows, model in mapper(job, treatments)]
    return pd.concat(trained, ignore_index=True)


def run_treatment(parts, criterion, threshold, replicas, usual, seed, treatment):
    """Return the rows of the study for one treatment, and the model with its replicas: few tensors go from process to process."""
    given, generator = usual | treatment, as_generator(seed)
    model = given["start"](replicate(build(given["sizes"], given["activation"]), replicas), generator)
    data = Batches(parts["train"], given["batch_size"], generator, replicas)
    optim = given["optimiser"](model.parameters(), lr=given["learning_rate"])
    rule, watch = reaches(threshold, "criterion"), {"criterion": partial(evaluate, data=parts["evaluation"], loss_fn=criterion)}
    with warnings.catch_warnings(action="ignore"):  # of networks that saturate: the table says who never arrived
        there = train(model, data, nn.BCELoss(), optim, given["epochs"], stop=rule, watch=watch)["criterion"] <= threshold
    named = {name: getattr(value, "__name__", value) for name, value in given.items() if name not in ("sizes", "epochs")}
    outcome = {"epoch": there.idxmax().where(there.any(), given["epochs"]), "arrived": there.any()}
    return pd.DataFrame({"size": "-".join(map(str, given["sizes"])), **named, "replica": range(replicas), **outcome}), model
