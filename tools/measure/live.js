// Trains one network in the page's engine, again and again, for tools/measure/live.py; the engine comes before.
(function (root) {
  "use strict";
  const {Generator, Batches, SGD, build, train, epoch} = Networks;
  const SEED = 0; // of the shuffles

  const network = ({sizes, parameters}) => {
    const activations = sizes.slice(1).map((size, i) => (i < sizes.length - 2 ? "sigmoid" : "identity"));
    const model = build(sizes, activations);
    model.flatMap((layer) => layer.parameters).forEach((values, p) => values.set(parameters[p]));
    return model;
  };

  // Goes through the data `epochs` times, with the loss after each like `lib`, or without; returns the number of updates.
  const descend = (model, data, {batchSize, rate, epochs, losses}) => {
    const batches = new Batches(data, batchSize, new Generator(SEED));
    const optim = new SGD(model, {lr: rate});
    if (losses) train(model, batches, "bce_with_logits", optim, epochs);
    else for (let i = 0; i < epochs; i++) epoch(model, batches, "bce_with_logits", optim);
    return epochs * Math.ceil(data.rows / batchSize);
  };

  // How long an update takes, in microseconds, how many there were, and the network that came out.
  root.timed = (job) => {
    const data = {inputs: Float64Array.from(job.inputs), labels: Float64Array.from(job.labels), rows: job.labels.length};
    const models = Array.from({length: job.times}, () => network(job));
    const began = performance.now();
    let updates = 0;
    for (const model of models) updates = descend(model, data, job);
    const milliseconds = performance.now() - began;
    const parameters = models[0].flatMap((layer) => layer.parameters.map((values) => Array.from(values)));
    return {microseconds: 1000 * milliseconds / updates / job.times, updates, parameters};
  };
})(globalThis);
