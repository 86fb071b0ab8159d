/* Co-editing: who else has this draft open, and what they changed. Asked every 15 seconds, and when the page is looked at again. */
import { announce, element, gettext, one } from "../clinic/dom.js";
import { BACKGROUND, LIVE, isLocked, isSignedOut, onUnlocked, post, renewToken, reportSignedOut } from "../clinic/server.js";
import { draft, setServerTime } from "./draft.js";
import { setVersion, versionOf } from "./fields.js";
import { swap } from "./page_parts.js";
import { differs, isHeld, stop, takeOver } from "./save_queue.js";

const EVERY = 15000;
let since = draft.dataset.change, isAsking = false, isWanted = false, isOver = false;
const label = element("span", { className: "together", hidden: true });
label.setAttribute("data-together", "");
one("[data-save]").before(label);

const showOthers = (text) => {
  if (label.textContent === text) return;
  /* announced when somebody comes and when the last one goes, never in between */
  announce(text ? `${text}.` : gettext("Nobody else has this draft open now."));
  label.textContent = text;
  label.hidden = !text;
};

const mergeField = (name, { value, version }) => {
  if (version <= versionOf(name)) return true;
  if (document.activeElement?.dataset?.field === name || differs(name)) return false;
  takeOver(name, value, version);
  return true;
};
const merge = (data) => {
  const isWhole = swap(data.parts, isHeld, data.state);
  const merged = Object.entries(data.fields).map(([name, field]) => mergeField(name, field));
  if (data.versions) Object.entries(data.versions).forEach(([name, version]) => setVersion(name, version));
  /* what could not be shown yet is asked for again */
  if (merged.every(Boolean) && isWhole) { since = data.last; draft.dataset.reasons = data.reasons; }
};

const send = (more = {}) => post(
  draft.dataset.coediting,
  { client_id: draft.dataset.client, after: since, reasons: draft.dataset.reasons, ...more },
  { keepalive: Boolean(more.gone), headers: { ...LIVE, ...BACKGROUND } },
);
const receive = async ({ status, data, ...reply }) => {
  if (status === 200) {
    setServerTime(data.now);
    showOthers(data.with);
    merge(data);
  } else if (status === 409) {
    isOver = true;
    showOthers("");
    /* one's own signature is on its way to the next page already */
    setTimeout(() => stop(Object.values(data.errors).join(" ")), 1500);
  } else if (isSignedOut({ status, ...reply })) reportSignedOut();
  else if (status === 403) await renewToken();
  else if (status === 404) isOver = true;
};
const ask = async () => {
  if (isAsking || isOver || document.visibilityState === "hidden" || isLocked()) return;
  isAsking = true;
  try { await receive(await send()); } catch { /* no connection: saving says so, and the next question comes */ }
  isAsking = false;
  if (isWanted) { isWanted = false; ask(); }
};
/* somebody looks: an answer that is on its way may be from before, so that another question follows it */
const look = () => { isWanted = isAsking; ask(); };

setTimeout(ask, 500);
setInterval(ask, EVERY);
document.addEventListener("visibilitychange", look);
onUnlocked(look);
addEventListener("pageshow", (event) => { if (event.persisted) look(); });
addEventListener("pagehide", () => { if (!isOver) send({ gone: "on" }).catch(() => {}); });
