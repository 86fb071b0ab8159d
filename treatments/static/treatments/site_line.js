/* The line of sites (shorthand): read back a moment after the last key by the rule that keeps it; Enter keeps it. */
import { all, one, openAround } from "../clinic/dom.js";
import { LIVE, request } from "../clinic/server.js";
import { markForm } from "./fields.js";
import { submitLive } from "./save_queue.js";
import { showNumber } from "./site_fields.js";

const form = one("[data-line-form]"), field = one("[data-line]", form), reading = one("#line-read");
let timer = null, running = 0;
const ask = async () => {
  const number = ++running;
  if (!field.value.trim()) { reading.replaceChildren(); return; }
  const body = new URLSearchParams(new FormData(form));
  body.set("read", "1");
  try {
    const reply = await request(form.action, { method: "POST", body, headers: LIVE });
    /* a newer reading takes the place of an older one */
    if (reply.status === 200 && number === running) reading.innerHTML = reply.data.parts["line-read"];
  } catch { /* no connection: Enter says so */ }
};
field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 200); });
if (field.value) ask();

let isSending = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (isSending) return;
  isSending = true;
  clearTimeout(timer);
  running += 1;
  submitLive(form, (status, data) => {
    isSending = false;
    if (data.parts?.["line-read"]) reading.innerHTML = data.parts["line-read"];
    if (status !== 200) { markForm(form, data.errors || {}); return; }
    all(".invalid-feedback", form).forEach((line) => line.remove());
    reading.replaceChildren();
    field.value = "";
    one('[name="line-key"]', form).value = data.key;
    showNumber(data.next);
    field.focus();
  });
});
/* a text that was typed into the muscle field; what the line holds already stays in front of it */
export const readAsLine = (text) => {
  openAround(form);
  field.value = [field.value.replace(/[;\s]+$/, ""), text].filter(Boolean).join("; ");
  field.focus();
  ask();
};
