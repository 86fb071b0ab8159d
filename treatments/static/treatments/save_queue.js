/* The queue of writes: in order, one at a time, each with the same number when it is sent again; rows that wait go
   together. Nothing about a patient stays in the browser's storage. An answer moves no focus: hands go on meanwhile. */
import { all, announce, gettext, isChanged, isToggle, ngettext, one } from "../clinic/dom.js";
import { LIVE, isSignedOut, nextRowSequence, nextSequence, onReturn, post, renewToken, reportSignedOut, retries } from "../clinic/server.js";
import { showConflict } from "./conflict.js";
import { draft } from "./draft.js";
import { inputsOf, invalid, mark, markForm, setValue, setVersion, valueOf, versionOf } from "./fields.js";
import { swap } from "./page_parts.js";
import { initialStatus, isCut, recount, reportRecovery, reportTrouble, showStatus } from "./save_status.js";

const { fieldUrl, sites: rowsUrl, client, login } = draft.dataset;
/* saved: the value of each field that the server has or is sent; delayed: the timer of each that is being typed */
const queue = [], saved = new Map(), delayed = new Map(), retry = retries(1000);
/* sent: the items of the request that is under way; waits: what the person asked for and what is saved first */
let sent = [], isBusy = false, stopped = "", denials = 0, waits = "", savedText = initialStatus;
const push = (item) => { queue.push(item); recount(); pump(); };

/* ---- fields */
export const save = (name, origin = "typed", force = false) => {
  clearTimeout(delayed.get(name)?.timer);
  delayed.delete(name);
  const value = valueOf(name);
  if (!force && saved.get(name) === value) { if (!isPending()) rest(); return; }
  saved.set(name, value);
  const queued = queue.find((item) => item.name === name && !sent.includes(item));
  if (queued) queued.value = value;
  else push({ name, value, origin, sequence: nextSequence() });
};
/* Long text is saved a moment after the last key, and while somebody goes on typing as well: never two seconds behind. */
const QUIET = 1000, LONGEST = 1400;
export const saveSoon = (name) => {
  const now = performance.now(), { first = now, timer } = delayed.get(name) || {};
  clearTimeout(timer);
  delayed.set(name, { first, timer: setTimeout(() => save(name), Math.max(0, Math.min(QUIET, first + LONGEST - now))) });
  showSaving();
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
/* what is being written, or is not on the server yet, is left alone by what the server sends */
export const isHeld = (input) => {
  const name = input.dataset.field;
  return name ? input === document.activeElement || differs(name) : isChanged(input);
};

/* ---- forms that answer with parts of the page */
const last = new WeakMap();
export const submitLive = (form, button) => {
  const body = new URLSearchParams(new FormData(form, button)), text = body.toString(), url = form.action;
  const before = last.get(form), isAgain = before && performance.now() - before.at < 1000;
  /* pressed twice, or once more before the answer: the same write */
  if (isAgain && before.text === text) return;
  if (queue.some((item) => item.url === url && item.text === text)) return;
  last.set(form, { text, at: performance.now() });
  body.set("client_id", client);
  body.set("seq", nextSequence());
  push({ url, body, text, form });
};

/* ---- rows; `done` is called with the errors of its own row, or null when it is kept */
const AT_MOST = 20;
export const submitRow = (text, isLine, done) => {
  const body = new URLSearchParams(text);
  body.set("client_id", client);
  body.set("seq", nextRowSequence());
  if (stopped) done({ "": stopped }); else push({ row: body.toString(), isLine, done });
};

/* ---- sending */
/* the rows that wait go in one request, in their order; lines and typed rows are read by different rules */
const nextUp = () => {
  const [first] = queue;
  if (!first.row) return [first];
  const rows = queue.filter((item) => item.row), end = rows.findIndex((item) => item.isLine !== first.isLine);
  return rows.slice(0, end < 0 ? AT_MOST : Math.min(end, AT_MOST));
};
const bodyOf = (item) => item.body || {
  field: item.name, value: item.value, client_id: client, seq: item.sequence, origin: item.origin, base_version: versionOf(item.name),
};
const send = ([item]) => post(
  item.row ? rowsUrl : item.url || fieldUrl,
  item.row ? new URLSearchParams(sent.map(({ row }) => ["row", row])) : bodyOf(item),
  { keepalive: document.visibilityState === "hidden", headers: LIVE },
);
const showSaving = () => { if (!isCut()) showStatus(waits ? gettext("Saving. %(waits)s waits for it", { waits }) : gettext("Saving"), "info", false); };
const kept = () => ngettext(
  "%(count)s change kept on this page. Closing it loses it. Signing waits until it is saved.",
  "%(count)s changes kept on this page. Closing it loses them. Signing waits until they are saved.", queue.length,
);
const reportSignIn = (text = gettext("Sign in again: what you wrote stays here.")) => {
  reportSignedOut();
  reportTrouble(gettext("You are signed out."), text, { link: login, short: gettext("Not saved yet, signed out") });
};
/* whether it may be tried at once: the token was old, and there is a new one */
const isTokenRenewed = async () => {
  const fresh = await renewToken().catch(() => false);
  if (fresh && ++denials === 1) return true;
  if (fresh) reportTrouble(gettext("You may not write here any more."), gettext("Copy what you wrote, and ask who looks after accounts."));
  else reportSignIn();
  return false;
};
/* whether the write must be sent again; says why, and waits until it may be tried. No reply: no connection. */
const mustRepeat = async (reply) => {
  if (!reply) reportTrouble(gettext("No connection."), kept, { short: gettext("Not saved yet, no connection") });
  else if (isSignedOut(reply)) reportSignIn(gettext("Sign in again: what you wrote stays here and is saved then."));
  else if (reply.status === 403) { if (await isTokenRenewed()) return true; }
  /* what is not the server's own answer kept nothing: a gateway's page, or the sign-in of a guest network */
  else if (reply.status === 200 && !reply.data) reportTrouble(gettext("The answer did not come from the server."), kept, { short: gettext("Not saved yet, no answer") });
  else if (reply.status >= 500 || reply.status === 408 || reply.status === 429) reportTrouble(gettext("The server does not answer."), kept, { short: gettext("Not saved yet, no answer") });
  else return false;
  await retry.pause();
  return true;
};
const pump = async () => {
  if (isBusy || stopped) return;
  isBusy = true;
  while (queue.length && !stopped) {
    showSaving();
    sent = nextUp();
    const reply = await send(sent).catch(() => null);
    if (await mustRepeat(reply)) continue;
    const items = sent;
    sent = [];
    items.forEach((item) => queue.splice(queue.indexOf(item), 1));
    retry.reset();
    denials = 0;
    if (queue.length) recount(); else reportRecovery();
    receive(items, reply.status, reply.data || {});
  }
  isBusy = false;
  if (!stopped && !queue.length) rest();
};
onReturn(retry.wake);

/* ---- answers */
export const rest = () => {
  if (invalid.size) showStatus(ngettext("Not saved: %(count)s answer to correct", "Not saved: %(count)s answers to correct", invalid.size), "caution", true);
  else if (blocking()) showStatus(gettext("Not saved: a site to correct"), "caution", true);
  else if (savedText) showStatus(savedText, "ok", false);
};
export const stop = (text) => {
  stopped = text;
  reportTrouble(gettext("This draft takes no more changes."), text, { short: gettext("Closed elsewhere. Open it again to read it.") });
  queue.filter((item) => item.row).forEach((item) => item.done({ "": text }));
};
const accept = (item, data) => {
  if (data.saved) savedText = gettext("Saved %(saved)s", data);
  if (item.name) { setVersion(item.name, data.version); mark(item.name, ""); }
  Object.entries(data.versions || {}).forEach(([name, version]) => setVersion(name, version));
  /* what was sent is not held any more, unless somebody wrote on in it */
  const isSent = (input) => item.typed?.some(([each, value]) => each === input && value === input.value);
  if (item.form) all(".invalid-feedback", item.form).forEach((line) => line.remove());
  swap(data.parts || {}, (input) => !isSent(input) && isHeld(input), data.state);
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
const GONE = gettext("This is not in the draft any more, so it was not saved. What you wrote stays here: copy it, then open the page again.");
const errorsOf = (status, data) => data.errors || { "": status === 404 ? GONE : gettext("That could not be kept. Open the page again.") };
const refuse = (item, status, data) => {
  const errors = errorsOf(status, data);
  if (item.name) { mark(item.name, Object.values(errors).join(" ")); return; }
  markForm(item.form, errors);
};
const receiveRows = (items, status, data) => {
  if (data.locked) stop(Object.values(data.errors || {}).join(" "));
  items.forEach((item, at) => {
    const answer = data.rows?.[at];
    item.done(answer && !answer.errors ? null : answer?.errors || errorsOf(status, data));
  });
  if (data.parts) accept({}, data);
};
const receive = (items, status, data) => {
  const [item] = items;
  if (item.row) receiveRows(items, status, data);
  else if (status === 200) accept(item, data);
  else if (status === 409 && data.conflict) settleConflict(item, data);
  else if (data.locked) stop(Object.values(data.errors || {}).join(" ") || gettext("Open it again to read it."));
  else refuse(item, status, data);
};

/* ---- leaving: everything is saved first */
export const isPending = () => Boolean(queue.length || isBusy || delayed.size);
/* `look` gives what has to be settled by hand before the page may be left, if anything */
const looks = [];
export const onLeaving = (look) => looks.push(look);
const blocking = () => looks.map((look) => look()).find(Boolean);
const drained = () => new Promise((resolve) => {
  const look = () => {
    if (!queue.length && !isBusy) settle();
    if (!isPending()) resolve(!invalid.size && !stopped && !blocking());
    else if (isCut()) resolve(false);
    else setTimeout(look, 30);
  };
  settle();
  look();
});
export const isReady = async (what) => {
  const here = document.activeElement, sentence = gettext("%(what)s waits until everything is saved.", { what });
  settle();
  if (isPending()) { waits = what; showSaving(); announce(sentence, "assertive"); }
  const isDone = await drained();
  waits = "";
  if (isDone) return true;
  rest();
  announce(sentence, "assertive");
  const [first] = invalid;
  /* who went on meanwhile stays where they are */
  if (document.activeElement === here) (one("[data-conflict]:not([hidden])") || (first ? inputsOf(first)[0] : blocking()))?.focus();
  return false;
};
export const leave = async (url) => { if (await isReady(gettext("Leaving"))) location.href = url; };
