// A study in the page: many networks of one configuration, each trained until it arrives at a threshold, as lib.studies.study has it.
//
// The same file is the script of a worker, which is sent its job and posts what is new, and part of a page that does without one.
(function (root) {
  "use strict";
  if (!root.Networks) importScripts("engine.js"); // in a worker
  const {Generator, Batches, OPTIMISERS, build, initialiseReplicas, childSeeds, evaluate, epoch} = Networks;
  const SLICE = 60; // ms of work in a worker before it listens again

  // All networks are drawn, since torch draws them together; those from one number to before another are trained.
  class Study {
    // configuration: as of Live.Run, its seed decides starts and shuffles; train, evaluation: pairs {inputs, labels, rows}.
    constructor({configuration, train, evaluation, replicas, threshold, epochs, from = 0, to = replicas}) {
      const {sizes, activations, seed, std = 1} = configuration;
      const generator = new Generator(seed);
      const models = Array.from({length: replicas}, () => build(sizes, activations));
      initialiseReplicas(models, generator, std);
      const seeds = childSeeds(replicas, generator);
      Object.assign(this, {configuration, train, evaluation, threshold, epochs, arrivals: [], lost: 0});
      this.going = models.map((model, replica) => this.run(replica, model, seeds[replica])).slice(from, to);
      Object.assign(this, {epoch: 0, next: 0}); // the first round only measures where they start
    }

    run(replica, model, seed) {
      const {optimiser, settings, batch_size, shuffle} = this.configuration;
      const batches = new Batches(this.train, batch_size, shuffle === null ? null : new Generator(seed));
      return {replica, model, batches, optim: new OPTIMISERS[optimiser](model, settings), waits: true};
    }

    // One epoch of one network; return whether there is more to do.
    work() {
      if (this.going.length === 0 || this.epoch > this.epochs) return false;
      const run = this.going[this.next];
      if (this.epoch > 0) epoch(run.model, run.batches, this.configuration.loss, run.optim);
      this.look(run);
      this.next += 1;
      if (this.next === this.going.length) this.endRound();
      return true;
    }

    // Has it arrived? One whose loss is no number any more is lost, and never will.
    look(run) {
      const value = evaluate(run.model, this.evaluation, this.configuration.loss);
      if (value <= this.threshold) this.arrivals.push([run.replica, this.epoch]);
      if (!Number.isFinite(value)) this.lost += 1;
      run.waits = value > this.threshold && Number.isFinite(value);
    }

    endRound() {
      this.going = this.going.filter((run) => run.waits);
      this.epoch += 1;
      this.next = 0;
    }

    // What has happened since this was asked last: the epoch that all have reached, arrivals as [replica, epoch], how many are lost.
    news() {
      const {lost, arrivals} = this;
      this.arrivals = [];
      return {reached: this.going.length ? this.epoch - 1 : this.epochs, lost, arrivals};
    }
  }

  root.Study = Study;

  // ---- In a worker: "begin" with a job, then "pause" and "go" ----

  const serve = () => {
    let study = null;
    let going = false;
    let timer = null;
    const slice = () => {
      timer = null;
      const until = performance.now() + SLICE;
      let more = true;
      while (more && performance.now() < until) more = study.work();
      postMessage({...study.news(), done: !more});
      if (more && going) timer = setTimeout(slice);
    };
    root.onmessage = ({data: {say, job}}) => {
      if (say === "begin") study = new Study(job);
      going = say !== "pause";
      if (going) timer ??= setTimeout(slice);
    };
  };

  if (typeof document === "undefined" && typeof importScripts === "function") serve();
})(typeof globalThis === "object" ? globalThis : this);
