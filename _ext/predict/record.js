// Shows the reader her own record of predictions, chapter by chapter, and erases it when she asks for it twice.
(function () {
  "use strict";
  const KEY = "demystifying-deep-learning predictions"; // also in predict.js

  const make = (box, name, attributes = {}, text = "") => {
    const node = box.appendChild(document.createElement(name));
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    node.textContent = text;
    return node;
  };
  const percent = (share) => `${Math.round(100 * share)}%`;
  const middle = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];

  const stored = () => {
    try {
      return Object(JSON.parse(localStorage.getItem(KEY)));
    } catch {
      return {}; // refused, or not ours
    }
  };

  // The entries of some pages: what was asked, what she said, what came out.
  const entriesOf = (pages, record) => pages.flatMap(({page, href, asked}) => asked.map((one) =>
    ({...one, ...record[`${page}#${one.id}`], seen: `${page}#${one.id}` in record, href: `${href}#${one.id}`})));

  const sums = (entries) => {
    const said = entries.filter((entry) => entry.said !== undefined);
    const offs = said.map((entry) => entry.off).filter(Number.isFinite);
    return {all: entries.length, said: said.length, right: said.filter((entry) => entry.right).length,
      shown: entries.filter((entry) => entry.seen).length - said.length, off: offs.length ? middle(offs) : null};
  };

  const table = (box, pages, record) => {
    const frame = make(make(box, "div", {class: "predict-table"}), "table");
    make(frame, "caption", {}, "Off: the median distance of your numbers and curves from the right ones, as a share of their scale.");
    const head = make(make(frame, "thead"), "tr");
    ["Chapter", "Answered", "Right", "Looked up", "Off"].forEach((text) => make(head, "th", {scope: "col"}, text));
    const body = make(frame, "tbody");
    for (const one of pages) {
      const {all, said, right, shown, off} = sums(entriesOf([one], record));
      const row = make(body, "tr");
      make(make(row, "th", {scope: "row"}), "a", {href: one.href}, one.title);
      const cells = [`${said} of ${all}`, said ? right : "–", shown || "–", off === null ? "–" : percent(off)];
      cells.forEach((text) => make(row, "td", {}, text));
    }
  };

  const list = (box, title, entries, write) => {
    if (!entries.length) return;
    make(box, "h3", {}, title);
    const items = make(box, "ul");
    entries.forEach((entry) => write(make(items, "li"), entry));
  };

  const answer = ({kind, said}) => (kind === "curve" ? "" : ` You said “${said}”.`);

  const show = (box, pages) => {
    const record = stored();
    const entries = entriesOf(pages, record);
    const {all, said, right, shown} = sums(entries);
    box.replaceChildren();
    make(box, "p", {class: "predict-sum"}, said || shown
      ? `You have answered ${said} of ${all} questions${said ? `, and ${right} of your answers ${right === 1 ? "was" : "were"} right` : ""}.`
        + `${shown ? ` You looked up ${shown} without an answer.` : ""}`
      : `You have answered none of the ${all} questions yet.`);
    table(box, pages, record);
    list(box, "Ideas that fooled you", entries.filter((entry) => entry.idea && !entry.right), (item, entry) => {
      make(item, "a", {href: entry.href}, entry.asked);
      item.append(`${answer(entry)} ${entry.idea}`);
    });
    list(box, "Where you were right", entries.filter((entry) => entry.right), (item, entry) => {
      make(item, "a", {href: entry.href}, entry.asked);
      item.append(answer(entry));
    });
    if (said || shown) eraser(make(box, "div", {class: "predict-row"}), box, pages);
  };

  // Erases the record when it is confirmed.
  const eraser = (row, box, pages) => {
    const ask = make(row, "button", {type: "button"}, "Erase my record");
    ask.addEventListener("click", () => {
      row.replaceChildren();
      make(row, "p", {role: "alert"}, "All your answers will be gone from this browser, and the chapters are covered again. Erase them?");
      const erase = make(row, "button", {type: "button"}, "Yes, erase");
      const keep = make(row, "button", {type: "button"}, "No, keep them");
      keep.focus();
      keep.addEventListener("click", () => {
        row.replaceChildren();
        eraser(row, box, pages);
        row.firstChild.focus();
      });
      erase.addEventListener("click", () => {
        try {
          localStorage.removeItem(KEY);
        } catch { /* there is none */ }
        show(box, pages);
        box.querySelector(".predict-sum").setAttribute("tabindex", -1);
        box.querySelector(".predict-sum").focus();
      });
    });
  };

  addEventListener("DOMContentLoaded", () => document.querySelectorAll(".predict-record").forEach((place) => {
    const pages = JSON.parse(place.querySelector("script").textContent);
    const box = make(place, "div", {class: "predict-mine"});
    place.querySelector(".predict-without").hidden = true;
    show(box, pages);
    addEventListener("storage", () => show(box, pages)); // answered in another tab
  }));
})();
