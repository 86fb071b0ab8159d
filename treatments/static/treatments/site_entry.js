/* The entry of the next site on the session page: kept as a whole, emptied, and taken up where it was begun before. */
import { all, forgetDefaults, isChanged, isFocusFree, one } from "../clinic/dom.js";
import { markForm } from "./fields.js";
import { startMuscleField } from "./muscle_field.js";
import { submitLive } from "./save_queue.js";
import { chosen, clear, fieldOf, focusGap, form, gaps, input, isComplete, isProposed, named, note, options, originOf, propose, radio, showGaps, showNumber, suggest } from "./site_fields.js";
import { readAsLine } from "./site_line.js";

const answers = () => all('input:not([type="hidden"]), textarea', form);
const filled = () => answers().filter((each) => (each.type === "radio" ? each.checked : each.value));
export const isEmpty = () => !filled().length;
/* typed before this ran, so the server has not seen it */
export const isEarlyInput = answers().some(isChanged);

/* ---- keeping it */
const empty = (data, goOn) => {
  const needle = chosen("needle")?.value, origin = originOf("muscle");
  options.forEach((option) => { if (!option.needle && needle !== "other") { option.needle = needle; option.needleFrom = "needle"; } });
  clear();
  fieldOf("key").value = data.key;
  showNumber(data.next);
  if (!goOn) return;
  /* a site of the plan leads to the next site of the plan */
  const next = origin?.startsWith("plan") && one('[data-plan] .plan[aria-pressed="false"]');
  (next || input).focus();
};
let sending = null;
export const commit = (goOn = true) => {
  if (sending) return sending;
  if (!isComplete()) { focusGap(); return Promise.resolve(false); }
  form.setAttribute("aria-busy", "true");
  sending = new Promise((resolve) => submitLive(form, (status, data) => {
    sending = null;
    form.removeAttribute("aria-busy");
    if (status === 200) empty(data, goOn); else markForm(form, data.errors || {});
    resolve(status === 200);
  }));
  return sending;
};
form.addEventListener("submit", (event) => { event.preventDefault(); commit(); });
startMuscleField((text) => { clear(); readAsLine(text); });

/* an entry that was begun on an earlier page is kept by its own Enter only, until it is touched */
let touched = !form.hasAttribute("data-begun");
export const isTouched = () => touched;
["pointerdown", "keydown"].forEach((kind) => form.addEventListener(kind, () => { touched = true; }, true));

/* ---- an entry that came with the page: from the plan, from the figure, or begun before the page was opened */
const resume = () => {
  const came = fieldOf("origins").value.split(",").filter(Boolean).map((pair) => pair.split(":"));
  filled().forEach((each) => note(each.name.replace(/_more$/, ""), "typed"));
  came.forEach((pair) => note(...pair));
  const offered = came.filter(([name]) => isProposed(name)).map(([name, source]) => [name, chosen(name)?.value ?? fieldOf(name).value, source]);
  const option = named(input.value);
  if (option) propose(option);
  /* what had been proposed then is proposed still */
  offered.forEach((each) => suggest(...each));
  showGaps();
  if (!isFocusFree()) return;
  if (form.hasAttribute("data-begun")) {
    (gaps()[0]?.[2] || radio("twitches")[0]).focus({ preventScroll: true });
    form.scrollIntoView({ block: "start" });
  } else if (option) radio("insertions")[0].focus();
};
/* once emptied it is empty, whatever the page came with */
if (!isEmpty()) { forgetDefaults(answers()); resume(); }
