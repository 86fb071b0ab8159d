/* The ways out: leave, or review and sign in a panel of the same page. Signing waits for the server; nothing is painted before. */
(() => {
  "use strict";
  const root = document.querySelector("[data-session]"), panel = document.querySelector("[data-review]");
  if (!root || !panel || !window.filiform) return;
  const { say, ready, leave, timed } = window.filiform, { tell, untell } = window.filiformSaying;
  const one = (selector, from = panel) => from.querySelector(selector);
  const main = panel.closest(".pane-main");
  let from = null, sending = false;

  /* a row that is complete is kept first; one that is not stays in sight */
  const rowKept = () => {
    const row = window.filiformRow;
    if (!row?.begun()) return true;
    if (row.complete()) return row.commit(false);
    row.showGap();
    say("The next site is not complete. Finish it, or empty the row.", "assertive");
    return false;
  };
  const ask = (url, options = {}) => timed(url, { ...options, headers: { "X-Live": "1", Accept: "text/html" } });
  const show = (html) => {
    panel.innerHTML = html;
    panel.hidden = false;
    main.classList.add("has-sign", "is-reviewing");
    const first = one("[data-error-summary]") || (!one(".problems") && one('[type="password"]')) || one("[data-review-head]");
    first.focus({ preventScroll: true });
    main.scrollTop = 0;
    panel.scrollIntoView({ block: "start" });
  };
  const close = (to) => {
    if (panel.hidden) return;
    panel.hidden = true;
    panel.replaceChildren();
    main.classList.remove("has-sign", "is-reviewing");
    (to || from || document.querySelector('[data-then="sign"]')).focus();
  };
  const gone = (reply) => {
    if (reply.status === 409 || reply.status === 404) { window.location.href = window.location.pathname; return true; }
    if (reply.type !== "opaqueredirect" && reply.status !== 401 && reply.status !== 403) return false;
    document.dispatchEvent(new Event("filiform:signed-out"));
    say("Nothing was signed. Sign in again, then review the note.", "assertive");
    return true;
  };
  /* a signature that was sent may stand although no answer came: only the server knows, and it signs once */
  const unanswered = (title, isSent) => {
    const words = isSent ? "Whether the note was signed is not known yet. Keep this page open and press Sign again: it is signed once." : "The note opens for signing when it is back: press Review and sign again.";
    tell(title, words);
    say(`${title} ${words}`, "assertive");
  };
  const fetched = async (url, options) => {
    const isSent = options?.method === "POST";
    let reply;
    try { reply = await ask(url, options); } catch { unanswered("No connection.", isSent); return; }
    if (gone(reply)) return;
    if (reply.status >= 500) { unanswered("The server does not answer.", isSent); return; }
    untell();
    if (reply.headers.get("Content-Type").startsWith("application/json")) window.location.href = JSON.parse(reply.text).next;
    else show(reply.text);
  };
  const review = async () => {
    from = document.activeElement;
    if (await rowKept() && await ready("Signing")) await fetched(root.dataset.sign);
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.id === "session-form") {
      event.preventDefault();
      if (event.submitter?.dataset.then !== "leave") review();
      else if (await rowKept()) leave(root.dataset.today);
    } else if (form.matches("[data-sign]")) {
      event.preventDefault();
      if (sending || one("[data-blocked]")) return;
      sending = true;
      await fetched(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      sending = false;
    }
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); close(); }
    else if (event.key === "Enter" && event.target.matches("[data-review-head], .readback")) { event.preventDefault(); one("[data-sign]").requestSubmit(); }
  });
  /* a problem leads to its field: the panel makes room, the field takes the focus */
  const mend = (id) => {
    const place = document.getElementById(id);
    close(place && (place.matches("[tabindex]") ? place : one("input:not([type=hidden]), button, textarea, a, summary", place)));
    for (let box = place?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    place?.scrollIntoView({ block: "center" });
  };
  panel.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    if (link.matches("[data-review-close]")) { event.preventDefault(); close(); }
    else if (link.matches("[data-review-again]")) { event.preventDefault(); fetched(link.href); }
    else if (link.pathname === window.location.pathname && link.hash && document.getElementById(link.hash.slice(1))) { event.preventDefault(); mend(link.hash.slice(1)); }
  });
})();
