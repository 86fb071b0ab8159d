/* The figure and last visit's plan write into the row; going on to something else keeps a row that is complete. */
(() => {
  "use strict";
  const row = window.filiformRow;
  if (!row || !window.filiform || row.form.hasAttribute("data-keep")) return;
  const { form, input, fieldOf, radio, note } = row;
  const one = (selector, from = document) => from.querySelector(selector);

  /* what follows waits until the row that stands complete is kept */
  const then = (next) => { if (row.begun() && row.complete()) row.commit(false).then((kept) => { if (kept) next(); }); else next(); };

  const chip = (option) => {
    const label = Object.assign(document.createElement("label"), { className: "chip" });
    const pick = Object.assign(document.createElement("input"), { type: "radio", name: "muscle-chip", value: option.code });
    pick.addEventListener("change", () => { input.value = option.value; note("muscle", "tapped"); row.accept(option); });
    label.append(pick, Object.assign(document.createElement("span"), { textContent: option.name }));
    return label;
  };
  const boxes = () => Array.from(document.querySelectorAll("[data-next-site] [data-body-list] input"));
  /* one box at a time, and the list as the figure shows it; the figure may have been drawn again meanwhile */
  const tick = (value) => {
    boxes().forEach((box) => { box.checked = box.value === value; });
    boxes()[0]?.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "told" }));
  };
  const region = (value, words) => {
    const [, code, letter] = value.match(/^(.*)-([lr])$/);
    tick(value);
    const here = row.options.filter((option) => option.regions.split(" ").includes(code)).sort(window.filiformMuscles.byUse);
    if (!here.includes(row.named(input.value))) { input.value = ""; row.note("muscle", ""); }
    fieldOf("region").value = code;
    radio("side").find((each) => each.value === (letter === "l" ? "left" : "right")).checked = true;
    note("side", "tapped");
    one("[data-new-head]", form).textContent = words;
    const place = one("[data-muscle-chips]", form);
    place.hidden = here.length < 2;
    one(".chips", place).replaceChildren(...here.map(chip));
    /* one muscle needs no choice */
    if (here.length === 1) { input.value = here[0].value; note("muscle", "tapped"); row.accept(here[0]); }
    if (document.activeElement === document.body || document.activeElement === input) (here.length > 1 ? one("input", place) : radio("insertions")[0]).focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
    row.tell();
  };
  document.addEventListener("change", (event) => {
    if (event.detail === "told" || !event.target.closest("[data-next-site]")) return;
    const value = event.target.value, words = event.target.closest("label").textContent.trim();
    if (event.target.checked) then(() => region(value, words)); else noRegion();
  });
  const noRegion = () => {
    fieldOf("region").value = "";
    one("[data-new-head]", form).textContent = "Next site";
    one("[data-muscle-chips]", form).hidden = true;
  };
  document.addEventListener("submit", (event) => { if (event.target.matches("[data-next-site]")) event.preventDefault(); });

  const adopt = ({ muscle, side, needle, ref, on }) => {
    const source = `plan@${on}`;
    input.value = muscle;
    note("muscle", source);
    const option = row.named(muscle);
    if (option) row.propose(option);
    radio("side").forEach((each) => { each.checked = each.value === side; });
    note("side", source);
    row.suggest("needle", needle, source);
    fieldOf("adopted_from").value = ref || "";
    one("[data-muscle-chips]", form).hidden = true;
    row.tell();
    radio("insertions")[0].focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  };
  const chosen = (event, button) => { event.preventDefault(); const plan = { ...button.dataset }; then(() => adopt(plan)); };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-plan] .plan");
    if (button) chosen(event, button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const plan = event.target.closest?.("[data-plan]");
    const button = plan && /^[1-9]$/.test(event.key) && plan.querySelectorAll(".plan")[event.key - 1];
    if (button) chosen(event, button);
  });

  /* the plan is one stop of the Tab key; arrows move inside it */
  const chips = () => Array.from(document.querySelectorAll("[data-plan] .plan"));
  const rove = () => {
    const all = chips(), first = all.find((each) => each === document.activeElement) || all.find((each) => each.getAttribute("aria-pressed") === "false") || all[0];
    all.forEach((each) => { each.tabIndex = each === first ? 0 : -1; });
  };
  document.addEventListener("keydown", (event) => {
    const all = chips(), at = all.indexOf(event.target), step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    all[(at + step + all.length) % all.length].focus();
    rove();
  });
  document.addEventListener("figure-drawn", rove);
  rove();

  /* a site that was begun before shows its region again */
  const from = { left: "l", right: "r" }[row.chosen("side")?.value], place = from && boxes().find((box) => box.value === `${fieldOf("region").value}-${from}`);
  if (place) {
    tick(place.value);
    one("[data-new-head]", form).textContent = place.closest("label").textContent.trim();
  }

  one("[data-empty]", form)?.addEventListener("click", () => { row.clear(); input.focus(); });
  document.addEventListener("row-emptied", () => tick(""));

  /* figure, list and plan ask for themselves; everywhere else a complete row is kept as it is left */
  document.addEventListener("focusin", (event) => {
    const elsewhere = event.target.matches("input, textarea, select, button, a, summary") && !event.target.closest(".site-new, #plan, #figure");
    if (!elsewhere || !row.isTouched() || !row.begun() || !row.complete()) return;
    row.commit(false);
  });
})();
