/* What is begun and not kept, a row, a line, a reason, goes to the server too: a page that dies takes two seconds with it. */
(() => {
  "use strict";
  const root = document.querySelector("[data-session]"), row = window.filiformRow;
  if (!root || !row || !window.filiform) return;
  const { timed, news } = window.filiform, { trouble, mended, isCut } = window.filiformSaying;
  const EVERY = 1200;
  const line = document.querySelector("[data-line-form]");
  const reasons = () => Array.from(document.querySelectorAll('[data-live] [name="reason"]'));

  const said = () => {
    const body = new URLSearchParams();
    for (const [name, value] of row.isEmpty() ? [] : new FormData(row.form)) if (value && name !== "csrfmiddlewaretoken") body.set(name, value);
    for (const [name, value] of line?.querySelector("[data-line]").value.trim() ? new FormData(line) : []) if (name !== "csrfmiddlewaretoken") body.set(name, value);
    reasons().filter((each) => each.value.trim()).forEach((each) => body.set(each.id.replace("id_", ""), each.value));
    return body.toString();
  };
  /* what the page came with is what the server has */
  let held = said(), asking = false, over = false, ours = false, tries = 0, again = 0, refused = null;
  const isBehind = () => !over && said() !== held;

  const cut = (title) => {
    if (isCut()) return;
    ours = true;
    trouble(title, "What you have begun and not kept stays on this page. Closing it loses it.", { short: "Not saved yet, no connection" });
  };
  const wait = () => {
    tries += 1;
    again = performance.now() + Math.min(EVERY * 2 ** tries, 30000);
  };
  const hear = async (reply, text) => {
    if (reply.status !== 204) wait();
    if (reply.status === 204) {
      held = text;
      tries = again = 0;
      if (ours) { ours = false; mended(); news.rest(); }
    } else if (reply.status === 401 || reply.type === "opaqueredirect") document.dispatchEvent(new Event("filiform:signed-out"));
    else if (reply.status === 403) await news.renew();
    /* a closed draft says so itself, with the next thing that is saved */
    else if (reply.status === 404 || reply.status === 409) over = true;
    /* more than can be held: it is on this page alone, and leaving asks */
    else if (reply.status === 400) refused = text;
    else cut("The server does not answer.");
  };
  const send = async () => {
    if (asking || performance.now() < again || document.documentElement.hasAttribute("data-locked") || !isBehind() || said() === refused) return;
    asking = true;
    const text = said(), body = new URLSearchParams(text);
    body.set("csrfmiddlewaretoken", news.token());
    try {
      /* it arrives although the page goes meanwhile; a browser takes along no more than this */
      const keepalive = text.length < 60000;
      await hear(await timed(root.dataset.unkept, { method: "POST", keepalive, body, headers: { "X-Live": "1", Accept: "application/json" } }), text);
    } catch { wait(); cut("No connection."); }
    asking = false;
  };

  window.setInterval(send, EVERY);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(); });
  const back = () => { again = 0; send(); };
  ["online", "focus"].forEach((news) => window.addEventListener(news, back));
  document.addEventListener("filiform:unlocked", back);
  window.addEventListener("beforeunload", send);
  window.filiformUnkept = { isBehind };
})();
