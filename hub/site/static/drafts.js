// Keeps a draft of a form on the server: two seconds after a pause in typing, and at least every ten.
// Without this script the button "Save and come back later" does the same. Nothing is kept in the browser.
"use strict";

document.querySelectorAll("form[data-keeps-draft]").forEach((form) => {
  const line = form.querySelector("[data-saved]");
  const PAUSE = 2000;
  const LONGEST = 10000;
  const AGAIN = 5000;
  let changedAt = 0;
  let timer = 0;
  let saving = false;
  let leaving = false;
  let lastSaved = "";

  const say = (words, loud) => {
    line.textContent = words;
    line.classList.toggle("hub-saved--failed", loud);
  };

  const later = (wait) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, wait);
  };

  const save = async () => {
    if (leaving || saving || !changedAt) return;
    saving = true;
    const since = changedAt;
    const answers = new FormData(form);
    answers.append("later", "1");
    try {
      const answer = await fetch(new URL(form.action).pathname, {
        method: "POST",
        body: new URLSearchParams(answers),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (answer.redirected) throw new Error("signed out");
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.fault);
      lastSaved = said.saved;
      if (changedAt === since) changedAt = 0;
      say(`Draft saved ${lastSaved}`, false);
      if (changedAt) later(PAUSE);
    } catch {
      say(`Not saved${lastSaved ? ` since ${lastSaved}` : ""}, trying again. You can go on typing.`, true);
      later(AGAIN);
    } finally {
      saving = false;
    }
  };

  const changed = () => {
    const now = Date.now();
    changedAt = changedAt || now;
    later(Math.max(0, Math.min(PAUSE, changedAt + LONGEST - now)));
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    // A second press does nothing; the server would do nothing twice besides.
    if (leaving) event.preventDefault();
    leaving = true;
  });
  // Back may bring the page as it was left.
  window.addEventListener("pageshow", () => { leaving = false; });
});
