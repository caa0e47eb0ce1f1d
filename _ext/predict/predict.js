// Takes the reader's predictions, uncovers what answers them, and keeps her record in her own browser. Loaded before the text of a
// page, so that no answer is seen before it is covered; without it nothing is covered.
(function () {
  "use strict";
  document.documentElement.classList.add("predicting");

  const KEY = "demystifying-deep-learning predictions"; // also in record.js
  const BEND = 0.07; // of the vertical axis: a smaller bend of a curve is one of the hand
  const [LEFT, RIGHT, TOP, BOTTOM] = [44, 12, 26, 236]; // px round a curve; BOTTOM from above

  // {"page#question": {kind, said, right, off, is, idea}}. A browser may refuse to keep it; then this page alone remembers.
  let record = {};
  const storage = (use) => {
    try {
      use(localStorage);
    } catch { /* refused, or not ours */ }
  };

  const make = (box, name, attributes, text = "", space = box.namespaceURI) => {
    const node = box.appendChild(document.createElementNS(space, name));
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    node.textContent = text;
    return node;
  };
  const minus = (text) => String(text).replace(/^-/, "−");
  const short = (number) => minus(Number(number.toPrecision(2)));
  const clip = (value, low, high) => Math.max(low, Math.min(high, value));
  const near = (right) => (right ? ", near enough to be right" : "");

  // Each kind of question: start(one); said(one), what the reader says, or what is wrong with it; put(one, said) and close(one), which
  // show what she said, for good; judge(one, said); shows(one, said, idea), whether a misconception shows in it; is(one), the answer;
  // tell(one, said, verdict); draw(one).
  const KINDS = {
    number: {
      start(one) {
        one.field = one.box.querySelector("[type=text]");
        one.svg = one.box.querySelector("svg");
        one.field.addEventListener("keydown", ({key}) => key === "Enter" && one.commit());
        one.field.addEventListener("input", () => this.draw(one));
      },
      read({field, unit}) {
        const text = field.value.trim().replace(",", ".").replace("−", "-");
        const plain = text.replace(/ *%$/, "");
        return plain ? plain / (plain !== text && unit !== "%" ? 100 : 1) : NaN;
      },
      said(one) {
        const said = this.read(one);
        if (said >= one.low && said <= one.high) return {said};
        return {wrong: `Expected a number from ${minus(one.low)} to ${minus(one.high)}, got “${one.field.value}”.`};
      },
      put(one, said) { one.field.value = minus(said); },
      close(one) { one.field.readOnly = true; },
      judge({answer, within}, said) {
        const off = Math.abs(said - answer);
        return {off, right: off <= within};
      },
      shows({within}, said, idea) {
        const [limit, side] = idea.split(" ").reverse();
        return side ? (side === "above" ? said > limit : said < limit) : Math.abs(said - limit) <= within;
      },
      is: ({answer, unit}) => `${minus(answer)}${unit === "%" ? "" : " "}${unit}`.trim(),
      tell(one, said, {off, right}) {
        return said === undefined ? `It is ${this.is(one)}.`
          : `You said ${minus(said)}; it is ${this.is(one)}: ${off ? `${short(off)} off${near(right)}` : "exactly right"}.`;
      },
      draw(one) {
        const {svg, low, high, answer, open} = one;
        const [left, right] = [LEFT, svg.clientWidth - LEFT];
        const x = (value) => left + ((right - left) * (value - low)) / (high - low);
        const label = (at, y, text, kind) => make(svg, "text", {y, class: kind,
          x: clip(at, 4 * text.length, svg.clientWidth - 4 * text.length)}, text);
        svg.replaceChildren();
        make(svg, "line", {x1: left, x2: right, y1: 30, y2: 30});
        label(left / 2, 35, minus(low));
        label(right + left / 2, 35, minus(high));
        const said = this.read(one);
        if (said >= low && said <= high) {
          make(svg, "path", {class: "yours", d: `M${x(said) - 8} 30l8 -8l8 8l-8 8z`});
          label(x(said), 15, `you: ${minus(said)}`, "yours");
        }
        if (open) {
          make(svg, "circle", {class: "true", cx: x(answer), cy: 30, r: 6});
          label(x(answer), 54, `it is ${minus(answer)}`, "true");
        }
      },
    },

    choice: {
      start(one) {
        one.inputs = [...one.box.querySelectorAll("input")];
        one.texts = one.inputs.map((input) => input.parentNode.textContent.trim());
      },
      said({inputs, texts}) {
        const said = texts[inputs.findIndex((input) => input.checked)];
        return said ? {said} : {wrong: "Expected one of the options, got none."};
      },
      put({inputs, texts}, said) { inputs.forEach((input, i) => { input.checked = texts[i] === said; }); },
      close({inputs, answer}) {
        inputs.forEach((input, i) => {
          input.disabled = true;
          const mark = input.parentNode.lastElementChild;
          const right = i === answer;
          mark.className = right ? "true" : "yours";
          if (right || input.checked) mark.textContent = right ? "✓" : "✗";
        });
      },
      judge: ({texts, answer}, said) => ({right: texts[answer] === said}),
      shows: ({texts}, said, idea) => texts[idea - 1] === said,
      is: ({texts, answer}) => texts[answer],
      tell: (one, said, {right}) => (right ? "You were right." : `${said ? "It is another one" : "The answer is"}, marked with ✓.`),
      draw() {},
    },

    // Drawn by hand, or set point by point from the keyboard. The curve is kept as shares of the vertical axis.
    curve: {
      start(one) {
        const {at, low, high, logs, titles} = one;
        one.x = axis(at[0], at.at(-1), logs.x);
        one.y = axis(low, high, logs.y);
        one.shares = at.map(() => 0.5);
        one.svg = one.box.querySelector("svg");
        one.base = make(one.svg, "g", {"aria-hidden": true});
        one.handles = at.map((x, i) => {
          const handle = make(one.svg, "g", {role: "slider", tabindex: i ? -1 : 0, "aria-label": `${titles.y} at ${titles.x} ${x}`,
            "aria-orientation": "vertical", "aria-valuemin": low, "aria-valuemax": high});
          make(handle, "circle", {r: 12});
          make(handle, "circle", {r: 5, class: "yours"});
          handle.addEventListener("keydown", (event) => this.key(one, i, event));
          return handle;
        });
        const hand = (event) => one.svg.hasPointerCapture(event.pointerId) && this.hand(one, event);
        one.svg.addEventListener("pointerdown", (event) => {
          one.last = null;
          if (!one.open) one.svg.setPointerCapture(event.pointerId);
          hand(event);
        });
        one.svg.addEventListener("pointermove", hand);
      },
      key(one, i, event) {
        const step = {ArrowUp: 0.05, ArrowDown: -0.05, PageUp: 0.2, PageDown: -0.2, Home: -1, End: 1}[event.key];
        const next = step ? one.handles[i] : one.handles[i + {ArrowLeft: -1, ArrowRight: 1}[event.key]];
        if (one.open || !next) return;
        event.preventDefault();
        if (step) this.set(one, i, one.shares[i] + step);
        one.handles.forEach((handle) => handle.setAttribute("tabindex", handle === next ? 0 : -1));
        next.focus();
      },
      // Sets every point between the last place of the hand and this one; the first touch, the nearest.
      hand(one, event) {
        const box = one.svg.getBoundingClientRect();
        const [x, y] = [event.clientX - box.left, event.clientY - box.top];
        const [x0, y0] = one.last ?? [x, y];
        const reach = one.last ? 0 : (one.X(1) - LEFT) / one.at.length / 2;
        one.at.forEach((value, i) => {
          const here = one.X(one.x.share(value));
          if (here < Math.min(x, x0) - reach || here > Math.max(x, x0) + reach) return;
          const height = x === x0 ? y : y0 + ((y - y0) * (here - x0)) / (x - x0);
          this.set(one, i, (BOTTOM - height) / (BOTTOM - TOP));
        });
        one.last = [x, y];
      },
      set(one, i, share) {
        one.shares[i] = clip(share, 0, 1);
        one.touched = true;
        this.draw(one);
      },
      said: ({touched, shares, y}) => (touched ? {said: shares.map((share) => Number(y.value(share).toPrecision(3)))}
        : {wrong: "Expected a curve, got none."}),
      put(one, said) {
        one.shares = said.map(one.y.share);
        one.touched = true;
      },
      close({handles}) { handles.forEach((handle) => handle.setAttribute("aria-disabled", true)); },
      judge({truth, within}, said) {
        const off = truth.reduce((sum, value, i) => sum + Math.abs(value - said[i]), 0) / said.length;
        return {off, right: off <= within};
      },
      shows({y}, said, idea) {
        const shares = said.map(y.share);
        return idea.split(" and ").every((shape) => {
          const [end, side, limit] = shape.split(" ");
          const value = said.at(end === "starts" ? 0 : -1);
          return SHAPES[shape]?.(shares, shares[0], shares.at(-1)) ?? (side === "above" ? value > limit : value < limit);
        });
      },
      is: ({truth}) => `It goes from ${short(truth[0])} to ${short(truth.at(-1))}`,
      tell(one, said, {off, right}) {
        return `${said ? `On average you were ${short(off)} off${near(right)}. ` : ""}${this.is(one)}.`;
      },
      draw(one) {
        const {svg, base, at, shares, x, y, titles, open, touched, answer, beside, name} = one;
        const right = svg.clientWidth - RIGHT;
        const X = (one.X = (share) => LEFT + share * (right - LEFT));
        const Y = (share) => BOTTOM - share * (BOTTOM - TOP);
        const write = (left, top, text, kind) => make(base, "text", {x: left, y: top, class: kind}, text);
        base.replaceChildren();
        for (const share of [0, 0.5, 1]) {
          make(base, "line", {x1: LEFT, x2: right, y1: Y(share), y2: Y(share)});
          write(LEFT - 6, Y(share) + 4, short(y.value(share)), "end");
          write(X(share), BOTTOM + 18, short(x.value(share)), share === 1 ? "end" : "");
        }
        write(4, 14, titles.y, "start");
        write(X(0.5), BOTTOM + 38, titles.x);
        // Names stand at the right end of curves, one below the other where they would meet.
        const names = [];
        const curve = (kind, text, xs, heights) => {
          make(base, "path", {class: kind, d: `M${xs.map((value, i) => `${X(x.share(value))} ${Y(heights[i])}`).join("L")}`});
          names.push([Y(heights.at(-1)) - 8, text, `${kind} end`]);
        };
        if (beside) curve("beside", beside.name, beside.points[0], beside.points[1].map(y.share));
        if (touched) curve("yours", "you", at, shares);
        if (open) curve("true", name, answer[0], answer[1].map(y.share));
        let above = 0;
        for (const [top, text, kind] of names.sort((one, other) => one[0] - other[0])) {
          above = Math.max(top, above + 17, TOP);
          write(right - 4, above, text, kind);
        }
        one.handles.forEach((handle, i) => {
          handle.setAttribute("transform", `translate(${X(x.share(at[i]))} ${Y(shares[i])})`);
          handle.setAttribute("aria-valuenow", Number(y.value(shares[i]).toPrecision(2)));
        });
      },
    },
  };

  // Turns a value into its share of an axis, and back.
  const axis = (low, high, logarithmic) => {
    const [to, from] = logarithmic ? [Math.log, Math.exp] : [Number, Number];
    const [first, last] = [to(low), to(high)];
    return {share: (value) => (to(value) - first) / (last - first), value: (share) => from(first + share * (last - first))};
  };

  // The shapes that a curve may have, by the shares of the vertical axis at its points, and those at its ends.
  const turns = (shares, first, last) => Math.max(...shares) > Math.max(first, last) + BEND
    || Math.min(...shares) < Math.min(first, last) - BEND;
  const SHAPES = {
    rises: (shares, first, last) => last > first + BEND,
    falls: (shares, first, last) => last < first - BEND,
    flat: (shares) => Math.max(...shares) - Math.min(...shares) < 2 * BEND,
    straight: (shares, first, last) => shares.every((share, i) =>
      Math.abs(share - first - ((last - first) * i) / (shares.length - 1)) < BEND),
    turns,
    "does not turn": (...all) => !turns(...all),
  };

  const start = (box) => {
    const find = (name) => box.querySelector(`.predict-${name}`);
    const one = {...JSON.parse(box.querySelector("script").textContent), box};
    const kind = KINDS[one.kind];
    const key = `${one.page}#${box.id}`;
    const [button, show, said, heard] = ["commit", "show", "said", "heard"].map(find);
    const sentences = [...find("says").children]; // the first until there is an answer
    const covers = document.querySelectorAll(`.predict-cover[data-predict="${box.id}"]`);

    // What she said, or that she wanted to see it; if it is new, screen readers hear it and it is kept.
    const reveal = (entry, isNew) => {
      const given = entry.said;
      one.open = true;
      if (given !== undefined) kind.put(one, given);
      kind.close(one);
      kind.draw(one);
      const verdict = given === undefined ? {} : kind.judge(one, given);
      const fooled = given === undefined || verdict.right ? -1 : one.ideas.findIndex((idea) => kind.shows(one, given, idea));
      said.textContent = kind.tell(one, given, verdict);
      sentences.forEach((sentence, i) => sentence.classList.toggle("is-shown", i === fooled + 1));
      button.textContent = "On to the result";
      show.remove();
      covers.forEach((cover) => {
        cover.classList.add("is-open");
        cover.firstChild.inert = false;
        cover.querySelector(".predict-note").remove();
      });
      if (!isNew) return;
      const idea = fooled < 0 ? "" : sentences[fooled + 1].textContent;
      const [off, is] = [verdict.off / (one.high - one.low), kind.is(one)];
      heard.textContent = [said.textContent, one.kind === "choice" ? `${is}.` : "", idea].join(" ");
      record[key] = {kind: one.kind, said: given, right: verdict.right, off, is, idea};
      storage((place) => place.setItem(KEY, JSON.stringify(record)));
    };

    one.commit = () => {
      const entry = kind.said(one);
      if (entry.wrong) said.textContent = heard.textContent = entry.wrong;
      else if (!one.open) reveal(entry, true);
    };
    button.addEventListener("click", () => {
      if (!one.open) return one.commit();
      const next = covers[0];
      next.tabIndex = -1;
      next.focus({preventScroll: true});
      return next.scrollIntoView({block: "center"});
    });
    show.addEventListener("click", () => {
      button.focus({preventScroll: true});
      reveal({}, true);
    });
    covers.forEach((cover) => {
      cover.firstChild.inert = true;
      make(cover, "a", {class: "predict-note", href: `#${box.id}`}, "Covered until you have predicted ↑");
    });
    kind.start(one);
    const kept = record[key];
    // A curve is of use if it still has as many points as are asked for; for all else the difference is no number.
    if (kept?.kind === one.kind && !(kept.said?.length - one.at?.length)) reveal(kept);
    if (one.svg) new ResizeObserver(() => kind.draw(one)).observe(one.svg);
  };

  addEventListener("DOMContentLoaded", () => {
    storage((place) => { record = Object(JSON.parse(place.getItem(KEY))); });
    document.querySelectorAll(".predict").forEach(start);
  });
})();
