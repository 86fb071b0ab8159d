/* Hides a page that nobody touched, over what was typed. The server keeps the lock; this shows it. */
(() => {
  "use strict";
  const panel = document.querySelector("[data-lock]");
  const warning = document.querySelector("[data-lock-warning]");
  if (!panel || !panel.showModal) return;
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const form = one("[data-lock-form]"), box = form.elements.password, wrong = one("[data-lock-error]");
  const passkey = window.filiformPasskey;
  const allowed = Number(panel.dataset.minutes) * 60;
  const WARN = Math.min(120, Math.max(20, allowed / 3)), PING = 20;
  let until = Date.now() + allowed * 1000, touchedAt = 0, pinged = Date.now(), spoken = 0, title = "", held = null, asking = false, gone = "";
  /* why nobody goes on here by unlocking: the sign-in ended, or somebody else's has taken its place */
  const OVER = "over", OTHER = "other";
  const head = one("#lock-h"), words = one("[data-lock-words]"), usual = [head.textContent, words.textContent];
  const explain = () => {
    const ended = ["Sign in again", `Your sign-in has ended. What you typed is still here: it goes on when ${panel.dataset.name} has signed in again.`];
    const now = gone === OVER ? ended : gone === OTHER ? [usual[0], "Another sign-in holds this browser now. Switch user to go on here."] : usual;
    if (words.textContent !== now[1]) [head.textContent, words.textContent] = now;
  };
  const left = () => Math.ceil((until - Date.now()) / 1000);
  const locked = () => document.documentElement.hasAttribute("data-locked");

  /* asked, the server only tells; told that somebody is here, it counts on from now */
  const here = async (somebody) => {
    const headers = { Accept: "application/json", "X-Requested-With": "fetch" };
    if (!somebody) headers["X-Background"] = "1";
    const body = somebody ? new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value }) : undefined;
    const reply = await fetch(panel.dataset.here, { method: somebody ? "POST" : "GET", headers, body, credentials: "same-origin" });
    const said = reply.status === 403 ? {} : await reply.json();
    if (reply.status === 403) return;
    gone = !said.signed_in ? OVER : said.who === panel.dataset.who ? "" : OTHER;
    if (!gone) all('input[name="csrfmiddlewaretoken"]').forEach((input) => { input.value = said.token; });
    until = Date.now() + (gone ? 0 : said.left) * 1000;
  };
  const learn = async (somebody = false) => {
    if (asking) return;
    asking = true;
    try { await here(somebody); } catch { /* no connection: this page's own clock goes on */ }
    asking = false;
    show();
  };

  const lock = () => {
    if (locked()) return;
    if (warning.open) warning.close();
    title = document.title;
    held = document.activeElement;
    document.title = "Locked · Filiform";
    document.documentElement.setAttribute("data-locked", "");
    wrong.hidden = true;
    box.value = "";
    panel.showModal();
    box.focus();
  };
  const open = () => {
    document.documentElement.removeAttribute("data-locked");
    document.title = title;
    if (panel.open) panel.close();
    held?.focus();
    document.dispatchEvent(new Event("filiform:unlocked"));
  };
  const show = () => {
    const seconds = left();
    explain();
    if (seconds <= 0) lock();
    else if (locked()) open();
    else if (seconds <= WARN) warn(seconds);
    else if (warning.open) warning.close();
  };
  const warn = (seconds) => {
    const words = seconds > 60 ? `in ${Math.ceil(seconds / 60)} minutes` : `in ${seconds} seconds`;
    one("[data-lock-countdown]").textContent = words;
    if (!warning.open) { spoken = 0; warning.showModal(); one("[data-lock-stay]").focus(); }
    if (Date.now() - spoken < 30000) return;
    spoken = Date.now();
    one("[data-lock-spoken]").textContent = `This page is hidden ${words}. Press Enter to stay.`;
  };

  /* a second is enough for the clock; the server hears of it when it matters */
  window.setInterval(() => {
    /* the device's clock was set back: counted anew, from what the server says */
    if (Date.now() < pinged) { pinged = Date.now() - PING * 1000; touchedAt = 0; learn(); }
    const seconds = left();
    const due = Date.now() - pinged >= PING * 1000;
    /* a touch from before the machine slept is none */
    const touched = touchedAt > pinged && Date.now() - touchedAt < 2 * PING * 1000;
    if (touched && due && !locked()) { pinged = Date.now(); learn(true); }
    else if (seconds <= WARN && due && !locked()) { pinged = Date.now(); learn(); }
    else if (seconds <= 0 && !locked()) learn();
    else show();
  }, 1000);
  ["keydown", "pointerdown", "input", "wheel"].forEach((kind) => document.addEventListener(kind, () => {
    if (!locked() && !warning.open) touchedAt = Date.now();
  }, { passive: true, capture: true }));
  const stay = () => { warning.close(); pinged = Date.now(); until = Date.now() + allowed * 1000; learn(true); };
  one("[data-lock-stay]").addEventListener("click", stay);
  warning.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
  const look = () => { if (document.visibilityState === "visible") learn(); };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", (event) => { if (event.persisted) learn(); });
  document.addEventListener("filiform:signed-out", () => learn());

  /* Escape does not open a lock */
  panel.addEventListener("cancel", (event) => event.preventDefault());
  panel.addEventListener("close", () => { if (locked()) panel.showModal(); });

  const refuse = (words) => { wrong.textContent = words; wrong.hidden = false; box.setAttribute("aria-invalid", "true"); box.focus(); };
  const unlock = async (proof) => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, ...proof });
    const reply = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json", "X-Requested-With": "fetch" }, credentials: "same-origin" });
    if (reply.status === 401 && proof.password) { await signIn(proof.password); return; }
    if (reply.status === 401 || reply.status === 403) { refuse(ELSEWHERE); return; }
    const said = await reply.json();
    if (!reply.ok) { refuse(said.error); return; }
    await goOn();
  };
  const ELSEWHERE = "Sign in in another tab and come back: what you typed stays here.";
  /* the server says whose sign-in it is, and gives the forms of this page their new token */
  const goOn = async () => {
    wrong.hidden = true;
    box.removeAttribute("aria-invalid");
    box.value = "";
    await here(false);
    show();
  };
  /* the same door as everybody's, with its limits; a second step is taken where its page can be shown */
  const signIn = async (password) => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, login: panel.dataset.who, password });
    const reply = await fetch(panel.dataset.login, { method: "POST", body, headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" }, credentials: "same-origin" });
    if (reply.status === 403) { refuse(ELSEWHERE); return; }
    const said = await reply.json();
    if (!reply.ok) { refuse(Object.values(said.form?.fields || {}).flatMap((each) => each.errors).concat(said.form?.errors || [])[0] || ELSEWHERE); return; }
    await goOn();
    if (gone) refuse(`One more step is needed to sign in. ${ELSEWHERE}`);
  };
  const prove = async (proof) => {
    try { await unlock(proof); } catch { refuse("No connection. What you typed is still here; try again."); }
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); prove({ password: box.value }); });
  const button = one("[data-lock-passkey]");
  if (button && passkey?.possible) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      let answer;
      try { answer = await passkey.ask(await passkey.fetched(panel.dataset.question)); }
      catch (failure) { refuse(passkey.why(failure)); return; }
      prove({ credential: answer });
    });
  }
})();
