/* Asks a passkey and sends its answer with the form. */
import { all, gettext, one } from "./dom.js";
import { request } from "./server.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/* the server's options, with bytes where the browser wants bytes */
const readable = (options) => {
  const asked = { ...options, challenge: bytes(options.challenge) };
  if (asked.user) asked.user = { ...asked.user, id: bytes(asked.user.id) };
  ["allowCredentials", "excludeCredentials"].forEach((list) => {
    if (asked[list]) asked[list] = asked[list].map((known) => ({ ...known, id: bytes(known.id) }));
  });
  return asked;
};
const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
const sendable = (credential) => {
  const response = {};
  PARTS.forEach((part) => { if (credential.response[part]) response[part] = text(credential.response[part]); });
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
};

/* {creation_options} makes a passkey, {request_options} asks one */
export const credentialFor = async (options) => {
  const made = options.creation_options;
  const publicKey = readable((made || options.request_options).publicKey);
  const credential = made ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
  return sendable(credential);
};
export const optionsFrom = async (url) => {
  const reply = await request(url);
  if (reply.status !== 200 || !reply.data) throw new Error("The options did not arrive.");
  return reply.data;
};
export const explanationOf = (failure) => {
  if (failure.name === "SecurityError") return gettext("Passkeys need a name in the address, not a number: open the page as localhost, or at the practice’s own name.");
  if (failure.name === "InvalidStateError") return gettext("That device has a passkey for you already. Use it, or take another device.");
  return gettext("No passkey answered. Try again, or take another way.");
};

export const isPossible = typeof PublicKeyCredential === "function" && Boolean(navigator.credentials);

/* a proof within a form of its own: the answer goes with what else was typed */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-passkey-into]");
  if (!button) return;
  const place = one("[data-passkey-error]", button.parentElement), form = button.form;
  place.hidden = true;
  try {
    form.elements[button.dataset.passkeyInto].value = await credentialFor(await optionsFrom(button.dataset.questionUrl));
    form.requestSubmit(one("[data-finish-button]", form));
  } catch (failure) { place.textContent = explanationOf(failure); place.hidden = false; }
});

all("form[data-passkey]").forEach((form) => {
  const place = one("[data-passkey-error]", form);
  const explain = (text) => { place.textContent = text; place.hidden = !text; };
  if (!isPossible) { explain(gettext("This browser has no passkeys. Take another way.")); return; }
  let asking = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (asking) return;
    asking = true;
    explain("");
    try {
      const options = form.dataset.question ? JSON.parse(form.dataset.question) : await optionsFrom(form.dataset.questionUrl);
      one('input[name="credential"]', form).value = await credentialFor(options);
      HTMLFormElement.prototype.submit.call(form);
    } catch (failure) { asking = false; explain(explanationOf(failure)); }
  });
});
