// Passkeys: the browser asks the device, and the form sends what it answered. Without script the other ways
// of signing in remain.
"use strict";

(() => {
  const data = () => JSON.parse(document.getElementById("passkey-data").textContent);

  const options = async (form) => {
    if (form.dataset.passkey !== "login") return data();
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  };

  // A passkey stands for both factors here: the device keeps it, and asks for a finger, a face or a PIN.
  const made = (creation) => {
    const chosen = creation.publicKey.authenticatorSelection;
    Object.assign(chosen, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
    return window.webauthnJSON.create(creation);
  };

  const answer = async (form) => {
    const given = await options(form);
    if (form.dataset.passkey === "create") return made(given.creation_options);
    return window.webauthnJSON.get(given.request_options);
  };

  const send = async (form, button, said) => {
    said.hidden = true;
    button.disabled = true;
    try {
      form.elements.namedItem("credential").value = JSON.stringify(await answer(form));
      form.submit();
    } catch {
      said.textContent = form.dataset.failed;
      said.hidden = false;
      button.disabled = false;
    }
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button");
    if (!window.PublicKeyCredential || !window.webauthnJSON) continue;
    button.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, button, form.querySelector("[role=alert]"));
    });
  }
})();
