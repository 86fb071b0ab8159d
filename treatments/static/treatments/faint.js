/* The card for a faint opens over the session: fetched as the page opens, so that it is there without a connection. */
import { all, announce, element, gettext, one } from "../clinic/dom.js";
import { hold } from "../clinic/held.js";
import { BACKGROUND, isSignedOut, LIVE, onReturn, post, renewToken, reportSignedOut, request, retries } from "../clinic/server.js";
import { clock, now } from "./draft.js";
import { leave } from "./save_queue.js";

const link = one('.strip a[href$="/faint/"]');
const box = element("dialog", { className: "dialog faint" });
const retry = retries(2000);
let form = null, held = null, began = 0, sending = null;

const controls = () => all("input:not([type=hidden]), textarea, select", form).filter((each) => each.name);
const toggles = /^(radio|checkbox)$/;
const read = () => {
  const texts = {};
  /* before the card was opened nothing of it is worth holding */
  (began ? controls() : []).forEach((each) => {
    if (!toggles.test(each.type)) texts[each.name] = each.value;
    else if (each.checked) texts[`${each.name}:${each.value}`] = "true";
  });
  return new URLSearchParams({ page: link.pathname, form_key: one("[name=form_key]", form).value, texts: JSON.stringify(texts) }).toString();
};
const state = (text) => { one("[data-faint-state]", form).textContent = text; announce(text, "assertive"); };
const showTime = () => {
  const seconds = Math.floor((performance.now() - began) / 1000);
  one("[data-faint-timer]", form).textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

const load = async () => {
  const ask = (url) => request(url, { headers: BACKGROUND }).catch(() => null);
  const [reply, begun] = await Promise.all([ask(`${link.pathname}?card`), ask(`/begun/?${new URLSearchParams({ page: link.pathname })}`)]);
  /* what was begun before this page was opened stands on the card's own page, where the link leads */
  if (reply?.status !== 200 || begun?.status === 200) return;
  box.innerHTML = reply.text;
  form = one("form", box);
  form.prepend(element("h2", { id: "faint-h", className: "bigh", textContent: link.textContent.trim() }));
  box.setAttribute("aria-labelledby", "faint-h");
  /* this script sends it, again and again, in place of the page's own care for a form */
  ["data-once", "data-finish"].forEach((name) => form.removeAttribute(name));
  began = 0;
  form.addEventListener("change", ({ target }) => {
    const time = target.name?.startsWith("did_") && one(`[name="at_${target.name.slice(4)}"]`, form);
    if (time && target.checked && !time.value) time.value = clock(now());
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); sending ||= send().finally(() => { sending = null; }); });
  one("[data-faint-close]", form).addEventListener("click", (event) => { event.preventDefault(); box.close(); });
  held ||= hold({ url: "/begun/", read });
};

const open = () => {
  if (!began) {
    began = performance.now();
    one("[name=started_at]", form).value = clock(now());
    one("[data-faint-timer]", form).hidden = false;
    showTime();
    setInterval(showTime, 1000);
  }
  box.showModal();
  one("[name^=did_]", form).focus();
};

const showErrors = (errors) => {
  state(Object.values(errors).join(" "));
  one(`[name="${Object.keys(errors)[0]}"]`, form)?.focus();
};
/* it is sent until the server has it; the same key makes a repeated press the same event */
const send = async () => {
  for (;;) {
    const reply = await post(link.pathname, new FormData(form), { headers: LIVE }).catch(() => null);
    if (reply?.status === 200) { state(gettext("On record.")); began = 0; box.close(); leave(reply.data.url); return; }
    if (reply?.status === 422 && reply.data) { showErrors(reply.data.errors); return; }
    if (reply && isSignedOut(reply)) reportSignedOut();
    else if (reply?.status === 403) await renewToken();
    state(gettext("Not saved yet. It is sent as soon as the server answers; keep this page open."));
    await retry.pause();
  }
};
onReturn(() => retry.wake());

if (link) {
  document.body.append(box);
  load();
  document.addEventListener("keydown", (event) => {
    const isAlone = event.altKey && !event.metaKey && !event.shiftKey && event.ctrlKey === /Mac/.test(navigator.platform);
    if (event.code !== "KeyA" || !isAlone || box.open) return;
    event.preventDefault();
    link.click();
  });
  link.addEventListener("click", (event) => {
    if (!form || event.ctrlKey || event.metaKey || event.button) return;
    event.preventDefault();
    event.stopPropagation();
    open();
  });
}
