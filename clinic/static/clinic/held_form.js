/* A form that was begun and not sent is held on the server, for its writer alone, and stands again on its page. */
import { all, element, gettext, isChanged, isToggle, one } from "./dom.js";
import { hold } from "./held.js";
import { BACKGROUND, request } from "./server.js";

const ADDRESS = "/begun/";
/* only where the address names the record: on any other page the next person to be written about is another one */
const isOfRecord = /\/[0-9A-Z]{7,10}\//.test(location.pathname);
const form = isOfRecord && one("form[data-once]:is([data-finish], :has(textarea)):not([data-site], [data-sign])");
const key = form && one('[name="form_key"]', form);

const controls = () => all("input:not([type=hidden], [type=password], [type=file]), textarea, select", form).filter((each) => each.name);
const nameOf = (each) => (isToggle(each) ? `${each.name}:${each.value}` : each.name);
const textOf = (each) => (isToggle(each) ? String(each.checked) : each.value);
const initial = (select) => Math.max(0, all("option", select).findIndex((option) => option.defaultSelected));
/* a form that came back refused brings as its own what only its writer knows: all of it is held */
const isRefused = Boolean(one("[data-error-summary], .conflict"));
const differs = (each) => isRefused || (each.matches("select") ? each.selectedIndex !== initial(each) : isChanged(each));
const read = () => {
  const texts = Object.fromEntries(controls().filter(differs).map((each) => [nameOf(each), textOf(each)]));
  return new URLSearchParams({ page: location.pathname, form_key: key.value, texts: JSON.stringify(texts) }).toString();
};

/* one choice of a group is the answer of all */
const isAnswered = (each) => (each.type === "radio" ? controls().some((other) => other.name === each.name && differs(other)) : differs(each));
const fill = (texts) => controls().filter((each) => nameOf(each) in texts && !isAnswered(each)).forEach((each) => {
  const text = texts[nameOf(each)];
  if (isToggle(each)) each.checked = text === "true"; else each.value = text;
  each.dispatchEvent(new Event("change", { bubbles: true }));
});
const report = (at, flush) => {
  const line = element("p", { className: "meta", textContent: `${gettext("Not sent yet (started %(at)s).", { at })} ` });
  line.setAttribute("data-begun-said", "");
  const button = element("button", { type: "button", className: "btn btn-quiet btn-s", textContent: gettext("Discard") });
  button.addEventListener("click", () => { form.reset(); line.remove(); flush(); });
  line.append(button);
  form.before(line);
};
const start = async () => {
  let isSent = false;
  const note = (event) => { isSent = event.type === "submit"; };
  ["submit", "input"].forEach((kind) => form.addEventListener(kind, note));
  const found = await request(`${ADDRESS}?${new URLSearchParams({ page: location.pathname })}`, { headers: BACKGROUND }).catch(() => null);
  /* a page that shows what was just sent is newer */
  const held = found?.status === 200 && found.data && !isRefused ? found.data : null;
  /* typed before this page knew what the server has, so the server has not seen it */
  const isEarly = controls().some(differs);
  /* it goes on as the form that was begun, which is held no more once it is stored, and stored once */
  if (held) {
    key.value = held.form_key;
    fill(held.texts);
  }
  const { flush, endWith } = hold({ url: ADDRESS, read, isEarly, isOver: isSent, asks: false });
  endWith(form);
  if (held) report(held.at, flush);
};
if (key) start();
