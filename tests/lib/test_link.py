"""The state of the playground goes into a link and comes back; nonsense in a link gets a sentence and the usual value."""

import json
import random
import subprocess

import pytest

from in_javascript import needs_node
from tools.book import ROOT

pytestmark = needs_node
LINK = ROOT / "_ext" / "live" / "link.js"
FEATURES = ["x1", "x2", "x1^2", "x2^2", "x1x2", "sin1", "sin2", "income, in $", "100 %", "50%2C5", "a&b=c#d", "größe"]
ACTIVATIONS = ["sigmoid", "tanh", "relu", "leaky_relu", "identity"]


def in_node(expression, given):
    """Return what an expression of `given` and Live.link gives in node."""
    script = f"{LINK.read_text(encoding='utf-8')}\nconst given = {json.dumps(given)};\nconsole.log(JSON.stringify({expression}));"
    done = subprocess.run(["node", "-"], input=script, capture_output=True, text=True, check=True, encoding="utf-8")
    return json.loads(done.stdout)


def drawn(number):
    """Return a state with every setting drawn at random."""
    draw = random.Random(number)
    hidden = [draw.randint(1, 8) for _ in range(draw.randint(0, 6))]
    seed = lambda: draw.randint(0, 2**32 - 1)
    return {
        "data": draw.choice(["moons", "noisy_moons", "anes96", "drawn_moons", "circles", "xor", "blobs", "spirals", "three", "own"]),
        "noise": draw.randint(0, 40) / 20, "share": draw.randint(10, 90) / 100, "rows": draw.randint(20, 5000), "dataseed": seed(),
        "features": draw.choice([None, draw.sample(FEATURES, draw.randint(1, 5))]), "standardise": draw.choice([True, False]),
        "hidden": hidden, "activations": [draw.choice(ACTIVATIONS) for _ in hidden],
        "loss": draw.choice(["bce", "bce_with_logits", "mse", "cross_entropy"]), "optimiser": draw.choice(["sgd", "adam"]),
        "rate": draw.choice([1e-6, 0.03, 1e9, draw.random()]), "momentum": draw.choice([0, 0.9]), "decay": draw.choice([0, 1e-5, 0.1]),
        "batch": draw.randint(1, 10000), "seed": seed(), "std": draw.choice([1, 0.5, 1e-6]), "shuffle": draw.choice([None, seed()]),
        "epochs": draw.randint(1, 100000), "speed": draw.choice("1234"), "test": draw.choice([True, False]),
        "map": draw.choice([None, draw.sample(FEATURES, 2)]), "hide": draw.sample(["data", "rate", "own", "weights"], draw.randint(0, 3)),
        "task": draw.choice([None, "half-dead"]),
    }


def test_states_drawn_at_random_come_back_from_their_links():
    states = [drawn(number) for number in range(200)]
    found = in_node("given.map((state) => Live.link.read(Live.link.write(state)))", states)
    assert [one["state"] for one in found] == states
    assert not [one["problems"] for one in found if one["problems"]]


def test_the_usual_state_needs_no_words_and_a_link_only_what_differs():
    assert in_node("Live.link.write(Live.link.fresh())", None) == ""
    assert in_node("Live.link.write({...Live.link.fresh(), data: 'xor', features: ['x1', 'x2^2']})", None) == "#data=xor&features=x1,x2^2"


NONSENSE = {
    "data=iris": "expected one of moons", "rate=fast": "expected a number from 0.000001", "rate=0": "expected a number",
    "rate=1e10": "1e10",
    "hidden=0": "expected at most 6 layers", "hidden=9": "1 to 8 neurons", "hidden=1-1-1-1-1-1-1": "at most 6 layers",
    "hidden=4-": "such as 4-4", "seed=-1": "whole number from 0", "seed=1.5": "whole number", "batch=": "whole number",
    "share=2": "0.1 to 0.9",
    "features=": "names of features", "features=x1,x1": "each once", "map=x1": "two columns", "hide=everything": "names among",
    "shuffle=yes": "or none", "test=perhaps": "0 (no) or 1 (yes)", "colour=red": "does not have", "__proto__=1": "does not have",
    "constructor=1": "does not have", "activations=relu,step": "one of sigmoid", "task=<script>": "the name of a task",
    "hidden=2-2-2&activations=relu,tanh": "3 hidden layers and 2 activations", "%E0%A4%A": "does not have", "rate=NaN": "NaN",
}


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_gets_a_sentence_and_the_usual_value(text):
    found = in_node("Live.link.read(given)", f"#{text}")
    assert len(found["problems"]) == 1 and NONSENSE[text] in found["problems"][0]
    usual = in_node("Live.link.fresh()", None)
    if not text.startswith("hidden=2-2-2"):
        assert found["state"] == usual
    else:
        assert found["state"]["activations"] == ["relu", "tanh", "tanh"]


def test_any_text_at_all_is_read_without_an_error():
    draw = random.Random(0)
    letters = "abc=&%#,-0129.^é\u0000\ud7ff+ " + "".join(["data", "hidden", "rate", "features"])
    texts = ["".join(draw.choice(letters) for _ in range(draw.randint(0, 60))) for _ in range(300)]
    found = in_node("given.map((text) => Live.link.read(text).state)", texts)
    again = in_node("given.map((state) => Live.link.read(Live.link.write(state)))", found)
    assert [one["state"] for one in again] == found and not [one for one in again if one["problems"]]


def test_a_configuration_has_the_words_of_the_engine():
    state = "{...Live.link.fresh(), hidden: [3], activations: ['relu'], momentum: 0.5, decay: 0.01}"
    found = in_node(f"Live.link.configuration({state}, {{features: ['x1', 'x2'], classes: 2}})", None)
    assert (found["sizes"], found["activations"], found["loss"]) == ([2, 3, 1], ["relu", "sigmoid"], "bce")
    assert found["settings"] == {"lr": 0.03, "weight_decay": 0.01, "momentum": 0.5}
    three = in_node(f"Live.link.configuration({{...{state}, optimiser: 'adam'}}, {{features: ['x1', 'x2'], classes: 3}})", None)
    assert (three["sizes"][-1], three["activations"][-1], three["loss"]) == (3, "identity", "cross_entropy")
    assert "momentum" not in three["settings"]
