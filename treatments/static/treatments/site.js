/* The row of a site: typeahead, what is proposed, the lung's depth, Enter. Without it the browser's own list serves. */
(() => {
  "use strict";
  const form = document.querySelector("[data-site]");
  if (!form) return;
  const one = (selector, from = form) => from.querySelector(selector);
  const all = (selector, from = form) => Array.from(from.querySelectorAll(selector));
  const input = one("[data-muscle]"), box = input.closest(".search-box");
  const radio = (name) => all(`input[type="radio"][name="${name}"]`);
  const chosen = (name) => radio(name).find((each) => each.checked);
  const fieldOf = (name) => one(`[name="${name}"]`);
  const options = all("#muscle-list option").map((each) => ({ value: each.value, ...each.dataset, words: each.dataset.name.toLowerCase().split(/[^a-z0-9]+/) }));
  const keeps = form.hasAttribute("data-keep");
  const touched = new Set(), proposed = new Set();

  /* ---- the list */
  const matches = (text) => window.filiformMuscles(options, text);
  const list = Object.assign(document.createElement("ul"), { id: "muscle-options", className: "options typeahead", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Muscles");
  box.append(list);
  input.removeAttribute("list");
  Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }).forEach(([key, value]) => input.setAttribute(key, value));
  let shown = [], at = -1;
  const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const light = (next) => {
    at = next;
    Array.from(list.children).forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    if (at >= 0) input.setAttribute("aria-activedescendant", `muscle-${at}`);
  };
  const open = () => {
    const text = input.value.trim().toLowerCase();
    shown = text ? matches(text) : [];
    list.replaceChildren(...shown.map((option, place) => {
      const item = Object.assign(document.createElement("li"), { id: `muscle-${place}` });
      item.setAttribute("role", "option");
      const used = option.used ? `, used ${option.used}×` : "";
      item.append(Object.assign(document.createElement("span"), { className: "name", textContent: option.name }), Object.assign(document.createElement("span"), { className: "meta", textContent: `${option.code.toUpperCase()}${used}${option.lung ? ", over the lung" : ""}` }));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); accept(option); onward(); });
      return item;
    }));
    if (text && !shown.length) {
      const none = Object.assign(document.createElement("li"), { textContent: `No muscle matches “${input.value.trim()}”. Enter keeps the name for review.` });
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      list.append(none);
    }
    list.hidden = !text;
    input.setAttribute("aria-expanded", String(Boolean(text)));
    light(shown.length ? 0 : -1);
    if (text) list.scrollIntoView({ block: "nearest" });
  };
  const named = (text) => options.find((option) => [option.value, option.name, option.code].some((each) => each.toLowerCase() === text.trim().toLowerCase()));
  const accept = (option) => { input.value = option.value; close(); propose(option); };
  const onward = () => { (chosen("side") ? chosen("insertions") || radio("insertions")[0] : radio("side")[0]).focus(); };

  input.addEventListener("input", () => { open(); lung(named(input.value)); });
  input.addEventListener("blur", () => { close(); const found = named(input.value); if (found) accept(found); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) open();
      if (shown.length) light((at + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length);
      event.preventDefault();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && input.value.trim() && !(list.hidden && !gaps().length)) {
      if (!list.hidden && at >= 0) accept(shown[at]);
      close();
      onward();
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Escape" && (!list.hidden || input.value)) {
      if (list.hidden) { input.value = ""; lung(null); } else close();
      event.preventDefault();
    } else if (event.key === "Tab" && !event.shiftKey && !input.value && !keeps) {
      const next = document.querySelector('[data-field^="pain_after"]:checked, [data-field^="pain_after"]');
      if (next) { event.preventDefault(); next.focus(); }
    }
  });

  /* ---- proposals: equipment and technique only, dashed until the row is kept */
  const details = (name) => one(`[data-prop="${name}"]`);
  const caption = (name, origin) => {
    const panel = details(name);
    if (!panel) return;
    const label = chosen(name)?.closest("label").textContent.trim() || "Choose";
    one("[data-said]", panel).textContent = label;
    one("[data-origin]", panel).textContent = origin || "";
    panel.classList.toggle("is-proposed", proposed.has(name));
  };
  const suggest = (name, value, origin) => {
    if (touched.has(name)) return;
    const target = radio(name);
    if (target.length) {
      const match = target.find((each) => each.value === value);
      target.forEach((each) => { each.checked = each === match; });
      if (match) proposed.add(name); else proposed.delete(name);
      if (details(name)) details(name).open = !match;
      caption(name, match ? origin : "");
    } else {
      const plain = fieldOf(name);
      plain.value = value || "";
      plain.classList.toggle("proposed", Boolean(value));
      if (value) proposed.add(name); else proposed.delete(name);
    }
    remember();
  };
  const remember = () => { const place = fieldOf("proposed"); if (place) place.value = Array.from(proposed).join(","); };
  const propose = (option) => {
    lung(option);
    if (keeps) return;
    const origin = option.from || "usual";
    suggest("needle", option.needle, origin);
    suggest("technique", option.technique, origin);
    suggest("tissue", option.tissue || "trigger_point", origin);
    suggest("dwell", option.dwell, origin);
    suggest("depth_mm", option.lung ? "" : option.depth, origin);
    staying();
  };
  form.addEventListener("change", (event) => {
    const name = event.target.name;
    touched.add(name);
    proposed.delete(name);
    event.target.classList.remove("proposed");
    caption(name, "");
    remember();
    staying();
    tell();
    if (name === "depth_mm") draw();
  });
  const staying = () => {
    const left = ["static", "stimulated"].includes(chosen("technique")?.value) || Boolean(fieldOf("dwell").value);
    one(".dwell-field").classList.toggle("is-wanted", left);
    one(".needle-other").classList.toggle("is-wanted", chosen("needle")?.value === "other");
  };

  /* ---- over the lung the depth is asked for, never proposed */
  const lung = (option) => {
    const over = Boolean(option?.lung);
    const row = one(".depth-row"); // an option of the list carries data-depth too
    form.classList.toggle("is-caution", over);
    row.classList.toggle("depth", over);
    one("[data-depth-mark]").hidden = !over;
    one("[data-depth-label]").textContent = over ? "Depth in mm. This muscle lies over the lung." : "Depth in mm";
    // an SVG has no property `hidden`; and without a limit there is nothing true to draw
    one("[data-depth-pic]").toggleAttribute("hidden", !(over && option.limit));
    form.dataset.lung = over ? "1" : "";
    form.dataset.limit = option?.limit || "";
    form.dataset.limitBy = option?.by || "";
    form.dataset.hint = option?.note || "";
    chipsFor(over, Number(option?.limit) || 0);
    draw();
  };
  const chipsFor = (over, limit) => {
    const place = one("[data-depth-chips]");
    place.hidden = !over;
    const offered = limit ? [Math.round(limit * 0.5), Math.round(limit * 0.65), Math.round(limit * 0.8), limit] : [10, 12, 15, 20];
    place.replaceChildren(...(over ? offered : []).map((depth) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: String(depth) });
      button.setAttribute("aria-label", `${depth} mm`);
      button.addEventListener("click", () => { const field = fieldOf("depth_mm"); field.value = depth; field.dispatchEvent(new Event("change", { bubbles: true })); });
      return button;
    }));
  };
  const draw = () => {
    const over = form.dataset.lung, limit = Number(form.dataset.limit), depth = Number(fieldOf("depth_mm").value);
    const hint = one("[data-depth-hint]");
    const said = !over ? "" : limit ? `Limit ${limit} mm${form.dataset.limitBy ? `, set by ${form.dataset.limitBy}` : ""}.` : "No limit is set for this muscle.";
    const spare = over && limit && depth ? (depth > limit ? ` ${depth - limit} mm over it: you will be asked why.` : ` ${limit - depth} mm to spare.`) : "";
    hint.textContent = [said + spare, form.dataset.hint].filter(Boolean).join(" ");
    const tip = depth ? Math.min(14 + (depth / (limit || 30)) * 50, 88) : 14;
    one(".dp-needle").setAttribute("d", `M64 0V${tip}`);
    one("[data-depth-said]").textContent = depth || "";
    one("[data-depth-said]").setAttribute("y", Math.max(tip - 4, 30));
    one("[data-depth-limit]").textContent = limit ? `limit ${limit}` : "";
    one(".dp-limit").toggleAttribute("hidden", !limit);
  };

  /* ---- what is still needed, in the order of the row */
  const counted = (name) => { const now = chosen(name); return now && (now.value !== "more" || fieldOf(`${name}_more`).value); };
  const gaps = () => [
    [input.value.trim(), "muscle", input], [chosen("side"), "side", radio("side")[0]],
    [counted("insertions"), "insertions", radio("insertions")[0]], [counted("twitches"), "twitches. 0 is an answer", radio("twitches")[0]],
    [!form.dataset.lung || fieldOf("depth_mm").value, "depth", fieldOf("depth_mm")], [chosen("needle"), "needle", radio("needle")[0]],
    [chosen("technique"), "technique", radio("technique")[0]], [chosen("tissue"), "what it was aimed at", radio("tissue")[0]],
  ].filter(([there]) => !there);
  const tell = () => {
    const place = one("[data-gaps]");
    if (!place) return;
    const missing = input.value.trim() ? gaps() : [];
    place.textContent = missing.length ? `Still needed: ${missing.map(([, word]) => word).sort((a, b) => a.includes(".") - b.includes(".")).join(", ")}.` : "";
  };
  const showGap = ([, , field]) => { for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true; field.focus(); };

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const side = event.target.name === "side" && /^[lrbm]$/i.test(event.key);
    if (side) window.setTimeout(() => { if (chosen("side")) (chosen("insertions") || radio("insertions")[0]).focus(); });
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
  const empty = (data) => {
    const needle = chosen("needle")?.value;
    options.forEach((option) => { if (!option.needle && needle !== "other") { option.needle = needle; option.from = "your last needle"; } });
    form.reset();
    touched.clear();
    proposed.clear();
    ["region", "proposed", "adopted_from"].forEach((name) => { fieldOf(name).value = ""; });
    fieldOf("key").value = data.key;
    one("[data-next-number]").textContent = data.next;
    one("[data-new-head]").textContent = "Next site";
    one("[data-muscle-chips]").hidden = true;
    all(".invalid-feedback").forEach((line) => line.remove());
    all(".proposed").forEach((field) => field.classList.remove("proposed"));
    all("[data-prop]").forEach((panel) => { panel.open = false; caption(panel.dataset.prop, ""); });
    lung(null);
    staying();
    tell();
    input.focus();
  };
  let sending = false;
  const commit = (after) => {
    const missing = gaps();
    if (missing.length) { tell(); showGap(missing[0]); return; }
    if (sending) return;
    sending = true;
    form.setAttribute("aria-busy", "true");
    window.filiform.live(form, (status, data) => {
      sending = false;
      form.removeAttribute("aria-busy");
      if (status === 200) { empty(data); if (after) after(); } else window.filiform.formErrors(form, data.errors || {});
    });
  };
  if (!keeps && window.filiform) form.addEventListener("submit", (event) => { event.preventDefault(); commit(); });

  /* ---- the figure and last visit's plan write into the same row */
  const region = (value, words) => {
    const [, code, letter] = value.match(/^(.*)-([lr])$/);
    fieldOf("region").value = code;
    const side = radio("side").find((each) => each.value === (letter === "l" ? "left" : "right"));
    side.checked = true;
    touched.add("side");
    one("[data-new-head]").textContent = words;
    const place = one("[data-muscle-chips]");
    const here = options.filter((option) => option.regions.split(" ").includes(code)).sort((a, b) => (b.used || 0) - (a.used || 0));
    place.hidden = !here.length;
    one(".chips", place).replaceChildren(...here.map((option) => {
      const label = Object.assign(document.createElement("label"), { className: "chip" });
      const pick = Object.assign(document.createElement("input"), { type: "radio", name: "muscle-chip", value: option.code });
      pick.addEventListener("change", () => { accept(option); tell(); });
      label.append(pick, Object.assign(document.createElement("span"), { textContent: option.name }));
      return label;
    }));
    place.scrollIntoView({ block: "nearest" });
    tell();
  };
  document.addEventListener("change", (event) => {
    if (!event.target.closest("[data-body-list]") || !event.target.checked) return;
    const value = event.target.value, words = event.target.closest("label").textContent.trim();
    if (input.value.trim() && !gaps().length) commit(() => region(value, words));
    else region(value, words);
  });
  const adopt = (chip) => {
    input.value = chip.dataset.muscle;
    const option = named(chip.dataset.muscle);
    if (option) propose(option);
    radio("side").forEach((each) => { each.checked = each.value === chip.dataset.side; });
    suggest("needle", chip.dataset.needle, "last visit");
    ["muscle", "side"].forEach((name) => proposed.add(name));
    fieldOf("adopted_from").value = chip.dataset.ref || "";
    remember();
    tell();
    radio("insertions")[0].focus();
  };
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-plan] .plan");
    if (chip) { event.preventDefault(); adopt(chip); }
  });
  document.addEventListener("keydown", (event) => {
    const plan = event.target.closest?.("[data-plan]");
    const chip = plan && /^[1-9]$/.test(event.key) && plan.querySelectorAll(".plan")[event.key - 1];
    if (chip) { event.preventDefault(); adopt(chip); }
  });

  all("[data-prop]").forEach((panel) => { panel.open = keeps || Boolean(one(".invalid-feedback", panel)); caption(panel.dataset.prop, ""); });
  lung(named(input.value));
  staying();
  if (input.value && !keeps && named(input.value)) { all("input:checked").forEach((each) => touched.add(each.name)); propose(named(input.value)); radio("insertions")[0].focus(); }
})();
