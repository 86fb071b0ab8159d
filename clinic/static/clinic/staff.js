/* Every staff page: keys, menus, hidden names, edges that stick, printing. */
import "./app.js";
import "./checked_submit.js";
import "./enter.js";
import { all, announce, element, gettext, one } from "./dom.js";

const root = document.documentElement;

/* Menus are details; Escape or a press elsewhere closes them. */
const closeMenus = () => {
  const open = one("details.menu[open]");
  if (!open) return false;
  open.open = false;
  one("summary", open).focus();
  return true;
};
document.addEventListener("click", (event) => {
  all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});

/* Keys that work everywhere carry a modifier; single letters belong to the part that has the focus. */
const findBox = () => {
  const box = one("[data-find]");
  if (!box) return false;
  if (box.offsetParent === null) one("button", box.form).focus();
  else { box.focus(); box.select(); }
  return true;
};
const newThing = () => {
  const target = one("[data-new]");
  if (!target) return false;
  if (target.matches("a, button, summary")) target.click(); else target.focus();
  return true;
};
/* Who can see this screen does not change with the page or the person: the browser keeps it, and each page comes so. */
const YEAR_SECONDS = 365 * 24 * 60 * 60;
const showPrivacy = () => {
  const hidden = root.hasAttribute("data-private");
  all("[data-privacy]").forEach((button) => button.setAttribute("aria-pressed", String(hidden)));
  return hidden;
};
const hideNames = () => {
  root.toggleAttribute("data-private");
  const hidden = showPrivacy();
  document.cookie = `names=hidden; path=/; samesite=lax; max-age=${hidden ? YEAR_SECONDS : 0}`;
  announce(hidden ? gettext("Names are hidden.") : gettext("Names are shown."));
  return true;
};
/* On a Mac Option alone writes letters; elsewhere Ctrl+Alt is AltGr and does. */
const MAC = /Mac/.test(navigator.platform);
document.addEventListener("keydown", (event) => {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
  const isAlone = event.altKey && !event.metaKey && !event.shiftKey && event.ctrlKey === MAC;
  let isDone = false;
  if (isCommand && event.key.toLowerCase() === "k") isDone = findBox();
  else if (isAlone && event.code === "KeyN") isDone = newThing();
  else if (isAlone && event.code === "KeyP") isDone = hideNames();
  else if (isAlone && event.code === "KeyL") isDone = document.dispatchEvent(new Event("filiform:lock"));
  else if (event.key === "Escape") isDone = closeMenus();
  if (isDone) event.preventDefault();
});
all("[data-privacy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", hideNames);
});
showPrivacy();

/* "?" lists the keys that work on this page. In a field it is a question mark. */
export const showShortcuts = async () => {
  try { (await import("./shortcuts.js")).show(); } catch { announce(gettext("No connection.")); }
};
const isTyping = ({ target }) => target.matches?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event) || one("dialog[open]")) return;
  event.preventDefault();
  showShortcuts();
});

/* What sticks at the edges is measured, so that it never covers what has the focus. */
const measure = (selector, name) => {
  const part = one(selector);
  if (!part) return;
  new ResizeObserver(() => {
    const sticks = getComputedStyle(part).position === "sticky";
    root.style.setProperty(name, `${sticks ? part.offsetHeight : 0}px`);
  }).observe(part);
};
measure(".strip", "--h-strip");
measure(".foot", "--h-foot");

/* Many notices, or a long name, would push the page out of sight: the strip is folded, and one press shows all of it. */
const PHONE = matchMedia("(max-width: 700px)");
const strip = one(".strip"), flags = one(".strip-flags");
const more = element("button", { type: "button", className: "btn btn-quiet btn-s strip-more", hidden: true });
const fold = (isFolded) => {
  strip.classList.toggle("is-folded", isFolded);
  strip.classList.toggle("is-open", !isFolded && !more.hidden);
  more.textContent = isFolded ? gettext("All %(count)s notices", { count: flags.childElementCount }) : gettext("Fewer notices");
  more.setAttribute("aria-expanded", String(!isFolded));
};
const fitStrip = () => {
  if (strip.classList.contains("is-open")) return;
  strip.classList.remove("is-folded");
  more.hidden = flags.offsetHeight <= (PHONE.matches ? 48 : 72) && strip.offsetHeight <= 170;
  fold(!more.hidden);
};
if (flags) {
  flags.after(more);
  more.addEventListener("click", () => fold(!strip.classList.contains("is-folded")));
  addEventListener("resize", fitStrip);
  fitStrip();
}

/* Printing shows what is folded. */
all("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
addEventListener("beforeprint", () => all("details:not(.menu)").forEach((box) => { if (!box.open) { box.open = true; box.dataset.wasShut = ""; } }));
addEventListener("afterprint", () => all("[data-was-shut]").forEach((box) => { box.open = false; delete box.dataset.wasShut; }));
