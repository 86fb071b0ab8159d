/* Buttons and clocks of the session page: now as the end, every advice at once, how long a needle has been in. */
import { all, one } from "../clinic/dom.js";
import { clock, now } from "./draft.js";
import { save, settle } from "./save_queue.js";

const countAdvice = () => { const place = one("[data-ticked]"); if (place) place.textContent = all(".advice input:checked").length; };
document.addEventListener("change", countAdvice);
all("[data-now]").forEach((button) => button.addEventListener("click", () => {
  const input = one(`[data-field="${button.dataset.now}"]`);
  input.value = clock(now());
  save(button.dataset.now, "timer");
  input.focus();
}));
all("[data-tick-all]").forEach((button) => button.addEventListener("click", () => {
  all('.advice input[type="checkbox"]').forEach((box) => { if (!box.checked) { box.checked = true; save(box.dataset.field, "tapped"); } });
  countAdvice();
  one('[data-field="needles_out"]').focus({ preventScroll: true });
}));
/* a keyboard on a screen may send the form without a key that could be heard: that saves, and stays */
document.addEventListener("submit", (event) => {
  if (!event.submitter?.hasAttribute("data-stay")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  settle();
}, true);
setInterval(() => all("[data-since]").forEach((place) => {
  const seconds = Math.max(0, Math.round((now() - Date.parse(place.dataset.since)) / 1000));
  place.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} in`;
}), 1000);
