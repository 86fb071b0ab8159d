/* Fields are saved as they are left, one after another; nothing about a patient stays in the browser's storage. */
(() => {
  "use strict";
  const root = document.querySelector("[data-session]");
  if (!root) return;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  let { fieldUrl, client, token } = root.dataset;
  /* the clinic's clock, whatever zone this device keeps */
  const clock = (at) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: root.dataset.zone });
  const say = (text, kind = "polite") => { const place = one(`[data-live="${kind}"]`); if (place) place.textContent = text; };

  /* the state in words, always in the same corner */
  const corner = one("[data-save]");
  if (corner) corner.removeAttribute("role");
  const show = (text, icon, off) => {
    if (!corner) return;
    one("span", corner).textContent = text;
    corner.classList.toggle("is-off", off);
    const use = one("use", corner);
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${icon}`));
  };

  /* the queue: in order, one at a time, the same number when it is sent again */
  const queue = [], known = new Map(), wrong = new Map(), waiting = new Map();
  let seq = 1000, busy = false, stopped = false, tries = 0, denied = 0, wake = null, cut = false, lastSaved = "";
  const versionBox = (name) => one(`input[name="v-${CSS.escape(name)}"]`);
  const valueOf = (name) => {
    const parts = all(`[data-field="${CSS.escape(name)}"]`);
    if (parts[0]?.type === "checkbox") return parts[0].checked ? "on" : "";
    if (parts[0]?.type === "radio") return parts.find((part) => part.checked)?.value || "";
    return parts[0]?.value ?? "";
  };
  all("[data-field]").forEach((input) => known.set(input.dataset.field, valueOf(input.dataset.field)));

  const save = (name, origin = "typed", force = false) => {
    window.clearTimeout(waiting.get(name));
    waiting.delete(name);
    const value = valueOf(name);
    if (!force && known.get(name) === value) return;
    known.set(name, value);
    const queued = queue.find((item, at) => item.name === name && !(busy && at === 0));
    if (queued) queued.value = value;
    else queue.push({ name, value, origin, seq: seq++ });
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
  const send = (item) => fetch(item.url || fieldUrl, {
    method: "POST", body: bodyOf(item), redirect: "manual", keepalive: document.visibilityState === "hidden",
    credentials: "same-origin", headers: { "X-Live": "1", Accept: "application/json" },
  });

  const pause = () => new Promise((resolve) => {
    tries += 1;
    wake = resolve;
    window.setTimeout(resolve, Math.min(1000 * 2 ** (tries - 1), 30000));
  });
  const bar = one("[data-offline]");
  const trouble = (title, words, link = "") => {
    bar.hidden = false;
    one("[data-offline-title]").textContent = title;
    one("[data-offline-words]").textContent = words;
    const way = one("[data-offline-link]");
    way.hidden = !link;
    if (link) way.href = link;
    if (!cut) say(`${title} ${words}`, "assertive");
    cut = true;
    show("Not saved yet. Keep this page open.", "caution", true);
  };
  const mended = () => {
    tries = denied = 0;
    if (!cut) return;
    cut = false;
    bar.hidden = true;
    say("Everything is saved again.");
  };
  const kept = () => `${queue.length} change${queue.length === 1 ? "" : "s"} kept on this page. Signing waits until they are saved.`;

  /* After a sign-in in another tab the old token is worth nothing: the page is asked for a new one. */
  const renew = async () => {
    const page = await fetch(window.location.href, { redirect: "manual", credentials: "same-origin" });
    if (page.status !== 200) return false;
    const found = (await page.text()).match(/name="csrfmiddlewaretoken" value="([^"]+)"/);
    if (!found) return false;
    token = found[1];
    all('input[name="csrfmiddlewaretoken"]').forEach((input) => { input.value = token; });
    return true;
  };

  const pump = async () => {
    if (busy || stopped) return;
    busy = true;
    while (queue.length && !stopped) {
      if (!cut) show("Saving", "info", false);
      let reply;
      try { reply = await send(queue[0]); } catch { trouble("No connection.", kept()); await pause(); continue; }
      if (reply.type === "opaqueredirect" || reply.status === 401) {
        document.dispatchEvent(new Event("filiform:signed-out"));
        trouble("You are signed out.", "Sign in in another tab and come back: what you wrote stays here and is saved then.", root.dataset.login);
        await pause();
        continue;
      }
      if (reply.status === 403) {
        let fresh = false;
        try { fresh = await renew(); } catch { fresh = false; }
        if (!fresh) trouble("You are signed out.", "Sign in in another tab and come back: what you wrote stays here.", root.dataset.login);
        else if (++denied > 1) trouble("You may not write here any more.", "Copy what you wrote, and ask who looks after accounts.");
        await pause();
        continue;
      }
      if (reply.status >= 500) { trouble("The server does not answer.", kept()); await pause(); continue; }
      const item = queue[0];
      let data = {};
      try { data = await reply.json(); } catch { data = {}; }
      queue.shift();
      mended();
      take(item, reply.status, data);
    }
    busy = false;
    if (!stopped && !queue.length) rest();
  };
  const rest = () => {
    if (wrong.size) show(`Not saved: ${wrong.size} answer${wrong.size === 1 ? "" : "s"} to correct`, "caution", true);
    else if (lastSaved) show(`Saved ${lastSaved}`, "ok", false);
  };

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
      trouble("This draft takes no more changes.", Object.values(data.errors || {}).join(" ") || "Open it again to read it.");
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
    const view = one("[data-figure-view]:checked")?.value, list = one("#figure details")?.open;
    Object.entries(parts).forEach(([id, html]) => { const place = document.getElementById(id); if (place) place.innerHTML = html; });
    if (parts.figure) {
      const radio = one(`[data-figure-view][value="${view}"]`);
      if (radio) { radio.checked = true; radio.dispatchEvent(new Event("change", { bubbles: true })); }
      if (list) one("#figure details").open = true;
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
  document.addEventListener("input", (event) => {
    const name = event.target.dataset?.field;
    if (!name || event.target.matches('[type="radio"], [type="checkbox"], [type="date"]') || !event.target.matches("textarea")) return;
    window.clearTimeout(waiting.get(name));
    waiting.set(name, window.setTimeout(() => save(name), 1000));
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") settle(); });
  ["online", "focus"].forEach((news) => window.addEventListener(news, () => wake?.()));
  document.addEventListener("filiform:unlocked", () => wake?.());
  window.addEventListener("beforeunload", (event) => { settle(); if (queue.length || window.filiformRow?.begun()) event.preventDefault(); });

  /* flush, then go */
  const drained = () => new Promise((resolve) => {
    settle();
    const look = () => { if (!queue.length && !busy) resolve(!wrong.size && !stopped); else if (cut) resolve(false); else window.setTimeout(look, 30); };
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
    swap, setVersion, renew, token: () => token,
    versionOf: (name) => Number(versionBox(name)?.value || 0),
    differs: (name) => known.get(name) !== valueOf(name) || waiting.has(name) || wrong.has(name) || queue.some((item) => item.name === name),
    set: (name, value, version) => { put(name, value); known.set(name, valueOf(name)); setVersion(name, version); },
    stop: (words) => { stopped = true; trouble("This draft takes no more changes.", words); show("Closed elsewhere. Open it again to read it.", "caution", true); },
  };
  window.filiform = { live, formErrors, say, save, clock, ready, leave, news };
  (one('[data-field^="pain_before"]:checked') || one('[data-field^="pain_before"]'))?.focus({ preventScroll: true });
})();
