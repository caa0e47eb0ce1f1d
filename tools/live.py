"""Trains in torch, with lib, what the page trains under a figure, and stores the curves that it draws its own over.

`python -m tools.live` trains all figures whose cell carries the tag `train-here`; `python -m tools.live fig-deep` those named.
The curves are in `_ext/live/curves.json`; what trained them is read from the notebooks.
"""

import json
import sys
from pathlib import Path

import nbformat
import pandas as pd

from _ext.live.recipes import recipes
from lib.data import splits
from lib.training import Batches, train
from tools.book import NOTEBOOKS
from tools.same_in_the_page import DATA, LOSSES, network, optimiser

ROOT = Path(__file__).parent.parent
CURVES = ROOT / "_ext" / "live" / "curves.json"
DIGITS = 8  # single precision has no more


def all_recipes():
    """Return the recipe of each figure of the book that the page can train, by its name."""
    return {name: one for path in NOTEBOOKS for name, one in recipes(nbformat.read(path, as_version=4)).items()}


def curves(recipe, epochs=None):
    """Return the history of a recipe's run in torch: loss and, if the chapter measures it, evaluation_loss, by epoch."""
    file, _, labels = DATA[recipe["data"]]
    parts = splits(pd.read_csv(ROOT / "data" / file), recipe["columns"], labels)
    model = network(recipe)
    batches = Batches(parts[recipe["part"]], recipe["batch_size"], recipe["shuffle"])
    evaluation = parts["evaluation"] if recipe["evaluation"] else None
    optim = optimiser(recipe, model)
    return train(model, batches, LOSSES[recipe["loss"]](), optim, epochs or recipe["epochs"], evaluation=evaluation)


def stored(history):
    """Return a history as it is stored."""
    return {name: [float(f"{value:.{DIGITS}g}") for value in values] for name, values in history.items()}


def main(names):
    """Train the named figures, or all, and store their curves, a line each."""
    found = json.loads(CURVES.read_text(encoding="utf-8")) if names else {}
    for name, recipe in all_recipes().items():
        if not names or name in names:
            found[name] = stored(curves(recipe))
            print(f"{name}: {recipe['epochs']} epochs", flush=True)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in found.items())
    CURVES.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
