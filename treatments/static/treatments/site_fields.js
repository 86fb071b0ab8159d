/* The fields of one site: proposals and their origins, what is still needed, keys. Without it the browser's own list serves. */
import { all, announce, element, gettext, one, openAround } from "../clinic/dom.js";
import { written } from "../clinic/formats.js";
import { draw, lung } from "./depth.js";

export const form = one("[data-site]");
export const input = one("[data-muscle]", form);
export const isEdit = form.hasAttribute("data-keep");
export const radio = (name) => all(`input[type="radio"][name="${name}"]`, form);
export const chosen = (name) => radio(name).find((each) => each.checked);
export const fieldOf = (name) => one(`[name="${name}"]`, form);
const read = ({ value, dataset }) => {
  const [, name, code] = value.match(/^(.*) \((.*)\)$/);
  return { value, name, code: code.toLowerCase(), technique: "in_out", ...dataset, words: name.toLowerCase().split(/[^a-z0-9]+/) };
};
export const options = all("#muscle-list option", form).map(read);
export const named = (text) => options.find((option) => [option.value, option.name, option.code].some((each) => each.toLowerCase() === text.trim().toLowerCase()));

/* ---- where each value came from: {name: "typed" | "tapped" | "hand@2026-05-05" ...} */
const WORDS = { hand: gettext("your last"), here: gettext("last here"), usual: gettext("usual"), needle: gettext("your last needle"), count: gettext("counted for you"), plan: gettext("last visit") };
const origins = new Map();
let touched = "typed";
export const originOf = (name) => origins.get(name);
export const isProposed = (name) => (origins.get(name) || "").split("@")[0] in WORDS;
const originText = (source) => {
  const [name, on] = source.split("@");
  const day = on ? `, ${written(form.dataset.day, new Date(`${on}T12:00`))}` : "";
  return `${WORDS[name] || ""}${WORDS[name] ? day : ""}`;
};
export const note = (name, source) => {
  if (source) origins.set(name, source); else origins.delete(name);
  fieldOf("origins").value = Array.from(origins, (pair) => pair.join(":")).join(",");
  const panel = one(`[data-prop="${name}"]`, form), plain = fieldOf(name);
  if (panel) caption(panel, source || "");
  else if (plain && plain.type !== "radio") plain.classList.toggle("proposed", isProposed(name));
};
const caption = (panel, source) => {
  const name = panel.dataset.prop;
  one("[data-said]", panel).textContent = chosen(name)?.closest("label").textContent.trim() || gettext("Choose");
  one("[data-origin]", panel).textContent = originText(source);
  panel.classList.toggle("is-proposed", isProposed(name));
};
["pointerdown", "keydown"].forEach((kind) => form.addEventListener(kind, () => { touched = kind === "keydown" ? "typed" : "tapped"; }, true));

/* ---- proposals: equipment and technique only, dashed until the row is kept; what was touched stays */
export const suggest = (name, value, source) => {
  if (origins.has(name) && !isProposed(name)) return;
  const target = radio(name);
  const match = target.find((each) => each.value === value);
  target.forEach((each) => { each.checked = each === match; });
  if (!target.length) fieldOf(name).value = value || "";
  const panel = one(`[data-prop="${name}"]`, form);
  if (panel) panel.open = !match;
  note(name, (target.length ? match : value) ? source : "");
};
/* a needle that stays is in one place; another one may be inserted again */
const staysIn = () => ["static", "stimulated"].includes(chosen("technique")?.value);
const count = () => suggest("needles", form.dataset.each || staysIn() ? countOf("insertions") : input.value.trim() ? 1 : "", "count");
let proposing = null;
export const current = () => proposing;
export const propose = (option) => {
  proposing = option;
  lung(option);
  if (isEdit) return;
  document.dispatchEvent(new CustomEvent("muscle-taken", { detail: option }));
  const source = option.source || "usual";
  suggest("needle", option.needle, option.needleFrom || source);
  suggest("technique", option.technique, source);
  suggest("tissue", option.tissue || "trigger_point", source);
  suggest("dwell", option.dwell, source);
  suggest("depth_mm", option.lung ? "" : option.depth, source);
  count();
  showDwell();
  draw();
};
form.addEventListener("change", (event) => {
  const name = event.target.name;
  if (!name || name === "muscle-chip") return;
  note(name.replace(/_more$/, ""), event.target.value ? touched : "");
  if (name.startsWith("insertions") || name === "technique") count();
  showDwell();
  showGaps();
  draw();
});
const showDwell = () => {
  const left = staysIn() || Boolean(fieldOf("dwell").value);
  one(".dwell-field", form).classList.toggle("is-wanted", left);
  one(".needle-other", form).classList.toggle("is-wanted", chosen("needle")?.value === "other");
};

/* ---- what is still needed, in the order of the row */
const countOf = (name) => { const now = chosen(name); return now?.value === "more" ? fieldOf(`${name}_more`).value : now?.value; };
/* a muscle is one of the list, or a name that somebody chose to keep as it is written: nothing is guessed */
export const isMuscle = () => {
  const text = input.value.trim();
  return Boolean(text) && (Boolean(named(text)) || input.dataset.asWritten === text || (origins.get("muscle") || "").startsWith("plan"));
};
export const showUnknown = () => {
  const text = input.value.trim(), id = "error-muscle";
  const words = gettext("No muscle is called “%(text)s”. Choose one from the list; its last line keeps the name as you wrote it.", { text });
  const line = document.getElementById(id) || element("p", { className: "invalid-feedback", id });
  line.textContent = words;
  input.before(line);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", id);
  announce(words, "assertive");
};
export const forgetUnknown = () => {
  document.getElementById("error-muscle")?.remove();
  input.removeAttribute("aria-invalid");
  input.removeAttribute("aria-describedby");
};
export const gaps = () => [
  [isMuscle(), gettext("muscle"), input], [chosen("side"), gettext("side"), radio("side")[0]],
  [countOf("insertions"), gettext("insertions"), radio("insertions")[0]], [countOf("twitches"), gettext("twitches. 0 is an answer"), radio("twitches")[0]],
  [!form.dataset.lung || fieldOf("depth_mm").value, gettext("depth"), fieldOf("depth_mm")], [chosen("needle"), gettext("needle"), radio("needle")[0]],
  [chosen("technique"), gettext("technique"), radio("technique")[0]], [chosen("tissue"), gettext("what it was aimed at"), radio("tissue")[0]],
].filter(([there]) => !there);
export const isComplete = () => !gaps().length;
/* a side from the figure alone is no row yet */
export const isBegun = () => Boolean(input.value.trim() || countOf("insertions") || countOf("twitches"));
export const showGaps = () => {
  const place = one("[data-gaps]", form);
  if (!place) return;
  const missing = isBegun() ? gaps() : [];
  one("[data-empty]", form).hidden = !isBegun();
  place.textContent = missing.length ? gettext("Still needed: %(words)s.", { words: missing.map(([, word]) => word).sort((a, b) => a.includes(".") - b.includes(".")).join(", ") }) : "";
};
export const focusGap = () => {
  const [, , field] = gaps()[0];
  showGaps();
  if (field === input && input.value.trim()) showUnknown();
  openAround(field);
  field.focus();
};

form.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  /* a side is one key, and the row goes on by itself before the next key can arrive */
  const side = event.target.name === "side" && radio("side").find((each) => each.value[0] === event.key.toLowerCase());
  if (side) {
    side.click();
    (chosen("insertions") || radio("insertions")[0]).focus();
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const more = /^[0-9]$/.test(event.key) && event.target.closest(".has-more");
  if (more && event.target.type === "radio" && !radio(event.target.name).some((each) => each.value === event.key)) {
    const field = fieldOf(`${event.target.name}_more`);
    radio(event.target.name).find((each) => each.value === "more").click();
    field.value = event.key;
    field.focus();
    event.preventDefault();
  }
  if (event.key === "Enter" && !event.target.matches("button, textarea, summary, a")) { event.preventDefault(); form.requestSubmit(); }
});

export const onward = () => { (chosen("side") ? chosen("insertions") || radio("insertions")[0] : radio("side")[0]).focus(); };
export const accept = (option) => { forgetUnknown(); if (!isProposed("muscle")) note("muscle", touched); propose(option); showGaps(); };
export const retype = () => { proposing = null; forgetUnknown(); if (origins.has("muscle")) note("muscle", "typed"); lung(named(input.value)); count(); };

/* ---- an entry that was kept makes room for the next one */
export const showNumber = (number) => { one("[data-next-number]", form).textContent = number; };
export const clear = () => {
  const key = fieldOf("key").value;
  form.reset();
  one("[data-begun-said]", form)?.remove();
  origins.clear();
  fieldOf("key").value = key;
  delete form.dataset.plan;
  delete input.dataset.asWritten;
  ["region", "origins", "adopted_from"].forEach((name) => { fieldOf(name).value = ""; });
  one("[data-new-head]", form).textContent = gettext("Next site");
  one("[data-muscle-chips]", form).hidden = true;
  all(".invalid-feedback", form).forEach((line) => line.remove());
  all(".proposed", form).forEach((field) => field.classList.remove("proposed"));
  all("[data-prop]", form).forEach((panel) => { panel.open = false; caption(panel, ""); });
  lung(null);
  showDwell();
  showGaps();
  proposing = null;
  forgetUnknown();
  document.dispatchEvent(new Event("row-emptied"));
};

all("[data-prop]", form).forEach((panel) => { panel.open = isEdit || Boolean(one(".invalid-feedback", panel)); caption(panel, ""); });
lung(named(input.value));
showDwell();
