"use strict";

// "Hide screen" without leaving the page, so that what was typed stays: a cover over this tab and every
// other tab of the hub. The server is told as well: any page loaded meanwhile is the cover itself.
(() => {
  const cover = document.getElementById("cover");
  const form = document.getElementById("show");
  const message = document.getElementById("cover-message");
  const password = document.getElementById("cover-password");
  const others = "BroadcastChannel" in window ? new BroadcastChannel("hub-cover") : null;
  const root = document.documentElement;
  const title = document.title;
  const hidden = () => root.classList.contains("hub-hidden");
  // One at a time, over all tabs: hiding is answered with a new key to the session, which showing needs.
  // A hub that does not answer is waited for so long, in milliseconds, and no longer.
  const PATIENCE = 8000;
  let last = Promise.resolve();
  const inTurn = (deed) =>
    navigator.locks ? navigator.locks.request("hub-cover", deed) : (last = last.then(deed, deed));

  const say = (words) => {
    message.textContent = words;
    password.toggleAttribute("aria-invalid", Boolean(words));
    form.querySelector(".govuk-form-group").classList.toggle("govuk-form-group--error", Boolean(words));
  };

  const hide = () => {
    if (hidden()) return;
    root.classList.add("hub-hidden");
    document.title = "Screen hidden - CSE Hub";
    cover.showModal();
  };

  const show = () => {
    root.classList.remove("hub-hidden");
    document.title = title;
    form.reset();
    say("");
    cover.close();
  };

  const post = (to) => {
    const sent = { method: "POST", body: new FormData(to), headers: { Accept: "application/json" } };
    return inTurn(() => fetch(to.action, { ...sent, signal: AbortSignal.timeout?.(PATIENCE) })).catch(() => null);
  };

  const tell = async (event) => {
    event.preventDefault();
    const sent = post(event.target);
    hide();
    others?.postMessage("hide");
    const answer = await sent;
    if (!answer?.ok) say("The hub could not be told. This page is hidden, a page loaded anew is not");
  };

  const ask = async (event) => {
    event.preventDefault();
    const answer = await post(form);
    const said = await answer?.json().catch(() => null);
    if (answer?.redirected) location.assign(answer.url);
    else if (!said) say("The hub does not answer. Try again in a moment");
    else if (said.go) location.assign(said.go);
    else if (said.shown) { others?.postMessage("show"); show(); }
    else { password.value = ""; say(said.message); password.focus(); }
  };

  document.getElementById("hide").addEventListener("submit", tell);
  form.addEventListener("submit", ask);
  // Esc closes a dialog: at once, or, where that is prevented, at the second press.
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("close", () => { if (hidden()) cover.showModal(); });
  others?.addEventListener("message", ({ data }) => (data === "hide" ? hide : show)());
  // A page that Back brings out of the browser's memory may be from before the hiding, or the sign-out.
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
})();
