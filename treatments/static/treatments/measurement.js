/* The page that adds a measurement: sent as a plain form, and held while it is typed. */
import { one } from "../clinic/dom.js";
import { hold } from "../clinic/held.js";

const form = one("[data-measurement]");
const OURS = /^measurement-/, KIND = "measurement-kind";
const text = () => {
  const body = new URLSearchParams([...new FormData(form)].filter(([name, value]) => OURS.test(name) && value));
  return [...body.keys()].some((name) => name !== KIND) ? body.toString() : "";
};
hold({ url: form.dataset.unsavedUrl, read: text, isEarly: !form.hasAttribute("data-begun") && Boolean(text()) }).endWith(form);
