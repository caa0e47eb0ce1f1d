"""Maps independent jobs, such as the training of many networks, over the processes of one machine or of many."""

from concurrent.futures import BrokenExecutor, CancelledError
from functools import partial

from lib import checks
from lib.descent import progress
from lib.models import build, initialise
from lib.seeds import as_generator
from lib.training import train


def train_networks(data, sizes, *, activation, replicas, seed, std=1.0, **how):
    """Build and train networks; return the model and its history.

    `seed` decides all starts and shuffles, wherever the job runs;
    `how` goes to train. Raises what build, initialise and train raise.
    """
    generator = as_generator(seed)
    model = initialise(build(sizes, activation, replicas), generator, std)
    return model, train(model, data, seed=generator, **how)


def run(jobs, executor=None):
    """Call every job, a function without arguments, and return the list of what they return, in their order.

    `executor` is any concurrent.futures.Executor: a ProcessPoolExecutor, or that of a Dask cluster,
    Client.get_executor() (pure=False, in its brackets, where equal jobs are to give different results).
    Without one the jobs run here, one after the other. A job that is to go to another process must be
    one that pickle can send: functools.partial of a function in a module.
    Raises what a job raises, with a note on which one it was, and RuntimeError if the executor died;
    what other jobs returned is then given up, and those that wait are cancelled.
    """
    jobs = list(jobs)
    for place, job in enumerate(jobs):
        checks.require(callable(job), f"jobs[{place}]", "a function without arguments", repr(job))
    if executor is None:
        return [named(job, place, jobs) for place, job in enumerate(progress(jobs, "jobs"))]
    checks.require(hasattr(executor, "submit"), "executor", "a concurrent.futures.Executor", repr(executor))
    futures = []
    try:
        for place, job in enumerate(jobs):
            futures.append(named(partial(executor.submit, job), place, jobs))
        return [named(future.result, place, jobs) for place, future in enumerate(progress(futures, "jobs"))]
    finally:
        for future in futures:
            future.cancel()


def named(call, place, jobs):
    """Return what `call` returns; say in its error which job it was."""
    which = f"job {place + 1} of {len(jobs)}"
    try:
        return call()
    except (BrokenExecutor, CancelledError) as error:
        raise RuntimeError(f"executor: died before {which} was done; no result is returned") from error
    except Exception as error:
        error.add_note(f"in {which}")
        raise
