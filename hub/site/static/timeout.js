// Warns two minutes before the session ends, and leaves the page when it has: no case stays on a
// screen that nobody watches. What was typed into a recording form is kept as a draft besides.
"use strict";

(() => {
  const body = document.body;
  const dialog = document.getElementById("hub-timeout");
  if (!dialog || !body.dataset.session) return;
  const WARNING = 120;
  const line = dialog.querySelector("[data-left]");
  let timer = 0;

  const inSeconds = (seconds, deed) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(deed, Math.max(seconds, 1) * 1000);
  };

  const leave = () => {
    const here = window.location.pathname + window.location.search;
    window.location.assign(`${dialog.dataset.signIn}?next=${encodeURIComponent(here)}`);
  };

  const asked = async (options) => {
    const answer = await fetch(body.dataset.session, { credentials: "same-origin", ...options });
    if (answer.redirected) return 0;
    return (await answer.json()).seconds;
  };

  const take = (seconds) => {
    if (seconds <= 0) return leave();
    if (seconds > WARNING + 5) {
      if (dialog.open) dialog.close();
      return inSeconds(seconds - WARNING, look);
    }
    line.textContent = seconds > 60 ? "in two minutes" : "in less than a minute";
    if (!dialog.open) dialog.showModal();
    return inSeconds(seconds > 60 ? seconds - 60 : seconds + 1, look);
  };

  const look = () => asked().then(take, () => inSeconds(30, look));

  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    asked({ method: "POST", body: new URLSearchParams(new FormData(event.target)) }).then(take, leave);
  });

  inSeconds(Number(body.dataset.ends) - WARNING, look);
})();
