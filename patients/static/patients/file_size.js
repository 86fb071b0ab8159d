/* A file that is too large is said to be as soon as it is chosen: the server stops reading in the middle of it. */
import { announce, element, gettext, one } from "../clinic/dom.js";

const field = one("[data-largest]");
const line = element("p", { className: "invalid-feedback", hidden: true });
line.setAttribute("data-too-large", "");
field.after(line);
const isTooLarge = () => field.files[0]?.size > Number(field.dataset.largest);
const show = () => {
  line.hidden = !isTooLarge();
  line.textContent = line.hidden ? "" : gettext("This file is larger than 10 MB. Scan it with 300 dots per inch, or in parts.");
  announce(line.textContent, "assertive");
};
field.addEventListener("change", show);
field.form.addEventListener("submit", (event) => {
  if (!isTooLarge()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  field.focus();
}, true);
