/* How saving stands: in words in one corner, and in a bar while something stands between the page and the server. */
import { announce, gettext, one } from "../clinic/dom.js";

const corner = one("[data-save]"), bar = one("[data-offline]");
corner?.removeAttribute("role");
export const initialStatus = corner ? one("span", corner).textContent : "";
export const showStatus = (text, icon, isWarning) => {
  if (!corner) return;
  one("span", corner).textContent = text;
  corner.classList.toggle("is-off", isWarning);
  const use = one("use", corner);
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${icon}`));
};

/* `recounted` gives the text anew while changes pile up */
let cut = false, recounted = null;
export const isCut = () => cut;
export const showBar = (title, text, link = "") => {
  bar.hidden = false;
  one("[data-offline-title]").textContent = title;
  one("[data-offline-words]").textContent = text;
  const anchor = one("[data-offline-link]");
  anchor.hidden = !link;
  if (link) anchor.href = link;
};
export const hideBar = () => { if (!cut) bar.hidden = true; };
export const reportTrouble = (title, text, { link = "", short = gettext("Not saved yet") } = {}) => {
  recounted = typeof text === "function" ? text : null;
  const message = recounted ? recounted() : text;
  showBar(title, message, link);
  if (!cut) announce(`${title} ${message}`, "assertive");
  cut = true;
  showStatus(short, "caution", true);
};
export const recount = () => { if (cut && recounted) one("[data-offline-words]").textContent = recounted(); };
export const reportRecovery = () => {
  if (!cut) return;
  cut = false;
  recounted = null;
  bar.hidden = true;
  announce(gettext("Everything is saved again."));
};
