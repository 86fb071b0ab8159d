/* Fields are saved as they are left, one after another; nothing about a patient stays in the browser's storage. */
(() => {
  "use strict";
  const root = document.querySelector("[data-session]");
  if (!root) return;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  let { fieldUrl, client, token } = root.dataset;
  /* the clinic's clock, whatever zone this device keeps */
  /* the server's instant, whatever this device's own clock is set to; told anew with every question of presence.js */
  let told = Date.parse(root.dataset.now), toldAt = performance.now();
  const hear = (now) => { told = Date.parse(now); toldAt = performance.now(); };
  const instant = () => new Date(told + performance.now() - toldAt);
  const clock = (at) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: root.dataset.zone });
  const { say, show, trouble, recount, mended, isCut } = window.filiformSaying;

  /* the queue: in order, one at a time, the same number when it is sent again */
  const queue = [], known = new Map(), wrong = new Map(), waiting = new Map();
  let seq = 1000, busy = false, stopped = false, tries = 0, denied = 0, wake = null, lastSaved = window.filiformSaying.first.replace("Saved ", "");
  const versionBox = (name) => one(`input[name="v-${CSS.escape(name)}"]`);
  const valueOf = (name) => {
    const parts = all(`[data-field="${CSS.escape(name)}"]`);
    if (parts[0]?.type === "checkbox") return parts[0].checked ? "on" : "";
    if (parts[0]?.type === "radio") return parts.find((part) => part.checked)?.value || "";
    return parts[0]?.value ?? "";
  };
  all("[data-field]").forEach((input) => known.set(input.dataset.field, valueOf(input.dataset.field)));

  const save = (name, origin = "typed", force = false) => {
    window.clearTimeout(waiting.get(name)?.timer);
    waiting.delete(name);
    const value = valueOf(name);
    if (!force && known.get(name) === value) { if (!queue.length && !busy && !waiting.size) rest(); return; }
    known.set(name, value);
    const queued = queue.find((item, at) => item.name === name && !(busy && at === 0));
    if (queued) queued.value = value;
    else queue.push({ name, value, origin, seq: seq++ });
    recount();
    pump();
  };
  const settle = () => {
    Array.from(waiting.keys()).forEach((name) => save(name));
    /* what is still being typed has not said that it changed */
    const here = document.activeElement;
    if (here?.dataset?.field && !here.matches('[type="radio"], [type="checkbox"]')) save(here.dataset.field);
  };

  const bodyOf = (item) => {
    if (item.body) { item.body.set("csrfmiddlewaretoken", token); return item.body; }
    const body = new URLSearchParams({ field: item.name, value: item.value, client_id: client, seq: item.seq, origin: item.origin });
    body.set("base_version", versionBox(item.name)?.value || "0");
    body.set("csrfmiddlewaretoken", token);
    return body;
  };
  /* A line that is up and brings nothing is no connection either. The answer counts once it is here whole. */
  const NO_ANSWER = 20000;
  const timed = async (url, options) => {
    const stop = new AbortController();
    const late = window.setTimeout(() => stop.abort(), NO_ANSWER);
    try {
      const reply = await fetch(url, { redirect: "manual", credentials: "same-origin", ...options, signal: stop.signal });
      return { status: reply.status, type: reply.type, text: await reply.text(), headers: reply.headers };
    } finally { window.clearTimeout(late); }
  };
  const dataOf = (reply) => { try { return JSON.parse(reply.text); } catch { return null; } };
  const send = (item) => timed(item.url || fieldUrl, {
    method: "POST", body: bodyOf(item), keepalive: document.visibilityState === "hidden",
    headers: { "X-Live": "1", Accept: "application/json" },
  });

  const pause = () => new Promise((resolve) => {
    tries += 1;
    wake = resolve;
    window.setTimeout(resolve, Math.min(1000 * 2 ** (tries - 1), 30000));
  });
  const kept = () => `${queue.length} change${queue.length === 1 ? "" : "s"} kept on this page. Closing it loses ${queue.length === 1 ? "it" : "them"}. Signing waits until ${queue.length === 1 ? "it is" : "they are"} saved.`;
  const signedOut = (more = "") => trouble("You are signed out.", `Sign in again: what you wrote stays here${more}.`, { link: root.dataset.login, short: "Not saved yet, signed out" });

  const holds = (fresh) => {
    token = fresh;
    all('input[name="csrfmiddlewaretoken"]').forEach((input) => { input.value = token; });
  };
  /* After another sign-in the old token is worth nothing: the page is asked for a new one. What was written here is
     saved in the name of who wrote it, and of nobody else who signs in meanwhile. */
  const whoIn = (html) => html.match(/ data-who="([^"]*)"/)?.[1];
  const renew = async () => {
    const page = await timed(window.location.href);
    const found = page.status === 200 && page.text.match(/name="csrfmiddlewaretoken" value="([^"]+)"/);
    if (!found || whoIn(page.text) !== one("[data-lock]")?.dataset.who) return false;
    holds(found[1]);
    return true;
  };

  const pump = async () => {
    if (busy || stopped) return;
    busy = true;
    while (queue.length && !stopped) {
      if (!isCut()) show("Saving", "info", false);
      let reply;
      try { reply = await send(queue[0]); } catch { trouble("No connection.", kept, { short: "Not saved yet, no connection" }); await pause(); continue; }
      if (reply.type === "opaqueredirect" || reply.status === 401) {
        document.dispatchEvent(new Event("filiform:signed-out"));
        signedOut(" and is saved then");
        await pause();
        continue;
      }
      if (reply.status === 403) {
        let fresh = false;
        try { fresh = await renew(); } catch { fresh = false; }
        if (fresh && ++denied === 1) continue;
        if (fresh) trouble("You may not write here any more.", "Copy what you wrote, and ask who looks after accounts.");
        else { document.dispatchEvent(new Event("filiform:signed-out")); signedOut(); }
        await pause();
        continue;
      }
      const data = dataOf(reply);
      /* what is not the server's own answer kept nothing: a gateway's page, or the sign-in of a guest network */
      const strange = reply.status === 200 && !data;
      if (reply.status >= 500 || reply.status === 408 || reply.status === 429 || strange) {
        trouble(strange ? "The answer did not come from the server." : "The server does not answer.", kept, { short: "Not saved yet, no answer" });
        await pause();
        continue;
      }
      const item = queue.shift();
      tries = denied = 0;
      if (queue.length) recount(); else mended();
      take(item, reply.status, data || {});
    }
    busy = false;
    if (!stopped && !queue.length) rest();
  };
  const rest = () => {
    if (wrong.size) show(`Not saved: ${wrong.size} answer${wrong.size === 1 ? "" : "s"} to correct`, "caution", true);
    else if (lastSaved) show(`Saved ${lastSaved}`, "ok", false);
  };

  const CLOSED = "Closed elsewhere. Open it again to read it.";
  const take = (item, status, data) => {
    if (status === 200) {
      if (data.saved) lastSaved = data.saved;
      if (item.name) { setVersion(item.name, data.version); mark(item.name, ""); }
      Object.entries(data.versions || {}).forEach(([name, version]) => setVersion(name, version));
      swap(data.parts || {}, item.form);
      if (data.reasons) one("[data-session]").dataset.reasons = data.reasons;
      if (data.said) say(data.said);
    } else if (status === 409 && data.conflict) { both(item, data); }
    else if (data.locked) {
      stopped = true;
      trouble("This draft takes no more changes.", Object.values(data.errors || {}).join(" ") || "Open it again to read it.", { short: CLOSED });
    } else {
      /* what it was about is not in this draft: the rest of the page goes on being saved */
      const gone = "This is not in the draft any more, so it was not saved. What you wrote stays here: copy it, then open the page again.";
      const errors = data.errors || { "": status === 404 ? gone : "That could not be kept. Open the page again." };
      if (item.name) mark(item.name, Object.values(errors).join(" "));
      else if (!item.done) formErrors(item.form, errors);
    }
    if (item.done) item.done(status, data);
  };
  const setVersion = (name, version) => {
    let box = versionBox(name);
    if (!box) { box = Object.assign(document.createElement("input"), { type: "hidden", name: `v-${name}` }); one("#session-form").append(box); }
    box.value = version;
  };

  /* a sentence at the field; what was typed stays */
  const mark = (name, text) => {
    const input = one(`[data-field="${CSS.escape(name)}"]`);
    if (!input) return;
    if (text) wrong.set(name, text); else wrong.delete(name);
    const group = input.closest("fieldset") && input.type === "radio" ? input.closest("fieldset") : input;
    note(group, `error-${name}`, text);
    all(`[data-field="${CSS.escape(name)}"]`).forEach((part) => {
      part.classList.toggle("is-invalid", Boolean(text));
      if (text) { part.setAttribute("aria-invalid", "true"); part.setAttribute("aria-describedby", `error-${name}`); }
      else { part.removeAttribute("aria-invalid"); part.removeAttribute("aria-describedby"); }
    });
    if (text) say(text, "assertive");
  };
  const note = (place, id, text) => {
    let line = document.getElementById(id);
    if (!text) { if (line) line.remove(); return; }
    if (!line) {
      line = Object.assign(document.createElement("p"), { className: "invalid-feedback", id });
      place.before(line);
    }
    line.textContent = text;
  };
  const formErrors = (form, errors) => {
    if (!form) return;
    all(".invalid-feedback", form).forEach((line) => line.remove());
    let first = null;
    Object.entries(errors).forEach(([name, text], at) => {
      const input = name && one(`[name="${CSS.escape(name)}"]`, form);
      note(input ? (input.type === "radio" ? input.closest("fieldset") : input) : form.lastElementChild, `form-error-${at}`, text);
      first = first || input;
    });
    say(Object.values(errors).join(" "), "assertive");
    if (first) { for (let box = first.closest("details"); box; box = box.parentElement.closest("details")) box.open = true; first.focus(); }
  };

  /* two people, one field: both values, and the writer chooses */
  const both = (item, data) => {
    const panel = one("[data-conflict]");
    const label = one(`#div_id_${CSS.escape(item.name)} .legend, #div_id_${CSS.escape(item.name)} label`)?.textContent.trim() || item.name;
    one("[data-conflict-head]").textContent = `${label}: two people set it`;
    one("[data-conflict-who]").textContent = `${data.by}, ${data.at}`;
    one("[data-conflict-theirs]").textContent = data.theirs_said;
    one("[data-conflict-mine]").textContent = data.mine_said;
    one('[data-use="theirs"]').textContent = `Use ${data.by}’s`;
    panel.hidden = false;
    panel.focus();
    wrong.set(item.name, "conflict");
    panel.onclick = (event) => {
      const use = event.target.dataset.use;
      if (!use) return;
      panel.hidden = true;
      wrong.delete(item.name);
      setVersion(item.name, data.version);
      if (use === "theirs") { put(item.name, data.theirs); known.set(item.name, valueOf(item.name)); rest(); }
      else save(item.name, "typed", true);
      one(`[data-field="${CSS.escape(item.name)}"]`).focus();
    };
  };
  const put = (name, value) => all(`[data-field="${CSS.escape(name)}"]`).forEach((input) => {
    if (input.type === "checkbox") input.checked = value === true;
    else if (input.type === "radio") input.checked = input.value === String(value ?? "");
    else if (name.endsWith("_at") && value) input.value = clock(new Date(value));
    else input.value = value ?? "";
  });

  /* parts that changed; the focus never falls to the body */
  const swap = (parts, form) => {
    const held = document.activeElement, row = held?.closest?.(".site")?.id, heldId = held?.id;
    const begun = all('[name="reason"]').filter((each) => each.value && !form?.contains(each)).map((each) => [each.id, each.value]);
    Object.entries(parts).forEach(([id, html]) => { const place = document.getElementById(id); if (place) place.innerHTML = html; });
    /* a reason that is being written elsewhere on the page stays */
    begun.forEach(([id, text]) => { const field = document.getElementById(id); if (field) field.value = text; });
    if (parts.figures) {
      one("[data-figure-view]:checked")?.dispatchEvent(new Event("change", { bubbles: true }));
      document.dispatchEvent(new Event("figure-drawn"));
    }
    if (parts["foot-facts"]) one("[data-placed]").textContent = one("[data-placed-now]").dataset.placedNow;
    if (form?.hasAttribute("data-empties") && form.isConnected) form.reset();
    if (document.activeElement && document.activeElement !== document.body) return;
    const there = (heldId && document.getElementById(heldId)) || (row && (one(`#${CSS.escape(row)} form button`) || document.getElementById(row)));
    (there || document.getElementById("id_muscle"))?.focus();
  };

  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.field;
    if (name) save(name, event.target.matches('[type="radio"], [type="checkbox"]') ? "tapped" : "typed");
  });
  /* long text a moment after the last key, and while somebody goes on typing as well: never two seconds behind */
  const QUIET = 1000, LONGEST = 1400;
  document.addEventListener("input", (event) => {
    const name = event.target.dataset?.field;
    if (!name || !event.target.matches("textarea, input[type=text]:not([inputmode])")) return;
    const now = performance.now(), first = waiting.get(name)?.first ?? now;
    window.clearTimeout(waiting.get(name)?.timer);
    waiting.set(name, { first, timer: window.setTimeout(() => save(name), Math.max(0, Math.min(QUIET, first + LONGEST - now))) });
    if (!isCut()) show("Saving", "info", false);
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") settle(); });
  ["online", "focus"].forEach((news) => window.addEventListener(news, () => wake?.()));
  document.addEventListener("filiform:unlocked", () => { token = one('#session-form [name="csrfmiddlewaretoken"]').value; wake?.(); });
  /* what else was begun is sent by unkept.js, a line of measurements is not */
  const unsent = () => all('form[data-live] input:not([type="hidden"], [type="radio"], [type="checkbox"], [name="reason"])').some((each) => each.value !== each.defaultValue);
  window.addEventListener("beforeunload", (event) => { settle(); if (queue.length || busy || window.filiformUnkept?.isBehind() || unsent()) event.preventDefault(); });

  /* flush, then go */
  const drained = () => new Promise((resolve) => {
    settle();
    const look = () => { if (!queue.length && !busy) resolve(!wrong.size && !stopped); else if (isCut()) resolve(false); else window.setTimeout(look, 30); };
    look();
  });
  const ready = async (why) => {
    if (await drained()) return true;
    say(`${why} waits until everything is saved.`, "assertive");
    const first = wrong.keys().next().value;
    if (first) one(`[data-field="${CSS.escape(first)}"]`)?.focus();
    return false;
  };
  const leave = async (url) => { if (await ready("Leaving")) window.location.href = url; };
  const live = (form, done) => {
    const body = new URLSearchParams(new FormData(form));
    if (!body.has("client_id")) { body.set("client_id", client); body.set("seq", seq++); }
    queue.push({ url: form.action, body, form, done });
    recount();
    pump();
  };
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (form.matches("[data-live]")) {
      event.preventDefault();
      if (form.hasAttribute("data-sent")) return;
      form.setAttribute("data-sent", "");
      window.setTimeout(() => form.removeAttribute("data-sent"), 1000);
      if (button?.name) { const box = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }); form.append(box); }
      live(form);
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-flush], a.strip-end, .strip a, .pane-rail a");
    if (!link || event.ctrlKey || event.metaKey || event.button) return;
    if (!queue.length && !busy && !waiting.size) return;
    event.preventDefault();
    leave(link.href);
  });

  /* what another page of this draft changed, for presence.js */
  const news = {
    swap, setVersion, renew, hear, rest, token: () => token,
    versionOf: (name) => Number(versionBox(name)?.value || 0),
    differs: (name) => known.get(name) !== valueOf(name) || waiting.has(name) || wrong.has(name) || queue.some((item) => item.name === name),
    set: (name, value, version) => { put(name, value); known.set(name, valueOf(name)); setVersion(name, version); },
    stop: (words) => { stopped = true; trouble("This draft takes no more changes.", words, { short: CLOSED }); },
  };
  window.filiform = { live, timed, formErrors, say, save, instant, clock, ready, leave, news };
  (one('[data-field^="pain_before"]:checked') || one('[data-field^="pain_before"]'))?.focus({ preventScroll: true });
})();
