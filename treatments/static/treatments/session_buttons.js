/* Buttons and clocks of the session page: counts once more, now as the end, every advice, how long a needle is in. */
import { all, element, gettext, ngettext, one } from "../clinic/dom.js";
import { clock, now } from "./draft.js";
import { save, settle } from "./save_queue.js";

/* The counts of the row before are offered in words, never filled in: one press where they are the same again, or its
   key. Tab goes from the twitches to the depth as before. */
const row = one("#new-site"), again = element("button", { type: "button", className: "btn btn-s same-counts", hidden: true, tabIndex: -1, ariaKeyShortcuts: "=" });
const COUNTS = ["insertions", "twitches"];
const countOf = (name) => { const { value } = row.elements[name]; return value === "more" ? row.elements[`${name}_more`].value : value; };
let counts = [], earlier = null;
const offer = (those) => {
  if (!those.length || !those.every(Boolean)) return;
  earlier = those;
  const insertions = ngettext("%(count)s insertion", "%(count)s insertions", those[0]), twitches = ngettext("%(count)s twitch", "%(count)s twitches", those[1]);
  again.replaceChildren(`${gettext("Again %(insertions)s, %(twitches)s", { insertions, twitches })} `, element("kbd", { textContent: "=", ariaHidden: "true" }));
  again.hidden = false;
};
const choose = (name, value) => {
  const radios = Array.from(row.elements[name]), more = row.elements[`${name}_more`], exact = radios.find((each) => each.value === value);
  (exact || radios.find((each) => each.value === "more")).click();
  if (exact) return;
  more.value = value;
  more.dispatchEvent(new Event("change", { bubbles: true }));
};
one(".pair", row).append(again);
offer(all("[data-counts]").at(-1)?.dataset.counts.split(" ") || []);
row.addEventListener("change", () => { counts = COUNTS.map(countOf); });
one("[data-empty]", row).addEventListener("click", () => { counts = []; }, true);
document.addEventListener("row-emptied", () => { offer(counts); counts = []; });
again.addEventListener("click", () => {
  COUNTS.forEach((name, at) => choose(name, earlier[at]));
  one('[name="twitches"]:checked', row).focus({ preventScroll: true });
});
row.addEventListener("keydown", (event) => {
  if (event.key !== "=" || again.hidden || !event.target.matches('input[type="radio"]')) return;
  event.preventDefault();
  again.click();
});

const countAdvice = () => { const place = one("[data-ticked]"); if (place) place.textContent = all(".advice details input:checked").length; };
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
  place.textContent = gettext("%(time)s in", { time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` });
}), 1000);
