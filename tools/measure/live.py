"""Compares the speed of networks that train in the page with lib and its peers, in turn and on one core; writes live.json."""

from tools.measure import speed  # before all others: it keeps this process, and what it starts, on one core with one thread

# isort: split
import json
import subprocess
import warnings
from contextlib import contextmanager
from importlib.metadata import version

import numpy as np
import pandas as pd

from tools.browsing import chromium

HERE = speed.HERE
SCRIPTS = [HERE.parents[1] / "_ext" / "live" / "engine.js", HERE / "live.js"]
TIMES = 10  # networks that the page trains in one turn: a single one would take a few milliseconds only
LISTEN = """
require("readline").createInterface({input: process.stdin}).on("line", (line) => console.log(JSON.stringify(timed(JSON.parse(line)))));
"""
IN_PYTHON = {
    "torch, DataLoader": speed.peers.dataloader, "lib, plain": speed.ours_alone, "scikit-learn": speed.peers.scikit_learn,
}
# Each goal: (name, numerator, denominator, the ratio to reach by network). Both of a pair measure the loss after each epoch, or neither.
GOALS = [
    ("{engine} over lib", "lib, plain", "{engine}", {"2-4-1": 70, "2-8-8-1": 25}),
    ("{engine} over the DataLoader loop", "torch, DataLoader", "{engine}, updates alone", {}),
    ("{engine} over scikit-learn", "scikit-learn", "{engine}, updates alone", {}),
]


@contextmanager
def node():
    """Run the page's engine in node while the block runs; yields a function that trains what a job says."""
    script = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS) + LISTEN
    with subprocess.Popen(["node", "-e", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        def timed(job):
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield timed
        process.stdin.close()


@contextmanager
def browser():
    """Run it in a page of Chromium."""
    with chromium() as running:
        page = running.new_page()
        for path in SCRIPTS:
            page.add_script_tag(path=path)
        yield lambda job: page.evaluate("(job) => timed(job)", job)


def job(network, losses):
    """Return what the page is to train: the same network and data as the others, with the loss after each epoch or without."""
    sizes = [network[0][0].shape[0], *(bias.shape[1] for _, bias in network)]
    start = {"parameters": [part.ravel().tolist() for layer in network for part in layer]}
    data = {"inputs": speed.X.ravel().tolist(), "labels": speed.Y.ravel().tolist()}
    how = {"batchSize": speed.BATCH_SIZE, "rate": speed.RATE, "epochs": speed.EPOCHS, "losses": losses, "times": TIMES}
    return {"sizes": sizes, **start, **data, **how}


def in_page(train, network, losses):
    """Return microseconds an update, the number of updates, and the loss reached by a network in the page."""
    done = train(job(network, losses))
    shapes = [part.shape for layer in network for part in layer]
    parts = [np.reshape(values, shape) for values, shape in zip(done["parameters"], shapes)]
    return done["microseconds"], done["updates"], speed.loss(list(zip(parts[::2], parts[1::2])))


def compare(sizes, engines):
    """Return a row for each contestant and round; in a round, all contestants take turns."""
    network, = speed.start(sizes, 1)
    contestants = {name: lambda peer=peer: speed.timed(peer, [network]) for name, peer in IN_PYTHON.items()}
    for name, train in engines.items():
        contestants[name] = lambda train=train: in_page(train, network, losses=True)
        contestants[f"{name}, updates alone"] = lambda train=train: in_page(train, network, losses=False)
    rows = []
    for turn in range(-1, speed.ROUNDS):
        for name, timed in contestants.items():
            cost, done, reached = timed()
            rows.append(dict(name=name, networks=1, round=turn, microseconds=cost, updates=done, loss=reached))
            print(f"{'-'.join(map(str, sizes))} round {turn} {name:25} {cost:9.2f}", flush=True)
    return speed.check(pd.DataFrame(rows))


def ratios(rows, name, engines):
    """Return for each engine and goal the median over rounds of the ratio within a round, and what it should be at least."""
    table = rows[rows["round"] >= 0].pivot(index="round", columns="name", values="microseconds")
    found = []
    for engine in engines:
        for ratio, above, below, goals in GOALS:
            measured = float((table[above] / table[below.format(engine=engine)]).median())
            found.append({"ratio": ratio.format(engine=engine), "measured": measured, "goal": goals.get(name)})
    return found


def measured(sizes, engines):
    """Return rounds, table and ratios for one network."""
    rows, name = compare(sizes, engines), "-".join(map(str, sizes))
    return {"rounds": rows.to_dict("records"), "table": speed.summary(rows).to_dict("records"), "ratios": ratios(rows, name, engines)}


def main():
    """Measure everything and write it down."""
    warnings.filterwarnings("ignore")
    with node() as in_node, browser() as in_chromium:
        engines = {"node": in_node, "Chromium": in_chromium}
        networks = {"-".join(map(str, sizes)): measured(sizes, engines) for sizes in ([2, 4, 1], [2, 8, 8, 1])}
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "scikit-learn"))
    results = {"machine": f"{speed.processor()}, one core", "versions": versions, "networks": networks}
    (HERE / "live.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for name, network in networks.items():
        print(f"\n{name}\n{speed.markdown(pd.DataFrame(network['table']).round(2))}\n\n{speed.markdown(pd.DataFrame(network['ratios']).round(2))}")


if __name__ == "__main__":
    main()
