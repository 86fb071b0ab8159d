/* The page that edits a kept site: its fields and its muscle, sent as a plain form, and held while they are typed. */
import { all, isChanged } from "../clinic/dom.js";
import { hold } from "../clinic/held.js";
import { startMuscleField } from "./muscle_field.js";
import { form } from "./site_fields.js";

startMuscleField(null);

const controls = () => all('input:not([type="hidden"]), textarea', form);
/* nothing is begun while the page shows what stands */
const text = () => {
  if (!form.hasAttribute("data-begun") && !controls().some(isChanged)) return "";
  const body = new URLSearchParams(new FormData(form));
  ["csrfmiddlewaretoken", "client_id", "seq", "base_version", "seen", "key"].forEach((name) => body.delete(name));
  return body.toString();
};
hold({ url: form.dataset.unsavedUrl, read: text, isEarly: !form.hasAttribute("data-begun") && Boolean(text()) }).endWith(form);
