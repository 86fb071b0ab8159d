/* The line of sites (shorthand): read back a moment after the last key by the rule that keeps it; Enter keeps it. */
import { all, gettext, one, openAround } from "../clinic/dom.js";
import { LIVE, newKey, request } from "../clinic/server.js";
import { markForm } from "./fields.js";
import { hand, opensRow, park, unpark } from "./site_rows.js";

const form = one("[data-line-form]"), field = one("[data-line]", form), reading = one("#line-read");
let timer = null, running = 0, readText = "";
const ask = async () => {
  const number = ++running;
  if (!field.value.trim()) { reading.replaceChildren(); return; }
  const body = new URLSearchParams(new FormData(form));
  body.set("read", "1");
  try {
    const reply = await request(form.action, { method: "POST", body, headers: LIVE });
    /* a newer reading takes the place of an older one */
    if (reply.status === 200 && number === running) { reading.innerHTML = reply.data.parts["line-read"]; readText = body.get("line-line"); }
  } catch { /* no connection: Enter says so */ }
};
field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 200); });
if (field.value) ask();

/* what stands below says that it cannot be read: it stays, and Enter says why */
const problems = () => (readText === field.value ? all(".needs", reading).map((place) => place.textContent.trim()).join(" ") : "");
const empty = () => {
  clearTimeout(timer);
  running += 1;
  all(".invalid-feedback", form).forEach((line) => line.remove());
  reading.replaceChildren();
  field.value = "";
  one('[name="line-key"]', form).value = newKey();
};
const text = () => new URLSearchParams(["line-line", "line-key"].map((name) => [name, one(`[name="${name}"]`, form).value])).toString();
const fill = (row) => {
  new URLSearchParams(row.text).forEach((value, name) => { one(`[name="${name}"]`, form).value = value; });
  ask();
};
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const wrong = field.value.trim() ? problems() : gettext("Write at least one site, such as ut r 3 t2 d15.");
  if (wrong) { markForm(form, { "line-line": wrong }); return; }
  hand("line", text());
  empty();
  const begun = unpark("line");
  if (begun) fill(begun);
  field.focus();
});
opensRow("line", (row) => {
  if (field.value.trim()) park("line", text());
  openAround(form);
  fill(row);
  markForm(form, row.errors);
  field.focus();
});
/* a text that was typed into the muscle field; what the line holds already stays in front of it */
export const readAsLine = (written) => {
  openAround(form);
  field.value = [field.value.replace(/[;\s]+$/, ""), written].filter(Boolean).join("; ");
  field.focus();
  ask();
};
