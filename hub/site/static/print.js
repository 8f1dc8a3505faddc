"use strict";

// The button on a print sheet: without script the browser's own command does it.
document.querySelectorAll("[data-prints]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
