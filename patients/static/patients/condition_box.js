/* The box that finds a condition. The server searches while somebody types; Enter goes on with the lit one, or with the first. */
import { combobox } from "../clinic/combobox.js";
import { announce, element, gettext, isFocusFree, one } from "../clinic/dom.js";
import { post } from "../clinic/server.js";

const form = one("[data-condition-choice]"), input = one("[name=words]", form);
const PAUSE = 120;
/* what Enter adds to the form; pressed buttons of the lists send their own */
const added = element("input", { type: "hidden", disabled: true });
form.append(added);
const add = (name, value) => Object.assign(added, { name, value, disabled: false });
const goOn = () => form.requestSubmit();
const take = ({ code }) => { add("condition", code); goOn(); };
const box = combobox(input, "condition", gettext("Conditions"), ({ label, why }) => [label, why], take);

/* asked: the words of the newest question; listed: those that the list below answers */
let asked = "", listed = "", timer = 0;
const ask = async () => {
  const words = input.value.trim();
  asked = words;
  if (!words) { box.close(); return; }
  try {
    const { status, data } = await post(form.dataset.search, { words });
    /* the answer to an earlier text must not stand under a later one */
    if (status !== 200 || asked !== words || input !== document.activeElement) return;
    /* somebody is choosing from what is there */
    if (box.isMoved) return;
    listed = words;
    box.show(data.hits, Boolean(data.hits.length), 0);
    if (!data.hits.length) announce(gettext("Nothing found"));
  } catch { /* without a network the server searches when the form is sent */ }
};
/* a list of earlier words stands until the next one comes: Enter takes from it what the arrows went to, and no more */
const isFound = () => !box.list.hidden && (box.isMoved || listed === input.value.trim());
input.addEventListener("input", () => { box.isMoved = false; clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
input.addEventListener("blur", box.close);
input.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (box.list.hidden) ask(); else box.move(event.key);
    event.preventDefault();
  } else if (event.key === "Enter" && !event.isComposing && input.value.trim()) {
    clearTimeout(timer);
    if (isFound()) take(box.lit()); else { add("first", "on"); goOn(); }
    event.preventDefault();
  } else if (event.key === "Escape" && !box.list.hidden) {
    box.close();
    event.preventDefault();
  }
});
/* “Continue” means the same as Enter, where words were typed */
one("[data-continue]", form).addEventListener("click", () => { if (input.value.trim()) add("first", "on"); });
/* back on this page from the next one */
addEventListener("pageshow", () => { added.disabled = true; });

if (isFocusFree() && !one("[data-error-summary]")) input.focus();
/* typed before this ran */
if (input === document.activeElement && input.value !== input.defaultValue) ask();
