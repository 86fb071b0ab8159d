/* The line of sites: read back a moment after the last key by the rule that keeps it; Enter keeps it. */
(() => {
  "use strict";
  const form = document.querySelector("[data-line-form]");
  if (!form || !window.filiform) return;
  const field = form.querySelector("[data-line]"), read = document.getElementById("line-read");
  let timer = null, asked = null;
  const ask = async () => {
    asked?.abort();
    if (!field.value.trim()) { read.replaceChildren(); return; }
    asked = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    body.set("read", "1");
    try {
      const reply = await fetch(form.action, { method: "POST", body, signal: asked.signal, redirect: "manual", credentials: "same-origin", headers: { "X-Live": "1" } });
      if (reply.status === 200) read.innerHTML = (await reply.json()).parts["line-read"];
    } catch { /* a newer reading has taken its place, or there is no connection: Enter says which */ }
  };
  field.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(ask, 200); });
  if (field.value) ask();
  let sending = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    window.clearTimeout(timer);
    asked?.abort();
    window.filiform.live(form, (status, data) => {
      sending = false;
      if (data.parts?.["line-read"]) read.innerHTML = data.parts["line-read"];
      if (status !== 200) { window.filiform.formErrors(form, data.errors || {}); return; }
      form.querySelectorAll(".invalid-feedback").forEach((line) => line.remove());
      read.replaceChildren();
      field.value = "";
      form.querySelector('[name="line-key"]').value = data.key;
      window.filiformRow?.number(data.next);
      field.focus();
    });
  });
  window.filiformLine = (text, done) => {
    form.closest("details").open = true;
    field.value = text;
    done();
    field.focus();
    ask();
  };
})();
