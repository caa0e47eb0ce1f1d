"""The same training with other libraries: epochs of mini-batch descent on the cross-entropy of a network."""

import functools
import math

import jax
import numba
import numpy as np
import torch
from jax import numpy as jnp
from sklearn.neural_network import MLPClassifier
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

# A network is a list of (weights, bias) per layer, float32 arrays (features_in, features_out) and (1, features_out).
# Each peer trains a list of networks, and returns them and the number of updates of each.


def dataloader(networks, x, y, epochs, batch_size, learning_rate):
    """The loop of most tutorials: nn.Linear, DataLoader, torch.optim.SGD; one network after another."""
    data = TensorDataset(torch.tensor(x), torch.tensor(y))

    def epoch_for(shuffle):
        return functools.partial(iter, DataLoader(data, batch_size, shuffle=True, generator=shuffle))

    return by_modules(networks, epochs, learning_rate, epoch_for)


def torch_modules(networks, x, y, epochs, batch_size, learning_rate):
    """The same by hand with nn.Linear and torch.optim.SGD, on a sliced permutation; one network after another."""
    inputs, labels = torch.tensor(x), torch.tensor(y)

    def epoch_for(shuffle):
        return functools.partial(sliced, inputs, labels, batch_size, shuffle)

    return by_modules(networks, epochs, learning_rate, epoch_for)


def by_modules(networks, epochs, learning_rate, epoch_for):
    """Train networks of torch's layers; `epoch_for` takes a generator and returns a function that yields the batches of an epoch."""
    trained, updates = [], 0
    for seed, network in enumerate(networks):
        model, epoch = as_modules(network), epoch_for(torch.Generator().manual_seed(seed))
        optim, loss_fn = torch.optim.SGD(model.parameters(), lr=learning_rate), nn.BCEWithLogitsLoss()
        updates = 0
        for _ in range(epochs):
            for inputs, labels in epoch():
                optim.zero_grad()
                loss_fn(model(inputs), labels).backward()
                optim.step()
                updates += 1
        trained.append(as_arrays(model))
    return trained, updates


def sliced(inputs, labels, batch_size, shuffle):
    """Return the batches of an epoch as slices of one permutation of the data."""
    order = torch.randperm(len(inputs), generator=shuffle)
    return zip(inputs[order].split(batch_size), labels[order].split(batch_size))


def leanest_torch(networks, x, y, epochs, batch_size, learning_rate):
    """As few torch calls as possible: no modules, no optimiser, a sliced permutation; one network after another."""
    inputs, labels = torch.tensor(x), torch.tensor(y)
    trained, updates = [], 0
    for seed, network in enumerate(networks):
        shuffle = torch.Generator().manual_seed(seed)
        parameters = [torch.tensor(part, requires_grad=True) for layer in network for part in layer]
        updates = 0
        for _ in range(epochs):
            for some_x, some_y in sliced(inputs, labels, batch_size, shuffle):
                hidden = some_x
                for weights, bias in zip(parameters[:-2:2], parameters[1:-2:2]):
                    hidden = torch.sigmoid(hidden @ weights + bias)
                log_odds = hidden @ parameters[-2] + parameters[-1]
                nn.functional.binary_cross_entropy_with_logits(log_odds, some_y).backward()
                for parameter in parameters:
                    parameter.data.sub_(parameter.grad, alpha=learning_rate)
                    parameter.grad = None
                updates += 1
        arrays = [parameter.detach().numpy() for parameter in parameters]
        trained.append(list(zip(arrays[::2], arrays[1::2])))
    return trained, updates


def as_modules(network):
    """Return a network made of torch's own layers."""
    model = nn.Sequential()
    for weights, bias in network:
        layer = nn.Linear(*weights.shape)
        layer.weight.data, layer.bias.data = torch.tensor(weights.T.copy()), torch.tensor(bias[0])
        model.append(layer).append(nn.Sigmoid())
    return model[:-1]  # the last layer gives log odds


def as_arrays(model):
    """Return the arrays of a network made of torch's own layers."""
    return [(layer.weight.data.numpy().T, layer.bias.data.numpy()[None]) for layer in model[::2]]


def scikit_learn(networks, x, y, epochs, batch_size, learning_rate):
    """MLPClassifier by plain SGD, without momentum or penalty, from the same start; one network after another."""
    trained, updates = [], 0
    for seed, network in enumerate(networks):
        hidden = tuple(weights.shape[1] for weights, _ in network[:-1])
        model = MLPClassifier(
            hidden, activation="logistic", solver="sgd", alpha=0, batch_size=batch_size, momentum=0,
            learning_rate_init=learning_rate, max_iter=epochs, tol=0, n_iter_no_change=epochs, random_state=seed)
        model.partial_fit(x[:1], y[:1, 0], classes=[0, 1])  # allocates the arrays that hold the starting weights
        model.coefs_ = [weights.copy() for weights, _ in network]
        model.intercepts_ = [bias[0].copy() for _, bias in network]
        model.set_params(warm_start=True)
        model.fit(x, y[:, 0])
        updates = model.n_iter_ * -(-len(x) // batch_size)
        trained.append([(weights, bias[None]) for weights, bias in zip(model.coefs_, model.intercepts_)])
    return trained, updates


def jax_loss(network, x, y):
    """Return the cross-entropy from log odds, as JAX users write it."""
    hidden = x
    for weights, bias in network[:-1]:
        hidden = jax.nn.sigmoid(hidden @ weights + bias)
    weights, bias = network[-1]
    log_odds = hidden @ weights + bias
    return jnp.mean(jax.nn.softplus(log_odds) - y * log_odds)


@functools.partial(jax.jit, static_argnums=(4, 5))
def jax_train(networks, keys, x, y, epochs, batch_size, learning_rate):
    """Train all networks in one compiled program; the first dimension of each array is the network."""
    whole = len(x) // batch_size * batch_size

    def update(network, batch):
        slopes = jax.grad(jax_loss)(network, *batch)
        return jax.tree.map(lambda value, slope: value - learning_rate * slope, network, slopes), None

    def epoch(network, key):
        order = jax.random.permutation(key, len(x))
        batches = [part[order[:whole]].reshape(-1, batch_size, part.shape[1]) for part in (x, y)]
        network, _ = jax.lax.scan(update, network, tuple(batches))
        if whole < len(x):
            network, _ = update(network, (x[order[whole:]], y[order[whole:]]))
        return network, None

    def one(network, key):
        return jax.lax.scan(epoch, network, jax.random.split(key, epochs))[0]

    return jax.vmap(one)(networks, keys)


def stacked(networks):
    """Return the layers of many networks as arrays whose first dimension is the network."""
    return [tuple(np.stack(parts) for parts in zip(*layers)) for layers in zip(*networks)]


def jax_vmap(networks, x, y, epochs, batch_size, learning_rate):
    """jit(vmap(scan)): all networks in one compiled program (compiled before the clock starts)."""
    together = stacked(networks)
    keys = jax.random.split(jax.random.key(0), len(networks))
    trained = jax_train(together, keys, jnp.array(x), jnp.array(y), epochs, batch_size, learning_rate)
    trained = [tuple(np.asarray(part) for part in layer) for layer in trained]
    updates = epochs * -(-len(x) // batch_size)
    return [[(w[i], b[i]) for w, b in trained] for i in range(len(networks))], updates


@functools.cache
def scalar_passes(sizes):
    """Compile the forward and backward pass of one row, with layer sizes as constants, as in JAX."""
    depth, ends = len(sizes) - 1, sum(sizes)
    parameters = sum((many + 1) * own for many, own in zip(sizes, sizes[1:]))

    @numba.njit(fastmath=True, error_model="numpy")
    def forward(values, outputs):
        first, at = 0, 0
        for layer in range(depth):
            many, own = sizes[layer], sizes[layer + 1]
            for k in range(own):
                total = values[at + many * own + k]
                for j in range(many):
                    total += outputs[first + j] * values[at + j * own + k]
                outputs[first + many + k] = np.float32(1) / (np.float32(1) + math.exp(-total))
            first, at = first + many, at + (many + 1) * own

    @numba.njit(fastmath=True, error_model="numpy")
    def backward(values, outputs, errors, slopes):
        after, at = ends - 1, parameters
        for layer in range(depth - 1, -1, -1):
            many, own = sizes[layer], sizes[layer + 1]
            first, at = after - many, at - (many + 1) * own
            for k in range(own):
                slopes[at + many * own + k] += errors[after + k]
            for j in range(many):
                back, output = np.float32(0), outputs[first + j]
                for k in range(own):
                    slopes[at + j * own + k] += output * errors[after + k]
                    back += values[at + j * own + k] * errors[after + k]
                errors[first + j] = back * output * (np.float32(1) - output)
            after = first

    return forward, backward


@functools.cache
def scalar_training(sizes):
    """Compile the training of one network, whose parameters are concatenated in `values`."""
    (forward, backward), neurons = scalar_passes(sizes), sum(sizes)

    @numba.njit(fastmath=True, error_model="numpy")
    def training(values, x, y, epochs, batch_size, learning_rate, seed):
        np.random.seed(seed)
        outputs, errors, slopes = np.zeros(neurons, np.float32), np.zeros(neurons, np.float32), np.zeros_like(values)
        updates = 0
        for _ in range(epochs):
            order = np.random.permutation(len(x))
            for start in range(0, len(x), batch_size):
                stop = min(start + batch_size, len(x))
                slopes[:] = 0
                for row in order[start:stop]:
                    for j in range(sizes[0]):
                        outputs[j] = x[row, j]
                    forward(values, outputs)
                    errors[neurons - 1] = outputs[neurons - 1] - y[row, 0]
                    backward(values, outputs, errors, slopes)
                rate = learning_rate / np.float32(stop - start)
                for i in range(len(values)):
                    values[i] -= rate * slopes[i]
                updates += 1
        return updates

    return training


def scalar(networks, x, y, epochs, batch_size, learning_rate):
    """Only the arithmetic, number by number, compiled by numba; one network after another."""
    training = scalar_training(tuple([weights.shape[0] for weights, _ in networks[0]] + [1]))
    shapes = [part.shape for layer in networks[0] for part in layer]
    ends = np.cumsum([part.size for layer in networks[0] for part in layer])[:-1]
    trained, updates = [], 0
    for seed, network in enumerate(networks):
        values = np.concatenate([part.ravel() for layer in network for part in layer])
        updates = training(values, x, y, epochs, batch_size, np.float32(learning_rate), seed)
        parts = [part.reshape(shape) for part, shape in zip(np.split(values, ends), shapes)]
        trained.append(list(zip(parts[::2], parts[1::2])))
    return trained, updates
