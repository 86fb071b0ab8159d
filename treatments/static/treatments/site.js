/* The row of a site: what is proposed, what is still needed, Enter. Without it the browser's own list serves. */
(() => {
  "use strict";
  const form = document.querySelector("[data-site]");
  if (!form) return;
  const one = (selector, from = form) => from.querySelector(selector);
  const all = (selector, from = form) => Array.from(from.querySelectorAll(selector));
  const input = one("[data-muscle]");
  const radio = (name) => all(`input[type="radio"][name="${name}"]`);
  const chosen = (name) => radio(name).find((each) => each.checked);
  const fieldOf = (name) => one(`[name="${name}"]`);
  const read = ({ value, dataset }) => {
    const [, name, code] = value.match(/^(.*) \((.*)\)$/);
    return { value, name, code: code.toLowerCase(), technique: "in_out", ...dataset, words: name.toLowerCase().split(/[^a-z0-9]+/) };
  };
  const options = all("#muscle-list option").map(read);
  const named = (text) => options.find((option) => [option.value, option.name, option.code].some((each) => each.toLowerCase() === text.trim().toLowerCase()));
  const keeps = form.hasAttribute("data-keep");
  const { lung, draw } = window.filiformDepth(form);

  /* ---- where each value came from: {name: "typed" | "tapped" | "hand@2026-05-05" ...} */
  const WORDS = { hand: "your last", usual: "usual", needle: "your last needle", count: "counted for you", plan: "last visit" };
  const origins = new Map();
  let touched = "typed";
  const proposed = (name) => (origins.get(name) || "").split("@")[0] in WORDS;
  const said = (source) => {
    const [name, on] = source.split("@");
    const day = on ? `, ${new Date(`${on}T12:00`).toLocaleDateString("en-GB", { day: "numeric", month: "short" })}` : "";
    return `${WORDS[name] || ""}${WORDS[name] ? day : ""}`;
  };
  const note = (name, source) => {
    if (source) origins.set(name, source); else origins.delete(name);
    fieldOf("origins").value = Array.from(origins, (pair) => pair.join(":")).join(",");
    const panel = one(`[data-prop="${name}"]`), plain = fieldOf(name);
    if (panel) caption(panel, source || "");
    else if (plain && plain.type !== "radio") plain.classList.toggle("proposed", proposed(name));
  };
  const caption = (panel, source) => {
    const name = panel.dataset.prop;
    one("[data-said]", panel).textContent = chosen(name)?.closest("label").textContent.trim() || "Choose";
    one("[data-origin]", panel).textContent = said(source);
    panel.classList.toggle("is-proposed", proposed(name));
  };
  ["pointerdown", "keydown"].forEach((kind) => form.addEventListener(kind, () => { touched = kind === "keydown" ? "typed" : "tapped"; }, true));

  /* ---- proposals: equipment and technique only, dashed until the row is kept; what was touched stays */
  const suggest = (name, value, source) => {
    if (origins.has(name) && !proposed(name)) return;
    const target = radio(name);
    const match = target.find((each) => each.value === value);
    target.forEach((each) => { each.checked = each === match; });
    if (!target.length) fieldOf(name).value = value || "";
    const panel = one(`[data-prop="${name}"]`);
    if (panel) panel.open = !match;
    note(name, (target.length ? match : value) ? source : "");
  };
  const count = () => suggest("needles", form.dataset.each ? counts("insertions") : input.value.trim() ? 1 : "", "count");
  let current = null;
  const propose = (option) => {
    current = option;
    lung(option);
    if (keeps) return;
    const source = option.source || "usual";
    suggest("needle", option.needle, option.needleFrom || source);
    suggest("technique", option.technique, source);
    suggest("tissue", option.tissue || "trigger_point", source);
    suggest("dwell", option.dwell, source);
    suggest("depth_mm", option.lung ? "" : option.depth, source);
    count();
    staying();
  };
  form.addEventListener("change", (event) => {
    const name = event.target.name;
    if (!name || name === "muscle-chip") return;
    note(name.replace(/_more$/, ""), event.target.value ? touched : "");
    if (name.startsWith("insertions")) count();
    staying();
    tell();
    if (name === "depth_mm") draw();
  });
  const staying = () => {
    const left = ["static", "stimulated"].includes(chosen("technique")?.value) || Boolean(fieldOf("dwell").value);
    one(".dwell-field").classList.toggle("is-wanted", left);
    one(".needle-other").classList.toggle("is-wanted", chosen("needle")?.value === "other");
  };

  /* ---- what is still needed, in the order of the row */
  const counts = (name) => { const now = chosen(name); return now?.value === "more" ? fieldOf(`${name}_more`).value : now?.value; };
  const gaps = () => [
    [input.value.trim(), "muscle", input], [chosen("side"), "side", radio("side")[0]],
    [counts("insertions"), "insertions", radio("insertions")[0]], [counts("twitches"), "twitches. 0 is an answer", radio("twitches")[0]],
    [!form.dataset.lung || fieldOf("depth_mm").value, "depth", fieldOf("depth_mm")], [chosen("needle"), "needle", radio("needle")[0]],
    [chosen("technique"), "technique", radio("technique")[0]], [chosen("tissue"), "what it was aimed at", radio("tissue")[0]],
  ].filter(([there]) => !there);
  const complete = () => !gaps().length;
  /* a row that was begun on an earlier page is kept by its own Enter only, until it is touched */
  let untouched = form.hasAttribute("data-begun");
  ["pointerdown", "keydown"].forEach((kind) => form.addEventListener(kind, () => { untouched = false; }, true));
  /* a side from the figure alone is no row yet */
  const begun = () => Boolean(input.value.trim() || counts("insertions") || counts("twitches"));
  const tell = () => {
    const place = one("[data-gaps]");
    if (!place) return;
    const missing = begun() ? gaps() : [];
    one("[data-empty]").hidden = !begun();
    place.textContent = missing.length ? `Still needed: ${missing.map(([, word]) => word).sort((a, b) => a.includes(".") - b.includes(".")).join(", ")}.` : "";
  };
  const showGap = () => {
    const [, , field] = gaps()[0];
    tell();
    for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    field.focus();
  };

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /* a side is one key, and the row goes on by itself before the next key can arrive */
    const side = event.target.name === "side" && radio("side").find((each) => each.value[0] === event.key.toLowerCase());
    if (side) {
      side.click();
      (chosen("insertions") || radio("insertions")[0]).focus();
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const more = /^[0-9]$/.test(event.key) && event.target.closest(".has-more");
    if (more && event.target.type === "radio" && !radio(event.target.name).some((each) => each.value === event.key)) {
      const field = fieldOf(`${event.target.name}_more`);
      radio(event.target.name).find((each) => each.value === "more").click();
      field.value = event.key;
      field.focus();
      event.preventDefault();
    }
    if (event.key === "Enter" && !event.target.matches("button, textarea, summary, a")) { event.preventDefault(); form.requestSubmit(); }
  });

  /* ---- a kept row makes room for the next one */
  const clear = () => {
    const key = fieldOf("key").value;
    form.reset();
    one("[data-begun-said]")?.remove();
    origins.clear();
    fieldOf("key").value = key;
    ["region", "origins", "adopted_from"].forEach((name) => { fieldOf(name).value = ""; });
    one("[data-new-head]").textContent = "Next site";
    one("[data-muscle-chips]").hidden = true;
    all(".invalid-feedback").forEach((line) => line.remove());
    all(".proposed").forEach((field) => field.classList.remove("proposed"));
    all("[data-prop]").forEach((panel) => { panel.open = false; caption(panel, ""); });
    lung(null);
    staying();
    tell();
    current = null;
    document.dispatchEvent(new Event("row-emptied"));
  };
  const number = (next) => { one("[data-next-number]").textContent = next; };
  const empty = (data, goOn) => {
    const needle = chosen("needle")?.value, was = origins.get("muscle");
    options.forEach((option) => { if (!option.needle && needle !== "other") { option.needle = needle; option.needleFrom = "needle"; } });
    clear();
    fieldOf("key").value = data.key;
    number(data.next);
    if (!goOn) return;
    /* a site of the plan leads to the next site of the plan */
    const next = was?.startsWith("plan") && document.querySelector('[data-plan] .plan[aria-pressed="false"]');
    (next || input).focus();
  };
  let sending = null;
  const commit = (goOn = true) => {
    if (sending) return sending;
    if (!complete()) { showGap(); return Promise.resolve(false); }
    form.setAttribute("aria-busy", "true");
    sending = new Promise((resolve) => window.filiform.live(form, (status, data) => {
      sending = null;
      form.removeAttribute("aria-busy");
      if (status === 200) empty(data, goOn); else window.filiform.formErrors(form, data.errors || {});
      resolve(status === 200);
    }));
    return sending;
  };
  if (!keeps && window.filiform) form.addEventListener("submit", (event) => { event.preventDefault(); commit(); });

  const onward = () => { (chosen("side") ? chosen("insertions") || radio("insertions")[0] : radio("side")[0]).focus(); };
  const accept = (option) => { if (!proposed("muscle")) note("muscle", touched); propose(option); tell(); };
  const typed = () => { current = null; if (origins.has("muscle")) note("muscle", "typed"); lung(named(input.value)); count(); };
  window.filiformMuscles.combobox({ input, options, named, accept, onward, typed, complete, keeps, current: () => current, line: keeps ? null : () => window.filiformLine(input.value, clear) });
  window.filiformRow = { isEmpty: () => !filled().length, form, input, options, named, radio, chosen, fieldOf, note, suggest, propose, accept, onward, gaps, complete, begun, isTouched: () => !untouched, showGap, commit, clear, number, tell };

  /* ---- a row that came with the page: from the plan, from the figure, or begun before the page was opened */
  const ANSWERS = 'input:not([type="hidden"]), textarea';
  /* an emptied row is empty, whatever the page came with */
  const forget = () => all(ANSWERS).forEach((each) => {
    const { checked, value } = each;
    if (/radio|checkbox/.test(each.type)) { each.defaultChecked = false; each.checked = checked; } else { each.defaultValue = ""; each.value = value; }
  });
  const filled = () => all(ANSWERS).filter((each) => (each.type === "radio" ? each.checked : each.value));
  const resume = () => {
    const came = fieldOf("origins").value.split(",").filter(Boolean).map((pair) => pair.split(":"));
    filled().forEach((each) => note(each.name.replace(/_more$/, ""), "typed"));
    came.forEach((pair) => note(...pair));
    const offered = came.filter(([name]) => proposed(name)).map(([name, source]) => [name, chosen(name)?.value ?? fieldOf(name).value, source]);
    const option = named(input.value);
    if (option) propose(option);
    /* what had been proposed then is proposed still */
    offered.forEach((each) => suggest(...each));
    tell();
    if (form.hasAttribute("data-begun")) {
      (gaps()[0]?.[2] || radio("twitches")[0]).focus({ preventScroll: true });
      form.scrollIntoView({ block: "start" });
    } else if (option) radio("insertions")[0].focus();
  };
  all("[data-prop]").forEach((panel) => { panel.open = keeps || Boolean(one(".invalid-feedback", panel)); caption(panel, ""); });
  lung(named(input.value));
  staying();
  if (!keeps && filled().length) { forget(); resume(); }
})();
