/* The idle lock opens by a passkey as well; loaded for people who have one. */
import { one } from "./dom.js";
import { prove, refuse } from "./idle_lock.js";
import { credentialFor, explanationOf, isPossible, optionsFrom } from "./passkey.js";

const button = one("[data-lock-passkey]");
button.hidden = !isPossible;
button.addEventListener("click", async () => {
  let credential;
  try { credential = await credentialFor(await optionsFrom(one("[data-lock]").dataset.question)); }
  catch (failure) { refuse(explanationOf(failure)); return; }
  prove({ credential });
});
