// Points of the reader's own in the plane of the playground: by mouse, finger or keyboard.
(function () {
  "use strict";
  const {element, button} = Live;
  const MOST = 500;
  const LEAST = 3; // of each class, so that both kinds of data have some
  const REACH = 14; // px within which a point is taken away

  class Points {
    constructor(page, box) {
      Object.assign(this, {page, box, on: false, label: 1, points: [], cross: null});
      this.said = element("p", {class: "live-note", role: "status"});
      this.row = element("div", {class: "live-row"});
      box.append(element("p", {}, "Click into the map, or focus it and move the cross with the arrow keys: 0 and 1 set a point "
        + "of that class, Delete takes the nearest one away. Where you set them stays on your machine."), this.row, this.said);
      this.buttons();
      this.attach();
    }

    buttons() {
      if (!this.on) {
        const keep = this.copies();
        this.row.replaceChildren(button("Start with an empty plane", () => this.start([])),
          button("Start with the points on the map", () => this.start(this.copies()), {disabled: keep === null}));
        return;
      }
      const kind = (label, text) => button(text, () => this.choose(label), {"aria-pressed": String(this.label === label)});
      this.row.replaceChildren(kind(0, "Class 0 ●"), kind(1, "Class 1 ◆"), kind(null, "Take away"),
        button("Stop setting points", () => this.stop()));
    }

    // The points of the data on the map, if these have two columns and two classes, and are not too many.
    copies() {
      const {data} = this.page;
      if (!data || data.columns.length !== 2 || data.classes !== 2) return null;
      const pairs = [data.raw.train, data.raw.evaluation, data.raw.test].filter(Boolean);
      if (pairs.reduce((sum, {rows}) => sum + rows, 0) > MOST) return null;
      return pairs.flatMap(({inputs, labels, rows}) => Array.from({length: rows}, (_, r) => [inputs[2 * r], inputs[2 * r + 1], labels[r]]));
    }

    choose(label) {
      this.label = label;
      this.buttons();
      this.row.querySelector("[aria-pressed='true']").focus();
    }

    start(points) {
      this.page.pause();
      Object.assign(this, {on: true, points, range: this.page.plane.range});
      this.buttons();
      this.offer();
      this.row.querySelector("button").focus();
      this.use();
    }

    stop() {
      this.on = false;
      this.cross = null;
      this.page.pending = null;
      this.page.plane.canvas.node.setAttribute("role", "img");
      this.page.plane.canvas.node.removeAttribute("tabindex");
      this.page.plane.canvas.node.removeAttribute("aria-roledescription");
      this.buttons();
      this.row.querySelector("button").focus();
      this.page.restart({all: true});
    }

    // Makes the points the data as soon as they can be; before that they are only drawn.
    async use() {
      const {page} = this;
      const found = this.lacking() ? {problem: this.lacking()} : Live.own.points(this.points);
      const choice = found.problem ? null : {table: found, columns: ["x1", "x2"], outcome: "y", range: this.range};
      const problem = found.problem ?? page.ownOf(choice).problem;
      this.said.textContent = `${this.points.length} points${problem ? `. ${problem}` : ", which the network trains on."}`;
      page.pending = problem ? this.points : null;
      if (problem) return page.draw();
      page.ownChoice = choice;
      await page.change({data: "own", features: null, map: null, standardise: false});
    }

    lacking() {
      const of = (label) => this.points.filter((point) => point[2] === label).length;
      return Math.min(of(0), of(1)) >= LEAST ? null : `Expected at least ${LEAST} of each class, got ${of(0)} of 0 and ${of(1)} of 1.`;
    }

    // Listens to the map, which is there after the panels.
    attach() {
      const {node} = this.page.plane.canvas;
      node.addEventListener("click", (event) => this.on && this.at(this.page.plane, event.offsetX, event.offsetY, this.label));
      node.addEventListener("keydown", (event) => this.key(event));
    }

    // Lets the keyboard reach the map while points are set.
    offer() {
      const {node} = this.page.plane.canvas;
      if (!this.on) return;
      node.setAttribute("role", "application");
      node.setAttribute("tabindex", "0");
      node.setAttribute("aria-roledescription", "plane to set points in");
    }

    scales() {
      const {plane} = this.page;
      return plane.scales(plane.canvas.node.clientWidth, plane.canvas.node.clientHeight);
    }

    // Sets a point of a class at a place in pixels, or takes the nearest away.
    at(plane, px, py, label) {
      const [x, y] = this.scales();
      const inside = px >= x(x.low) && px <= x(x.high) && py <= y(y.low) && py >= y(y.high);
      if (!inside) return;
      if (label === null) this.takeAway(px, py, x, y);
      else if (this.points.length >= MOST) this.said.textContent = `There are ${MOST} points: expected no more.`;
      else this.points = [...this.points, [rounded(x.back(px)), rounded(y.back(py)), label]];
      this.use();
    }

    takeAway(px, py, x, y) {
      const distances = this.points.map(([a, b]) => Math.hypot(x(a) - px, y(b) - py));
      const nearest = distances.indexOf(Math.min(...distances));
      if (nearest >= 0 && distances[nearest] < REACH) this.points = this.points.filter((_, i) => i !== nearest);
    }

    key(event) {
      if (!this.on) return;
      const [x, y] = this.scales();
      this.cross ??= [(x.low + x.high) / 2, (y.low + y.high) / 2];
      const step = (event.shiftKey ? 1 : 5) / 100;
      const way = {ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
      const label = {0: 0, 1: 1, Enter: this.label, " ": this.label, Delete: null, Backspace: null}[event.key];
      if (way) this.move(way, step, x, y);
      else if (label !== undefined) this.at(this.page.plane, x(this.cross[0]), y(this.cross[1]), label);
      else return;
      event.preventDefault();
    }

    move([right, up], step, x, y) {
      const [a, b] = this.cross;
      const within = (value, {low, high}) => Math.min(high, Math.max(low, value));
      this.cross = [within(a + right * step * (x.high - x.low), x), within(b + up * step * (y.high - y.low), y)];
      this.said.textContent = `Cross at ${this.cross.map((value) => value.toFixed(2)).join(", ")}.`;
      this.page.draw();
    }

    draw(pen, x, y) {
      for (const [a, b, label] of this.page.pending ?? []) Live.mark(pen, x(a), y(b), label);
      if (!this.on || !this.cross) return;
      const [a, b] = [x(this.cross[0]), y(this.cross[1])];
      pen.strokeStyle = "#222222";
      pen.lineWidth = 1.5;
      Live.line(pen, [[a - 9, b], [a + 9, b]]);
      Live.line(pen, [[a, b - 9], [a, b + 9]]);
    }
  }

  const rounded = (value) => Number(value.toFixed(4));

  Live.Points = Points;
})();
