"use strict";

// Keys for those who asked for them; base.html says so on <html data-keys="on">. Each leads to something
// that is on the page anyway: a menu link with its data-key, the search box, the first link of a row.
(() => {
  const FIELDS = "input, textarea, select, [contenteditable]";
  const AFTER_G = 1500; // milliseconds in which the second key of a pair must come
  const on = document.documentElement.dataset.keys === "on";
  let wentAt = 0;

  const rowLinks = () =>
    [...document.querySelectorAll("main tbody tr")]
      .map((row) => row.querySelector("a[href]"))
      .filter((link) => link && link.getClientRects().length);

  const step = (by) => {
    const links = rowLinks();
    const row = document.activeElement.closest("tr");
    const here = links.findIndex((link) => link.closest("tr") === row);
    const next = links[here < 0 ? 0 : here + by];
    if (next) next.focus();
  };

  const deeds = {
    "/": () => document.getElementById("search-box")?.focus(),
    "?": () => document.getElementById("keys-dialog").showModal(),
    j: () => step(1),
    k: () => step(-1),
    g: () => { wentAt = Date.now(); },
  };

  const afterG = (key) => {
    wentAt = 0;
    document.querySelector(`nav a[data-key="${CSS.escape(key)}"]`)?.click();
  };

  const single = (event) => {
    const { key, target } = event;
    if (target.matches(FIELDS)) {
      if (key === "Escape") target.blur();
      return;
    }
    const deed = Date.now() - wentAt < AFTER_G ? () => afterG(key) : deeds[key];
    if (key.length > 1 || !deed) return;
    event.preventDefault();
    deed();
  };

  // The form's own first button, as Enter would press it in a field of one line.
  const send = (field) => {
    if (!field.form) return;
    const button = [...field.form.elements].find((element) => element.type === "submit");
    field.form.requestSubmit(button);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (event.target.matches(FIELDS)) send(event.target);
      return;
    }
    const held = event.ctrlKey || event.metaKey || event.altKey;
    if (on && !held && !document.querySelector("dialog[open]")) single(event);
  });
})();
