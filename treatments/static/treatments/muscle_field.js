/* The muscle field: exact code, then word beginnings in any order, then contained text; this patient's use and the therapist's break ties. */
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
  const list = element("ul", { id: "muscle-options", className: "options typeahead", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", gettext("Muscles"));
  input.closest(".search-box").append(list);
  input.removeAttribute("list");
  Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }).forEach(([key, value]) => input.setAttribute(key, value));
  let shown = [], at = -1, isMoved = false, isNothing = true;
  const close = () => { list.hidden = true; at = -1; isMoved = false; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const light = (next) => {
    at = next;
    Array.from(list.children).forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    if (at >= 0) input.setAttribute("aria-activedescendant", `muscle-${at}`);
  };
  const take = (option) => {
    if (option.asWritten) input.dataset.asWritten = input.value.trim(); else input.value = option.value;
    close();
    if (option.asWritten) { forgetUnknown(); showGaps(); } else accept(option);
  };
  const item = (option, place) => {
    const line = element("li", { id: `muscle-${place}` });
    line.setAttribute("role", "option");
    const [name, meta] = option.asWritten ? [gettext("Keep “%(text)s” as written", { text: input.value.trim() }), gettext("not in the list, shown at review")] : [option.name, why(option)];
    line.append(element("span", { className: "name", textContent: name }), element("span", { className: "meta", textContent: meta }));
    line.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); onward(); });
    return line;
  };
  /* “ut r 3” is more than a muscle */
  const isLine = () => isNothing && asLine && (/;/.test(input.value) || /\s(l|r|b|m)\s+\d/i.test(input.value));
  const open = () => {
    const text = input.value.trim().toLowerCase(), fits = text ? fitting(options, text) : [];
    isNothing = !fits.length;
    isMoved = false;
    shown = named(text) || isLine() ? fits : [...fits, { asWritten: true }];
    list.replaceChildren(...shown.map(item));
    if (isLine()) list.replaceChildren(element("li", { role: "option", textContent: gettext("Enter reads this as a line of sites.") }));
    list.hidden = !text;
    input.setAttribute("aria-expanded", String(Boolean(text)));
    /* a name that is in no list is kept by choosing that line, never by Enter alone */
    light(fits.length ? 0 : -1);
    if (text) list.scrollIntoView({ block: "nearest" });
  };
  /* Enter takes what the keys say: the choice that the arrows went to, an exact code or name, or the choice that is lit */
  const wanted = () => (isMoved ? shown[at] : named(input.value) || (!list.hidden && shown[at]));
  input.addEventListener("input", () => { open(); retype(); });
  input.addEventListener("blur", () => { close(); const found = named(input.value); if (found && found !== current()) take(found); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) open();
      if (shown.length) { light(event.key === "ArrowDown" ? (at + 1) % shown.length : (Math.max(at, 0) - 1 + shown.length) % shown.length); isMoved = true; }
      event.preventDefault();
    } else if (event.key === "Enter" && !event.isComposing && !event.ctrlKey && !event.metaKey && input.value.trim() && !(list.hidden && isComplete())) {
      if (isLine()) { close(); asLine(input.value); } else {
        const option = wanted();
        if (option) take(option);
        close();
        if (option || isMuscle()) onward(); else showUnknown();
      }
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Escape" && (!list.hidden || input.value)) {
      if (list.hidden) { input.value = ""; retype(); } else close();
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
