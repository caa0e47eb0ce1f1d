"""Compares the speed at which lib and its peers train many networks, on one core; writes README.md and results.json."""

import os

if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.environ.update(TQDM_DISABLE="1", XLA_FLAGS="--xla_cpu_multi_thread_eigen=false", OMP_NUM_THREADS="1")

import gc
import json
import platform
import subprocess
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from plotly.subplots import make_subplots
from torch import nn

from lib.data import splits
from lib.figures import look
from lib.models import SimpleLinearNN, build, initialise
from lib.replicas import replicate
from lib.training import Batches, train
from tools.measure import peers

HERE = Path(__file__).parent
ROUNDS, EPOCHS, BATCH_SIZE, RATE = 5, 20, 8, 0.03
INPUTS, LABELS = splits(pd.read_csv(HERE.parents[1] / "data" / "moons.csv"), ["x1", "x2"], ["y"])["train"]
X, Y = INPUTS.numpy(), LABELS.numpy()


def start(sizes, count):
    """Return `count` networks with weights from N(0, 1); a larger count starts with the same networks."""
    draws = np.random.default_rng(0)
    pairs = list(zip(sizes, sizes[1:]))
    shapes = [shape for before, after in pairs for shape in ((before, after), (1, after))]
    networks = [[draws.standard_normal(shape).astype(np.float32) for shape in shapes] for _ in range(count)]
    return [list(zip(arrays[::2], arrays[1::2])) for arrays in networks]


def ours(networks, x, y, epochs, batch_size, learning_rate):
    """Train all networks as replicas of one model, by lib.training.train."""
    layers = descended(peers.stacked(networks), len(networks), epochs, batch_size, learning_rate)
    return [[(weights[r], bias[r]) for weights, bias in layers] for r in range(len(networks))], updates(epochs)


def ours_alone(networks, x, y, epochs, batch_size, learning_rate):
    """Train one plain network after another by lib.training.train."""
    return [descended(network, None, epochs, batch_size, learning_rate) for network in networks], updates(epochs)


def descended(layers, replicas, epochs, batch_size, learning_rate):
    """Train a model of lib from these layers, pairs (weights, bias); return its layers."""
    model = for_log_odds([X.shape[1], *(bias.shape[-1] for _, bias in layers)])
    model = replicate(model, replicas) if replicas else model
    for layer, (weights, bias) in zip(model, layers):
        layer.weights.data, layer.bias.data = torch.tensor(weights), torch.tensor(bias)
    descend(model, replicas, epochs, batch_size, learning_rate)
    return [(layer.weights.detach().numpy(), layer.bias.detach().numpy()) for layer in model]


def for_log_odds(sizes):
    """Return a model of lib whose last layer gives log odds, as in JAX."""
    return nn.Sequential(*build(sizes)[:-1], SimpleLinearNN(*sizes[-2:]))


def descend(model, replicas, epochs, batch_size, learning_rate):
    """Train a model as the book does."""
    data = Batches((INPUTS, LABELS), batch_size, seed=0, replicas=replicas)
    train(model, data, nn.BCEWithLogitsLoss(), torch.optim.SGD(model.parameters(), lr=learning_rate), epochs)


def updates(epochs):
    """Return the number of updates in a number of epochs."""
    return epochs * -(-len(X) // BATCH_SIZE)


CONTESTANTS = {
    "torch, DataLoader": (peers.dataloader, 1),
    "torch, modules and optim.SGD": (peers.torch_modules, 1),
    "torch, leanest by hand": (peers.leanest_torch, 1),
    "lib, plain": (ours_alone, 1),
    "lib, 64": (ours, 64),
    "lib, 256": (ours, 256),
    "lib, 1024": (ours, 1024),
    "scikit-learn": (peers.scikit_learn, 1),
    "JAX, 1": (peers.jax_vmap, 1),
    "JAX, 256": (peers.jax_vmap, 256),
    "JAX, 1024": (peers.jax_vmap, 1024),
    "scalar (numba)": (peers.scalar, 64),
}
# Each goal: (name, numerator, denominator, at least or at most, bound, reason if it is missed).
FUSED = ("JAX and numba compile the whole update into a few loops whose numbers stay in cache; torch runs about forty "
         "operations one after another. Compiling here would require a compiler on every reader's machine.")
LARGER = ("Replicas save overhead, not arithmetic. In a larger network, more of the time is arithmetic, so there is less to "
          "save.")
GOALS = [
    ("over scikit-learn, 256", "scikit-learn", "lib, 256", ">=", 60, LARGER),
    ("over scikit-learn, 1024", "scikit-learn", "lib, 1024", ">=", 60, LARGER),
    ("over the DataLoader loop, 256", "torch, DataLoader", "lib, 256", ">=", 150, LARGER),
    ("over the DataLoader loop, 1024", "torch, DataLoader", "lib, 1024", ">=", 150, LARGER),
    ("over JAX, 256", "JAX, 256", "lib, 256", ">=", 1.3, FUSED),
    ("over JAX, 1024", "JAX, 1024", "lib, 1024", ">=", 1.3, FUSED),
    ("cost over the scalar floor, 256", "lib, 256", "scalar (numba)", "<=", 2.5, FUSED),
    ("cost over the scalar floor, 1024", "lib, 1024", "scalar (numba)", "<=", 2.5, FUSED),
    ("plain network over the leanest loop", "lib, plain", "torch, leanest by hand", "<=", 1.1,
     "The extra time of a plain network is spent calling modules and torch.optim, the code that readers meet elsewhere."),
    ("plain network over modules and optim.SGD", "lib, plain", "torch, modules and optim.SGD", "<=", 1.1,
     "The extra time is spent on the checks, and on measuring the loss on all data after each epoch."),
]


def loss(network):
    """Return the cross-entropy of a network on the training data, in double precision."""
    outputs = X.astype(float)
    for weights, bias in network:
        outputs = 1 / (1 + np.exp(-(outputs @ weights + bias)))
    return float(-np.mean(Y * np.log(outputs) + (1 - Y) * np.log(1 - outputs)))


def timed(contestant, networks):
    """Return microseconds per network and update, the number of updates, and the final loss of network 0."""
    gc.collect()
    began = time.perf_counter()
    trained, count = contestant(networks, X, Y, EPOCHS, BATCH_SIZE, RATE)
    seconds = time.perf_counter() - began
    return 1e6 * seconds / count / len(networks), count, loss(trained[0])


def compare(sizes):
    """Return a row for each contestant and round; in a round, all contestants take turns."""
    networks = start(sizes, max(count for _, count in CONTESTANTS.values()))
    rows = []
    for turn in range(-1, ROUNDS):
        for name, (contestant, count) in CONTESTANTS.items():
            began = time.perf_counter()
            cost, done, reached = timed(contestant, networks[:count])
            row = dict(name=name, networks=count, round=turn, microseconds=cost, updates=done, loss=reached)
            rows.append({**row, "seconds": time.perf_counter() - began})
            print(f"{'-'.join(map(str, sizes))} round {turn} {name:30} {cost:9.2f}", flush=True)
    return check(pd.DataFrame(rows))


def check(rows):
    """Refuse to compare unequal work: different numbers of updates, or a loss more than 5 percent from the median."""
    if rows.updates.nunique() > 1:
        raise SystemExit(f"different numbers of updates: {rows.groupby('name').updates.first().to_dict()}")
    off = rows[(rows.loss / rows.loss.median() - 1).abs() > 0.05]
    if len(off):
        raise SystemExit(f"not the same work: {off[['name', 'loss']].to_string()}")
    return rows


def summary(rows):
    """Return the table of one network: median and range of the rounds after the warm-up, updates and loss."""
    warm = rows[rows["round"] >= 0].groupby("name", sort=False)
    cost = warm.microseconds
    table = pd.DataFrame({"networks": warm.networks.first(), "median": cost.median(), "lowest": cost.min(),
                          "highest": cost.max(), "updates": warm.updates.first(), "loss reached": warm.loss.median()})
    return table.rename_axis("contestant").reset_index()


def ratios(rows):
    """Return for each goal the median over rounds of the ratio within a round, and whether the goal is reached."""
    table = rows[rows["round"] >= 0].pivot(index="round", columns="name", values="microseconds")
    found = []
    for name, above, below, sign, bound, reason in GOALS:
        ratio = float((table[above] / table[below]).median())
        reached = ratio >= bound if sign == ">=" else ratio <= bound
        found.append({"ratio": name, "measured": ratio, "goal": f"{sign} {bound}", "reached": bool(reached), "why": reason})
    return found


def cost_of(sizes, replicas):
    """Return microseconds per network and update of lib: the median of three runs of four epochs, after a warm-up run."""
    costs = []
    for _ in range(4):
        model = initialise(replicate(for_log_odds(sizes), replicas), 0)
        began = time.perf_counter()
        descend(model, replicas, 4, BATCH_SIZE, RATE)
        costs.append(1e6 * (time.perf_counter() - began) / updates(4) / replicas)
    return float(np.median(costs[1:]))


def growth():
    """Return the cost by number of replicas, by width and by depth."""
    return {
        "replicas": {count: cost_of([2, 4, 1], count) for count in (1, 4, 16, 64, 256, 1024)},
        "neurons in one hidden layer": {width: cost_of([2, width, 1], 256) for width in (2, 4, 8, 16, 32, 64)},
        "hidden layers of 8": {depth: cost_of([2, *[8] * depth, 1], 256) for depth in range(1, 7)},
    }


def draw(grown, path):
    """Write the three curves of growth as a picture."""
    fig = make_subplots(1, 3, horizontal_spacing=0.09)
    for column, (name, costs) in enumerate(grown.items(), 1):
        trace = look.line(list(costs), list(costs.values()), name).update(mode="lines+markers", marker_size=8)
        fig.add_trace(trace, 1, column)
        fig.update_xaxes(look.AXIS, title_text=name, type="linear" if column == 3 else "log", row=1, col=column)
        fig.update_xaxes(tickvals=list(costs), row=1, col=column)
        fig.update_yaxes(look.AXIS, type="linear" if column == 3 else "log", rangemode="tozero",
                         tickvals=None if column == 3 else [1, 2, 5, 10, 20, 50, 100, 200], row=1, col=column)
    fig.update_yaxes(title_text="µs per network and update", row=1, col=1)
    fig.update_layout(template=look.LOOK, showlegend=False, paper_bgcolor="white", font_color="#444444")
    fig.write_image(path, width=1000, height=360)


MEMORY = """
import pathlib, torch, pandas
from torch import nn
from lib.data import splits
from lib.models import build, initialise
from lib.replicas import replicate
from lib.training import Batches, train
data = splits(pandas.read_csv({path!r}), ["x1", "x2"], ["y"])["train"]
peak = lambda: pathlib.Path("/proc/self/status").read_text(encoding="utf-8").split("VmHWM:")[1].split()[0]
before = peak()
model = initialise(replicate(build([2, 8, 8, 1]), 1024), seed=0)
train(model, Batches(data, 8, 0, 1024), nn.BCELoss(), torch.optim.SGD(model.parameters(), lr=0.03), epochs=5)
print(before, peak())
"""


def memory():
    """Return the memory in MiB of a process that trains 1024 networks 2-8-8-1: before the training, and at its peak."""
    code = MEMORY.format(path=str(HERE.parents[1] / "data" / "moons.csv"))
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, peak = (int(number) / 1024 for number in out.stdout.split())
    return {"before training": before, "peak": peak}


def markdown(frame):
    """Return a table in Markdown."""
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in [frame.columns, ["---"] * frame.shape[1], *frame.values]]
    return "\n".join(lines)


def report(results):
    """Return the text of tools/measure/README.md."""
    parts = [f"""# How fast, and how we know

`python -m tools.measure.speed` trains the same networks with `lib` and with its peers, in one process on one core with one thread.
It takes {ROUNDS} rounds, in each of which all contestants take turns, after a warm-up round. Data: the {len(X)} training rows of the
moons, in batches of {BATCH_SIZE}, reshuffled in each of {EPOCHS} epochs. Learning rate {RATE}, hidden sigmoids,
cross-entropy from log odds. Tables show microseconds per network and update: median and range over rounds.
The work is equal: the script exits with an error unless all
contestants make the same number of updates, and network 0, which starts from the same weights everywhere, ends within 5 percent of
the same loss. Times include everything a call does. For `lib` this includes checks and, after each epoch, the loss of every network
on all data, which the others do not compute. Compilation by JAX is not included, but reported separately.

Machine: {results["machine"]}. Versions: {results["versions"]}."""]
    for name, network in results["networks"].items():
        table = pd.DataFrame(network["table"]).round({"median": 2, "lowest": 2, "highest": 2, "loss reached": 3})
        goals = pd.DataFrame(network["ratios"]).round({"measured": 2}).drop(columns="why")
        goals["reached"] = goals.reached.map({True: "yes", False: "**no**"})
        parts += [f"## Network {name}", markdown(table), "Ratios within a round, median over the rounds:", markdown(goals)]
        parts += [f"JAX took {network['compile']:.1f} s to compile, for three numbers of networks together."]
    parts += ["## Where a goal is missed", *missed(results["networks"])]
    parts += ["## How the cost grows", "![The cost per network and update falls with the number of replicas and rises with width "
              "and depth](growth.svg)", "Left: network 2-4-1. Middle and right: 256 replicas."]
    peak, before = (results["memory"][name] for name in ("peak", "before training"))
    parts += ["## Memory", f"A process that trains 1024 networks 2-8-8-1 uses {peak:.0f} MiB at its peak. {before:.0f} MiB of "
              "these are in use before training, by Python and torch. The goal is less than 1000 MiB."]
    parts += ["## In the page", "`python -m tools.measure.live` compares `lib`, the DataLoader loop and scikit-learn with networks that "
              "train in the page, in node and in Chromium, in the same way; [live.json](live.json) has rounds, medians and ratios."]
    return "\n\n".join(parts) + "\n"


def missed(networks):
    """Return a paragraph for each reason why goals are missed, with the measurements."""
    short = [(goal["why"], f"{name}, {goal['ratio']}: {goal['measured']:.2f} instead of {goal['goal']}")
             for name, network in networks.items() for goal in network["ratios"] if not goal["reached"]]
    reasons = dict.fromkeys(why for why, _ in short)
    return ["\n".join([why, "", *(f"- {which}" for other, which in short if other == why)]) for why in reasons]


def processor():
    """Return the name of the processor, if the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.processor()


def measured(sizes):
    """Return table, ratios and compile time for one network."""
    rows = compare(sizes)
    records = {"rounds": rows.to_dict("records"), "table": summary(rows).to_dict("records")}
    return {**records, "ratios": ratios(rows), "compile": compile_time(rows)}


def compile_time(rows):
    """Return by how many seconds JAX's warm-up round took longer than its median round."""
    jax = rows[rows["name"].str.startswith("JAX")]
    warm = jax[jax["round"] >= 0].groupby("name").seconds.median()
    return float((jax[jax["round"] < 0].groupby("name").seconds.first() - warm).sum())


def main():
    """Measure everything and write it down."""
    warnings.filterwarnings("ignore")
    networks = {"-".join(map(str, sizes)): measured(sizes) for sizes in ([2, 4, 1], [2, 8, 8, 1])}
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "numpy", "scikit-learn", "jax", "numba"))
    results = {"machine": f"{processor()}, one core", "versions": versions, "networks": networks,
               "growth": growth(), "memory": memory()}
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (HERE / "README.md").write_text(report(results), encoding="utf-8")
    print(report(results))
    draw(results["growth"], HERE / "growth.svg")  # last: it needs a Chromium


if __name__ == "__main__":
    main()
