/* Every page: forms sent once, the error summary, keys on a scale. Found by data attributes, absent without harm. */
import { all, isFocusFree, one, openAround } from "./dom.js";

/* Ctrl+Enter finishes the form that has the focus. */
const finish = () => {
  const form = document.activeElement?.closest("form[data-finish]") || one("form[data-finish]");
  if (!form) return false;
  form.requestSubmit(one("[data-finish-button]", form) || undefined);
  return true;
};
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && finish()) event.preventDefault();
});

/* A second press within a second is the same press. aria-disabled, because disabled would drop the focus. */
const busy = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get" || form.hasAttribute("data-many")) return;
  /* by the page's own time: a clock that is set back would keep a form shut */
  if (event.timeStamp - busy.get(form) < 1000) { event.preventDefault(); return; }
  busy.set(form, event.timeStamp);
  const button = event.submitter;
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  button.setAttribute("data-busy", "");
  setTimeout(() => rest(button), 4000);
});
const rest = (button) => { button.removeAttribute("aria-disabled"); button.removeAttribute("data-busy"); };
addEventListener("pageshow", () => all("[data-busy]").forEach(rest));
document.addEventListener("click", (event) => {
  const blocked = event.target.closest('[aria-disabled="true"]');
  if (blocked && !blocked.hasAttribute("data-busy")) event.preventDefault();
});

/* The summary takes the focus; its links bring the question into view before its answer. */
const goTo = (id) => {
  const field = document.getElementById(id);
  if (!field) return false;
  openAround(field);
  const group = field.closest("fieldset");
  const label = (group && one("legend", group)) || one(`label[for="${CSS.escape(id)}"]`) || field;
  label.scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
  return true;
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a");
  if (link && goTo(link.hash.slice(1))) event.preventDefault();
});
if (isFocusFree()) one("[data-error-summary]")?.focus();

/* Digits choose on a scale: 7 is 7; 1 and then 0 within 400 ms is 10. L, R, B choose a side. */
let firstDigit = "", firstAt = 0;
const choose = (group, wanted) => {
  const radio = all("input", group).find((input) => wanted(input) && !input.disabled);
  if (!radio) return false;
  radio.focus();
  if (!radio.checked) radio.click();
  return true;
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (!event.target.matches?.('input[type="radio"], input[type="checkbox"]')) return;
  const scale = event.target.closest("[data-scale]");
  const letters = event.target.closest("fieldset[data-letters]");
  if (scale && /^[0-9]$/.test(event.key)) {
    const typed = event.timeStamp - firstAt < 400 ? firstDigit + event.key : event.key;
    const done = choose(scale, (input) => input.value === typed) || choose(scale, (input) => input.value === event.key);
    firstDigit = event.key;
    firstAt = event.timeStamp;
    if (done) event.preventDefault();
  } else if (letters && /^[a-z]$/i.test(event.key)) {
    const wanted = event.key.toLowerCase();
    const word = (input) => (input.closest("label")?.textContent || "").trim().toLowerCase();
    if (choose(letters, (input) => word(input).startsWith(wanted))) event.preventDefault();
  }
});

/* Anything that only makes sense with a script is marked hidden and shown here, once the page's last module
   answers: a passkey's button that is pressed before would send its form without a passkey. */
document.addEventListener("DOMContentLoaded", () => all("[data-with-script]").forEach((part) => { part.hidden = false; }));
