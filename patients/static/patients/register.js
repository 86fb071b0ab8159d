/* While a patient is registered: who may be here already, asked when the birth date or the phone is left. Advice only. */
import { isChanged, isFocusFree, one } from "../clinic/dom.js";
import { post } from "../clinic/server.js";

const form = one("[data-matches]"), place = one("[data-matches-place]", form);
const NAMES = ["family_name", "given_name", "born", "phone"];
const values = () => Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value]));
const text = () => Object.values(values()).map((value) => value.trim()).join("\n");
let last = text();
const ask = async () => {
  const now = text();
  if (now === last || !form.elements.family_name.value.trim()) return;
  last = now;
  try {
    const reply = await post(form.dataset.matches, values());
    // the answer to an earlier question that comes late must not stand over the answer to a later one
    if (reply.status < 500 && now === last) place.innerHTML = reply.status === 200 ? reply.text : "";
  } catch { last = ""; /* without a network the server asks again when the form is sent */ }
};
for (const name of ["born", "phone"]) form.elements[name].addEventListener("change", ask);

if (isFocusFree() && !one("[data-error-summary]") && !place.textContent.trim()) one("input:not([type=hidden])", form).focus();
/* filled in before this ran, and left already */
if (["born", "phone"].some((name) => isChanged(form.elements[name]) && form.elements[name] !== document.activeElement)) {
  last = "";
  ask();
}
