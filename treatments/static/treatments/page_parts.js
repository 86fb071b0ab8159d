/* Parts of the page that the server sent anew take the place of the old ones; the focus never falls to the body. */
import { all, isFocusFree, one } from "../clinic/dom.js";

export const swap = (parts, form) => {
  const held = document.activeElement, row = held?.closest?.(".site")?.id, heldId = held?.id;
  const reasons = all('[name="reason"]').filter((input) => input.value && !form?.contains(input)).map((input) => [input.id, input.value]);
  Object.entries(parts).forEach(([id, html]) => { const place = document.getElementById(id); if (place) place.innerHTML = html; });
  /* a reason that is being written elsewhere on the page stays */
  reasons.forEach(([id, text]) => { const input = document.getElementById(id); if (input) input.value = text; });
  if (parts.figures) {
    one("[data-figure-view]:checked")?.dispatchEvent(new Event("change", { bubbles: true }));
    document.dispatchEvent(new Event("figure-drawn"));
  }
  if (parts["foot-facts"]) one("[data-placed]").textContent = one("[data-placed-now]").dataset.placedNow;
  if (form?.hasAttribute("data-empties") && form.isConnected) form.reset();
  if (!isFocusFree()) return;
  const there = (heldId && document.getElementById(heldId)) || (row && (one(`#${CSS.escape(row)} form button`) || document.getElementById(row)));
  (there || document.getElementById("id_muscle"))?.focus();
};
