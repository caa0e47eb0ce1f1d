"""The page's logit is that of statsmodels, for two classes and for more, and it says where there is none."""


import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers import need
from in_javascript import in_javascript, needs_node

pytestmark = needs_node
ANES = ["selfLR", "ClinLR", "DoleLR", "PID", "age", "educ", "income", "TVnews", "popul"]
FIT = """
const pairOf = ({inputs, labels}) => ({inputs: Float64Array.from(inputs.flat()), labels: Float64Array.from(labels), rows: labels.length});
const data = given.state ? Live.datasets.make(given.state) : {train: pairOf(given), test: null, classes: given.classes};
reply = {...Live.logit(data.train, data.classes, data.test, given.names), train: {...data.train, inputs: Array.from(data.train.inputs),
  labels: Array.from(data.train.labels)}, test: data.test && {inputs: Array.from(data.test.inputs), labels: Array.from(data.test.labels)}};
"""


def fitted(engine="node", scripts=("engine", "stage", "datasets", "logit"), **given):
    """Return the page's logit of a state of the playground, or of inputs and labels, and its data."""
    names = [name for name in ("moons", "noisy_moons", "anes96") if name == given.get("state", {}).get("data")]
    return in_javascript(scripts, FIT, engine, names, given=given)


def design(pair):
    """Return the regressors, a constant first, and the labels of a pair."""
    labels = np.array(pair["labels"])
    return sm.add_constant(np.array(pair["inputs"]).reshape(len(labels), -1)), labels


def drawn(rows, columns, seed=0):
    """Return normal inputs."""
    return np.random.default_rng(seed).normal(size=(rows, columns))


def same(page, software):
    """Compare a logit of the page with one of statsmodels."""
    params = np.asarray(software.params).reshape(len(software.params), -1).T
    errors = np.asarray(software.bse).reshape(len(software.params), -1).T
    assert np.allclose(page["coefficients"], params, rtol=1e-6, atol=1e-6)
    assert np.allclose(page["standardErrors"], errors, rtol=1e-6, atol=1e-6)
    assert abs(page["loss"] + software.llf / software.nobs) < 1e-6
    assert (page["separated"], page["collinear"], page["problem"]) == (False, [], None)


@pytest.mark.parametrize("state", [
    {"data": "moons"}, {"data": "noisy_moons"}, {"data": "anes96"}, {"data": "anes96", "features": ANES},
    {"data": "anes96", "features": ANES, "standardise": True}, {"data": "drawn_moons", "noise": 0.3}, {"data": "xor", "noise": 0.2},
    {"data": "circles", "noise": 0.3, "features": "x1,x2,x1^2,x2^2"}, {"data": "spirals"}, {"data": "blobs", "noise": 0.7},
])
def test_two_classes_are_as_in_statsmodels(state):
    page = fitted(state=state)
    x, y = design(page["train"])
    software = sm.Logit(y, x).fit(disp=0, method="newton", maxiter=100)
    same(page, software)
    assert page["accuracy"] == pytest.approx(((software.predict(x) > 0.5) == y).mean())
    held, labels = design(page["test"])
    p = software.predict(held)
    assert page["held"]["loss"] == pytest.approx(-np.log(np.where(labels == 1, p, 1 - p)).mean(), abs=1e-6)
    assert page["held"]["accuracy"] == pytest.approx(((p > 0.5) == labels).mean())


def test_more_classes_are_as_in_statsmodels_with_the_first_as_reference():
    page = fitted(state={"data": "three", "noise": 0.4, "rows": 600})
    x, y = design(page["train"])
    software = sm.MNLogit(y, x).fit(disp=0, method="newton", maxiter=100)
    same(page, software)
    assert page["accuracy"] == pytest.approx((software.predict(x).argmax(axis=1) == y).mean())
    held, labels = design(page["test"])
    p = software.predict(held)
    assert page["held"]["loss"] == pytest.approx(-np.log(p[range(len(labels)), labels.astype(int)]).mean(), abs=1e-6)


def test_four_classes_and_columns_on_very_different_scales():
    inputs = drawn(800, 3) * [1, 1000, 0.001] + [0, 50_000, 0]
    labels = (inputs[:, 0] + drawn(800, 1, seed=1)[:, 0] > 0) + 2 * (inputs[:, 2] / 0.001 + drawn(800, 1, seed=2)[:, 0] > 0)
    page = fitted(inputs=inputs.tolist(), labels=labels.tolist(), classes=4)
    z = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)
    software = sm.MNLogit(labels, sm.add_constant(z)).fit(disp=0, method="newton", maxiter=100)
    assert abs(page["loss"] + software.llf / 800) < 1e-9
    slopes = np.array(page["coefficients"])[:, 1:] * inputs.std(axis=0)
    assert np.allclose(slopes, np.asarray(software.params)[1:].T, atol=1e-6)


@pytest.mark.parametrize("kind", ["complete", "quasi", "three classes"])
def test_separation_is_noticed_and_said(kind):
    inputs = drawn(200, 2)
    labels = (inputs[:, 0] > 0).astype(int)
    if kind == "quasi":  # the second input is a dummy, and whoever has it has the label 1
        labels = (inputs[:, 0] + drawn(200, 1, seed=1)[:, 0] > 0).astype(int)
        inputs[:, 1] = labels * (drawn(200, 1, seed=2)[:, 0] > 0.8)
    if kind == "three classes":
        labels = labels + (inputs[:, 0] > 1)
    page = fitted(inputs=inputs.tolist(), labels=labels.tolist(), classes=3 if kind == "three classes" else 2)
    assert page["separated"]
    assert page["standardErrors"] is None
    assert page["problem"].startswith("The likelihood has no maximum, since the inputs separate classes")
    assert np.isfinite(page["loss"])


def test_data_that_are_almost_separated_have_a_maximum():
    inputs = drawn(200, 2)
    labels = (inputs[:, 0] + 0.05 * drawn(200, 1, seed=1)[:, 0] > 0).astype(int)
    page = fitted(inputs=inputs.tolist(), labels=labels.tolist(), classes=2)
    same(page, sm.Logit(labels, sm.add_constant(inputs)).fit(disp=0, method="newton", maxiter=200))


@pytest.mark.parametrize("extra", ["sum", "copy", "constant"])
def test_collinear_columns_are_left_out_and_named(extra):
    inputs = drawn(300, 2).astype(np.float32)
    labels = (inputs[:, 0] + drawn(300, 1, seed=1)[:, 0] > 0).astype(int)
    last = {"sum": inputs.sum(axis=1) + 3, "copy": inputs[:, 0] * 2, "constant": np.full(300, 5)}[extra].astype(np.float32)
    page = fitted(inputs=np.column_stack([inputs, last]).tolist(), labels=labels.tolist(), classes=2, names=["age", "years", "both"])
    software = sm.Logit(labels, sm.add_constant(inputs.astype(float))).fit(disp=0)
    assert np.allclose(page["coefficients"][0][:3], software.params, atol=1e-6)
    assert np.allclose(page["standardErrors"][0][:3], software.bse, atol=1e-6)
    assert (page["coefficients"][0][3], page["standardErrors"][0][3], page["collinear"]) == (None, None, [2])
    assert page["problem"] == "Left out, as linear combinations of the other inputs: both."


def test_a_class_without_rows_is_said():
    page = fitted(inputs=drawn(30, 2).tolist(), labels=[0, 2] * 15, classes=3)
    assert page["problem"] == "The data have 2 of 3 classes: the logit needs some rows of each."
    assert page["coefficients"] is None


def test_iterations_can_be_taken_one_by_one():
    script = "const going = Live.logit.steps({inputs: Float64Array.from(x), labels: Float64Array.from(y), rows: y.length});"
    script += "const seen = []; let one; while (!(one = going.next()).done) seen.push(one.value); reply = {seen, last: one.value};"
    x = drawn(100, 1)[:, 0]
    y = (x + drawn(100, 1, seed=1)[:, 0] > 0).astype(int)
    page = in_javascript(["logit"], script, x=x.tolist(), y=y.tolist())
    assert page["seen"] == list(range(page["last"]["iterations"]))
    assert len(page["seen"]) > 2


@pytest.mark.parametrize("engine", ["js102", "jsc"])
def test_other_browsers_engines_fit_the_same(engine):
    need([engine], "the page's scripts do not run in the engine of its browser")
    frame = pd.DataFrame(drawn(200, 2))
    given = dict(inputs=frame.to_numpy().tolist(), labels=(frame[0] + frame[1] ** 2 > 0.5).astype(int).tolist(), classes=2)
    there, here = (fitted(one, ["logit"], **given) for one in (engine, "node"))
    assert np.allclose(there["coefficients"], here["coefficients"], atol=1e-9)
