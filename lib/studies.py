"""Studies of many networks: each treatment trains replicas until they arrive at a threshold."""

from functools import partial

import pandas as pd
import torch
from torch import nn

from lib import checks
from lib.models import build, initialise
from lib.replicas import alone, replicate
from lib.seeds import as_generator
from lib.training import Batches, evaluate, progress, reaches, train

# What a treatment is where it does not say otherwise: the recipe of the lecture.
USUAL = {"activation": nn.Sigmoid, "learning_rate": 0.03, "std": 1.0, "batch_size": 8, "optimiser": torch.optim.SGD}


def study(parts, treatments, criterion, threshold, replicas, epochs, seed, mapper=map):
    """Train networks by treatment until their loss on the evaluation data is at most a threshold; return a row for each.

    parts: the pairs (inputs, labels) "train" and "evaluation", in a dict.
    treatments: dicts such as {"sizes": [2, 4, 1]}, with any of the settings in USUAL that are to differ from it.
    criterion, threshold: the loss on the evaluation data, such as nn.BCELoss(), and when it is low enough.
    replicas, epochs, seed: how many networks a treatment gets, for how long at most, and what decides starts and shuffles.
    mapper: what maps jobs: map, or that of any executor, such as ProcessPoolExecutor(2).map.

    Returns a DataFrame: size (as in 2-4-1), the settings, replica; epoch, that of the arrival or the last one looked at;
    arrived, whether it did (else it is censored); network, the trained model. Raises what train raises.
    """
    checks.whole_number("replicas", replicas)
    job = partial(run_treatment, parts, criterion, threshold, replicas, epochs, seed)
    return pd.concat(list(progress(mapper(job, treatments), "treatments")), ignore_index=True)


def run_treatment(parts, criterion, threshold, replicas, epochs, seed, treatment):
    """Return the rows of the study for one treatment."""
    strange = set(treatment) - {"sizes", *USUAL}
    checks.require(not strange, "treatments", f"sizes and some of {list(USUAL)}", sorted(strange))
    given, generator = USUAL | treatment, as_generator(seed)
    model = replicate(build(given["sizes"], given["activation"]), replicas)
    initialise(model, generator, given["std"])
    data = Batches(parts["train"], given["batch_size"], generator, replicas)
    optim = given["optimiser"](model.parameters(), lr=given["learning_rate"])
    watch = {"criterion": partial(evaluate, data=parts["evaluation"], loss_fn=criterion)}
    history = train(model, data, nn.BCELoss(), optim, epochs, stop=reaches(threshold, "criterion"), watch=watch)
    there = history["criterion"] <= threshold
    size, arrived = "-".join(map(str, given["sizes"])), there.any()
    outcome = {"epoch": there.idxmax().where(arrived, epochs), "arrived": arrived}
    named = {name: getattr(value, "__name__", value) for name, value in given.items() if name != "sizes"}
    rows = pd.DataFrame({"size": size, **named, "replica": range(replicas), **outcome})
    return rows.assign(network=[alone(model, replica) for replica in range(replicas)])
