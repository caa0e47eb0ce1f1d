"""Trains one configuration in torch, with lib, and in the page's engine, and fails where they differ beyond rounding.

For example: python -m tools.same_in_the_page --sizes 2-5-3-1 --activation tanh --loss bce --optimiser sgd --learning-rate 0.05
--batch-size 16 --epochs 50 --seed 11 --shuffle 12 --data moons
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
import torch
from torch import nn

from lib.data import tensors
from lib.models import Perceptron, SimpleLinearNN, initialise
from lib.training import Batches, train

ROOT = Path(__file__).parent.parent
ACTIVATIONS = {"identity": None, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU, "leaky_relu": nn.LeakyReLU}
LOSSES = {"mse": nn.MSELoss, "bce": nn.BCELoss, "bce_with_logits": nn.BCEWithLogitsLoss, "cross_entropy": nn.CrossEntropyLoss}
LAST = {"mse": "identity", "bce": "sigmoid", "bce_with_logits": "identity", "cross_entropy": "identity"}
DATA = {
    "line": ("line.csv", ["x"], ["y"]), "moons": ("moons.csv", ["x1", "x2"], ["y"]),
    "noisy_moons": ("noisy_moons.csv", ["x1", "x2"], ["y"]), "anes96": ("anes96.csv", ["selfLR", "ClinLR", "DoleLR"], ["vote"]),
}
# The shells of three browsers' engines: V8, SpiderMonkey, JavaScriptCore.
ENGINES = {"node": ["node"], "js102": ["js102"], "jsc": ["jsc"]}
TOLERANCES = {"starts": 1e-6, "gradients": 1e-5, "history": 1e-5, "predictions": 1e-4}


def network(config):
    """Return the network of a configuration as it starts, drawn in single precision."""
    sizes = config["sizes"]
    layers = [SimpleLinearNN(*pair) if ACTIVATIONS[name] is None else Perceptron(*pair, ACTIVATIONS[name])
              for *pair, name in zip(sizes, sizes[1:], config["activations"])]
    return initialise(nn.Sequential(*layers), config["seed"], config["std"])


def optimiser(config, model):
    """Return the optimiser of a configuration."""
    return {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[config["optimiser"]](model.parameters(), **config["settings"])


def in_torch(config, data):
    """Return what training gives in torch with lib, as the page's engine returns it."""
    precision = torch.float64 if config["double"] else torch.float32
    model = network(config).to(precision)
    for parameter, values in zip(model.parameters(), config.get("parameters", [])):
        with torch.no_grad():
            parameter.copy_(torch.tensor(values, dtype=precision).reshape(parameter.shape))
    inputs, labels = data[0].to(precision), data[1].to(precision)
    loss_fn = LOSSES[config["loss"]]()
    if config["loss"] == "cross_entropy":
        labels = labels.flatten().long()
    starts = [values.detach().flatten().tolist() for values in model.parameters()]
    loss_fn(model(inputs), labels).backward()
    gradients = [values.grad.flatten().tolist() for values in model.parameters()]
    optim = optimiser(config, model)
    history = train(model, Batches((inputs, labels), config["batch_size"], config["shuffle"]), loss_fn, optim, config["epochs"])
    shuffle = torch.Generator().manual_seed(config["shuffle"] or 0)
    return {"starts": starts, "gradients": gradients, "history": history["loss"].tolist(),
            "predictions": model(inputs).detach().flatten().tolist(), "order": torch.randperm(len(inputs), generator=shuffle).tolist()}


def in_the_page(config, data, engine="node"):
    """Return what the same training gives in the page's engine, run by the shell of a browser's engine."""
    inputs, labels = data
    whole = {**config, "inputs": inputs.flatten().tolist(), "labels": labels.flatten().tolist(), "rows": len(inputs)}
    parts = [(ROOT / "_ext" / "live" / "engine.js").read_text(encoding="utf-8"), f"const config = {json.dumps(whole)};",
             (ROOT / "tools" / "same_in_the_page.js").read_text(encoding="utf-8")]
    script = Path(config["folder"]) / "run.js"
    script.write_text("\n".join(parts), encoding="utf-8")
    done = subprocess.run([*ENGINES[engine], script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def largest_differences(one, other):
    """Return the largest difference of each kind; an epoch or an order that is missing counts as infinite."""
    found = {"order": 0.0 if one["order"] == other["order"] else float("inf")}
    for kind in TOLERANCES:
        these, those = (pd.Series(pd.core.common.flatten(result[kind])).astype(float) for result in (one, other))
        found[kind] = (these - those).abs().max() if len(these) == len(those) else float("inf")
    return found


def load(name):
    """Return a data set of the book as the pair (inputs, labels)."""
    file, inputs, labels = DATA[name]
    frame = pd.read_csv(ROOT / "data" / file)
    rows = frame[frame["split"] == "train"] if "split" in frame else frame
    return tensors(rows, inputs, labels)


def configuration(**given):
    """Return a whole configuration: the settings given, and what follows from them."""
    sizes = [int(size) for size in given["sizes"].split("-")]
    hidden = [given["activation"]] * (len(sizes) - 2)
    settings = {"lr": given["learning_rate"], "weight_decay": given["weight_decay"]}
    if given["optimiser"] == "sgd":
        settings["momentum"] = given["momentum"]
    return {**given, "sizes": sizes, "activations": [*hidden, LAST[given["loss"]]], "settings": settings}


def compare(config, engine="node"):
    """Return the largest differences between torch and the page's engine for one configuration."""
    data = load(config["data"])
    with tempfile.TemporaryDirectory() as folder:
        return largest_differences(in_torch(config, data), in_the_page({**config, "folder": folder}, data, engine))


def arguments():
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="2-4-1", help="layer sizes, such as 2-4-1; the first is the number of inputs")
    parser.add_argument("--activation", choices=ACTIVATIONS, default="sigmoid", help="of the hidden layers")
    parser.add_argument("--loss", choices=LOSSES, default="bce")
    parser.add_argument("--optimiser", choices=["sgd", "adam"], default="sgd")
    for name, default in (("learning-rate", 0.03), ("weight-decay", 0.0), ("momentum", 0.0), ("std", 1.0)):
        parser.add_argument(f"--{name}", type=float, default=default)
    for name, default in (("batch-size", 8), ("epochs", 50), ("seed", 0), ("shuffle", None)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--data", choices=DATA, default="moons")
    parser.add_argument("--double", action="store_true", help="train in double precision in torch, too")
    parser.add_argument("--engine", choices=ENGINES, default="node")
    return parser


def main(words=None):
    """Compare one configuration; end with an error where the two differ beyond the tolerances."""
    given = vars(arguments().parse_args(words))
    engine = given.pop("engine")
    found = compare(configuration(**given), engine)
    for kind, difference in found.items():
        print(f"{kind:12} {difference:.2e}")
    too_large = [kind for kind, difference in found.items() if difference > TOLERANCES.get(kind, 0)]
    if too_large:
        sys.exit(f"The page's engine and torch differ beyond rounding in {', '.join(too_large)}.")


if __name__ == "__main__":
    main()
