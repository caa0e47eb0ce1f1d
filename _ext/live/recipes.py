"""Reads from the code of a chapter how it trained the network of a figure, so that the page can train the same one.

Cells are not run. Their source is parsed, and the few calls of the book that make up a run are understood: `initialise`, the layers,
`Batches`, an optimiser of `torch.optim`, `train`. Whatever else a run is made of is refused, not guessed.
"""

import ast
import re

ACTIVATIONS = {"Sigmoid": "sigmoid", "Tanh": "tanh", "ReLU": "relu", "LeakyReLU": "leaky_relu"}
LOSSES = {"MSELoss": "mse", "BCELoss": "bce", "BCEWithLogitsLoss": "bce_with_logits", "CrossEntropyLoss": "cross_entropy"}
LINEAR = ("Linear", "SimpleLinearNN")
TAG = "train-here"
RUNS = "the runs so far"  # a key that no name of a cell can be


class NotUnderstood(ValueError):
    """A cell trains a network in a way that cannot be read from its source."""


def recipes(notebook):
    """Return the recipe of each figure of a notebook whose cell carries the tag `train-here`, by the figure's name.

    A recipe is the configuration of a run as tools.same_in_the_page has it, with `data` (the name of a file) and `evaluation` (whether
    evaluation data are measured). Raises NotUnderstood where the source does not say it.
    """
    found, known = {}, {RUNS: []}
    if not any(TAG in cell.metadata.get("tags", []) for cell in notebook.cells):
        return found
    for cell in shown(notebook):
        for statement in ast.parse(cell.source).body:
            note(statement, known)
        if TAG in cell.metadata.get("tags", []):
            found[cell.metadata["mystnb"]["figure"]["name"]] = {**last_run(known), **epochs_drawn(cell)}
    return {name: {**one, "patience": patience_of(one, known[RUNS])} for name, one in found.items()}


def shown(notebook):
    """Return the code cells of a notebook that readers see."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and "remove-cell" not in cell.metadata.get("tags", [])]


def note(statement, known):
    """Remember what a statement of a cell says about runs: `known` is a dict from the names of the cell to what they stand for.

    Names in a statement that is not understood are forgotten. That matters only if the page is to train with them: it is refused then.
    """
    try:
        remember(statement, known)
    except NotUnderstood:
        for node in ast.walk(statement):
            known.pop(getattr(node, "id", None), None)


def remember(statement, known):
    """Remember what a statement says, if it gives something a name or is a call."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        known[statement.targets[0].id] = understood(statement.value, known)
    elif isinstance(statement, ast.Expr):
        understood(statement.value, known)


def understood(node, known):
    """Return what an expression stands for, as far as a run needs it, otherwise None."""
    if isinstance(node, ast.Call):
        return call(name_of(node.func), node, known)
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and isinstance(known.get(node.value.id), dict):
        pair = known[node.value.id]
        return {**pair, "part": node.slice.value} if "data" in pair and isinstance(node.slice, ast.Constant) else None
    return None


def call(name, node, known):
    """Return what a call stands for."""
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    first = node.args[0] if node.args else None
    if name == "read_csv":
        return {"data": re.search(r"(\w+)\.csv$", first.value)[1]}
    if name == "splits":
        return {**understood(first, known), "columns": [one.value for one in given["inputs"].elts]}
    if name in (*LINEAR, "Perceptron", "Sequential", "build"):
        return {"layers": layers(node, known)}
    if name == "initialise":
        return initialised(node, given, known)
    if name == "Batches":
        size = given.get("batch_size", node.args[1] if len(node.args) > 1 else None)
        return {**(understood(first, known) or {}), "batch_size": constant(size), "shuffle": constant(given.get("seed"))}
    if name in ("SGD", "Adam"):
        return {"optimiser": name.lower(), "settings": {key: constant(value) for key, value in given.items()}}
    if name == "train":
        try:
            known[RUNS].append(run(node, given, known))
        except NotUnderstood as error:  # which matters only if the page is to train this one
            known[RUNS].append(error)
    return None


def initialised(node, given, known):
    """Return a network with its start, and remember it under its name, if it has one already."""
    seed = given.get("seed", node.args[1] if len(node.args) > 1 else None)
    network = {**(understood(node.args[0], known) or {}), "seed": constant(seed), "std": constant(given.get("std")) or 1.0}
    if isinstance(node.args[0], ast.Name):
        known[node.args[0].id] = network
    return network


def run(node, given, known):
    """Return the configuration of a call of `train`."""
    network, batches, _, optim = [understood(argument, known) for argument in node.args[:4]]
    loss = LOSSES.get(name_of(node.args[2].func) if isinstance(node.args[2], ast.Call) else None)
    drawn = network and "seed" in network and all(layer[2] for layer in network["layers"])
    if not (drawn and "data" in (batches or {}) and optim and loss):
        raise NotUnderstood(f"train in line {node.lineno}: expected the book's layers, drawn by initialise, and Batches, a loss and an "
                            "optimiser of torch")
    sizes = [network["layers"][0][0], *(layer[1] for layer in network["layers"])]
    return {**{key: batches[key] for key in ("data", "columns", "part", "batch_size", "shuffle")}, "sizes": sizes,
            "activations": [layer[2] for layer in network["layers"]], "seed": network["seed"], "std": network["std"], "loss": loss,
            **optim, "evaluation": "evaluation" in given, "patience": patience(given.get("stop")),
            "epochs": constant(given["epochs"])}


def layers(node, known):
    """Return the layers of a network as (inputs, outputs, activation)."""
    name = name_of(node.func) if isinstance(node, ast.Call) else None
    if name == "Sequential":
        return [layer for argument in node.args for layer in layers(argument, known)]
    if name == "build":
        sizes = [constant(one) for one in node.args[0].elts]
        hidden = activation(node.args[1:])
        return [(*pair, hidden) for pair in zip(sizes, sizes[1:-1])] + [(*sizes[-2:], "sigmoid")]
    if name == "Perceptron":
        return [(constant(node.args[0]), constant(node.args[1]), activation(node.args[2:]))]
    if name in LINEAR:
        inputs, outputs = [constant(one) for one in [*node.args, *(keyword.value for keyword in node.keywords)]]
        # nn.Linear draws its weights the other way round, which makes no difference for one output.
        return [(inputs, outputs, "identity" if outputs == 1 or name != "Linear" else None)]
    return (understood(node, known) or {}).get("layers", [])


def activation(arguments):
    """Return the name of an activation for the page; the book's layers have a sigmoid if none is given."""
    return ACTIVATIONS[name_of(arguments[0])] if arguments else "sigmoid"


def patience(stop):
    """Return the patience of early stopping, if `train` was given that rule."""
    if not isinstance(stop, ast.Call) or name_of(stop.func) != "early_stopping":
        return None
    return constant((stop.args or [keyword.value for keyword in stop.keywords])[0])


def last_run(known):
    """Return the run that a figure shows: the last one before it."""
    found = known[RUNS][-1] if known[RUNS] else NotUnderstood(f"a cell with the tag {TAG!r}: expected a call of train before it")
    if isinstance(found, NotUnderstood):
        raise found
    return found


def patience_of(one, runs):
    """Return the patience with which the chapter trains the same network once more, stopping it early, or None."""
    free = ("epochs", "patience")
    alike = [other for other in runs if isinstance(other, dict) and all(other[key] == one[key] for key in one if key not in free)]
    return next((other["patience"] for other in alike if other["patience"]), None)


def epochs_drawn(cell):
    """Return the epochs that a figure shows, as a rule may have ended its run early: that of the last step of its slider, if it has one."""
    figure = next(output.data["application/vnd.plotly.v1+json"] for output in cell.outputs if "data" in output)
    sliders = figure["layout"].get("sliders")
    return {"epochs": int(sliders[0]["steps"][-1]["label"].split()[0])} if sliders else {}


def constant(node):
    """Return the value of a literal, None for nothing."""
    if node is None:
        return None
    try:
        return ast.literal_eval(node)
    except ValueError as error:
        raise NotUnderstood(f"line {node.lineno}: expected a plain number, got {ast.unparse(node)}") from error


def name_of(node):
    """Return the last part of a dotted name, such as SGD of torch.optim.SGD."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)


def row_by_row(notebook):
    """Return the recipe of the first cell that trains row by row, `for x, y in zip(...)`: seed and std of its start, and its optimiser.

    `shuffle` is the seed with which the notebook first shuffles batches. Raises NotUnderstood where there is no such cell.
    """
    bodies = [ast.parse(cell.source).body for cell in shown(notebook)]
    body = next((body for body in bodies if any(map(goes_through_rows, body))), None)
    if body is None:
        raise NotUnderstood("expected a cell with a loop `for x, y in zip(inputs, labels)`, found none")
    known = {RUNS: []}
    for statement in body:
        note(statement, known)
    start = {key: known["model"][key] for key in ("seed", "std")}
    return {**start, **known["optim"], "shuffle": first_shuffle(bodies)}


def learning_rates(notebook):
    """Return the recipe of a figure of learning rates: seed and std of its start, the list `rates`, and how many steps `descend` takes.

    Raises NotUnderstood where a notebook has no such list or function.
    """
    statements = [one for cell in shown(notebook) for one in ast.parse(cell.source).body]
    lists = [one.value for one in statements if isinstance(one, ast.Assign) and name_of(one.targets[0]) == "rates"]
    steps = [default for one in statements if isinstance(one, ast.FunctionDef) and one.name == "descend"
             for argument, default in zip(one.args.args[::-1], one.args.defaults[::-1]) if argument.arg == "steps"]
    if not lists or not steps:
        raise NotUnderstood("expected a list `rates` and a function `descend` with a default for `steps`, found none")
    start = row_by_row(notebook)
    return {"seed": start["seed"], "std": start["std"], "rates": constant(lists[0]), "steps": constant(steps[0])}


def vanishing(notebook):
    """Return of the cell that draws deep networks at random how many hidden layers and replicas they have, and its seed.

    Raises NotUnderstood where no cell has `replicate(build([...], activation), replicas)` and then `initialise`.
    """
    for cell in shown(notebook):
        calls = {name_of(node.func): node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)}
        if {"replicate", "build", "initialise"} <= set(calls):
            seed = next(keyword.value for keyword in calls["initialise"].keywords if keyword.arg == "seed")
            hidden = len(calls["build"].args[0].elts) - 2
            return {"hidden": hidden, "replicas": constant(calls["replicate"].args[1]), "seed": constant(seed)}
    raise NotUnderstood("expected a cell with replicate(build([...], activation), replicas) and initialise(..., seed=...), found none")


def many_starts(notebook):
    """Return the recipe of networks that a function `fitted(decay)` trains from several starts, with early stopping.

    Its decay is that of the first call. Raises NotUnderstood where a notebook has no such function or call.
    """
    statements = [one for cell in shown(notebook) for one in ast.parse(cell.source).body]
    nodes = [node for one in statements for node in ast.walk(one) if isinstance(node, ast.Call)]
    body = next((one for one in statements if isinstance(one, ast.FunctionDef) and one.name == "fitted"), None)
    decay = next((keyword.value for node in nodes if name_of(node.func) == "fitted" for keyword in node.keywords), None)
    if body is None or decay is None:
        raise NotUnderstood("expected a function `fitted` and a call of it with decay=..., found none")
    calls = {name_of(node.func): node for node in ast.walk(body) if isinstance(node, ast.Call)}
    given = {name: {keyword.arg: keyword.value for keyword in node.keywords} for name, node in calls.items()}
    sizes = [constant(one) for one in calls["build"].args[0].elts]
    activations = [activation(calls["build"].args[1:])] * (len(sizes) - 2) + ["sigmoid"]
    numbers = {"replicas": calls["replicate"].args[1], "seed": given["initialise"]["seed"], "std": given["initialise"]["std"],
               "batch_size": given["Batches"]["batch_size"], "shuffle": given["Batches"]["seed"], "epochs": given["train"]["epochs"],
               "patience": given["early_stopping"]["patience"]}
    settings = {"lr": constant(given["SGD"]["lr"]), "weight_decay": constant(decay)}
    return {"sizes": sizes, "activations": activations, "optimiser": "sgd", "settings": settings,
            **{name: constant(node) for name, node in numbers.items()}}


def goes_through_rows(statement):
    """Say whether a statement is a loop over rows that are zipped together."""
    return isinstance(statement, ast.For) and isinstance(statement.iter, ast.Call) and name_of(statement.iter.func) == "zip"


def first_shuffle(bodies):
    """Return the seed of the first `Batches` of a notebook that has a plain one, otherwise None: rows in order."""
    calls = [node for body in bodies for statement in body for node in ast.walk(statement) if isinstance(node, ast.Call)]
    seeds = [keyword.value for one in calls if name_of(one.func) == "Batches" for keyword in one.keywords if keyword.arg == "seed"]
    return next((seed.value for seed in seeds if isinstance(seed, ast.Constant)), None)


# The numbers that the networks of back-propagation need; the third, with a sigmoid, has those of the first.
CHAIN, PATHS = {"x", "y", "w1", "b1", "w2", "b2"}, {"x", "y", "w1", "b1", "w2", "b2", "v1", "v2", "c"}


def back_propagation(notebook):
    """Return the numbers of the networks of back-propagation, as the notebook first gives them, and the rate of its first step.

    Numbers are plain, or tensors of one number: `w1 = torch.tensor(0.39, requires_grad=True)`. Raises NotUnderstood where one is missing.
    """
    numbers, found, rates = {}, {}, []
    for cell in shown(notebook):
        for statement in ast.parse(cell.source).body:
            numbers |= dict(numbers_of(statement))
            rates += [keyword.value for node in ast.walk(statement) if isinstance(node, ast.Call) and name_of(node.func) == "SGD"
                      for keyword in node.keywords if keyword.arg == "lr"]
        for name, needed in {"chain": CHAIN, "paths": PATHS}.items():
            if name not in found and needed <= set(numbers):
                found[name] = {key: numbers[key] for key in sorted(needed)}
    if len(found) < 2 or not rates:
        raise NotUnderstood(f"expected numbers for {sorted(PATHS)} and an optimiser SGD with lr=..., found {sorted(numbers)}")
    return {**found, "sigmoid": found["chain"], "rate": constant(rates[0])}


def numbers_of(statement):
    """Yield the name and the value of each number that a statement assigns."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return
    target, value = statement.targets[0], statement.value
    together = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
    for name, one in zip(target.elts, value.elts) if together else [(target, value)]:
        inner = one.args[0] if isinstance(one, ast.Call) and name_of(one.func) == "tensor" else one
        try:
            number = ast.literal_eval(inner)
        except ValueError:
            continue
        if isinstance(number, (int, float)):
            yield name_of(name), float(number)


def first_step(notebook):
    """Return the recipe of one step from a random guess: the seed and std with which `nn.init.normal_` draws it, and the rate of SGD.

    Raises NotUnderstood where a notebook has no such calls.
    """
    bodies = [ast.parse(cell.source) for cell in shown(notebook)]
    calls = {name_of(node.func): node for body in bodies[::-1] for node in ast.walk(body) if isinstance(node, ast.Call)}
    if not {"manual_seed", "normal_", "SGD"} <= set(calls):
        raise NotUnderstood("expected calls of torch.manual_seed, nn.init.normal_ and torch.optim.SGD, found none")
    given = {name: {keyword.arg: keyword.value for keyword in calls[name].keywords} for name in ("normal_", "SGD")}
    return {"seed": constant(calls["manual_seed"].args[0]), "std": constant(given["normal_"]["std"]), "rate": constant(given["SGD"]["lr"])}
