/* Unsaved input, a row, a line, a reason, goes to the server too: a page that dies takes two seconds with it. */
import { all, isChanged, one } from "../clinic/dom.js";
import { LIVE, isLocked, isSignedOut, onReturn, post, renewToken, reportSignedOut, retries } from "../clinic/server.js";
import { draft } from "./draft.js";
import { rest } from "./save_queue.js";
import { isCut, reportRecovery, reportTrouble } from "./save_status.js";
import { isEmpty, isEarlyInput } from "./site_entry.js";
import { form as row } from "./site_fields.js";

const EVERY = 1200;
const line = one("[data-line-form]");
const reasons = () => all('[data-live] [name="reason"]');

const unsavedText = () => {
  const body = new URLSearchParams();
  const add = (form, isWanted) => { for (const [name, value] of new FormData(form)) if (isWanted(value) && name !== "csrfmiddlewaretoken") body.set(name, value); };
  if (!isEmpty()) add(row, Boolean);
  if (line && one("[data-line]", line).value.trim()) add(line, () => true);
  reasons().filter((input) => input.value.trim()).forEach((input) => body.set(input.id.replace("id_", ""), input.value));
  return body.toString();
};
/* what the page was sent with is on the server; what was typed before this ran is not */
const isEarly = isEarlyInput || [...(line ? all("[data-line]", line) : []), ...reasons()].some(isChanged);
let held = isEarly ? null : unsavedText();
let isAsking = false, isOver = false, isOurs = false, again = 0, refused = null;
const retry = retries(2 * EVERY);
export const isBehind = () => !isOver && unsavedText() !== held;

const reportCut = (title) => {
  if (isCut()) return;
  isOurs = true;
  reportTrouble(title, "What you have begun and not kept stays on this page. Closing it loses it.", { short: "Not saved yet, no connection" });
};
const accept = (text) => {
  held = text;
  retry.reset();
  again = 0;
  if (isOurs) { isOurs = false; reportRecovery(); rest(); }
};
const wait = () => { again = performance.now() + retry.next(); };
const receive = async (reply, text) => {
  if (reply.status === 204) { accept(text); return; }
  wait();
  if (isSignedOut(reply)) reportSignedOut();
  else if (reply.status === 403) await renewToken();
  /* a closed draft says so itself, with the next thing that is saved */
  else if (reply.status === 404 || reply.status === 409) isOver = true;
  /* more than can be held: it is on this page alone, and leaving asks */
  else if (reply.status === 400) refused = text;
  else reportCut("The server does not answer.");
};
const send = async () => {
  if (isAsking || performance.now() < again || isLocked() || !isBehind()) return;
  const text = unsavedText();
  if (text === refused) return;
  isAsking = true;
  try {
    /* it arrives although the page goes meanwhile; a browser takes along no more than this */
    const keepalive = text.length < 60000;
    await receive(await post(draft.dataset.unkept, text, { keepalive, headers: LIVE }), text);
  } catch { wait(); reportCut("No connection."); }
  isAsking = false;
};

setInterval(send, EVERY);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(); });
onReturn(() => { again = 0; send(); });
addEventListener("beforeunload", (event) => {
  if (!isBehind()) return;
  send();
  event.preventDefault();
});
