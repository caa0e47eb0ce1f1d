// Finds the live parts of a page and fetches what one needs once it is needed: near the window, or when its button is pressed.
(function () {
  "use strict";

  const base = document.currentScript.src.replace(/[^/]*$/, "");
  const fetched = new Map();

  // Classic scripts, since modules do not load from a folder on the reader's disk.
  const script = (name) => {
    if (!fetched.has(name)) {
      fetched.set(name, new Promise((resolve, reject) => {
        const node = document.createElement("script");
        node.src = `${base}${name}.js`;
        node.onload = resolve;
        node.onerror = () => reject(new Error(`${name}.js did not load`));
        document.head.append(node);
      }));
    }
    return fetched.get(name);
  };

  // Styles of a part that not every live page needs; it waits for them, lest it be laid out twice.
  const style = (name) => {
    const file = `${name}.css`;
    if (!fetched.has(file)) {
      fetched.set(file, new Promise((resolve, reject) => {
        const node = Object.assign(document.createElement("link"), {rel: "stylesheet", href: base + file, onload: resolve});
        node.onerror = () => reject(new Error(`${file} did not load`));
        document.head.append(node);
      }));
    }
    return fetched.get(file);
  };

  const parts = {}; // name -> function of the box and its settings
  window.Live = {base, parts, script, style};

  const mount = async (box) => {
    const name = box.dataset.live;
    const settings = JSON.parse(box.querySelector("script")?.textContent ?? "{}");
    try {
      for (const needed of ["engine", "look", "stage", ...(settings.scripts ?? []), name]) await script(needed);
      await parts[name](box, settings);
      box.dataset.mounted = "true";
    } catch (error) {
      box.append(`This part of the page could not start: ${error.message}.`);
      throw error;
    }
  };

  const near = new IntersectionObserver((entries) => {
    for (const {target, isIntersecting} of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      mount(target);
    }
  }, {rootMargin: "300px 0px"});

  document.querySelectorAll(".live").forEach((box) => {
    const button = box.querySelector(".live-open");
    if (button) button.addEventListener("click", () => mount(box), {once: true});
    else near.observe(box);
  });
})();
