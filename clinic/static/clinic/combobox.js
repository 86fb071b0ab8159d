/* A text field with a list of choices beneath: the list, which choice is lit, and the arrows. What the choices are, and what
   Enter makes of them, is up to the field: `draw` gives the two texts of a choice, `take` gets the one that was pressed. */
import { element } from "./dom.js";

export const combobox = (input, name, label, draw, take) => {
  const list = element("ul", { id: `${name}-options`, className: "options", hidden: true, role: "listbox", ariaLabel: label });
  input.after(list);
  input.removeAttribute("list");
  input.setAttribute("aria-controls", list.id);
  Object.assign(input, { role: "combobox", ariaExpanded: false, ariaAutoComplete: "list" });
  let shown = [], at = -1;
  const light = (next) => {
    at = next;
    [...list.children].forEach((item, place) => { item.ariaSelected = place === at; });
    input.setAttribute("aria-activedescendant", at < 0 ? "" : `${name}-${at}`);
  };
  const item = (choice, place) => {
    const line = element("li", { id: `${name}-${place}`, role: "option" });
    line.append(...draw(choice).map((textContent, part) => element("span", { className: part ? "meta" : "name", textContent })));
    line.addEventListener("mousedown", (event) => { event.preventDefault(); take(choice); });
    return line;
  };
  const box = {
    list,
    lit: () => shown[at],
    close: () => box.show([], false, -1),
    show: (choices, isOpen, lit) => {
      shown = choices;
      list.replaceChildren(...shown.map(item));
      list.hidden = !isOpen;
      input.ariaExpanded = isOpen;
      box.isMoved = false;
      light(lit);
      if (isOpen) list.scrollIntoView({ block: "nearest" });
    },
    move: (key) => {
      box.isMoved = shown.length > 0;
      if (box.isMoved) light((key === "ArrowDown" ? at + 1 : Math.max(at, 0) - 1 + shown.length) % shown.length);
    },
  };
  return box;
};
