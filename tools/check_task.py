"""Checks a code that a reader has handed in for a task of the playground: trains the network again in torch, with lib.

For example: python -m tools.check_task few/hidden=3/activations=tanh/rate=0.3/seed=1/shuffle=1/epochs=300/accuracy=1/parameters=13/0v4yiwc

The tasks and their limits are in _ext/live/tasks.json, the page's own side in _ext/live/tasks.js. A code has the task, the settings
that are not the usual ones, the answer if the task asks for one, the numbers that the page found, and a sum that notices slips of typing.
Exit status: 0 if it holds, 1 if not.
"""

import argparse
import json
import math
import re
import sys
import warnings
import zlib

import numpy as np
import pandas as pd
import statsmodels.api as sm
import torch

from lib.data import splits
from lib.models import Standardise
from lib.training import Batches, train
from tools.book import ROOT
from tools.same_in_the_page import ACTIVATIONS, LAST, LOSSES, network, optimiser

TASKS = json.loads((ROOT / "_ext" / "live" / "tasks.json").read_text(encoding="utf-8"))
BY_NAME = {task["id"]: task for task in TASKS["tasks"]}
LABELS = {"moons": "y", "noisy_moons": "y", "anes96": "vote"}
USUAL_FEATURES = {"moons": ["x1", "x2"], "noisy_moons": ["x1", "x2"], "anes96": ["selfLR", "ClinLR", "DoleLR"]}
WHOLE = ["batch", "seed", "shuffle", "epochs"]
NUMBERS = ["rate", "momentum", "decay", "std", *WHOLE]
SETTINGS = ["features", "standardise", "hidden", "activations", "loss", "optimiser", *NUMBERS]
LONGEST = 1000  # characters of a code
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# How far a claim may be from the number found, relative to it if that is above 1. Starts differ by rounding between processors, which
# grows to some 2e-4 in a thousand epochs of Adam; most runs agree to 1e-6.
CLOSE = 1e-3


class Refused(ValueError):
    """A code that does not hold, with the reason in a sentence."""


def refuse_unless(truth, sentence):
    """Raise Refused with this sentence unless something is true."""
    if not truth:
        raise Refused(sentence)


# ---- Reading a code ----


def checksum(text):
    """Return the sum at the end of a code: CRC-32 in base 36, seven letters."""
    rest, letters = zlib.crc32(text.encode()), ""
    for _ in range(7):
        rest, digit = divmod(rest, 36)
        letters = DIGITS[digit] + letters
    return letters


def read(code):
    """Return of a code its task, its settings, the answer (or None) and the claims; raise Refused if it makes no sense."""
    text = re.sub(r"\s", "", code)
    refuse_unless(len(text) <= LONGEST, f"expected a code of at most {LONGEST} characters, got {len(text)}")
    refuse_unless(re.fullmatch(r"[!-~]+/[0-9a-z]{7}", text), f"expected a code such as few/hidden=3/.../0v4yiwc, got {text[:60]!r}")
    body, _, given = text.rpartition("/")
    refuse_unless(checksum(body) == given, f"a slip in the code: its last seven letters do not fit the rest, {body[:60]!r}")
    name, *pairs = body.split("/")
    refuse_unless(name in BY_NAME, f"expected a task among {', '.join(BY_NAME)}, got {name!r}")
    refuse_unless(all(re.fullmatch(r"\w+=[^=]+", pair) for pair in pairs), f"expected settings such as rate=0.3, got {pairs}")
    found = dict(pair.split("=") for pair in pairs)
    refuse_unless(len(found) == len(pairs), "expected each setting once")
    return divided(BY_NAME[name], found)


def divided(task, found):
    """Return task, settings, answer and claims from the pairs of a code."""
    claimed = [one["measure"] for one in [*task["goals"], *task.get("tells", [])]]
    strange = set(found) - {*SETTINGS, *claimed, "answer"}
    refuse_unless(not strange, f"expected settings among {', '.join(SETTINGS)}, got {', '.join(sorted(strange))}")
    missing = [name for name in [*claimed, *(["answer"] if "asks" in task else [])] if name not in found]
    refuse_unless(not missing, f"expected the numbers that the page found, {', '.join(missing)} missing")
    settings = {name: setting(name, found[name]) for name in SETTINGS if name in found}
    data = task["requires"]["data"][0]
    answer = number("answer", found["answer"]) if "asks" in task else None
    return task, {**TASKS["usual"], **settings, "data": data}, answer, {name: number(name, found[name]) for name in claimed}


def number(name, text, whole=False):
    """Return a finite number from its text."""
    fits = re.fullmatch(r"-?\d+" if whole else r"-?\d+(\.\d+)?(e[-+]?\d+)?", text)
    value = float(text) if fits and len(text) < 30 else math.nan
    refuse_unless(math.isfinite(value), f"{name}: expected a {'whole ' if whole else ''}number, got {text[:40]!r}")
    return int(value) if whole else value


def setting(name, text):
    """Return the value of one setting, as the state of the playground has it."""
    if name in NUMBERS:
        return None if name == "shuffle" and text == "none" else number(name, text, name in WHOLE)
    if name == "standardise":
        return {"0": False, "1": True}.get(text, text)
    if name == "hidden":
        return [] if text == "none" else [number("hidden", part, whole=True) for part in text.split("-")]
    if name == "features":
        return None if text == "none" else text.split(",")
    return ([] if text == "none" else text.split(",")) if name == "activations" else text


# ---- What is refused before any work ----


def check_settings(task, settings, answer):
    """Refuse settings that are out of bounds, that the task does not allow, or that would take too long."""
    hidden = settings["hidden"]
    sizes = {"layers": len(hidden), "units": sum(hidden)}
    for name, value in [(name, settings[name]) for name in NUMBERS] + [("layers", len(hidden))] + [("neurons", size) for size in hidden]:
        if value is not None:  # a shuffle of None is the order of the rows
            check_within(name, value, TASKS["limits"][name])
    check_names(settings)
    for name, allowed in task["requires"].items():
        value = {**settings, **sizes}[name]
        refuse_unless(fits(value, allowed, name), f"{name}: the task {task['id']!r} expects {allowed}, got {value!r}")
    if "number" in task.get("asks", {}):
        check_within("answer", answer, task["asks"]["number"])
    check_time(task, settings)


def check_within(name, value, bounds):
    """Refuse a number that is not within its bounds."""
    low, high = bounds
    refuse_unless(low <= value <= high, f"{name}: expected {low:g} to {high:g}, got {value:g}")


def check_names(settings):
    """Refuse names that torch's side, or the data, do not have."""
    features, activations = settings["features"], settings["activations"]
    columns = set(USUAL_FEATURES["moons"]) if settings["data"] != "anes96" else set(frame("anes96").columns) - {"vote", "split"}
    known = features is None or (set(features) <= columns and len(set(features)) == len(features))
    refuse_unless(known, f"features: expected columns of the data, each once, got {features}")
    refuse_unless(set(activations) <= set(ACTIVATIONS), f"activations: expected some of {', '.join(ACTIVATIONS)}, got {activations}")
    refuse_unless(len(activations) == len(settings["hidden"]), "activations: expected one for each hidden layer")
    refuse_unless(settings["loss"] in LOSSES, f"loss: expected one of {', '.join(LOSSES)}, got {settings['loss']!r}")
    refuse_unless(settings["optimiser"] in ("sgd", "adam"), f"optimiser: expected sgd or adam, got {settings['optimiser']!r}")
    refuse_unless(isinstance(settings["standardise"], bool), f"standardise: expected 0 or 1, got {settings['standardise']!r}")


def fits(value, allowed, name):
    """Return whether a task allows a value: numbers from the first to the last, everything else one of these."""
    if isinstance(allowed[0], (int, float)) and not isinstance(allowed[0], bool):
        return allowed[0] <= value <= allowed[-1]
    return all(one in allowed for one in value) if name == "activations" else value in allowed


def check_time(task, settings):
    """Refuse what has too many updates."""
    runs = 2 if task["id"] in ("limit", "batch") else task.get("further", 1)
    rows = (frame(settings["data"])["split"] == "train").sum()
    updates, most = runs * settings["epochs"] * math.ceil(rows / settings["batch"]), TASKS["limits"]["updates"][1]
    refuse_unless(updates <= most, f"expected at most {most:,} updates, got {updates:,}, which would take too long")


# ---- Training it again, in double precision as the page does ----


def frame(name):
    """Return a data set of the book."""
    return pd.read_csv(ROOT / "data" / f"{name}.csv")


def pairs(settings):
    """Return the pairs (inputs, labels) of the settings' data, by part, in double precision."""
    name = settings["data"]
    parts = splits(frame(name), inputs=settings["features"] or USUAL_FEATURES[name], labels=[LABELS[name]])
    parts = {part: (inputs.double(), labels.double()) for part, (inputs, labels) in parts.items()}
    if not settings["standardise"]:
        return parts
    scale = Standardise(parts["train"][0])  # the page rounds what comes out to single precision, as it does with all data
    return {part: (scale(inputs).float().double(), labels) for part, (inputs, labels) in parts.items()}


def configuration(settings, features):
    """Return the settings as a configuration of a run."""
    optim = {"lr": settings["rate"], "weight_decay": settings["decay"]}
    if settings["optimiser"] == "sgd":
        optim["momentum"] = settings["momentum"]
    shape = {"sizes": [features, *settings["hidden"], 1], "activations": [*settings["activations"], LAST[settings["loss"]]]}
    return {**shape, "settings": optim, **{name: settings[name] for name in ("loss", "optimiser", "seed", "std")}}


def trained(settings, parts, epochs):
    """Return a network trained with these settings, and its losses by epoch: None if they are no numbers any more."""
    config = configuration(settings, parts["train"][0].shape[1])
    model = network(config).double()
    data = Batches(parts["train"], min(settings["batch"], len(parts["train"][0])), settings["shuffle"])
    try:
        with warnings.catch_warnings(action="ignore"):  # of saturated sigmoids, which a task may be about
            history = train(model, data, LOSSES[settings["loss"]](), optimiser(config, model), epochs, evaluation=parts["evaluation"])
    except FloatingPointError:
        history = None
    return model, history


class Made:
    """Everything that the measures of a task look at."""

    def __init__(self, task, settings, answer):
        self.task, self.settings, self.answer, self.parts = task, settings, answer, pairs(settings)
        self.before = alive(network(configuration(settings, self.features)).double(), self.parts["train"][0])
        self.model, self.history = trained(settings, self.parts, settings["epochs"] * task.get("further", 1))
        change = {"limit": {"rate": answer}, "batch": {"batch": max(1, settings["batch"] // 2)}}.get(task["id"])
        self.other = None if change is None else trained({**settings, **change}, self.parts, settings["epochs"])[1]
        refuse_unless(self.history is not None or task["id"] == "limit", "the loss of this network is no number any more")
        self.logit = Logit(self.parts["train"])

    @property
    def features(self):
        return self.parts["train"][0].shape[1]

    def predict(self, part):
        """Return the predictions for a part of the data."""
        with torch.no_grad():
            return self.model(self.parts[part][0]).flatten().numpy()

    def gains(self, part):
        """Return by how much the log-likelihood of each row is above the logit's."""
        labels = self.parts[part][1].flatten().numpy()
        return log_likelihoods(self.predict(part), labels) - log_likelihoods(self.logit.predict(self.parts[part][0]), labels)


class Logit:
    """The logit by maximum likelihood on a pair."""

    def __init__(self, pair):
        inputs, labels = (values.numpy() for values in pair)
        self.fitted = sm.Logit(labels.flatten(), sm.add_constant(inputs, has_constant="add")).fit(disp=0, method="newton", maxiter=100)
        self.coefficients, self.loss = self.fitted.params[1:], -self.fitted.llf / len(labels)

    def predict(self, inputs):
        """Return the probabilities of label 1."""
        return self.fitted.predict(sm.add_constant(inputs.numpy(), has_constant="add"))


def log_likelihoods(chances, labels):
    """Return the log-likelihood of each row, at least -100 as torch has it."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(np.where(labels == 1, chances, 1 - chances)), -100)


def alive(model, inputs):
    """Return for each hidden neuron whether it answers to some of the data."""
    found = [torch.empty(0, dtype=torch.bool)]
    with torch.no_grad():
        for layer in list(model)[:-1]:
            inputs = layer(inputs)
            found.append((inputs > 0).any(dim=0))
    return torch.cat(found)


# ---- Measures, by the names that they have in the page ----


def risen(history):
    """Return whether a loss ends above its start, or is no number any more."""
    return history is None or not history["loss"].iloc[-1] <= history["loss"].iloc[0]


def bent(made):
    """Return the largest distance of the log-odds from a plane over the inputs."""
    chances = made.predict("train")
    odds, inputs = np.log(chances / (1 - chances)), sm.add_constant(made.parts["train"][0].numpy())
    return np.abs(odds - inputs @ np.linalg.lstsq(inputs, odds)[0]).max()


def limit(made):
    """Return 2 divided by the largest eigenvalue of the second derivatives of the mean squared error."""
    inputs = sm.add_constant(made.parts["train"][0].numpy())
    return 2 / np.linalg.eigvalsh(2 * inputs.T @ inputs / len(inputs)).max()


def wandering(history, made):
    """Return the largest distance from the logit's loss in the last 20 epochs."""
    return history["loss"].iloc[-20:].max() - made.logit.loss


def standard_error(values):
    """Return the standard error of the mean."""
    return np.std(values, ddof=1) / math.sqrt(len(values))


def right(made):
    """Return whether the answer is right."""
    if made.task["id"] == "straight":
        return made.answer == made.features + 1
    return made.answer == (0 if made.gains("test").mean() > 2 * standard_error(made.gains("test")) else 1)


def held(made):
    """Return the evaluation loss by epoch."""
    return made.history["evaluation_loss"]


MEASURES = {
    "accuracy": lambda made: np.mean((made.predict("train") > 0.5) == (made.parts["train"][1].flatten().numpy() > 0.5)),
    "parameters": lambda made: sum(values.numel() for values in made.model.parameters()),
    "died": lambda made: (made.before & ~alive(made.model, made.parts["train"][0])).double().mean().item(),
    "falls": lambda made: not risen(made.history),
    "diverges": lambda made: risen(made.other),
    "apart": lambda made: made.answer / made.settings["rate"],
    "limit": limit,
    "gain": lambda made: made.gains("evaluation").mean(),
    "test_gain": lambda made: made.gains("test").mean(),
    "test_error": lambda made: standard_error(made.gains("test")),
    "right": right,
    "shortfall": lambda made: made.history["loss"].iloc[-1] - made.logit.loss,
    "advantage": lambda made: made.logit.loss - made.history["loss"].iloc[-1],
    "bend": bent,
    "rise": lambda made: held(made).iloc[-1] / held(made).min(),
    "near": lambda made: held(made)[made.settings["epochs"]] / held(made).min(),
    "later": lambda made: held(made).iloc[-1] / held(made).min(),
    "wobble": lambda made: wandering(made.history, made),
    "half": lambda made: wandering(made.other, made),
    "shrunk": lambda made: list(made.model.parameters())[0].detach().norm().item() / np.linalg.norm(made.logit.coefficients),
    "cost": lambda made: -made.gains("evaluation").mean(),
}


# ---- The verdict ----


def reached(goal, value):
    """Return whether a number reaches a goal, up to rounding."""
    slack = 1e-9 * max(1, abs(value))
    return goal.get("least", -math.inf) - slack <= value <= goal.get("most", math.inf) + slack


def check(code):
    """Return the task of a code, its settings, and rows (words, claimed, found, goal); raise Refused if it does not hold.

    All numbers are computed again: a code holds if they are those that it claims, and reach the goal.
    """
    task, settings, answer, claims = read(code)
    check_settings(task, settings, answer)
    all_reached([(goal["words"], claims[goal["measure"]], goal) for goal in task["goals"]], "by its own numbers the goal is not reached")
    made = Made(task, settings, answer)
    shown = [*task["goals"], *task.get("tells", [])]
    rows = [(one["words"], claims[one["measure"]], float(MEASURES[one["measure"]](made)), one) for one in shown]
    forged = [f"{words}: it says {claimed:g}, torch finds {found:.6g}" for words, claimed, found, _ in rows if not close(claimed, found)]
    refuse_unless(not forged, "the numbers are not those of this network. " + "; ".join(forged))
    all_reached([(words, found, goal) for words, _, found, goal in rows], "the goal is not reached in torch")
    return task, settings, rows


def all_reached(rows, sentence):
    """Refuse numbers that miss a goal; rows: (words, number, goal)."""
    missed = [f"{words}: {value:.6g}" for words, value, goal in rows if not reached(goal, value)]
    refuse_unless(not missed, f"{sentence}. {'; '.join(missed)}")


def close(claimed, found):
    """Return whether two numbers are the same up to rounding."""
    return abs(claimed - found) <= CLOSE * max(1, abs(found))


def changed(settings):
    """Return in words what is not usual about settings."""
    return ", ".join(f"{name} {value}" for name, value in settings.items() if value != TASKS["usual"][name]) or "the usual ones"


def list_tasks():
    """Print what there is."""
    for task in TASKS["tasks"]:
        print(f"{task['id']:10} {task['title']}\n           {task['goal']}")


def main(words=None):
    """Check a code, or list the tasks; end with an error where it does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("code", nargs="?", help="what the page gave to hand in")
    parser.add_argument("--list", action="store_true", help="list the tasks")
    given = parser.parse_args(words)
    if given.list or given.code is None:
        return list_tasks()
    try:
        task, settings, rows = check(given.code)
    except Refused as reason:
        sys.exit(f"Does not hold: {reason}.")
    print(f"Holds: {task['title']}\nSettings: {changed(settings)}")
    for words, claimed, found, _ in rows:
        print(f"{words}: {found:.6g} (claimed {claimed:g})")
    return None


if __name__ == "__main__":
    main()
