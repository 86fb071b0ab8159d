/* The keys that work on the page that is open, in a dialog. Asked for, and loaded, by "?". */
import { all, element, one } from "./dom.js";

const MAC = /Mac/.test(navigator.platform);
const isThere = (selector) => all(selector).some((node) => node.checkVisibility() || node.closest("details.menu, .find"));
/* keys, what they do, and the part of a page without which they do nothing */
const KEYS = [
  [["Ctrl", "K"], "Find a patient", "[data-find]"],
  [["Alt", "N"], "New", "[data-new]"],
  [["Ctrl", "Enter"], "Finish the form", "form[data-finish]"],
  [["Alt", "P"], "Hide or show names", "[data-privacy]"],
  [["Alt", "L"], "Lock the page now", "body"],
  [["Enter"], "Add the site, or go on to the next field", "[data-add]"],
  [["="], "The same counts as at the site before", ".same-counts"],
  [["1", "9"], "A site of the last plan, when the plan has the focus", "[data-plan] .plan"],
  [["0", "9"], "Choose on a scale; 1 and then 0 is ten", "[data-scale]"],
  [["Esc"], "Close a menu", "details.menu"],
  [["?"], "These keys", "body"],
];
const onThisComputer = (key) => (MAC ? { Alt: "Ctrl Option", Ctrl: "Cmd" }[key] : "") || key;
const keyCaps = (keys) => {
  const caps = element("dt", {});
  const isRange = keys.every((key) => /^[0-9]$/.test(key));
  keys.forEach((key, at) => caps.append(at && isRange ? " to " : at ? " " : "", element("kbd", { textContent: onThisComputer(key) })));
  return caps;
};
const wordsOf = (words, selector) => {
  const target = selector === "[data-new]" && one(selector);
  return target ? target.textContent.replace(/\s+/g, " ").trim() || words : words;
};

const dialog = element("dialog", { className: "dialog shortcuts" });
dialog.setAttribute("aria-labelledby", "shortcuts-h");
const list = element("dl", { className: "keys" });
const shut = element("button", { className: "btn btn-primary", textContent: "Close" });
const form = element("form", { method: "dialog", className: "actions" });
form.append(shut, element("a", { className: "btn btn-quiet", href: "/help/", textContent: "Help" }));
dialog.append(element("h2", { id: "shortcuts-h", className: "bigh", textContent: "Keys on this page" }), list, form);

export const show = () => {
  list.replaceChildren();
  KEYS.filter(([, , selector]) => isThere(selector)).forEach(([keys, words, selector]) => {
    list.append(keyCaps(keys), element("dd", { textContent: wordsOf(words, selector) }));
  });
  document.body.append(dialog);
  dialog.showModal();
  shut.focus();
};
