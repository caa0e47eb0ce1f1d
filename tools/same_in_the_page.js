// Runs one configuration in the page's engine, for tools/same_in_the_page.py; `config` is put before it, the engine before that.
const generator = (seed) => (seed === null ? null : new Networks.Generator(seed));
const rounded = (values) => Float64Array.from(values, Math.fround);
const {Batches, build, initialise, gradients, predict, train, OPTIMISERS} = Networks;
const data = {inputs: rounded(config.inputs), labels: rounded(config.labels), rows: config.rows};
const model = initialise(build(config.sizes, config.activations), generator(config.seed), config.std);
// Parameters given, as to compare gradients in double precision, take the place of those that were drawn.
if (config.parameters) model.flatMap((layer) => layer.parameters).forEach((values, p) => values.set(config.parameters[p]));
const starts = model.flatMap((layer) => layer.parameters.map((values) => Array.from(values)));
gradients(model, data.inputs, data.labels, data.rows, config.loss);
const first = model.flatMap((layer) => layer.gradients.map((values) => Array.from(values)));
const optim = new OPTIMISERS[config.optimiser](model, config.settings);
const history = train(model, new Batches(data, config.batch_size, generator(config.shuffle)), config.loss, optim, config.epochs);
const predictions = Array.from(predict(model, data.inputs, data.rows).subarray(0, data.rows * config.sizes[config.sizes.length - 1]));
const order = Array.from(Networks.randperm(config.rows, new Networks.Generator(config.shuffle ?? 0)));
(typeof print === "function" ? print : console.log)(JSON.stringify({starts, gradients: first, history, predictions, order}));
