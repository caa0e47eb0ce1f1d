"""The page's engine trains to torch's own digits: for many seeds, and for configurations drawn at random."""

import random
import shutil

import pytest
import torch

from tools import same_in_the_page
from tools.same_in_the_page import TOLERANCES, compare, configuration, in_the_page, in_torch, load

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="node runs the page's engine here")
SEEDS = range(20)


def drawn(number):
    """Return a configuration drawn at random: sizes, activation, loss, optimiser, rate, batch, decay, data."""
    draw = random.Random(number)
    data = draw.choice(["moons", "noisy_moons", "anes96"])
    hidden = "-".join(str(draw.randint(1, 8)) for _ in range(draw.randint(0, 3)))
    loss = draw.choice(["bce", "bce_with_logits", "mse", "cross_entropy"])
    sizes = "-".join(filter(None, ["3" if data == "anes96" else "2", hidden, "2" if loss == "cross_entropy" else "1"]))
    optimiser = draw.choice(["sgd", "adam"])
    return configuration(
        sizes=sizes, activation=draw.choice(["sigmoid", "tanh", "relu", "leaky_relu", "identity"]), loss=loss, optimiser=optimiser,
        learning_rate=draw.choice([0.003, 0.01] if optimiser == "adam" else [0.001, 0.01, 0.03]),
        weight_decay=draw.choice([0.0, 0.001, 0.01]),
        momentum=draw.choice([0.0, 0.5]), std=draw.choice([0.3, 0.5]), batch_size=draw.choice([4, 8, 32, 1000]), epochs=draw.randint(5, 20),
        seed=draw.randint(0, 10**6), shuffle=draw.choice([None, draw.randint(0, 10**6)]), data=data, double=False)


def usual(**changed):
    """Return the recipe of the lecture for 2-4-1, with some settings changed."""
    recipe = dict(sizes="2-4-1", activation="sigmoid", loss="bce", optimiser="sgd", learning_rate=0.03, weight_decay=0.0, momentum=0.0,
                  std=1.0, batch_size=8, epochs=3, seed=0, shuffle=0, data="moons", double=False)
    return configuration(**{**recipe, **changed})


@pytest.mark.parametrize("seed", SEEDS)
def test_starts_and_shuffles_are_torchs_own(seed):
    found = compare(usual(sizes="2-8-8-1", seed=seed, shuffle=seed + 100))
    assert found["order"] == 0
    assert all(found[kind] <= most for kind, most in TOLERANCES.items()), found


@pytest.mark.parametrize("number", range(12))
def test_configurations_drawn_at_random_train_to_torchs_digits(number):
    found = compare(drawn(number))
    assert found["order"] == 0
    assert all(found[kind] <= most for kind, most in TOLERANCES.items()), (drawn(number), found)


@pytest.mark.parametrize("loss, last", [("bce", 1), ("bce_with_logits", 1), ("mse", 1), ("cross_entropy", 2)])
@pytest.mark.parametrize("activation", ["identity", "sigmoid", "tanh", "relu", "leaky_relu"])
def test_gradients_are_those_of_autograd(loss, last, activation, tmp_path):
    config = usual(sizes=f"2-5-3-{last}", activation=activation, loss=loss, epochs=1, double=True)
    shapes = (10, 5, 15, 3, 3 * last, last)
    parameters = [torch.randn(n, dtype=torch.float64, generator=torch.Generator().manual_seed(n)).tolist() for n in shapes]
    config |= {"parameters": parameters, "folder": tmp_path.as_posix()}
    ours, theirs = in_torch(config, load("moons"))["gradients"], in_the_page(config, load("moons"))["gradients"]
    assert max(abs(one - other) for these, those in zip(ours, theirs) for one, other in zip(these, those)) < 1e-9


def test_a_difference_beyond_rounding_ends_with_an_error(monkeypatch, capsys):
    monkeypatch.setattr(same_in_the_page, "in_the_page", lambda config, data, engine: in_torch({**config, "seed": 1}, data))
    with pytest.raises(SystemExit, match="differ beyond rounding in starts"):
        same_in_the_page.main(["--epochs", "1"])
