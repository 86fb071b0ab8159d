/* The ways out: leave, or review and sign in a panel of the same page. Signing waits for the server; nothing is painted before. */
import { all, announce, gettext, one, openAround } from "../clinic/dom.js";
import { LIVE, isSignedOut, post, reportSignedOut, request } from "../clinic/server.js";
import { draft } from "./draft.js";
import { isReady, leave, submitLive } from "./save_queue.js";
import { hideBar, showBar } from "./save_status.js";
import { commit } from "./site_entry.js";
import { clear, focusGap, isBegun, isComplete } from "./site_fields.js";
import { flush } from "./unsaved.js";

const panel = one("[data-review]");
const main = panel.closest(".pane-main");
let from = null, isSending = false, isOpening = false, isTyping = false;

/* a row that is complete is kept first; one that is not stays in sight */
const isEntryKept = () => {
  if (!isBegun()) return true;
  if (isComplete()) return commit(false);
  focusGap();
  announce(gettext("The next site is not complete. Finish it, or clear it."), "assertive");
  return false;
};
const ask = (url, options = {}) => request(url, { ...options, headers: { ...LIVE, Accept: "text/html" } });
/* what was typed in the panel stays while it is drawn anew or closed; a password does not */
const typed = new Map();
panel.addEventListener("input", ({ target }) => { if (target.type !== "password") typed.set(target.id, target.value); });
const show = (html) => {
  panel.innerHTML = html;
  typed.forEach((text, id) => { const field = document.getElementById(id); if (field && panel.contains(field)) field.value = text; });
  panel.hidden = false;
  main.classList.add("has-sign", "is-reviewing");
  const first = one("[data-error-summary]", panel) || one("[data-begun-keep]", panel) || (!one(".problems", panel) && one('[type="password"]', panel)) || one("[data-review-head]", panel);
  first.focus({ preventScroll: true });
  main.scrollTop = 0;
  panel.scrollIntoView({ block: "start" });
};
const close = (to) => {
  if (panel.hidden) return;
  panel.hidden = true;
  panel.replaceChildren();
  main.classList.remove("has-sign", "is-reviewing");
  (to || from || one('[data-then="sign"]')).focus();
};
const isGone = (reply) => {
  if (reply.status === 409 || reply.status === 404) { location.href = location.pathname; return true; }
  if (!isSignedOut(reply) && reply.status !== 403) return false;
  reportSignedOut();
  announce(gettext("Nothing was signed. Sign in again, then review the note."), "assertive");
  return true;
};
/* a signature that was sent may stand although no answer came: only the server knows, and it signs once */
const reportUnanswered = (title, isSent) => {
  const text = isSent ? gettext("Whether the note was signed is not known yet. Keep this page open and press Sign again: it is signed once.") : gettext("The note opens for signing when it is back: press Review and sign again.");
  showBar(title, text);
  announce(`${title} ${text}`, "assertive");
};
/* what is typed while the review is on its way is not in it, and its field keeps the focus */
document.addEventListener("input", ({ target }) => { if (!panel.contains(target)) isTyping = true; });
const reportTypedOn = () => {
  const title = gettext("You went on typing."), text = gettext("The review did not open: press Review and sign again.");
  showBar(title, text);
  announce(`${title} ${text}`, "assertive");
};
const fetched = async (url, options) => {
  const isSent = options?.method === "POST";
  let reply;
  try { reply = await ask(url, options); } catch { reportUnanswered(gettext("No connection."), isSent); return; }
  if (isGone(reply)) return;
  if (reply.status >= 500) { reportUnanswered(gettext("The server does not answer."), isSent); return; }
  hideBar();
  if (reply.headers.get("Content-Type").startsWith("application/json")) location.href = reply.data.next;
  else if (isTyping && panel.hidden) reportTypedOn();
  else show(reply.text);
};
/* a row that is complete is kept; whatever else was begun stands in the review, and is settled there */
const reread = async () => {
  if (!await isReady(gettext("Signing"))) return;
  if (await flush()) await fetched(draft.dataset.sign);
  else announce(gettext("The review opens when the server answers."), "assertive");
};
const review = async () => {
  /* asked for again before it opened: a second answer would empty what was typed into the first one */
  if (isOpening) return;
  from = document.activeElement;
  if (isBegun() && isComplete() && !commit(false)) return;
  isTyping = false;
  isOpening = true;
  try { await reread(); } finally { isOpening = false; }
};

/* ---- what was begun: kept or put away by one key */
const formOf = (part) => document.getElementById(`id_${part}`)?.form || one({ row: "[data-site]", "line-": "[data-line-form]" }[part] || "#none");
const keep = async (link) => {
  const part = link.dataset.begunKeep, form = formOf(part);
  if (!form && link.pathname === location.pathname) { goToProblem(link.hash.slice(1)); return; }
  if (!form) { leave(link.href); return; }
  if (part === "row" && !isComplete()) { close(); focusGap(); return; }
  form.requestSubmit();
  if (!await isReady(gettext("Signing"))) return;
  /* refused: it is put right where it was typed */
  if (one(".invalid-feedback", form)) { close(); goToProblem(link.hash.slice(1)); } else await reread();
};
const empty = (form) => {
  form.reset();
  all("[data-line], [name=reason]", form).forEach((each) => { each.value = ""; });
};
const putAway = async (asked) => {
  const part = new FormData(asked).get("part"), form = formOf(part);
  if (part === "row") clear(); else if (form) empty(form);
  if (part) await post(asked.action, new FormData(asked), { headers: LIVE }).catch(() => null);
  else submitLive(asked);
  await reread();
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.id === "session-form") {
    event.preventDefault();
    if (event.submitter?.dataset.then !== "leave") review();
    else if (await isEntryKept()) leave(draft.dataset.today);
  } else if (form.matches("[data-put-away]")) {
    event.preventDefault();
    await putAway(form);
  } else if (form.matches("[data-sign]")) {
    event.preventDefault();
    if (isSending || one("[data-blocked]", panel)) return;
    isSending = true;
    await fetched(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    isSending = false;
  }
});
panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { event.preventDefault(); close(); }
  else if (["Delete", "Backspace"].includes(event.key) && event.target.matches("[data-begun-keep]")) { event.preventDefault(); putAway(one("[data-put-away]", event.target.closest("li"))); }
  else if (event.key === "Enter" && event.target.matches("[data-review-head], .readback")) { event.preventDefault(); one("[data-sign]", panel).requestSubmit(); }
});
/* a problem leads to its field: the panel makes room, the field takes the focus */
const goToProblem = (id) => {
  const place = document.getElementById(id);
  close(place && (place.matches("[tabindex]") ? place : one("input:not([type=hidden]), button, textarea, a, summary", place)));
  openAround(place);
  place?.scrollIntoView({ block: "center" });
};
panel.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  if (link.matches("[data-review-close]")) { event.preventDefault(); close(); }
  else if ("begunKeep" in link.dataset) { event.preventDefault(); keep(link); }
  else if (link.matches("[data-review-again]")) { event.preventDefault(); fetched(link.href); }
  else if (link.pathname === location.pathname && link.hash && document.getElementById(link.hash.slice(1))) { event.preventDefault(); goToProblem(link.hash.slice(1)); }
});
