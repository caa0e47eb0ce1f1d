// What the playground has below the network: the link, own data, export, many at once.
(function () {
  "use strict";
  const {element, button, choice} = Live;

  const panel = (name, title, ...nodes) =>
    Live.controls.named(name, element("details", {class: "live-panel"}, element("summary", {}, title), ...nodes));

  // Copies a text; where the page may not, it is selected so that the reader can.
  const copy = async (field, say) => {
    try {
      await navigator.clipboard.writeText(field.value);
      say("Copied.");
    } catch {
      field.focus();
      field.select();
      say("Selected: copy it with Ctrl and C.");
    }
  };

  // ---- The link ----

  const linkPanel = (page) => {
    const field = element("input", {type: "text", readonly: true, hidden: true, class: "live-address", "aria-label": "Link to this state"});
    const said = element("span", {role: "status"});
    const press = button("Copy the link", () => {
      field.value = page.address();
      field.hidden = false;
      copy(field, (text) => { said.textContent = page.state.data === "own" ? `${text} It has all settings, but not your data.` : text; });
    });
    return Live.controls.named("link", element("div", {class: "live-row"}, press, field, said));
  };

  // ---- Own data ----

  const ownPanel = (page) => {
    const said = element("p", {class: "live-note", role: "status"});
    const chooser = element("div");
    const take = async (text) => {
      page.pause();
      const table = await reading(text);
      said.textContent = table.problem ?? [`${table.rows} rows, ${table.columns.length} columns.`, ...table.notes].join(" ");
      chooser.replaceChildren(...(table.problem ? [] : choosing(page, table, (words) => { said.textContent = words; })));
    };
    const points = element("div");
    page.points = new Live.Points(page, points);
    const box = panel("own", "Your own data",
      element("p", {}, "A table of comma-separated values with a header: two or more numeric columns, and an outcome of 0 and 1. "
        + "It is read in this page and never leaves your machine."),
      files(take), pasting(take), said, chooser,
      element("p", {class: "live-title"}, "Or points in the plane"), points);
    drop(box, take);
    return box;
  };

  const reading = async (text) => {
    const missing = await Live.own.load();
    return missing ? {problem: missing} : Live.own.read(text);
  };

  const files = (take) => {
    const input = element("input", {type: "file", accept: ".csv,.tsv,.txt,text/csv,text/plain", onchange: async () => {
      if (input.files[0]) await take(await input.files[0].text());
    }});
    return element("label", {class: "live-control live-file"}, element("span", {}, "Choose a file, or drop one here"), input);
  };

  const pasting = (take) => {
    const field = element("textarea", {rows: 4, placeholder: "income,age,vote\n4.1,52,0\n2.3,31,1"});
    return element("div", {class: "live-row"},
      element("label", {class: "live-control live-wide"}, element("span", {}, "Or paste it"), field),
      button("Read it", () => take(field.value)));
  };

  const drop = (box, take) => {
    const stop = (event) => {
      event.preventDefault();
      box.classList.toggle("live-over", event.type === "dragover");
    };
    for (const kind of ["dragover", "dragleave", "drop"]) box.addEventListener(kind, stop);
    box.addEventListener("drop", async ({dataTransfer}) => {
      const file = dataTransfer.files[0];
      await take(file ? await file.text() : dataTransfer.getData("text/plain"));
    });
  };

  // Which columns, and which outcome.
  const choosing = (page, table, say) => {
    const state = {columns: new Set(table.suggested.columns), outcome: table.suggested.outcome};
    const boxes = element("div", {class: "live-row", role: "group", "aria-label": "Inputs"});
    const offer = () => boxes.replaceChildren(...table.numeric.filter((name) => name !== state.outcome).map((name) =>
      Live.controls.tick(name, state.columns.has(name), (on) => (on ? state.columns.add(name) : state.columns.delete(name)))));
    const outcome = choice("Outcome", table.outcomes, state.outcome, (name) => {
      state.outcome = name;
      offer();
    });
    offer();
    const use = button("Train on these", () => {
      const columns = table.numeric.filter((name) => state.columns.has(name) && name !== state.outcome);
      const wanted = {table, columns, outcome: state.outcome};
      const own = page.ownOf(wanted);
      say(own.problem ?? [`Training on ${columns.join(", ")}.`, ...own.notes].join(" "));
      if (own.problem) return;
      page.ownChoice = wanted;
      page.change({data: "own", features: null, map: null, standardise: true});
    });
    return [element("div", {class: "live-row"}, outcome, boxes), use];
  };

  // ---- Export ----

  const exportPanel = (page) => {
    const field = element("textarea", {rows: 12, readonly: true, spellcheck: "false", "aria-label": "What is exported"});
    const said = element("span", {role: "status"});
    const shown = element("div", {hidden: true}, field);
    const show = (name, make) => () => {
      field.value = make();
      shown.hidden = false;
      row.replaceChildren(button("Download", () => download(name, field.value)),
        button("Copy", () => copy(field, (text) => { said.textContent = text; })), said);
      said.textContent = name === "network.py" ? remark(page) : "";
      const beside = name === "network.py" && exports.file(page.data);
      if (beside) row.append(button(`Download ${beside.name}, which it reads`, () => download(beside.name, beside.text)));
    };
    const row = element("div", {class: "live-row"});
    const {exports} = Live;
    return panel("export", "Take it with you",
      element("div", {class: "live-row"},
        button("Code in PyTorch", show("network.py", () => exports.code(page.state, trained(page), page.data))),
        button("Weights as JSON", show("weights.json", () => exports.weights(page.run.model, page.data))),
        button("Picture as SVG", show("map.svg", () => exports.picture(page.plane)))),
      row, shown);
  };

  // The code trains for as long as the page has, or would.
  const trained = ({run, state}) => ({...run.config, epochs: run.epochs || state.epochs});

  const remark = ({edited, run}) => {
    if (edited) return "You changed the network by hand: the code starts from the weights that were drawn, and gives other numbers.";
    return run.open ? `The page is within epoch ${run.epochs + 1}; the code trains for ${run.epochs}.` : "";
  };

  const download = (name, text) => {
    const link = element("a", {href: URL.createObjectURL(new Blob([text], {type: "text/plain"})), download: name});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // ---- Many at once, and tasks ----

  const settingsOf = ({run, data, held}) => ({configuration: run.config, train: data.train, evaluation: held});

  const taskOf = (page) => ({
    state: page.state, run: page.run, train: page.data.train, test: page.held, onState: (part) => page.change(part),
  });

  // A panel that is made when it is opened, and anew for each new run while it is open.
  const renewed = (page, name, title, make, open = false) => {
    const place = element("div");
    const box = panel(name, title, place);
    const renew = () => {
      if (!box.open || !page.run) return;
      place.replaceChildren();
      make(place);
    };
    box.open = open;
    box.addEventListener("toggle", renew);
    page.renewals.push(renew);
    return box;
  };

  // ---- All of them ----

  const panels = (page, box) => {
    const found = [linkPanel(page), ownPanel(page)];
    if (Live.exports) found.push(exportPanel(page));
    if (Live.many) found.push(renewed(page, "many", "128 of these", (place) => Live.many(place, settingsOf(page))));
    if (Live.tasks) found.push(renewed(page, "tasks", "Tasks", (place) => Live.tasks.mount(place, taskOf(page)), page.state.task !== null));
    box.replaceChildren(...found);
  };

  Live.panels = panels;
})();
