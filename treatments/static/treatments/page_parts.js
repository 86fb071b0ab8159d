/* Parts of the page that the server sent anew. What stands there is changed in place and never replaced: what has the
   focus, a finger, or typed text that is not on the server, stays the same element. */
import { all, isFocusFree, one } from "../clinic/dom.js";

const CONTROLS = 'input:not([type="hidden"]), textarea, select';
const mark = (node) => (node.nodeType === Node.ELEMENT_NODE ? [node.nodeName, node.id, node.getAttribute("action"), node.getAttribute("name")].join(" ") : node.nodeName);
const copyAttributes = (old, fresh) => {
  Array.from(old.attributes).forEach(({ name }) => { if (!fresh.hasAttribute(name)) old.removeAttribute(name); });
  Array.from(fresh.attributes).forEach(({ name, value }) => { if (old.getAttribute(name) !== value) old.setAttribute(name, value); });
};
/* `isHeld` says which controls stay as they are; gives whether everything could be changed */
const merge = (old, fresh, isHeld) => {
  if (old.nodeType !== Node.ELEMENT_NODE) { if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue; return true; }
  const isControl = old.matches("input, textarea, select");
  if (isControl && old.matches(CONTROLS) && isHeld(old)) return true;
  copyAttributes(old, fresh);
  if (isControl && old.value !== fresh.value) old.value = fresh.value;
  return old.nodeName === "TEXTAREA" || mergeChildren(old, fresh, isHeld);
};
const holds = (node, isHeld) => node.nodeType === Node.ELEMENT_NODE && [node, ...all("*", node)].some((each) => each.matches(CONTROLS) && isHeld(each));
const mergeChildren = (place, fresh, isHeld) => {
  const before = Array.from(place.childNodes), wanted = Array.from(fresh.childNodes);
  const pairs = wanted.map((want) => {
    const at = before.findIndex((node) => mark(node) === mark(want));
    return [want, at < 0 ? null : before.splice(at, 1)[0]];
  });
  /* what is not there any more goes, unless somebody is writing in it */
  const staying = before.filter((node) => holds(node, isHeld) || (node.matches?.(".invalid-feedback") && holds(place, isHeld)));
  before.forEach((node) => { if (!staying.includes(node)) node.remove(); });
  let next = place.firstChild, isWhole = !staying.length;
  const pass = () => { while (staying.includes(next)) next = next.nextSibling; };
  pairs.forEach(([want, node]) => {
    pass();
    if (!node) place.insertBefore(want, next);
    else {
      if (node === next) next = node.nextSibling; else place.insertBefore(node, next);
      isWhole = merge(node, want, isHeld) && isWhole;
    }
  });
  return isWhole;
};
const parsed = (html) => { const box = document.createElement("template"); box.innerHTML = html; return box.content; };
/* the figure's frame is made by the page, its bodies come from the server */
const mergeFigures = (place, fresh, isHeld) => {
  const bodies = all("svg", fresh);
  all("svg", place).forEach((svg, at) => merge(svg, bodies[at], isHeld));
  one("[data-figure-view]:checked")?.dispatchEvent(new Event("change", { bubbles: true }));
  one("[data-next-site] [data-body-list] input")?.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "told" }));
  return true;
};

/* the state of the draft that each part shows: what an answer says of an earlier one is not shown over it */
const shown = {};
export const swap = (parts, isHeld, state) => {
  const held = document.activeElement, row = held?.closest?.(".site")?.id;
  const isWhole = Object.entries(parts).filter(([id]) => document.getElementById(id) && !(state < shown[id])).map(([id, html]) => {
    shown[id] = state;
    return (id === "figures" ? mergeFigures : mergeChildren)(document.getElementById(id), parsed(html), isHeld);
  });
  if (parts["foot-facts"]) one("[data-placed]").textContent = one("[data-placed-now]").dataset.placedNow;
  document.dispatchEvent(new Event("figure-drawn"));
  /* what had the focus is gone: its row has it, never the page's body */
  if (isFocusFree() && held && !held.isConnected) ((row && document.getElementById(row)) || document.getElementById("id_muscle"))?.focus();
  return isWhole.every(Boolean);
};
