"""A study gives a row for each network, and the same ones wherever its jobs run."""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from helpers import refuses
from lib.models import as_generator, build, glorot, initialise, predict
from lib.replicas import alone, replicate
from lib.studies import study
from lib.training import Batches, evaluate, train

INPUTS = torch.randn(40, 2, generator=torch.Generator().manual_seed(0))
LABELS = (INPUTS[:, :1] > 0).float()
PARTS = {"train": (INPUTS[:30], LABELS[:30]), "evaluation": (INPUTS[30:], LABELS[30:])}
TREATMENTS = [{"sizes": [2, 1], "learning_rate": 0.1}, {"sizes": [2, 3, 1], "activation": nn.Tanh, "optimiser": torch.optim.Adam},
              {"sizes": [2, 3, 1], "start": glorot, "batch_size": 5, "learning_rate": 0.0001}]
WHAT = dict(criterion=nn.BCELoss(), threshold=0.35, replicas=3, epochs=60, seed=4)


def equal(one, other):
    """Return whether two studies are exactly the same, their networks included."""
    pairs = [zip(a.parameters(), b.parameters(), strict=True) for a, b in zip(one.network, other.network, strict=True)]
    same = all(torch.equal(a, b) for pair in pairs for a, b in pair)
    return same and one.drop(columns="network").equals(other.drop(columns="network"))


def test_a_study_has_a_row_for_each_network_with_its_treatment_and_when_it_arrived():
    table = study(PARTS, TREATMENTS, **WHAT)
    settings = ["size", "activation", "learning_rate", "start", "batch_size", "optimiser"]
    assert list(table) == [*settings, "replica", "epoch", "arrived", "network"]
    assert table["size"].tolist() == ["2-1"] * 3 + ["2-3-1"] * 6 and table.replica.tolist() == [0, 1, 2] * 3
    assert table.activation.tolist() == ["Sigmoid"] * 3 + ["Tanh"] * 3 + ["Sigmoid"] * 3
    assert table.optimiser.tolist() == ["SGD"] * 3 + ["Adam"] * 3 + ["SGD"] * 3
    assert table.learning_rate.tolist() == [0.1] * 3 + [0.03] * 3 + [0.0001] * 3
    assert table.start.tolist() == ["initialise"] * 6 + ["glorot"] * 3 and table.batch_size.tolist() == [8] * 6 + [5] * 3
    assert table.arrived[:6].all() and not table.arrived[6:].any() and table.epoch[6:].tolist() == [60] * 3
    assert table.epoch[:6].nunique() > 2 and table.epoch[:6].between(0, 59).all() and table.index.tolist() == list(range(9))
    losses = [evaluate(network, PARTS["evaluation"], nn.BCELoss()) for network in table.network]
    assert [loss <= 0.35 for loss in losses] == table.arrived.tolist()


def test_its_networks_are_those_of_train():
    rows, generator = study(PARTS, TREATMENTS[1:2], **WHAT), as_generator(4)
    model = initialise(replicate(build([2, 3, 1], nn.Tanh), 3), generator)
    data = Batches(PARTS["train"], 8, generator, 3)
    history = train(model, data, nn.BCELoss(), torch.optim.Adam(model.parameters(), lr=0.03), 60, evaluation=PARTS["evaluation"])
    losses = history["evaluation_loss"]
    assert rows.epoch.tolist() == [int(np.argmax(losses[r] <= 0.35)) for r in range(3)]
    late = study(PARTS, TREATMENTS[1:2], **{**WHAT, "threshold": 0})
    assert all(torch.equal(predict(network, INPUTS), predict(alone(model, r), INPUTS)) for r, network in enumerate(late.network))


def squared(preds, labels):
    """Return the mean squared error: a criterion other than the loss that is trained on."""
    return (preds - labels).pow(2).mean()


def test_the_criterion_decides_when_a_network_arrives():
    table = study(PARTS, TREATMENTS[:1], **{**WHAT, "criterion": squared, "threshold": 0.15})
    assert table.arrived.all()
    for network in table.network:
        assert squared(predict(network, PARTS["evaluation"][0]), PARTS["evaluation"][1]) <= 0.15
        assert evaluate(network, PARTS["evaluation"], nn.BCELoss()) > 0.15


def test_a_treatment_may_be_followed_for_fewer_epochs():
    what = {**WHAT, "threshold": 0}
    assert study(PARTS, [TREATMENTS[0], TREATMENTS[0] | {"epochs": 2}], **what).epoch.tolist() == [60] * 3 + [2] * 3


def test_a_seed_repeats_a_study_and_another_does_not():
    one, again, other = (study(PARTS, TREATMENTS[:2], **{**WHAT, "seed": seed}) for seed in (4, np.int64(4), 5))
    assert equal(one, again) and not equal(one, other)


def test_a_treatment_does_not_depend_on_the_others():
    alone_, among = study(PARTS, TREATMENTS[1:2], **WHAT), study(PARTS, TREATMENTS, **WHAT)
    assert equal(alone_, among[3:6].reset_index(drop=True))


POOLS = {"threads": partial(ThreadPoolExecutor, 2),
         "processes": partial(ProcessPoolExecutor, 2, mp_context=multiprocessing.get_context("spawn"))}


@pytest.mark.parametrize("pool", POOLS.values(), ids=POOLS)
def test_results_do_not_depend_on_who_does_the_work(pool):
    with pool() as executor:
        assert equal(study(PARTS, TREATMENTS, **WHAT, mapper=executor.map), study(PARTS, TREATMENTS, **WHAT))


def test_a_dask_cluster_that_loses_a_worker_gives_the_same_results(tmp_path):
    from dask.distributed import Client, LocalCluster

    treatments, what = [{"sizes": [2, 3, 1], "learning_rate": 0.01 * k} for k in range(1, 9)], {**WHAT, "threshold": 0, "epochs": 50}
    how = dict(threads_per_worker=1, dashboard_address=None, local_directory=tmp_path)
    with LocalCluster(2, **how) as cluster, Client(cluster) as client:
        workers = client.run(os.getpid)
        killed, over = [], threading.Event()

        def kill_one_at_work():
            while not killed and not over.is_set():
                busy = [worker for worker, tasks in client.processing().items() if tasks]
                done = client.run_on_scheduler(lambda dask_scheduler: sum(
                    task.state == "memory" for task in dask_scheduler.tasks.values()))
                if done and busy:
                    os.kill(workers[busy[0]], getattr(signal, "SIGKILL", signal.SIGTERM))
                    killed.append(busy[0])

        killer = threading.Thread(target=kill_one_at_work)
        killer.start()
        try:
            table = study(PARTS, treatments, **what, mapper=client.get_executor().map)
        finally:
            over.set()
            killer.join()
    assert killed and len(table) == 24 and equal(table, study(PARTS, treatments, **what))


@pytest.mark.parametrize("change, name", [
    ({"treatments": [{"sizes": [2, 1], "lr": 0.1}]}, "treatments"), ({"treatments": [{"learning_rate": 0.1}]}, "treatments"),
    ({"treatments": [TREATMENTS[0], {}]}, "treatments"), ({"replicas": 0}, "replicas"), ({"epochs": 0}, "epochs"), ({"seed": -1}, "seed"),
    ({"treatments": [{"sizes": [2, 1], "activation": nn.ReLU()}, {"sizes": [2, 3, 1], "activation": nn.ReLU()}]}, "activation"),
])
def test_bad_input_is_refused(change, name):
    with refuses(name):
        study(PARTS, **{"treatments": TREATMENTS[:1], **WHAT, **change})


def test_a_treatment_with_a_typing_error_is_refused_before_any_work():
    started = []

    def mapper(job, treatments):
        started.extend(treatments)
        return map(job, treatments)

    with refuses("treatments"):
        study(PARTS, [TREATMENTS[0], {"sizes": [2, 1], "rate": 1}], **WHAT, mapper=mapper)
    assert not started
