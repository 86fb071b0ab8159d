/* A text field with a list of choices beneath: the list, which choice is lit, and the arrows. What the choices are, and what
   Enter makes of them, is up to the field. */
import { element } from "./dom.js";

/* `draw` gives the two texts of a choice, `take` is called with the one that was pressed */
export const combobox = (input, { name, label, draw, take }) => {
  const list = element("ul", { id: `${name}-options`, className: "options typeahead", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  input.closest(".search-box").append(list);
  input.removeAttribute("list");
  Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }).forEach(([key, value]) => input.setAttribute(key, value));
  let shown = [], at = -1, isMoved = false;
  const close = () => { list.hidden = true; at = -1; isMoved = false; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const light = (next) => {
    at = next;
    Array.from(list.children).forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    if (at >= 0) input.setAttribute("aria-activedescendant", `${name}-${at}`);
  };
  const item = (choice, place) => {
    const line = element("li", { id: `${name}-${place}` });
    line.setAttribute("role", "option");
    const [text, meta] = draw(choice);
    line.append(element("span", { className: "name", textContent: text }), element("span", { className: "meta", textContent: meta }));
    line.addEventListener("mousedown", (event) => { event.preventDefault(); take(choice); });
    return line;
  };
  const show = (choices, { lit = 0, isOpen = true } = {}) => {
    shown = choices;
    isMoved = false;
    list.replaceChildren(...shown.map(item));
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    light(lit);
    if (isOpen) list.scrollIntoView({ block: "nearest" });
  };
  const move = (key) => {
    if (!shown.length) return;
    light(key === "ArrowDown" ? (at + 1) % shown.length : (Math.max(at, 0) - 1 + shown.length) % shown.length);
    isMoved = true;
  };
  return { list, close, show, move, isOpen: () => !list.hidden, isMoved: () => isMoved, lit: () => shown[at] };
};
