/* Before a form is sent the server is asked whether it answers: without a connection, or after the end of a sign-in, the
   browser would put another page in place of what was typed. */
import { announce, element, gettext, one } from "./dom.js";
import { BACKGROUND, onUnlocked, reportSignedOut, request } from "./server.js";

const lock = one("[data-lock]");
const WAIT = 8000;
const bar = element("p", { className: "offline", hidden: true });
bar.setAttribute("data-unsent", "");

/* "yes", "signed out" (or locked, or somebody else by now), or "no" */
const connection = async () => {
  if (!navigator.onLine) return "no";
  try {
    const { status, data } = await request(lock ? lock.dataset.here : "/health/", { headers: BACKGROUND, cache: "no-store", limit: WAIT });
    if (!data || (status !== 200 && status !== 401)) return "no";
    return !lock || (data.signed_in && data.left > 0 && data.who === lock.dataset.who) ? "yes" : "signed out";
  } catch { return "no"; }
};

const checked = new WeakSet();
let asking = null;
const go = async (form, button) => {
  asking = form;
  const answer = await connection();
  asking = null;
  bar.hidden = answer !== "no";
  if (answer === "yes") { checked.add(form); form.requestSubmit(button); return; }
  if (answer === "signed out") {
    onUnlocked(() => go(form, button), { once: true });
    reportSignedOut();
    return;
  }
  bar.textContent = gettext("No connection, so nothing was sent. What you wrote stays on this page: send it again when the connection is back.");
  (button?.closest(".actions") || form.lastElementChild).before(bar);
  announce(bar.textContent, "assertive");
};
/* in the capture phase: to app.js the second submit would look like a second press */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-once") || checked.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (asking !== form) go(form, event.submitter);
}, true);
