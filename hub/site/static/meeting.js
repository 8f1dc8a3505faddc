"use strict";

// The screens of a meeting: what others change comes by itself, what one types or reads is never taken away,
// and the keys of the decision. Without this script every page works; it then shows what stood when it loaded.
(() => {
  const FIELDS = "input, textarea, select, [contenteditable]";
  const line = document.querySelector("[data-live]");
  const form = document.querySelector("[data-meeting-form]");
  const keysOn = document.documentElement.dataset.keys === "on";
  let upToDate = "";
  let held = false;

  const say = (words, loud) => {
    if (!line) return;
    line.textContent = words;
    line.classList.toggle("hub-saved--failed", loud);
  };

  // --- what others change -------------------------------------------------------------------

  document.addEventListener("htmx:beforeRequest", (event) => {
    held = false;
    if (document.hidden) event.preventDefault();
  });

  // A region in which somebody is at work stays; then the screen goes on asking from the version it has.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const region = event.detail.target;
    const busy = region.contains(document.activeElement);
    if (busy) held = true;
    if (busy || (held && region.id === "meeting-live")) event.detail.shouldSwap = false;
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, successful } = event.detail;
    if (!successful) return;
    if (!new URL(xhr.responseURL, window.location).pathname.endsWith("/live/")) {
      say("You were signed out. What you typed is kept: sign in again in this window.", true);
      return;
    }
    upToDate = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    say("", false);
  });

  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => {
    document.addEventListener(name, () => {
      say(`Not up to date${upToDate ? ` since ${upToDate}` : ""}, trying again.`, true);
    });
  });

  // --- keys ---------------------------------------------------------------------------------

  const reason = form?.querySelector("[name=rationale]");

  const choose = (key) => {
    const radio = form?.querySelector(`[data-meeting-choice="${CSS.escape(key.toUpperCase())}"]`);
    if (!radio || !key) return false;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    reason.focus();
    return true;
  };

  const quote = (words) => {
    if (!reason) return false;
    reason.value += `${reason.value && !reason.value.endsWith("\n") ? "\n" : ""}${words}\n`;
    reason.dispatchEvent(new Event("input", { bubbles: true }));
    reason.focus();
    return true;
  };

  const actions = () => {
    const part = form?.querySelector("[data-meeting-actions]");
    if (!part) return false;
    part.open = true;
    part.querySelector("input").focus();
    return true;
  };

  const press = (key) => {
    const thing = document.querySelector(`[data-meeting-key="${CSS.escape(key)}"]`);
    thing?.click();
    return Boolean(thing);
  };

  const newest = () => {
    const button = document.querySelector("[data-quote]");
    return Boolean(button) && quote(button.dataset.quote);
  };

  const deeds = {
    a: actions,
    c: () => press("c"),
    j: () => press("j"),
    k: () => press("k"),
    q: newest,
    r: () => { reason?.focus(); return Boolean(reason); },
  };

  // Before the keys of every page, which take j and k for rows.
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const others = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    if (!keysOn || others || key.length > 1 || document.querySelector("dialog[open]")) return;
    if (target.matches(FIELDS)) return;
    const small = key.toLowerCase();
    const deed = Object.hasOwn(deeds, small) ? deeds[small]() : choose(small);
    if (!deed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-quote]");
    if (button) quote(button.dataset.quote);
  });

  // --- where one begins ---------------------------------------------------------------------

  if (!document.querySelector(".govuk-error-summary") && !window.location.hash) {
    document.querySelector("[data-first-focus]")?.focus({ preventScroll: true });
  }
})();
