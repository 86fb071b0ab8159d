/* The muscle field: exact code, then word beginnings in any order, then contained text; this patient's use and the therapist's break ties. */
import { element, one } from "../clinic/dom.js";
import { accept, current, input, isComplete, isEdit, named, onward, options, retype } from "./site_fields.js";

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
const why = (option) => [option.code.toUpperCase(), option.known ? `here ${option.known}×` : "", option.used ? `used ${option.used}×` : "", option.lung ? "over the lung" : ""].filter(Boolean).join(", ");

/* `asLine` takes a text that is more than one muscle; null where the page has no line of sites */
export const startMuscleField = (asLine) => {
  const list = element("ul", { id: "muscle-options", className: "options typeahead", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Muscles");
  input.closest(".search-box").append(list);
  input.removeAttribute("list");
  Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }).forEach(([key, value]) => input.setAttribute(key, value));
  let shown = [], at = -1;
  const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const light = (next) => {
    at = next;
    Array.from(list.children).forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    if (at >= 0) input.setAttribute("aria-activedescendant", `muscle-${at}`);
  };
  const take = (option) => { input.value = option.value; close(); accept(option); };
  const item = (option, place) => {
    const line = element("li", { id: `muscle-${place}` });
    line.setAttribute("role", "option");
    line.append(element("span", { className: "name", textContent: option.name }), element("span", { className: "meta", textContent: why(option) }));
    line.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); onward(); });
    return line;
  };
  /* “ut r 3” is more than a muscle */
  const isLine = () => !shown.length && asLine && (/;/.test(input.value) || /\s(l|r|b|m)\s+\d/i.test(input.value));
  const open = () => {
    const text = input.value.trim().toLowerCase();
    shown = text ? fitting(options, text) : [];
    list.replaceChildren(...shown.map(item));
    if (isLine()) list.replaceChildren(element("li", { role: "option", textContent: "Enter reads this as a line of sites." }));
    else if (text && !shown.length) {
      const none = element("li", { textContent: `No muscle matches “${input.value.trim()}”. Enter keeps the name for review.` });
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      list.append(none);
    }
    list.hidden = !text;
    input.setAttribute("aria-expanded", String(Boolean(text)));
    light(shown.length ? 0 : -1);
    if (text) list.scrollIntoView({ block: "nearest" });
  };
  input.addEventListener("input", () => { open(); retype(); });
  input.addEventListener("blur", () => { close(); const found = named(input.value); if (found && found !== current()) take(found); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) open();
      if (shown.length) light((at + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length);
      event.preventDefault();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && input.value.trim() && !(list.hidden && isComplete())) {
      if (isLine()) { close(); asLine(input.value); } else {
        if (!list.hidden && at >= 0) take(shown[at]);
        close();
        onward();
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
  /* typed before this ran */
  if (document.activeElement === input && input.value) open();
};
