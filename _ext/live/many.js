// "128 of these": the reader bets on an epoch, then many networks of one configuration train, and their survival curve grows.
//
// A study needs minutes of work, so it runs in workers where the page may have them, otherwise in slices between the frames.
(function () {
  "use strict";
  const {element, button, number, MARGIN} = Live;
  const REPLICAS = 128;
  const HORIZON = 2000; // epochs, as in the chapter "One run is one draw"
  const SHARES = [0.1, 0.25, 0.5, 0.75]; // whose epochs its table has
  const RIGHT = 26; // px, for half of the last number on the axis
  const THRESHOLD = 0.05; // as there
  const OWN = {
    bce: "cross-entropy", bce_with_logits: "cross-entropy", cross_entropy: "cross-entropy", mse: "squared error",
  };

  // The epoch by which a share had arrived, as pandas finds it with interpolation="lower"; Infinity if it never had.
  const quantile = (epochs, share) => {
    const sorted = Float64Array.from(epochs).sort();
    return sorted[Math.floor(share * (sorted.length - 1))];
  };

  const percent = (share) => `${Math.round(100 * share)}\u00a0%`;

  // ---- Who does the work ----

  // Parts of a job for some workers, each with its own networks.
  const divided = (job, parts) => Array.from({length: parts}, (_, i) => ({
    ...job, from: Math.floor((i * job.replicas) / parts), to: Math.floor(((i + 1) * job.replicas) / parts),
  }));

  // Two workers where the machine has more processors than that, so that the page keeps one.
  const workersHere = () => (location.protocol.startsWith("http") && window.Worker ? (navigator.hardwareConcurrency > 2 ? 2 : 1) : 0);

  // Each way to work has pause(), go(), stop(), and calls hear(part, news) with what Study.news returns, and done: whether it ended.
  const inWorkers = (job, hear, fail) => {
    const workers = divided(job, workersHere()).map((part, i) => {
      const worker = new Worker(`${Live.base}study.js`);
      worker.onmessage = ({data}) => hear(i, data);
      worker.onerror = fail;
      worker.postMessage({say: "begin", job: part});
      return worker;
    });
    const tell = (say) => workers.forEach((worker) => worker.postMessage({say}));
    return {
      parts: workers.length, pause: () => tell("pause"), go: () => tell("go"), stop: () => workers.forEach((worker) => worker.terminate()),
    };
  };

  const inSlices = (job, hear) => {
    const study = new Study(job);
    let loop = null;
    const told = (done) => hear(0, {...study.news(), done});
    const stop = () => loop?.stop();
    const go = () => {
      stop();
      loop = Live.loop(() => study.work(), () => told(false), () => told(true));
    };
    go();
    return {parts: 1, pause: stop, go, stop};
  };

  // ---- The part of the page ----

  class Many {
    constructor(box, {configuration, train, evaluation}) {
      this.box = element("div", {class: "live-many"});
      box.append(this.box);
      Object.assign(this, {configuration, train, evaluation: evaluation ?? train, work: null, ended: false});
      Object.assign(this, {threshold: THRESHOLD, horizon: HORIZON, bet: null});
      this.lay();
      this.clear();
    }

    lay() {
      const {box} = this;
      const {sizes, seed} = this.configuration;
      this.beginButton = button(`Train ${REPLICAS} of these`, () => this.begin(), {class: "live-play"});
      this.pauseButton = button("Pause", () => this.pause());
      this.stopButton = button("Stop", () => this.stop());
      this.settings = element("div", {class: "live-row"});
      this.stage = element("div", {class: "live-many-stage"});
      this.after = element("div", {class: "live-many-after"});
      box.append(
        element("p", {}, `${REPLICAS} networks ${sizes.join("-")}: the same data and settings, other starts and shuffles, all drawn from `
          + `seed ${seed}. One has arrived once its loss on the evaluation data is low enough. `,
          element("strong", {}, "By which epoch will half of them have arrived?"), " Place your bet: move the line."),
        this.settings, this.stage, element("div", {class: "live-row"}, this.beginButton, this.pauseButton, this.stopButton));
      this.say = Live.teller(box);
      box.append(this.after);
      this.layChart();
      this.laySettings();
    }

    laySettings() {
      const name = `Arrived: evaluation ${OWN[this.configuration.loss]} at most`;
      const limit = number(name, {low: 0, high: 100, value: this.threshold}, (value) => {
        this.threshold = value;
        this.clear();
      });
      const horizon = number("Look for so many epochs", {low: 20, high: 20000, whole: true, value: this.horizon}, (value) => {
        this.horizon = value;
        this.bet = null; // the axis is another one
        this.clear();
      });
      this.settings.append(limit, horizon);
    }

    layChart() {
      const chart = element("div", {class: "live-many-chart"});
      const dots = element("div");
      this.stage.append(chart, dots);
      this.chart = wide(new Live.Canvas(chart, "Survival curve: percent of the networks that have not arrived, by epoch", 1,
        (pen, width, height) => this.paint(pen, width, height)), (width) => Math.min(0.8, Math.max(0.36, 300 / width)));
      this.dots = wide(new Live.Canvas(dots, `The ${REPLICAS} networks, filled once they have arrived`, 1,
        (pen, width) => this.paintDots(pen, width)), (width) => rowsOf(width) * cellOf(width) / width);
      this.bar = element("div", {class: "live-bet", role: "slider", tabindex: 0, "aria-label": "Your bet: half of them will have arrived by epoch",
        onkeydown: (event) => this.key(event), onpointerdown: (event) => this.hold(event)}, element("span"));
      chart.append(this.bar);
      new ResizeObserver(() => this.placeBet()).observe(chart);
    }

    // Back to before the first epoch.
    clear() {
      this.work?.stop();
      this.epochs = new Float64Array(REPLICAS).fill(Infinity);
      Object.assign(this, {work: null, ended: false, going: false, reached: -1, parts: [], lost: 0, failed: null});
      this.bet ??= Math.round(Math.sqrt(this.low * this.horizon));
      this.after.replaceChildren();
      this.show();
      this.say(`Your bet: half of them by epoch ${this.bet}. It is placed when training starts.`);
    }

    get low() {
      return this.horizon > 100 ? 10 : 1;
    }

    show() {
      const running = this.work !== null && !this.ended;
      this.beginButton.disabled = running;
      this.beginButton.textContent = this.ended ? "Bet again" : `Train ${REPLICAS} of these`;
      this.pauseButton.disabled = this.stopButton.disabled = !running;
      this.pauseButton.textContent = running && !this.going ? "Go on" : "Pause";
      this.settings.querySelectorAll("input, select").forEach((input) => { input.disabled = running; });
      this.placeBet();
      this.draw();
    }

    draw() {
      this.chart.draw();
      this.dots.draw();
    }

    // ---- The bet ----

    get placed() {
      return this.work !== null;
    }

    scales(width, height) {
      return [Live.axis(this.low, this.horizon, MARGIN.left, width - RIGHT, true), Live.axis(0, 100, height - MARGIN.bottom, MARGIN.top + 22)];
    }

    placeBet() {
      const {bar, bet} = this;
      const width = bar.parentElement?.clientWidth;
      if (!width || bet === null) return;
      const [x] = this.scales(width, 100);
      bar.style.left = `${x(bet)}px`;
      bar.classList.toggle("live-bet-left", x(bet) > width / 2);
      bar.firstChild.textContent = `${this.placed ? "" : "↔ "}your bet: ${bet}`;
      const state = {"aria-valuemin": this.low, "aria-valuemax": this.horizon, "aria-valuenow": bet, "aria-valuetext": `epoch ${bet}`,
        "aria-disabled": this.placed};
      Object.entries(state).forEach(([name, value]) => bar.setAttribute(name, value));
    }

    move(value) {
      if (this.placed) return;
      this.bet = Math.min(this.horizon, Math.max(this.low, Math.round(value)));
      this.placeBet();
      this.say(`Your bet: half of them by epoch ${this.bet}. It is placed when training starts.`);
    }

    key(event) {
      const {bet} = this;
      const step = (factor) => Math.max(1, Math.round(bet * factor));
      const to = {
        ArrowRight: bet + step(0.02), ArrowUp: bet + step(0.02), ArrowLeft: bet - step(0.02), ArrowDown: bet - step(0.02),
        PageUp: bet + step(0.25), PageDown: bet - step(0.25), Home: this.low, End: this.horizon,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      this.move(to);
    }

    hold(event) {
      const {bar} = this;
      const chart = bar.parentElement;
      const follow = ({clientX}) => {
        const [x] = this.scales(chart.clientWidth, 100);
        this.move(x.back(clientX - chart.getBoundingClientRect().left));
      };
      bar.setPointerCapture(event.pointerId);
      bar.onpointermove = follow;
      bar.onpointerup = bar.onpointercancel = () => { bar.onpointermove = null; };
    }

    // ---- The study ----

    async begin() {
      if (this.ended) return this.clear();
      const {configuration, train, evaluation, threshold, horizon} = this;
      const job = {configuration, train, evaluation, replicas: REPLICAS, threshold, epochs: horizon};
      this.going = true;
      try {
        if (!workersHere()) throw new Error("no workers here");
        this.work = inWorkers(job, (part, news) => this.hear(part, news), () => this.withoutWorkers(job));
      } catch {
        await this.withoutWorkers(job);
      }
      this.show();
      this.pauseButton.focus();
    }

    // From a folder on the reader's disk, or where a policy forbids them, there are no workers.
    async withoutWorkers(job) {
      this.work?.stop();
      this.work = {parts: 1, pause: () => {}, go: () => {}, stop: () => {}};
      await Live.script("study");
      this.parts = [];
      this.epochs.fill(Infinity);
      this.work = inSlices(job, (part, news) => this.hear(part, news));
      if (!this.going) this.work.pause();
    }

    hear(part, news) {
      if (!this.box.isConnected) return this.work?.stop();
      if (this.ended) return;
      news.arrivals.forEach(([replica, epoch]) => { this.epochs[replica] = epoch; });
      this.parts[part] = news;
      const heard = this.parts.filter(Boolean);
      this.reached = heard.length < this.work.parts ? -1 : Math.min(...heard.map((one) => one.reached));
      this.lost = heard.reduce((sum, one) => sum + one.lost, 0);
      if (heard.length === this.work.parts && heard.every((one) => one.done)) return this.end();
      this.say(this.words());
      if (!Live.reduced()) this.draw();
    }

    pause() {
      this.going = !this.going;
      if (this.going) this.work.go();
      else this.work.pause();
      this.show();
      this.say(`${this.words()}${this.going ? "" : " Paused."}`);
    }

    // Whoever has not arrived is censored at the epoch that all have reached.
    stop() {
      this.epochs.forEach((epoch, replica) => { if (epoch > this.reached) this.epochs[replica] = Infinity; });
      this.end();
    }

    end() {
      this.work.stop();
      Object.assign(this, {ended: true, going: false});
      const here = this.box.contains(document.activeElement); // else the reader is elsewhere by now
      this.show();
      this.say(`${this.words()} ${this.verdict()}`);
      this.after.replaceChildren(...this.results());
      if (here) this.beginButton.focus();
    }

    // Networks that have arrived by an epoch, as a number.
    by(epoch) {
      return this.epochs.reduce((sum, one) => sum + (one <= Math.min(epoch, this.reached)), 0);
    }

    words() {
      const gone = this.lost ? ` ${this.lost} ran away: their loss is no number any more.` : "";
      return `Epoch ${Math.max(0, this.reached)} of ${this.horizon}: ${this.by(Infinity)} of ${REPLICAS} have arrived.${gone}`;
    }

    // Where the bet falls.
    verdict() {
      const {bet, reached} = this;
      const half = quantile(this.epochs, 0.5);
      if (half === Infinity) return `Half of them never were there within these ${reached} epochs: your bet, epoch ${bet}, is lost.`;
      const gap = Math.abs(bet - half);
      const size = gap === 0 ? "exact" : `${gap} ${gap === 1 ? "epoch" : "epochs"} too ${bet > half ? "late" : "early"}`;
      const then = bet > reached ? "" : ` By then ${percent(this.by(bet) / REPLICAS)} had.`;
      return `Half of them had arrived by epoch ${half}; your bet, ${bet}, was ${size}.${then}`;
    }

    // ---- Results ----

    results() {
      const when = SHARES.map((share) => quantile(this.epochs, share)).map((epoch) => (epoch === Infinity ? "never" : String(epoch)));
      const head = element("tr", {}, element("td"), ...SHARES.map((share) => element("th", {scope: "col"}, percent(share))));
      const body = element("tr", {}, element("th", {scope: "row"}, "had arrived by epoch"), ...when.map((text) => element("td", {}, text)));
      const rows = this.rows().map(([replica, epoch, arrived]) => element("tr", {}, ...[replica, epoch, arrived].map((one) => element("td", {}, String(one)))));
      const names = element("tr", {}, ...["replica", "epoch", "arrived"].map((name) => element("th", {scope: "col"}, name)));
      return [
        element("table", {class: "live-quantiles"}, element("thead", {}, head), element("tbody", {}, body)),
        element("div", {class: "live-row"}, button("Download as CSV", () => this.download())),
        element("details", {}, element("summary", {}, `All ${REPLICAS} rows`),
          element("div", {class: "live-scroll", tabindex: 0, role: "region", "aria-label": "Epoch of arrival of each network"},
            element("table", {}, element("thead", {}, names), element("tbody", {}, ...rows)))),
        element("p", {class: "live-note"}, "The columns are what survival packages ask for: Surv(epoch, arrived) in R, stset epoch, "
          + "failure(arrived) in Stata. Those with arrived = 0 are censored."),
      ];
    }

    // [replica, epoch of the arrival or the last one, arrived (1 or 0)] for each network.
    rows() {
      return Array.from(this.epochs, (epoch, replica) => [replica, epoch === Infinity ? this.reached : epoch, Number(epoch !== Infinity)]);
    }

    csv() {
      return `${[["replica", "epoch", "arrived"], ...this.rows()].map((row) => row.join(",")).join("\n")}\n`;
    }

    download() {
      const name = `${REPLICAS}-networks-${this.configuration.sizes.join("-")}.csv`;
      const link = element("a", {href: URL.createObjectURL(new Blob([this.csv()], {type: "text/csv"})), download: name});
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }

    // ---- Drawing ----

    paint(pen, width, height) {
      const [x, y] = this.scales(width, height);
      Live.frame(pen, x, y, ["epoch (logarithmic)", "not there yet (%)"], width, height);
      pen.strokeStyle = Live.look.grey;
      pen.lineWidth = 1;
      pen.setLineDash([3, 3]);
      Live.line(pen, [[x(x.low), y(50)], [x(x.high), y(50)]]);
      pen.setLineDash([]);
      if (this.reached >= this.low) this.paintCurve(pen, x, y);
      if (this.ended) this.paintGap(pen, x, y);
    }

    // A step down at every arrival.
    paintCurve(pen, x, y) {
      const {reached} = this;
      const left = (epoch) => y(100 * (1 - this.by(epoch) / REPLICAS));
      const times = [...new Set(this.epochs)].filter((epoch) => epoch > this.low && epoch <= reached).sort((a, b) => a - b);
      const points = [[x(this.low), left(this.low)]];
      for (const epoch of times) points.push([x(epoch), points[points.length - 1][1]], [x(epoch), left(epoch)]);
      points.push([x(reached), left(reached)]);
      pen.strokeStyle = Live.look.colours[0];
      pen.lineWidth = 2.5;
      Live.line(pen, points);
      const [endX, endY] = points[points.length - 1];
      if (!this.ended) dot(pen, endX, endY, Live.look.colours[0]);
    }

    // From the bet to the truth.
    paintGap(pen, x, y) {
      const half = quantile(this.epochs, 0.5);
      if (half === Infinity) return;
      pen.strokeStyle = Live.look.colours[1];
      pen.lineWidth = 4;
      Live.line(pen, [[x(this.bet), y(50)], [x(half), y(50)]]);
      dot(pen, x(half), y(50), Live.look.colours[0]);
      pen.fillStyle = Live.ink();
      const before = x(half) > x(x.low) + 150; // below the curve or, if there is no room, above it
      pen.textAlign = before ? "right" : "left";
      pen.fillText(`half by epoch ${half}`, x(half) + (before ? -9 : 9), y(50) + (before ? 19 : -9));
      pen.textAlign = "left";
    }

    paintDots(pen, width) {
      const [cell, across] = [cellOf(width), acrossOf(width)];
      for (let replica = 0; replica < REPLICAS; replica++) {
        const [column, row] = [replica % across, Math.floor(replica / across)];
        const there = this.epochs[replica] <= this.reached;
        pen.beginPath();
        pen.arc(MARGIN.left + (column + 0.5) * cell, (row + 0.5) * cell, Math.min(5, 0.32 * cell), 0, 7);
        pen.fillStyle = pen.strokeStyle = there ? Live.look.colours[0] : Live.look.grey;
        pen.lineWidth = 1;
        if (there) pen.fill();
        else pen.stroke();
      }
    }
  }

  const dot = (pen, x, y, colour) => {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x, y, 5, 0, 7);
    pen.fill();
  };

  // The networks as dots: as many in a row as there is room for, and rows of the same length.
  const acrossOf = (width) => (width < 500 ? 32 : 64);
  const cellOf = (width) => (width - MARGIN.left - RIGHT) / acrossOf(width);
  const rowsOf = (width) => REPLICAS / acrossOf(width);

  // A canvas whose height depends on its width.
  const wide = (canvas, ratio) => Object.defineProperty(canvas, "ratio", {get: () => ratio(canvas.node.parentElement?.clientWidth || 600)});

  Live.many = async (box, settings) => {
    await Live.style("many");
    return new Many(box, settings);
  };

  // Alone in a page: {data: the name of a set, configuration}.
  Live.parts.many = async (box, {data, configuration}) => {
    await Live.script(`data-${data}`);
    box.many = await Live.many(box, {configuration, train: Live.pair(data, "train"), evaluation: Live.pair(data, "evaluation")});
  };
})();
