/* The queue of writes: in order, one at a time, each with the same number when it is sent again. Nothing about a
   patient stays in the browser's storage. */
import { all, announce, isChanged, isToggle } from "../clinic/dom.js";
import { LIVE, isSignedOut, nextSequence, onReturn, post, renewToken, reportSignedOut, retries } from "../clinic/server.js";
import { showConflict } from "./conflict.js";
import { draft } from "./draft.js";
import { inputsOf, invalid, mark, markForm, setValue, setVersion, valueOf, versionOf } from "./fields.js";
import { swap } from "./page_parts.js";
import { initialStatus, isCut, recount, reportRecovery, reportTrouble, showStatus } from "./save_status.js";

const { fieldUrl, client, login } = draft.dataset;
/* saved: the value of each field that the server has or is sent; delayed: the timer of each that is being typed */
const queue = [], saved = new Map(), delayed = new Map(), retry = retries(1000);
let isBusy = false, isStopped = false, denials = 0, savedAt = initialStatus.replace("Saved ", "");

/* ---- fields */
export const save = (name, origin = "typed", force = false) => {
  clearTimeout(delayed.get(name)?.timer);
  delayed.delete(name);
  const value = valueOf(name);
  if (!force && saved.get(name) === value) { if (!isPending()) rest(); return; }
  saved.set(name, value);
  const queued = queue.find((item, at) => item.name === name && !(isBusy && at === 0));
  if (queued) queued.value = value;
  else queue.push({ name, value, origin, sequence: nextSequence() });
  recount();
  pump();
};
/* Long text is saved a moment after the last key, and while somebody goes on typing as well: never two seconds behind. */
const QUIET = 1000, LONGEST = 1400;
export const saveSoon = (name) => {
  const now = performance.now(), { first = now, timer } = delayed.get(name) || {};
  clearTimeout(timer);
  delayed.set(name, { first, timer: setTimeout(() => save(name), Math.max(0, Math.min(QUIET, first + LONGEST - now))) });
  if (!isCut()) showStatus("Saving", "info", false);
};
export const settle = () => {
  Array.from(delayed.keys()).forEach((name) => save(name));
  /* what is still being typed has not sent a change event */
  const here = document.activeElement;
  if (here?.dataset?.field && !isToggle(here)) save(here.dataset.field);
};
export const differs = (name) => saved.get(name) !== valueOf(name) || delayed.has(name) || invalid.has(name) || queue.some((item) => item.name === name);
export const takeOver = (name, value, version) => {
  setValue(name, value);
  saved.set(name, valueOf(name));
  setVersion(name, version);
};
/* What the page was sent with is on the server; what was typed before this ran is saved now. */
export const saveEarlyInput = () => {
  const inputs = all("[data-field]"), early = new Set(inputs.filter(isChanged).map((input) => input.dataset.field));
  inputs.map((input) => input.dataset.field).filter((name) => !early.has(name)).forEach((name) => saved.set(name, valueOf(name)));
  early.forEach((name) => save(name));
};

/* ---- forms that answer with parts of the page; `done` is called with the status and the data of the answer */
export const submitLive = (form, done) => {
  const body = new URLSearchParams(new FormData(form));
  if (!body.has("client_id")) { body.set("client_id", client); body.set("seq", nextSequence()); }
  queue.push({ url: form.action, body, form, done });
  recount();
  pump();
};

/* ---- sending */
const bodyOf = (item) => item.body || {
  field: item.name, value: item.value, client_id: client, seq: item.sequence, origin: item.origin, base_version: versionOf(item.name),
};
const send = (item) => post(item.url || fieldUrl, bodyOf(item), { keepalive: document.visibilityState === "hidden", headers: LIVE });
const kept = () => {
  const [changes, them, they] = queue.length === 1 ? ["1 change", "it", "it is"] : [`${queue.length} changes`, "them", "they are"];
  return `${changes} kept on this page. Closing it loses ${them}. Signing waits until ${they} saved.`;
};
const reportSignIn = (more = "") => {
  reportSignedOut();
  reportTrouble("You are signed out.", `Sign in again: what you wrote stays here${more}.`, { link: login, short: "Not saved yet, signed out" });
};
/* whether it may be tried at once: the token was old, and there is a new one */
const isTokenRenewed = async () => {
  const fresh = await renewToken().catch(() => false);
  if (fresh && ++denials === 1) return true;
  if (fresh) reportTrouble("You may not write here any more.", "Copy what you wrote, and ask who looks after accounts.");
  else reportSignIn();
  return false;
};
/* whether the write must be sent again; says why, and waits until it may be tried. No reply: no connection. */
const mustRepeat = async (reply) => {
  if (!reply) reportTrouble("No connection.", kept, { short: "Not saved yet, no connection" });
  else if (isSignedOut(reply)) reportSignIn(" and is saved then");
  else if (reply.status === 403) { if (await isTokenRenewed()) return true; }
  /* what is not the server's own answer kept nothing: a gateway's page, or the sign-in of a guest network */
  else if (reply.status === 200 && !reply.data) reportTrouble("The answer did not come from the server.", kept, { short: "Not saved yet, no answer" });
  else if (reply.status >= 500 || reply.status === 408 || reply.status === 429) reportTrouble("The server does not answer.", kept, { short: "Not saved yet, no answer" });
  else return false;
  await retry.pause();
  return true;
};
const pump = async () => {
  if (isBusy || isStopped) return;
  isBusy = true;
  while (queue.length && !isStopped) {
    if (!isCut()) showStatus("Saving", "info", false);
    const reply = await send(queue[0]).catch(() => null);
    if (await mustRepeat(reply)) continue;
    const item = queue.shift();
    retry.reset();
    denials = 0;
    if (queue.length) recount(); else reportRecovery();
    receive(item, reply.status, reply.data || {});
  }
  isBusy = false;
  if (!isStopped && !queue.length) rest();
};
onReturn(retry.wake);

/* ---- answers */
export const rest = () => {
  if (invalid.size) showStatus(`Not saved: ${invalid.size} answer${invalid.size === 1 ? "" : "s"} to correct`, "caution", true);
  else if (savedAt) showStatus(`Saved ${savedAt}`, "ok", false);
};
export const stop = (text) => {
  isStopped = true;
  reportTrouble("This draft takes no more changes.", text, { short: "Closed elsewhere. Open it again to read it." });
};
const accept = (item, data) => {
  if (data.saved) savedAt = data.saved;
  if (item.name) { setVersion(item.name, data.version); mark(item.name, ""); }
  Object.entries(data.versions || {}).forEach(([name, version]) => setVersion(name, version));
  swap(data.parts || {}, item.form);
  if (data.reasons) draft.dataset.reasons = data.reasons;
  if (data.said) announce(data.said);
};
const settleConflict = ({ name }, data) => {
  invalid.add(name);
  showConflict(name, data, (use) => {
    invalid.delete(name);
    setVersion(name, data.version);
    if (use === "theirs") { takeOver(name, data.theirs, data.version); rest(); }
    else save(name, "typed", true);
  });
};
/* what it was about is not in this draft: the rest of the page goes on being saved */
const GONE = "This is not in the draft any more, so it was not saved. What you wrote stays here: copy it, then open the page again.";
const refuse = (item, status, data) => {
  const errors = data.errors || { "": status === 404 ? GONE : "That could not be kept. Open the page again." };
  if (item.name) mark(item.name, Object.values(errors).join(" "));
  else if (!item.done) markForm(item.form, errors);
};
const receive = (item, status, data) => {
  if (status === 200) accept(item, data);
  else if (status === 409 && data.conflict) settleConflict(item, data);
  else if (data.locked) stop(Object.values(data.errors || {}).join(" ") || "Open it again to read it.");
  else refuse(item, status, data);
  item.done?.(status, data);
};

/* ---- leaving: everything is saved first */
export const isPending = () => Boolean(queue.length || isBusy || delayed.size);
const drained = () => new Promise((resolve) => {
  settle();
  const look = () => {
    if (!queue.length && !isBusy) resolve(!invalid.size && !isStopped);
    else if (isCut()) resolve(false);
    else setTimeout(look, 30);
  };
  look();
});
export const isReady = async (what) => {
  if (await drained()) return true;
  announce(`${what} waits until everything is saved.`, "assertive");
  const [first] = invalid;
  if (first) inputsOf(first)[0]?.focus();
  return false;
};
export const leave = async (url) => { if (await isReady("Leaving")) location.href = url; };
