// Small networks as graphs: every number knows from which it was computed, and how fast it moves with each of them.
(function () {
  "use strict";

  // A step of a network. tails: what goes in; value(at): what comes out; slopes(at): its derivative with respect to each tail that has one;
  // symbols: those derivatives as formulas; formula, code: the step itself, with the names of numbers in braces.

  // A regression: pairs [weight, regressor], and a bias.
  const linear = (pairs, bias) => ({
    tails: [...pairs.map(([w]) => w), bias, ...pairs.map(([, x]) => x)],
    value: (at) => pairs.reduce((sum, [w, x]) => sum + at[w] * at[x], 0) + at[bias],
    slopes: (at) => Object.fromEntries([...pairs.flatMap(([w, x]) => [[w, at[x]], [x, at[w]]]), [bias, 1]]),
    symbols: Object.fromEntries([...pairs.flatMap(([w, x]) => [[w, `{${x}}`], [x, `{${w}}`]]), [bias, "1"]]),
    formula: `${pairs.map(([w, x]) => `{${w}} {${x}}`).join(" + ")} + {${bias}}`,
    code: `${pairs.map(([w, x]) => `{${w}} * {${x}}`).join(" + ")} + {${bias}}`,
  });

  const sigmoid = (z, p) => ({
    tails: [z],
    value: (at) => 1 / (1 + Math.exp(-at[z])),
    slopes: (at) => ({[z]: at[p] * (1 - at[p])}),
    symbols: {[z]: `{${p}} (1 − {${p}})`},
    formula: `σ({${z}})`,
    code: `torch.sigmoid({${z}})`,
  });

  const squaredError = (y, prediction) => ({
    tails: [prediction, y],
    value: (at) => (at[y] - at[prediction]) ** 2,
    slopes: (at) => ({[prediction]: -2 * (at[y] - at[prediction])}),
    symbols: {[prediction]: `−2 ({${y}} − {${prediction}})`},
    formula: `({${y}} − {${prediction}})²`,
    code: `({${y}} - {${prediction}})**2`,
  });

  // nodes: the steps on the way forward; back: the same in the order in which the way back leaves them; fixed: numbers that are data;
  // wanted: data whose gradient is shown as well.
  const network = (title, nodes, parameters, back, wanted = []) => {
    const fixed = ["x", "y"];
    const shown = new Set([...parameters, ...wanted, ...Object.keys(nodes)]);
    const edges = back.flatMap((head) => nodes[head].tails.filter((tail) => shown.has(tail)).map((tail) => [head, tail]));
    return {title, nodes, parameters, fixed, wanted, edges, order: Object.keys(nodes), loss: "L"};
  };

  const networks = {
    chain: network("1-1-1", {h: linear([["w1", "x"]], "b1"), yhat: linear([["w2", "h"]], "b2"), L: squaredError("y", "yhat")},
      ["w1", "b1", "w2", "b2"], ["L", "yhat", "h"]),
    paths: network("Two paths", {h1: linear([["w1", "x"]], "b1"), h2: linear([["w2", "x"]], "b2"),
      yhat: linear([["v1", "h1"], ["v2", "h2"]], "c"), L: squaredError("y", "yhat")},
    ["w1", "b1", "w2", "b2", "v1", "v2", "c"], ["L", "yhat", "h1", "h2"], ["x"]),
    sigmoid: network("A sigmoid", {z: linear([["w1", "x"]], "b1"), p: sigmoid("z", "p"), yhat: linear([["w2", "p"]], "b2"),
      L: squaredError("y", "yhat")}, ["w1", "b1", "w2", "b2"], ["L", "yhat", "p", "z"]),
  };

  // Both passes: the values, the derivative on each edge as slopes[head][tail], and the gradient of the loss with respect to everything.
  const passes = ({nodes, order, edges, loss}, numbers) => {
    const values = {...numbers};
    for (const name of order) values[name] = nodes[name].value(values);
    const slopes = Object.fromEntries(order.map((name) => [name, nodes[name].slopes(values)]));
    const gradients = {[loss]: 1};
    for (const [head, tail] of edges) gradients[tail] = (gradients[tail] ?? 0) + gradients[head] * slopes[head][tail];
    return {values, slopes, gradients};
  };

  // Every way from the loss to a number, each as a list of edges.
  const ways = (network, name) => {
    if (name === network.loss) return [[]];
    return network.edges.filter(([, tail]) => tail === name).flatMap((edge) => ways(network, edge[0]).map((way) => [...way, edge]));
  };

  // The numbers after one step of descent: each parameter has moved against its gradient.
  const step = (network, numbers, rate) => {
    const {gradients} = passes(network, numbers);
    return {...numbers, ...Object.fromEntries(network.parameters.map((name) => [name, numbers[name] - rate * gradients[name]]))};
  };

  Live.graphs = {networks, passes, ways, step};
})();
