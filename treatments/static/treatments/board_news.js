/* A board that is open asks for news. What has the focus, is open or was typed into stays where it is. */
import { all, announce, gettext, isChanged, one } from "../clinic/dom.js";
import { BACKGROUND, isLocked, isSignedOut, onUnlocked, reportSignedOut, request } from "../clinic/server.js";

const board = one("[data-board]"), lost = one("[data-board-lost]");
const EVERY = Number(board.dataset.every) * 1000, RARELY = 4 * EVERY;
let timer = 0, asking = false, kept = "", heardAt = one("[data-board-at]")?.textContent;

/* Controls of a page that a script changed are as held as those that somebody uses. */
const OPEN = "details[open], dialog[open], [data-privacy], [data-busy], [data-with-script]";
const isTyped = (node) => node.matches("input, select, textarea") && isChanged(node);
const hasFocus = (node) => node === document.activeElement && node.matches("a, button, summary, input, select, textarea");
const isUsed = (node) => hasFocus(node) || node.matches("[data-privacy], [data-shortcuts], [data-busy]") || isTyped(node);
const isHeld = (node) => node.nodeType === Node.ELEMENT_NODE && (node.contains(document.activeElement) || node.matches(OPEN)
  || Boolean(one(OPEN, node)) || [node, ...all("input, select, textarea", node)].some(isTyped));

/* The keys of forms are new in every answer and change nothing. */
const textOf = (node) => (node.outerHTML || node.nodeValue).replace(/(name="(?:csrfmiddlewaretoken|form_key)" value=")[^"]*/g, "$1");
const nameOf = (node) => {
  const about = node.matches?.("li, tr") && one("a[href]", node)?.pathname;
  return [node.nodeName, about || [node.id, node.getAttribute?.("aria-labelledby"), node.classList?.[0]]].join();
};

/* Lists are compared by what their rows are about. A held part is never moved: the others are put around it. */
const syncInside = (old, fresh) => {
  const mine = new Map();
  for (const node of old.childNodes) mine.set(nameOf(node), [...(mine.get(nameOf(node)) || []), node]);
  const waiting = new Set(old.childNodes);
  let place = old.firstChild;
  Array.from(fresh.childNodes).forEach((next) => {
    const same = mine.get(nameOf(next))?.shift();
    if (!same) { old.insertBefore(next, place); return; }
    waiting.delete(same);
    if (same !== place) {
      if (!isHeld(same)) old.insertBefore(same, place);
      else {
        while (place && place !== same) {
          const passed = place;
          place = place.nextSibling;
          if (!isHeld(passed)) passed.remove();
        }
      }
    }
    place = same.nextSibling;
    sync(same, next);
  });
  waiting.forEach((node) => { if (isHeld(node)) kept ||= "row"; else node.remove(); });
};
const sync = (old, fresh) => {
  if (textOf(old) === textOf(fresh)) return;
  if (!isHeld(old)) { old.replaceWith(fresh); return; }
  if (isUsed(old)) { if (hasFocus(old)) kept ||= "field"; return; }
  old.getAttributeNames().forEach((name) => { if (name !== "open" && name !== "tabindex" && !fresh.hasAttribute(name)) old.removeAttribute(name); });
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  syncInside(old, fresh);
};

/* The page stays where it is on the screen, whatever comes or goes above. */
const inPlace = (change) => {
  const seen = all("li, tr, .page-head", board).filter((row) => row.getBoundingClientRect().top >= 0);
  const tops = seen.map((row) => row.getBoundingClientRect().top);
  change();
  const first = seen.findIndex((row) => row.isConnected);
  if (first >= 0 && scrollY > 0) scrollBy(0, seen[first].getBoundingClientRect().top - tops[first]);
};

const show = (text) => {
  const page = new DOMParser().parseFromString(text, "text/html"), fresh = one("[data-board]", page);
  kept = "";
  if (Number(fresh.dataset.signs) > Number(board.dataset.signs)) announce(gettext("A warning sign has come in."), "assertive");
  inPlace(() => { syncInside(board, fresh); sync(one(".topbar"), one(".topbar", page)); });
  Object.assign(board.dataset, { version: fresh.dataset.version, signs: fresh.dataset.signs });
  document.title = page.title;
  kept &&= text;
};
/* what was left alone under the focus follows when the focus has left */
document.addEventListener("focusout", () => setTimeout(() => { if (kept && !isLocked()) show(kept); }));

const look = async () => {
  const query = new URLSearchParams(location.search);
  query.set("v", board.dataset.version);
  const reply = await request(`${board.dataset.board}?${query}`, { limit: 10000, headers: { ...BACKGROUND, Accept: "text/html" } });
  if (isSignedOut(reply)) { reportSignedOut(); return; }
  if (reply.status !== 200 && reply.status !== 204) throw new Error(`The board answered ${reply.status}.`);
  if (isLocked()) return;
  if (reply.status === 200) show(reply.text);
  else board.dataset.version = reply.headers.get("X-Board-Version");
  const at = one("[data-board-at]");
  if (at) at.textContent = reply.headers.get("X-Board-At") || at.textContent;
  heardAt = at?.textContent;
  lost.textContent = "";
};
const say = () => { lost.textContent ||= `${heardAt ? gettext("No connection since %(at)s.", { at: heardAt }) : gettext("No connection.")} ${gettext("What is shown here may be old; it is asked for again by itself.")}`; };
const ask = async () => {
  clearTimeout(timer);
  if (asking) return;
  asking = true;
  try { if (!isLocked()) await look(); } catch { say(); }
  asking = false;
  plan();
};
const plan = () => { timer = setTimeout(ask, document.hidden ? RARELY : EVERY); };
plan();
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
["online", "pageshow"].forEach((kind) => addEventListener(kind, (event) => { if (kind === "online" || event.persisted) ask(); }));
onUnlocked(ask);
