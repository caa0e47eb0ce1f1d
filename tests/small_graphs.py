"""The small networks of the live back-propagation, written once more in torch, to compare with."""

import torch


def chain(at, activation=lambda z: z):
    """Return the values of the 1-1-1 network, and its hidden value before the activation."""
    z = at["w1"] * at["x"] + at["b1"]
    hidden = activation(z)
    prediction = at["w2"] * hidden + at["b2"]
    return {"h": hidden, "yhat": prediction, "L": (at["y"] - prediction) ** 2}, z


def paths(at):
    """Return the values of the 1-2-1 network."""
    first, second = at["w1"] * at["x"] + at["b1"], at["w2"] * at["x"] + at["b2"]
    prediction = at["v1"] * first + at["v2"] * second + at["c"]
    return {"h1": first, "h2": second, "yhat": prediction, "L": (at["y"] - prediction) ** 2}


def sigmoid(at):
    """Return the values of the 1-1-1 network with a sigmoid in the middle."""
    values, z = chain(at, torch.sigmoid)
    return {"z": z, "p": values["h"], "yhat": values["yhat"], "L": values["L"]}


# Of each network the function, its parameters, and the data whose gradient the page shows as well.
NETWORKS = {
    "chain": (lambda at: chain(at)[0], ["w1", "b1", "w2", "b2"], []),
    "paths": (paths, ["w1", "b1", "w2", "b2", "v1", "v2", "c"], ["x"]),
    "sigmoid": (sigmoid, ["w1", "b1", "w2", "b2"], []),
}


def in_torch(name, numbers):
    """Return values and gradients of a network at some numbers, in double precision, by torch."""
    network, parameters, wanted = NETWORKS[name]
    leaves = {key: torch.tensor(float(value), dtype=torch.float64, requires_grad=True) for key, value in numbers.items()}
    values = network(leaves)
    targets = {**{key: leaves[key] for key in [*parameters, *wanted]}, **values}
    gradients = torch.autograd.grad(values["L"], list(targets.values()))
    return ({key: value.item() for key, value in {**leaves, **values}.items()},
            {key: gradient.item() for key, gradient in zip(targets, gradients)})
