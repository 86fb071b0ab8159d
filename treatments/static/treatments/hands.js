/* Small hands of the session page: now as the end, every advice at once, the time a needle is in. */
(() => {
  "use strict";
  if (!window.filiform) return;
  const { save, instant, clock } = window.filiform;
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const ticked = () => { const place = document.querySelector("[data-ticked]"); if (place) place.textContent = all(".advice input:checked").length; };
  document.addEventListener("change", ticked);
  all("[data-now]").forEach((button) => button.addEventListener("click", () => {
    const input = document.querySelector(`[data-field="${button.dataset.now}"]`);
    input.value = clock(instant());
    save(button.dataset.now, "timer");
    input.focus();
  }));
  all("[data-tick-all]").forEach((button) => button.addEventListener("click", () => {
    all('.advice input[type="checkbox"]').forEach((box) => { if (!box.checked) { box.checked = true; save(box.dataset.field, "tapped"); } });
    ticked();
    document.querySelector('[data-field="needles_out"]').focus({ preventScroll: true });
  }));
  window.setInterval(() => all("[data-since]").forEach((place) => {
    const seconds = Math.max(0, Math.round((instant() - Date.parse(place.dataset.since)) / 1000));
    place.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} in`;
  }), 1000);
})();
