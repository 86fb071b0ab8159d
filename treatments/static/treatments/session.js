/* The session page: fields are saved as they are left, forms answer with parts of the page, leaving waits for saving. */
import { isFocusFree, isToggle, one } from "../clinic/dom.js";
import "../clinic/body_chart.js";
import "./coediting.js";
import "./figure_zoom.js";
import "./review.js";
import { isPending, leave, save, saveEarlyInput, saveSoon, settle, submitLive } from "./save_queue.js";
import "./session_buttons.js";
import "./site_picks.js";
import { takeUpRows } from "./site_rows.js";
import "./unsaved.js";

document.addEventListener("change", (event) => {
  const name = event.target.dataset?.field;
  if (name) save(name, isToggle(event.target) ? "tapped" : "typed");
});
document.addEventListener("input", (event) => {
  const name = event.target.dataset?.field;
  if (name && event.target.matches("textarea, input[type=text]:not([inputmode])")) saveSoon(name);
});
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") settle(); });

/* what else was begun is held by unsaved.js */
addEventListener("beforeunload", (event) => { settle(); if (isPending()) event.preventDefault(); });

document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  if (!form.matches("[data-live]")) return;
  event.preventDefault();
  submitLive(form, button);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-flush], a.strip-end, .strip a, .pane-rail a");
  if (!link || event.ctrlKey || event.metaKey || event.button || !isPending()) return;
  event.preventDefault();
  leave(link.href);
});

saveEarlyInput();
/* without a connection the link leads to the card's own page, when there is one again */
import("./faint.js").catch(() => {});
takeUpRows();
if (isFocusFree()) (one('[data-field^="pain_before"]:checked') || one('[data-field^="pain_before"]'))?.focus({ preventScroll: true });
