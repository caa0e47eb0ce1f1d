// How good a network is, in the words of statistics: cross-entropy, and the share of rows that it puts into the right class.
(function () {
  "use strict";

  const lossOf = (run, pair) => Networks.evaluate(run.model, pair, run.config.loss);

  // The probability that a network gives to the label of each row.
  const ofLabel = (loss, outputs, labels, row, width) => {
    if (loss === "cross_entropy") {
      const odds = outputs.subarray(row * width, (row + 1) * width);
      const largest = Math.max(...odds);
      return Math.exp(odds[labels[row]] - largest) / odds.reduce((sum, z) => sum + Math.exp(z - largest), 0);
    }
    const p = loss === "bce_with_logits" ? 1 / (1 + Math.exp(-outputs[row])) : outputs[row];
    return labels[row] ? p : 1 - p;
  };

  const right = (loss, outputs, labels, row, width) => {
    if (loss !== "cross_entropy") return outputs[row] > (loss === "bce_with_logits" ? 0 : 0.5) === labels[row] > 0.5;
    const odds = outputs.subarray(row * width, (row + 1) * width);
    return odds.every((z, k) => k === labels[row] || z < odds[labels[row]]);
  };

  // {loss: cross-entropy, accuracy} on a pair. A network that minimises squared errors may predict what is no probability: then NaN.
  const measure = ({model, config}, pair) => {
    const {inputs, labels, rows} = pair;
    const outputs = Live.predict(model, inputs, rows);
    const width = model[model.length - 1].featuresOut;
    let [sum, hits] = [0, 0];
    for (let row = 0; row < rows; row++) {
      sum -= Math.max(Math.log(ofLabel(config.loss, outputs, labels, row, width)), -100);
      hits += right(config.loss, outputs, labels, row, width);
    }
    return {loss: sum / rows, accuracy: hits / rows};
  };

  Object.assign(Live, {lossOf, measures: (run, train, held) => ({train: measure(run, train), held: measure(run, held)})});
})();
