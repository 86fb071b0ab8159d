/* The figure and last visit's plan write into the entry; going on to something else keeps an entry that is complete. */
import { all, announce, element, gettext, isFocusFree, one } from "../clinic/dom.js";
import { byUse } from "./muscle_field.js";
import { commit, isTouched } from "./site_entry.js";
import { accept, chosen, clear, fieldOf, form, input, isBegun, isComplete, named, note, options, propose, radio, showGaps, suggest } from "./site_fields.js";

/* a row that stands complete leaves first */
const afterKeeping = (next) => { if (isBegun() && isComplete()) commit(false); next(); };

const chip = (option) => {
  const label = element("label", { className: "chip" });
  const pick = element("input", { type: "radio", name: "muscle-chip", value: option.code });
  pick.addEventListener("change", () => { input.value = option.value; note("muscle", "tapped"); accept(option); });
  label.append(pick, element("span", { textContent: option.name }));
  return label;
};
const boxes = () => all("[data-next-site] [data-body-list] input");
/* one box at a time, and the list as the figure shows it; the figure may have been drawn again meanwhile */
const tick = (value) => {
  boxes().forEach((box) => { box.checked = box.value === value; });
  boxes()[0]?.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "told" }));
};
const chooseRegion = (value, label) => {
  const [, code, letter] = value.match(/^(.*)-([lr])$/);
  tick(value);
  const here = options.filter((option) => option.regions.split(" ").includes(code)).sort(byUse);
  if (!here.includes(named(input.value))) { input.value = ""; note("muscle", ""); }
  fieldOf("region").value = code;
  radio("side").find((each) => each.value === (letter === "l" ? "left" : "right")).checked = true;
  note("side", "tapped");
  one("[data-new-head]", form).textContent = label;
  const place = one("[data-muscle-chips]", form);
  place.hidden = here.length < 2;
  one(".chips", place).replaceChildren(...here.map(chip));
  /* one muscle needs no choice */
  if (here.length === 1) { input.value = here[0].value; note("muscle", "tapped"); accept(here[0]); }
  if (isFocusFree() || document.activeElement === input) (here.length > 1 ? one("input", place) : radio("insertions")[0]).focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest" });
  showGaps();
};
document.addEventListener("change", (event) => {
  if (event.detail === "told" || !event.target.closest("[data-next-site]")) return;
  const value = event.target.value, label = event.target.closest("label").textContent.trim();
  if (event.target.checked) afterKeeping(() => chooseRegion(value, label)); else noRegion();
});
const noRegion = () => {
  fieldOf("region").value = "";
  one("[data-new-head]", form).textContent = gettext("Next site");
  one("[data-muscle-chips]", form).hidden = true;
};
/* a muscle that does not lie where was picked is kept at its own place, and the row says so */
document.addEventListener("muscle-taken", ({ detail: option }) => {
  const region = fieldOf("region").value, head = one("[data-new-head]", form), place = head.textContent;
  if (!region || option.regions.split(" ").includes(region)) return;
  noRegion();
  tick("");
  head.textContent = gettext("Next site, not at: %(place)s. This muscle lies elsewhere.", { place });
  announce(head.textContent);
});
document.addEventListener("submit", (event) => { if (event.target.matches("[data-next-site]")) event.preventDefault(); });

const adopt = ({ value, dataset: { muscle, side, needle, ref, on } }) => {
  const source = `plan@${on}`;
  input.value = muscle;
  note("muscle", source);
  const option = named(muscle);
  if (option) propose(option);
  radio("side").forEach((each) => { each.checked = each.value === side; });
  note("side", source);
  suggest("needle", needle, source);
  fieldOf("adopted_from").value = ref || "";
  form.dataset.plan = value;
  one("[data-muscle-chips]", form).hidden = true;
  showGaps();
  radio("insertions")[0].focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest" });
};
const pick = (event, button) => { event.preventDefault(); afterKeeping(() => adopt(button)); };
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-plan] .plan");
  if (button) pick(event, button);
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const plan = event.target.closest?.("[data-plan]");
  const button = plan && /^[1-9]$/.test(event.key) && all(".plan", plan)[event.key - 1];
  if (button) pick(event, button);
});

/* the plan is one stop of the Tab key; arrows move inside it */
const chips = () => all("[data-plan] .plan");
const rove = () => {
  const plans = chips(), first = plans.find((each) => each === document.activeElement) || plans.find((each) => each.getAttribute("aria-pressed") === "false") || plans[0];
  plans.forEach((each) => { each.tabIndex = each === first ? 0 : -1; });
};
document.addEventListener("keydown", (event) => {
  const plans = chips(), at = plans.indexOf(event.target), step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (at < 0 || !step) return;
  event.preventDefault();
  plans[(at + step + plans.length) % plans.length].focus();
  rove();
});
document.addEventListener("figure-drawn", rove);
rove();

/* a site that was begun before shows its region again */
const from = { left: "l", right: "r" }[chosen("side")?.value], place = from && boxes().find((box) => box.value === `${fieldOf("region").value}-${from}`);
if (place) {
  tick(place.value);
  one("[data-new-head]", form).textContent = place.closest("label").textContent.trim();
}

one("[data-empty]", form)?.addEventListener("click", () => { clear(); input.focus(); });
document.addEventListener("row-emptied", () => tick(""));

/* figure, list and plan ask for themselves; everywhere else a complete row is kept as it is left */
document.addEventListener("focusin", (event) => {
  const elsewhere = event.target.matches("input, textarea, select, button, a, summary") && !event.target.closest(".site-new, #plan, #figure");
  if (!elsewhere || !isTouched() || !isBegun() || !isComplete()) return;
  commit(false);
});
