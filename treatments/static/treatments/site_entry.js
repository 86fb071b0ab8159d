/* The entry of the next site on the session page: kept as a whole, emptied, and taken up where it was begun before. */
import { all, forgetDefaults, isChanged, isFocusFree } from "../clinic/dom.js";
import { newKey } from "../clinic/server.js";
import { markForm } from "./fields.js";
import { startMuscleField } from "./muscle_field.js";
import { chosen, clear, fieldOf, focusGap, form, gaps, input, isComplete, isProposed, named, note, options, originOf, propose, radio, showGaps, suggest } from "./site_fields.js";
import { readAsLine } from "./site_line.js";
import { hand, opensRow, park, unpark } from "./site_rows.js";

const answers = () => all('input:not([type="hidden"]), textarea', form);
const filled = () => answers().filter((each) => (each.type === "radio" ? each.checked : each.value));
export const isEmpty = () => !filled().length;
/* typed before this ran, so the server has not seen it */
export const isEarlyInput = answers().some(isChanged);

const text = () => {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value && !/^(csrfmiddlewaretoken|muscle-chip)$/.test(name)) body.set(name, value);
  if (input.dataset.asWritten === input.value.trim()) body.set("as_written", "1");
  return body.toString();
};
const fill = (values) => {
  clear();
  new URLSearchParams(values).forEach((value, name) => {
    const target = radio(name), field = fieldOf(name);
    if (target.length) target.forEach((each) => { each.checked = each.value === value; });
    else if (field) field.value = value;
    else if (name === "as_written") input.dataset.asWritten = input.value.trim();
  });
  takeUp();
};

/* ---- keeping it: the row leaves at once and the next one is empty, whatever the server does meanwhile */
const empty = () => {
  const needle = chosen("needle")?.value;
  /* over the lung no needle is carried on from another place */
  options.forEach((option) => { if (!option.needle && !option.lung && !option.near && needle !== "other") { option.needle = needle; option.needleFrom = "needle"; } });
  clear();
  fieldOf("key").value = newKey();
};
/* a site of the plan is marked until the server says whether it is kept: the plan leads to its next site */
const plans = () => all("[data-plan] .plan");
const planned = new Set();
const markPlans = () => plans().forEach((each) => { if (planned.has(each.value)) each.setAttribute("aria-pressed", "true"); });
document.addEventListener("figure-drawn", markPlans);
/* the row that stepped aside goes on */
const takeBack = () => {
  const row = unpark("row");
  if (row) fill(row.text);
  return row && (gaps()[0]?.[2] || radio("twitches")[0]);
};
export const commit = (goOn = true) => {
  if (!isComplete()) { focusGap(); return false; }
  const isPlanned = originOf("muscle")?.startsWith("plan"), plan = isPlanned && form.dataset.plan;
  if (plan) planned.add(plan);
  hand("row", text(), () => { planned.delete(plan); });
  markPlans();
  empty();
  if (goOn) (takeBack() || (isPlanned && plans().find((each) => each.getAttribute("aria-pressed") === "false")) || input).focus();
  return true;
};
/* a refused row is put right here; a newer one steps aside and comes back after it */
opensRow("row", (row) => {
  if (!isEmpty()) park("row", text());
  fill(row.text);
  /* said, so that the muscle is kept where it lies */
  if (row.errors?.region) fieldOf("region").value = "";
  (markForm(form, row.errors) || gaps()[0]?.[2] || radio("twitches")[0]).focus();
});
form.addEventListener("submit", (event) => { event.preventDefault(); commit(); });
startMuscleField((line) => { clear(); readAsLine(line); });

/* an entry that was begun on an earlier page is kept by its own Enter only, until it is touched */
let touched = !form.hasAttribute("data-begun");
export const isTouched = () => touched;
["pointerdown", "keydown"].forEach((kind) => form.addEventListener(kind, () => { touched = true; }, true));

/* ---- an entry that came with the page: from the plan, from the figure, or begun before the page was opened */
const takeUp = () => {
  const came = fieldOf("origins").value.split(",").filter(Boolean).map((pair) => pair.split(":"));
  filled().forEach((each) => note(each.name.replace(/_more$/, ""), "typed"));
  came.forEach((pair) => note(...pair));
  const offered = came.filter(([name]) => isProposed(name)).map(([name, source]) => [name, chosen(name)?.value ?? fieldOf(name).value, source]);
  const option = named(input.value);
  if (option) propose(option);
  /* what had been proposed then is proposed still */
  offered.forEach((each) => suggest(...each));
  showGaps();
};
const resume = () => {
  takeUp();
  if (!isFocusFree()) return;
  if (form.hasAttribute("data-begun")) {
    (gaps()[0]?.[2] || radio("twitches")[0]).focus({ preventScroll: true });
    form.scrollIntoView({ block: "start" });
  } else if (named(input.value)) radio("insertions")[0].focus();
};
/* once emptied it is empty, whatever the page came with */
if (!isEmpty()) { forgetDefaults(answers()); resume(); }
