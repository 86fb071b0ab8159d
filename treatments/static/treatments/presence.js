/* Who else has this draft open, and what they changed: asked every 15 seconds, and when the page is looked at again. */
(() => {
  "use strict";
  const root = document.querySelector("[data-session]"), corner = document.querySelector("[data-save]");
  if (!root || !corner || !window.filiform) return;
  const { say, news, timed } = window.filiform;
  const EVERY = 15000;
  let since = root.dataset.change, asking = false, over = false;
  const label = Object.assign(document.createElement("span"), { className: "together", hidden: true });
  label.setAttribute("data-together", "");
  corner.before(label);

  const tell = (words) => {
    if (label.textContent === words) return;
    /* said when somebody comes and when the last one goes, never in between */
    say(words ? `${words}.` : "Nobody else has this draft open now.");
    label.textContent = words;
    label.hidden = !words;
  };

  /* what is being written here, or differs from what was saved, is left alone: saving it shows both values */
  const busyIn = (place) => {
    const at = document.activeElement;
    if (place.contains(at) && at.matches("textarea, input:not([type=radio], [type=checkbox], [type=hidden])")) return true;
    return Array.from(place.querySelectorAll("textarea, input:not([type=hidden], [name=region], [data-figure-view])")).some((each) => (
      each.dataset.field ? news.differs(each.dataset.field) : each.matches('[type="radio"], [type="checkbox"]') ? each.checked !== each.defaultChecked : each.value !== each.defaultValue
    ));
  };
  const mergeField = (name, { value, version }) => {
    if (version <= news.versionOf(name)) return true;
    const here = document.activeElement?.dataset?.field === name;
    if (here || news.differs(name)) return false;
    news.set(name, value, version);
    return true;
  };
  const merge = (data) => {
    const parts = Object.entries(data.parts).filter(([id]) => document.getElementById(id));
    const free = parts.filter(([id]) => !busyIn(document.getElementById(id)));
    if (free.length) news.swap(Object.fromEntries(free));
    const merged = Object.entries(data.fields).map(([name, said]) => mergeField(name, said));
    if (data.versions) Object.entries(data.versions).forEach(([name, version]) => news.setVersion(name, version));
    /* what could not be shown yet is asked for again */
    if (merged.every(Boolean) && free.length === parts.length) { since = data.last; root.dataset.reasons = data.reasons; }
  };

  const send = (more = {}) => timed(root.dataset.presence, {
    method: "POST", keepalive: Boolean(more.gone),
    headers: { "X-Live": "1", "X-Background": "1", Accept: "application/json" },
    body: new URLSearchParams({ client_id: root.dataset.client, after: since, reasons: root.dataset.reasons, csrfmiddlewaretoken: news.token(), ...more }),
  });
  const hear = async (reply) => {
    if (reply.status === 200) {
      const data = JSON.parse(reply.text);
      news.hear(data.now);
      tell(data.with);
      merge(data);
    } else if (reply.status === 409) {
      const data = JSON.parse(reply.text);
      over = true;
      tell("");
      /* one's own signature is on its way to the next page already */
      window.setTimeout(() => news.stop(Object.values(data.errors).join(" ")), 1500);
    } else if (reply.status === 401 || reply.type === "opaqueredirect") document.dispatchEvent(new Event("filiform:signed-out"));
    else if (reply.status === 403) await news.renew();
    else if (reply.status === 404) over = true;
  };
  const ask = async () => {
    if (asking || over || document.visibilityState === "hidden" || document.documentElement.hasAttribute("data-locked")) return;
    asking = true;
    try { await hear(await send()); } catch { /* no connection: saving says so, and the next question comes */ }
    asking = false;
  };

  window.setTimeout(ask, 500);
  window.setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
  document.addEventListener("filiform:unlocked", ask);
  window.addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  window.addEventListener("pagehide", () => { if (!over) send({ gone: "on" }).catch(() => {}); });
})();
