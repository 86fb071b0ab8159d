/* The muscle field: exact code, then word beginnings in any order, then contained text; this patient's use and the therapist's break ties. */
import { combobox } from "../clinic/combobox.js";
import { element, gettext, one } from "../clinic/dom.js";
import { accept, current, forgetUnknown, input, isComplete, isEdit, isMuscle, named, onward, options, retype, showGaps, showUnknown } from "./site_fields.js";

const rank = (option, text) => {
  if (option.code === text) return 0;
  const wanted = text.split(/\s+/);
  if (wanted.every((part) => option.words.some((word) => word.startsWith(part)))) return 1;
  if (option.code.startsWith(text)) return 2;
  return option.name.toLowerCase().includes(text) ? 3 : 9;
};
export const byUse = (a, b) => (b.known || 0) - (a.known || 0) || (b.used || 0) - (a.used || 0);
const fitting = (options, text) => options
  .map((option) => ({ option, rank: rank(option, text) }))
  .filter((found) => found.rank < 9)
  .sort((a, b) => a.rank - b.rank || byUse(a.option, b.option) || a.option.name.localeCompare(b.option.name))
  .slice(0, 8).map((found) => found.option);
const why = (option) => [option.code.toUpperCase(), option.known ? gettext("here %(known)s×", option) : "", option.used ? gettext("used %(used)s×", option) : "", option.lung ? gettext("over the lung") : ""].filter(Boolean).join(", ");

/* `asLine` takes a text that is more than one muscle; null where the page has no line of sites */
export const startMuscleField = (asLine) => {
  let isNothing = true;
  const take = (option) => {
    if (option.asWritten) input.dataset.asWritten = input.value.trim(); else input.value = option.value;
    box.close();
    if (option.asWritten) { forgetUnknown(); showGaps(); } else accept(option);
  };
  const draw = (option) => (option.asWritten ? [gettext("Keep “%(text)s” as written", { text: input.value.trim() }), gettext("not in the list, shown at review")] : [option.name, why(option)]);
  const box = combobox(input, "muscle", gettext("Muscles"), draw, (option) => { take(option); onward(); });
  /* “ut r 3” and “ut r3” are more than a muscle */
  const isLine = () => isNothing && asLine && (/;/.test(input.value) || /[\s,](l|r|b|m),?\s*\d/i.test(input.value));
  const open = () => {
    const text = input.value.trim().toLowerCase(), fits = text ? fitting(options, text) : [];
    isNothing = !fits.length;
    /* a name that is in no list is kept by choosing that line, never by Enter alone */
    box.show(named(text) || isLine() ? fits : [...fits, { asWritten: true }], Boolean(text), fits.length ? 0 : -1);
    if (isLine()) box.list.replaceChildren(element("li", { role: "option", textContent: gettext("Enter reads this as a line of sites.") }));
  };
  /* Enter takes what the keys say: the choice that the arrows went to, an exact code or name, or the choice that is lit */
  const wanted = () => (box.isMoved ? box.lit() : named(input.value) || (!box.list.hidden && box.lit()));
  input.addEventListener("input", () => { open(); retype(); });
  input.addEventListener("blur", () => { box.close(); const found = named(input.value); if (found && found !== current()) take(found); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (box.list.hidden) open();
      box.move(event.key);
      event.preventDefault();
    } else if (event.key === "Enter" && !event.isComposing && !event.ctrlKey && !event.metaKey && input.value.trim() && !(box.list.hidden && isComplete())) {
      if (isLine()) { box.close(); asLine(input.value); } else {
        const option = wanted();
        if (option) take(option);
        box.close();
        if (option || isMuscle()) onward(); else showUnknown();
      }
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Escape" && (!box.list.hidden || input.value)) {
      if (box.list.hidden) { input.value = ""; retype(); } else box.close();
      event.preventDefault();
    } else if (event.key === "Tab" && !event.shiftKey && !input.value && !isEdit) {
      const next = one('[data-field^="pain_after"]:checked, [data-field^="pain_after"]');
      if (next) { event.preventDefault(); next.focus(); }
    }
  });
  /* a name that was kept as written stays one */
  if (isEdit) input.dataset.asWritten = input.value.trim();
  /* typed before this ran */
  if (document.activeElement === input && input.value) open();
};
