/* A form goes only where it is awaited. Without a connection the browser would put its own page in place of what was
   typed, and after the end of a sign-in the form would stay behind. The server decides; this asks it first. */
(() => {
  "use strict";
  const panel = document.querySelector("[data-lock]");
  const lock = panel?.showModal ? panel : null;
  const WAIT = 8000;
  const bar = Object.assign(document.createElement("p"), { className: "offline", hidden: true });
  bar.setAttribute("data-unsent", "");
  const say = (text) => { const place = document.querySelector('[data-live="assertive"]'); if (place) place.textContent = text; };

  /* "yes", "signed out" (or locked, or somebody else by now), or "no" */
  const awaited = async () => {
    if (!navigator.onLine) return "no";
    const stop = new AbortController();
    const late = window.setTimeout(() => stop.abort(), WAIT);
    try {
      const headers = { Accept: "application/json", "X-Background": "1", "X-Requested-With": "fetch" };
      const reply = await fetch(lock ? lock.dataset.here : "/health/", { headers, credentials: "same-origin", cache: "no-store", signal: stop.signal });
      if (reply.status !== 200 && reply.status !== 401) return "no";
      const said = await reply.json();
      return !lock || (said.signed_in && said.left > 0 && said.who === lock.dataset.who) ? "yes" : "signed out";
    } catch { return "no"; } finally { window.clearTimeout(late); }
  };

  const sure = new WeakSet();
  let asking = null;
  const go = async (form, button) => {
    asking = form;
    const answer = await awaited();
    asking = null;
    bar.hidden = answer !== "no";
    if (answer === "yes") { sure.add(form); form.requestSubmit(button); return; }
    if (answer === "signed out") {
      document.addEventListener("filiform:unlocked", () => go(form, button), { once: true });
      document.dispatchEvent(new Event("filiform:signed-out"));
      return;
    }
    bar.textContent = "No connection, so nothing was sent. What you wrote stays on this page: send it again when the connection is back.";
    (button?.closest(".actions") || form.lastElementChild).before(bar);
    say(bar.textContent);
  };
  /* before the others, who would take the second going for a second press */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-once") || sure.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (asking !== form) go(form, event.submitter);
  }, true);
})();
