/* The keys that work on the page that is open, in a dialog. Asked for, and loaded, by "?". */
import { all, element, gettext, one } from "./dom.js";

const MAC = /Mac/.test(navigator.platform);
const isThere = (selector) => all(selector).some((node) => node.checkVisibility() || node.closest("details.menu, .find"));
/* keys, what they do, and the part of a page without which they do nothing */
const KEYS = [
  [["Ctrl", "K"], gettext("Find a patient"), "[data-find]"],
  [["Alt", "N"], gettext("New"), "[data-new]"],
  [["Ctrl", "Enter"], gettext("Finish the form"), "form[data-finish]"],
  [["Alt", "P"], gettext("Hide or show names"), "[data-privacy]"],
  [["Alt", "A"], gettext("The patient faints"), '.strip a[href$="/faint/"]'],
  [["Alt", "L"], gettext("Lock the page now"), "body"],
  [["Enter"], gettext("Add the site, or go on to the next field"), "[data-add]"],
  [["="], gettext("The same counts as at the site before"), ".same-counts"],
  [["1", "9"], gettext("A site of the last plan, when the plan has the focus"), "[data-plan] .plan"],
  [["0", "9"], gettext("Choose on a scale; 1 and then 0 is ten"), "[data-scale]"],
  [["Esc"], gettext("Close a menu"), "details.menu"],
  [["?"], gettext("These keys"), "body"],
];
const onThisComputer = (key) => (MAC ? { Alt: "Ctrl Option", Ctrl: "Cmd" }[key] : "") || key;
const keyCaps = (keys) => {
  const caps = element("dt", {});
  const isRange = keys.every((key) => /^[0-9]$/.test(key));
  keys.forEach((key, at) => caps.append(at && isRange ? ` ${gettext("to")} ` : at ? " " : "", element("kbd", { textContent: onThisComputer(key) })));
  return caps;
};
const wordsOf = (words, selector) => {
  const target = selector === "[data-new]" && one(selector);
  return target ? target.textContent.replace(/\s+/g, " ").trim() || words : words;
};

const dialog = element("dialog", { className: "dialog shortcuts" });
dialog.setAttribute("aria-labelledby", "shortcuts-h");
const list = element("dl", { className: "keys" });
const shut = element("button", { className: "btn btn-primary", textContent: gettext("Close") });
const form = element("form", { method: "dialog", className: "actions" });
form.append(shut, element("a", { className: "btn btn-quiet", href: "/help/", textContent: gettext("Help") }));
dialog.append(element("h2", { id: "shortcuts-h", className: "bigh", textContent: gettext("Keys on this page") }), list, form);

export const show = () => {
  /* asked for again before this had loaded; or another dialog came first */
  if (one("dialog[open]")) return;
  list.replaceChildren();
  KEYS.filter(([, , selector]) => isThere(selector)).forEach(([keys, words, selector]) => {
    list.append(keyCaps(keys), element("dd", { textContent: wordsOf(words, selector) }));
  });
  document.body.append(dialog);
  dialog.showModal();
  shut.focus();
};
