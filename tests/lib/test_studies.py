"""A study gives the same results wherever its jobs run, or says clearly that it does not."""

import multiprocessing
import os
import pickle
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import pytest
import torch
from torch import nn

from helpers import refuses
from lib.studies import run, train_networks
from lib.training import no_better_for, reaches

INPUTS = torch.randn(40, 2, generator=torch.Generator().manual_seed(0))
LABELS = (INPUTS[:, :1] > 0).float()
JOB = partial(
    train_networks, (INPUTS, LABELS), [2, 3, 1], activation=nn.Tanh, replicas=3, loss_fn=nn.BCELoss(),
    learning_rate=0.1, batch_size=8, evaluation=(INPUTS, LABELS), stop=reaches(0.3))
JOBS = [partial(JOB, seed=seed, epochs=10) for seed in range(4)]


def equal(some, others):
    """Return whether two lists of models and histories are exactly the same."""
    pairs = [zip(a[0].parameters(), b[0].parameters()) for a, b in zip(some, others, strict=True)]
    histories = all(a[1].equals(b[1]) for a, b in zip(some, others))
    return histories and all(torch.equal(one, other) for pair in pairs for one, other in pair)


@pytest.mark.parametrize("pool", [
    partial(ThreadPoolExecutor, 2),
    partial(ProcessPoolExecutor, 2, mp_context=multiprocessing.get_context("spawn")),
], ids=["threads", "processes"])
def test_results_do_not_depend_on_who_does_the_work(pool):
    with pool() as executor:
        assert equal(run(JOBS, executor), run(JOBS))
        assert equal(run(JOBS[::-1], executor), run(JOBS)[::-1])
        assert equal(run(JOBS[2:3], executor), run(JOBS)[2:3])


def test_a_dask_cluster_that_loses_a_worker_gives_the_same_results(tmp_path):
    from dask.distributed import Client, LocalCluster

    jobs = [partial(JOB, seed=seed, epochs=150, stop=None) for seed in range(10)]
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
            results = run(jobs, client.get_executor())
        finally:
            over.set()
            killer.join()
    assert killed and equal(results, run(jobs))


def die():
    """Take down the process that runs this."""
    os._exit(1)


def wait():
    """Take a while."""
    time.sleep(0.2)


def test_an_executor_that_died_is_named_and_nothing_is_returned():
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        with pytest.raises(RuntimeError, match="executor: died before job . of 3 was done; no result is returned"):
            run([wait, die, wait], executor)
        with pytest.raises(RuntimeError, match="executor: died before job 1 of 2"):
            run([wait, wait], executor)


def fail():
    """Fail as a job with a mistake in it does."""
    raise KeyError("no such column")


def test_the_error_of_a_job_says_which_one_it_was_and_the_rest_is_cancelled():
    started = []
    with ThreadPoolExecutor(1) as executor, pytest.raises(KeyError, match="no such column") as caught:
        run([wait, fail, *[lambda: (started.append(1), wait())] * 20], executor)
    assert caught.value.__notes__ == ["in job 2 of 22"] and len(started) < 20
    with pytest.raises(KeyError):
        run([fail])


@pytest.mark.parametrize("jobs, executor, name", [([wait, 3], None, r"jobs\[1\]"), ([wait], 2, "executor")])
def test_bad_input_is_refused(jobs, executor, name):
    with refuses(name):
        run(jobs, executor)


@pytest.mark.parametrize("rule", [reaches(0.5), no_better_for(2)])
def test_rules_can_be_sent_to_another_process(rule):
    assert pickle.loads(pickle.dumps(rule))([0.9, 0.4, 0.6]) == rule([0.9, 0.4, 0.6])


def test_a_training_can_be_sent_to_another_process():
    there = pickle.loads(pickle.dumps(JOBS[0]))
    assert equal([there()], [JOBS[0]()])
