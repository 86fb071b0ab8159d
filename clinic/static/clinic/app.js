/* Small courtesies, found by data-attributes and absent without harm. No library, nothing is stored in the browser. */
(() => {
  "use strict";
  const root = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));

  const say = (text, kind = "polite") => {
    const place = one(`[data-live="${kind}"]`);
    if (place) place.textContent = text;
  };

  const MAC = /Mac/.test(navigator.platform);

  /* Keys that work everywhere carry a modifier; single letters belong to the part that has the focus. */
  const findBox = () => {
    const box = one("[data-find]");
    if (!box) return false;
    if (box.offsetParent === null) one("button", box.form).focus();
    else { box.focus(); box.select(); }
    return true;
  };
  const finish = () => {
    const form = document.activeElement?.closest("form[data-finish]") || one("form[data-finish]");
    if (!form) return false;
    form.requestSubmit(one("[data-finish-button]", form) || undefined);
    return true;
  };
  const newThing = () => {
    const target = one("[data-new]");
    if (!target) return false;
    if (target.matches("a, button, summary")) target.click(); else target.focus();
    return true;
  };
  const hideNames = () => {
    root.toggleAttribute("data-private");
    const hidden = root.hasAttribute("data-private");
    all("[data-privacy]").forEach((button) => button.setAttribute("aria-pressed", String(hidden)));
    say(hidden ? "Names are hidden." : "Names are shown.");
    return true;
  };
  document.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    /* On a Mac Option alone writes letters; elsewhere Ctrl+Alt is AltGr and does. */
    const alone = event.altKey && !event.metaKey && !event.shiftKey && event.ctrlKey === MAC;
    let done = false;
    if (command && !event.altKey && event.key.toLowerCase() === "k") done = findBox();
    else if (command && event.key === "Enter") done = finish();
    else if (alone && event.code === "KeyN") done = newThing();
    else if (alone && event.code === "KeyP") done = hideNames();
    else if (event.key === "Escape") done = closeMenus();
    if (done) event.preventDefault();
  });
  all("[data-privacy]").forEach((button) => {
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", hideNames);
  });

  /* Menus are details; Escape or a press elsewhere closes them. */
  function closeMenus() {
    const open = one("details.menu[open]");
    if (!open) return false;
    open.open = false;
    one("summary", open).focus();
    return true;
  }
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* A second press within a second is the same press. aria-disabled, because disabled would drop the focus. */
  const busy = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get" || form.hasAttribute("data-many")) return;
    /* by the page's own time: a clock that is set back would keep a form shut */
    if (event.timeStamp - busy.get(form) < 1000) { event.preventDefault(); return; }
    busy.set(form, event.timeStamp);
    const button = event.submitter;
    if (!button) return;
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("data-busy", "");
    window.setTimeout(() => rest(button), 4000);
  });
  const rest = (button) => { button.removeAttribute("aria-disabled"); button.removeAttribute("data-busy"); };
  window.addEventListener("pageshow", () => all("[data-busy]").forEach(rest));
  document.addEventListener("click", (event) => {
    const blocked = event.target.closest('[aria-disabled="true"]');
    if (blocked && !blocked.hasAttribute("data-busy")) event.preventDefault();
  });

  /* The summary takes the focus; its links bring the question into view before its answer. */
  const openAround = (node) => {
    for (let box = node.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  };
  const goTo = (id) => {
    const field = document.getElementById(id);
    if (!field) return false;
    openAround(field);
    const group = field.closest("fieldset");
    const label = (group && one("legend", group)) || one(`label[for="${CSS.escape(id)}"]`) || field;
    label.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a");
    if (link && goTo(link.hash.slice(1))) event.preventDefault();
  });
  const focusSummary = (from) => { const summary = one("[data-error-summary]", from); if (summary) summary.focus(); };
  focusSummary(document);

  /* What sticks at the edges is measured, so that it never covers what has the focus. */
  const measure = (selector, name) => {
    const part = one(selector);
    if (!part || !window.ResizeObserver) return;
    new ResizeObserver(() => {
      const sticks = getComputedStyle(part).position === "sticky";
      root.style.setProperty(name, `${sticks ? part.offsetHeight : 0}px`);
    }).observe(part);
  };
  measure(".strip", "--h-strip");
  measure(".foot", "--h-foot");

  /* Digits choose on a scale: 7 is 7; 1 and then 0 within 400 ms is 10. L, R, B choose a side. */
  let firstDigit = "", firstAt = 0;
  const choose = (group, wanted) => {
    const radio = all("input", group).find((input) => wanted(input) && !input.disabled);
    if (!radio) return false;
    radio.focus();
    if (!radio.checked) radio.click();
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.target.matches?.('input[type="radio"], input[type="checkbox"]')) return;
    const scale = event.target.closest("[data-scale]");
    const letters = event.target.closest("fieldset[data-letters]");
    if (scale && /^[0-9]$/.test(event.key)) {
      const typed = event.timeStamp - firstAt < 400 ? firstDigit + event.key : event.key;
      const done = choose(scale, (input) => input.value === typed) || choose(scale, (input) => input.value === event.key);
      firstDigit = event.key;
      firstAt = event.timeStamp;
      if (done) event.preventDefault();
    } else if (letters && /^[a-z]$/i.test(event.key)) {
      const wanted = event.key.toLowerCase();
      const word = (input) => (input.closest("label")?.textContent || "").trim().toLowerCase();
      if (choose(letters, (input) => word(input).startsWith(wanted))) event.preventDefault();
    }
  });

  /* A birth date is read back as it was understood. Advice only: the server decides. */
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const fullYear = (text, now) => {
    const year = Number(text);
    if (text.length !== 2) return year;
    return year + (year > now.getFullYear() % 100 ? 1900 : 2000);
  };
  const parts = (text) => {
    const iso = text.match(/^(\d{4})-(\d{1,2})-(\d{1,2})$/);
    if (iso) return [iso[2] - 1, Number(iso[3]), iso[1]];
    const solid = text.match(/^(\d{2})(\d{2})(\d{4})$/);
    const split = solid || text.match(/^(\d{1,2})[\/.\-\s](\d{1,2})[\/.\-\s](\d{4}|\d{2})$/);
    if (split) return [split[1] - 1, Number(split[2]), split[3]];
    const worded = text.match(/^(\d{1,2})\s+([a-z]{3,})\.?\s+(\d{4}|\d{2})$/i);
    const american = text.match(/^([a-z]{3,})\.?\s+(\d{1,2}),?\s+(\d{4}|\d{2})$/i);
    const [day, name, year] = worded ? worded.slice(1) : american ? [american[2], american[1], american[3]] : [];
    if (!name) return null;
    return [MONTHS.findIndex((month) => month.toLowerCase().startsWith(name.toLowerCase())), Number(day), year];
  };
  const readDate = (text) => {
    const now = new Date();
    const found = parts(text.trim());
    if (!found) return "";
    const [month, day, yearText] = found;
    const year = fullYear(yearText, now);
    const date = new Date(year, month, day);
    if (month < 0 || month > 11 || date.getMonth() !== month || date.getDate() !== day) return "That day does not exist.";
    if (date > now) return "";
    const before = now.getMonth() < month || (now.getMonth() === month && now.getDate() < day);
    const age = now.getFullYear() - year - (before ? 1 : 0);
    return `${day} ${MONTHS[month]} ${year}, ${age} year${age === 1 ? "" : "s"}`;
  };
  all('[data-echo="birth-date"]').forEach((field) => {
    const place = one(`[data-echo-for="${CSS.escape(field.id)}"]`);
    if (!place) return;
    const echo = () => { place.textContent = readDate(field.value); };
    field.addEventListener("change", echo);
    if (field.value) echo();
  });

  /* Anything that only makes sense with a script is marked hidden and shown here. */
  all("[data-with-script]").forEach((part) => { part.hidden = false; });
  all("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
  window.addEventListener("beforeprint", () => all("details:not(.menu)").forEach((box) => { if (!box.open) { box.open = true; box.dataset.wasShut = ""; } }));
  window.addEventListener("afterprint", () => all("[data-was-shut]").forEach((box) => { box.open = false; delete box.dataset.wasShut; }));
})();
