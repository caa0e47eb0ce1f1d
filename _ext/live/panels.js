// What the playground has below the network: own data, export, many at once, tasks.
(function () {
  "use strict";
  const {element, button} = Live;

  const panels = (page, box) => {
    box.replaceChildren(linkPanel(page));
  };

  // Copies a text; where the page may not, it is selected so that the reader can.
  const copy = async (text, field, say) => {
    try {
      await navigator.clipboard.writeText(text);
      say("Copied.");
    } catch {
      field.focus();
      field.select();
      say("Selected: copy it with Ctrl and C.");
    }
  };

  const linkPanel = (page) => {
    const field = element("input", {type: "text", readonly: true, class: "live-address", "aria-label": "Link to this state"});
    const said = element("span", {role: "status"});
    const press = button("Copy the link", () => {
      field.value = page.address();
      copy(field.value, field, (text) => { said.textContent = text; });
    });
    return Live.controls.named("link", element("div", {class: "live-row"}, press, field, said));
  };

  Object.assign(Live, {panels, copyText: copy});
})();
