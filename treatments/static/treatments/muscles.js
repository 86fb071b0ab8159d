/* The muscle field: exact code, then word beginnings in any order, then contained text; this patient's use and the hand's break ties. */
(() => {
  "use strict";
  const rank = (option, text) => {
    if (option.code === text) return 0;
    const wanted = text.split(/\s+/);
    if (wanted.every((part) => option.words.some((word) => word.startsWith(part)))) return 1;
    if (option.code.startsWith(text)) return 2;
    return option.name.toLowerCase().includes(text) ? 3 : 9;
  };
  const byUse = (a, b) => (b.known || 0) - (a.known || 0) || (b.used || 0) - (a.used || 0);
  const fitting = (options, text) => options
    .map((option) => ({ option, rank: rank(option, text) }))
    .filter((found) => found.rank < 9)
    .sort((a, b) => a.rank - b.rank || byUse(a.option, b.option) || a.option.name.localeCompare(b.option.name))
    .slice(0, 8).map((found) => found.option);
  const make = (tag, values) => Object.assign(document.createElement(tag), values);
  const why = (option) => [option.code.toUpperCase(), option.known ? `here ${option.known}×` : "", option.used ? `used ${option.used}×` : "", option.lung ? "over the lung" : ""].filter(Boolean).join(", ");

  /* row: what site.js says of itself */
  const combobox = (row) => {
    const { input, options } = row;
    const list = make("ul", { id: "muscle-options", className: "options typeahead", hidden: true });
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
    const take = (option) => { input.value = option.value; close(); row.accept(option); };
    const item = (option, place) => {
      const line = make("li", { id: `muscle-${place}` });
      line.setAttribute("role", "option");
      line.append(make("span", { className: "name", textContent: option.name }), make("span", { className: "meta", textContent: why(option) }));
      line.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); row.onward(); });
      return line;
    };
    /* “ut r 3” is more than a muscle */
    const asLine = () => !shown.length && row.line && (/;/.test(input.value) || /\s(l|r|b|m)\s+\d/i.test(input.value));
    const open = () => {
      const text = input.value.trim().toLowerCase();
      shown = text ? fitting(options, text) : [];
      list.replaceChildren(...shown.map(item));
      if (asLine()) list.replaceChildren(make("li", { role: "option", textContent: "Enter reads this as a line of sites." }));
      else if (text && !shown.length) {
        const none = make("li", { textContent: `No muscle matches “${input.value.trim()}”. Enter keeps the name for review.` });
        none.setAttribute("role", "option");
        none.setAttribute("aria-disabled", "true");
        list.append(none);
      }
      list.hidden = !text;
      input.setAttribute("aria-expanded", String(Boolean(text)));
      light(shown.length ? 0 : -1);
      if (text) list.scrollIntoView({ block: "nearest" });
    };
    input.addEventListener("input", () => { open(); row.typed(); });
    input.addEventListener("blur", () => { close(); const found = row.named(input.value); if (found && found !== row.current()) take(found); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) open();
        if (shown.length) light((at + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length);
        event.preventDefault();
      } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && input.value.trim() && !(list.hidden && row.complete())) {
        if (asLine()) { close(); row.line(); } else {
          if (!list.hidden && at >= 0) take(shown[at]);
          close();
          row.onward();
        }
        event.preventDefault();
        event.stopPropagation();
      } else if (event.key === "Escape" && (!list.hidden || input.value)) {
        if (list.hidden) { input.value = ""; row.typed(); } else close();
        event.preventDefault();
      } else if (event.key === "Tab" && !event.shiftKey && !input.value && !row.keeps) {
        const next = document.querySelector('[data-field^="pain_after"]:checked, [data-field^="pain_after"]');
        if (next) { event.preventDefault(); next.focus(); }
      }
    });
  };
  window.filiformMuscles = { combobox, byUse };
})();
