/* The idle lock hides a page that nobody touched, over what was typed. The server keeps the lock; this shows it. */
import { all, gettext, one } from "./dom.js";
import { BACKGROUND, isLocked, onSignedOut, post, reportUnlocked, request, setToken } from "./server.js";

const panel = one("[data-lock]"), warning = one("[data-lock-warning]");
const form = one("[data-lock-form]"), box = form.elements.password, wrong = one("[data-lock-error]");
const allowed = Number(panel.dataset.minutes) * 60;
const WARN = Math.min(120, Math.max(20, allowed / 3)), PING = 20;
let until = Date.now() + allowed * 1000, touchedAt = 0, pinged = Date.now(), spoken = 0, title = "", held = null, gone = "";
/* why unlocking does not help: the sign-in ended, or somebody else has signed in */
const OVER = "over", OTHER = "other";
const head = one("#lock-h"), words = one("[data-lock-words]"), usual = [head.textContent, words.textContent];
const explain = () => {
  const ended = [gettext("Sign in again"), gettext("Your sign-in has ended. What you typed is still here: it goes on when %(name)s has signed in again.", panel.dataset)];
  const now = gone === OVER ? ended : gone === OTHER ? [usual[0], gettext("Another sign-in holds this browser now. Switch user to go on here.")] : usual;
  if (words.textContent !== now[1]) [head.textContent, words.textContent] = now;
};
const left = () => Math.ceil((until - Date.now()) / 1000);

/* Locked by hand. The server is told until it has heard: it alone keeps other pages shut. */
let untold = false;
const tell = async () => {
  if (!untold) return;
  await post(panel.dataset.shut, {});
  untold = false;
};

/* One question after another, in the order asked: an unlocking never overtakes the lock that it opens, and no
   answer from before the one arrives after the other. */
let waiting = 0, last = Promise.resolve();
const inTurn = (work) => {
  waiting += 1;
  const done = () => { waiting -= 1; };
  const turn = last.then(work);
  last = turn.then(done, done);
  return turn;
};

/* how often somebody said that they stay */
let stays = 0;
/* a POST says that somebody is here; a GET only asks */
const here = async (somebody) => {
  const url = panel.dataset.here, before = stays;
  await tell();
  const reply = await (somebody ? post(url, {}) : request(url, { headers: BACKGROUND }));
  /* locked by hand, or told to stay, since it was asked: what it says is from before */
  if (reply.status === 403 || untold || before !== stays) return;
  const { signed_in: signedIn, who, token, left: remaining } = reply.data;
  gone = !signedIn ? OVER : who === panel.dataset.who ? "" : OTHER;
  if (!gone) setToken(token);
  until = Date.now() + (gone ? 0 : remaining) * 1000;
};
const ask = async (somebody) => {
  try { await inTurn(() => here(somebody)); } catch { /* no connection: this page's own clock goes on */ }
  show();
};
const learn = async (somebody = false) => { if (!waiting) await ask(somebody); };

const lockNow = (event) => {
  event.preventDefault();
  if (isLocked()) return;
  untold = true;
  until = 0;
  head.textContent = gettext("Locked");
  lock();
  ask(false);
};
all("[data-lock-now]").forEach((form) => form.addEventListener("submit", lockNow));
document.addEventListener("filiform:lock", lockNow);

const lock = () => {
  if (isLocked()) return;
  if (warning.open) warning.close();
  title = document.title;
  held = document.activeElement;
  document.title = `${gettext("Locked")} · Filiform`;
  document.documentElement.setAttribute("data-locked", "");
  wrong.hidden = true;
  box.value = "";
  panel.showModal();
  box.focus();
};
const open = () => {
  document.documentElement.removeAttribute("data-locked");
  document.title = title;
  head.textContent = usual[0];
  if (panel.open) panel.close();
  held?.focus();
  reportUnlocked();
};
const show = () => {
  const seconds = left();
  explain();
  if (seconds <= 0) lock();
  else if (isLocked()) open();
  else if (seconds <= WARN) warn(seconds);
  else if (warning.open) warning.close();
};
const warn = (seconds) => {
  const words = seconds > 60 ? gettext("in %(minutes)s minutes", { minutes: Math.ceil(seconds / 60) }) : gettext("in %(seconds)s seconds", { seconds });
  one("[data-lock-countdown]").textContent = words;
  if (!warning.open) { spoken = 0; warning.showModal(); one("[data-lock-stay]").focus(); }
  if (Date.now() - spoken < 30000) return;
  spoken = Date.now();
  one("[data-lock-spoken]").textContent = gettext("This page is hidden %(words)s. Press Enter to stay.", { words });
};

setInterval(() => {
  /* the device's clock was set back */
  if (Date.now() < pinged) { pinged = Date.now() - PING * 1000; touchedAt = 0; learn(); }
  const seconds = left();
  const due = Date.now() - pinged >= PING * 1000;
  /* not from before the machine slept */
  const touched = touchedAt > pinged && Date.now() - touchedAt < 2 * PING * 1000;
  if (untold && due) { pinged = Date.now(); learn(); }
  else if (touched && due && !isLocked()) { pinged = Date.now(); learn(true); }
  else if (seconds <= WARN && due && !isLocked()) { pinged = Date.now(); learn(); }
  else if (seconds <= 0 && !isLocked()) learn();
  else show();
}, 1000);
["keydown", "pointerdown", "input", "wheel"].forEach((kind) => document.addEventListener(kind, () => {
  if (!isLocked() && !warning.open) touchedAt = Date.now();
}, { passive: true, capture: true }));
const stay = () => {
  warning.close();
  stays += 1;
  pinged = Date.now();
  until = Date.now() + allowed * 1000;
  /* also where a question is on its way that says nothing of it */
  ask(true);
};
one("[data-lock-stay]").addEventListener("click", stay);
warning.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
const look = () => { if (document.visibilityState === "visible") learn(); };
document.addEventListener("visibilitychange", look);
addEventListener("pageshow", (event) => { if (event.persisted) learn(); });
onSignedOut(() => learn());

/* Escape does not open a lock */
panel.addEventListener("cancel", (event) => event.preventDefault());
panel.addEventListener("close", () => { if (isLocked()) panel.showModal(); });

export const refuse = (words) => { wrong.textContent = words; wrong.hidden = false; box.setAttribute("aria-invalid", "true"); box.focus(); };
const unlock = async (proof) => {
  const reply = await post(form.action, proof);
  if (reply.status === 401 && proof.password) { await signIn(proof.password); return; }
  if (reply.status === 401 || reply.status === 403) { refuse(ELSEWHERE); return; }
  if (reply.status !== 200) { refuse(reply.data.error); return; }
  await goOn();
};
const ELSEWHERE = gettext("Sign in in another tab and come back: what you typed stays here.");
const goOn = async () => {
  untold = false;
  wrong.hidden = true;
  box.removeAttribute("aria-invalid");
  box.value = "";
  await here(false);
  show();
};
/* the sign-in page's own address, with its limits; a second step needs that page */
const signIn = async (password) => {
  const reply = await post(panel.dataset.login, { login: panel.dataset.who, password }, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  if (reply.status === 403) { refuse(ELSEWHERE); return; }
  if (reply.status !== 200) {
    const { fields = {}, errors = [] } = reply.data.form || {};
    refuse([...Object.values(fields).flatMap((field) => field.errors), ...errors][0] || ELSEWHERE);
    return;
  }
  await goOn();
  if (gone) refuse(`${gettext("One more step is needed to sign in.")} ${ELSEWHERE}`);
};
export const prove = async (proof) => {
  try { await inTurn(() => unlock(proof)); } catch { refuse(gettext("No connection. What you typed is still here; try again.")); }
};
form.addEventListener("submit", (event) => { event.preventDefault(); prove({ password: box.value }); });
