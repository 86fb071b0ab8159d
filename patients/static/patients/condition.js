/* Reads the code back while the details of a condition are chosen. The server derives it again when it is saved. */
import { gettext, one } from "../clinic/dom.js";

const box = one("[data-condition]"), data = one("#condition-codes"), echo = one("[data-condition] [data-code]");
const families = data ? JSON.parse(data.textContent) : [];
const chosen = (name) => one(`[name="${name}"]:checked`, box)?.value || "";
const family = () => families.find((each) => String(each.pk) === chosen("variant")) || families.find((each) => each.usual);
const whole = (stem, variant) => {
  if (!stem || !variant.encounter) return stem;
  const last = chosen("encounter");
  return last ? stem + last : "";
};
const codes = (variant, side) => {
  if (side !== "both") return [whole(variant[side], variant)];
  return variant.both ? [whole(variant.both, variant)] : [whole(variant.right, variant), whole(variant.left, variant)];
};
const show = () => {
  const variant = family();
  const found = variant && chosen("side") ? [...new Set(codes(variant, chosen("side")))] : [];
  echo.hidden = !found.length || found.some((code) => !code);
  echo.textContent = echo.hidden ? "" : gettext("Code: %(codes)s, code set %(year)s", { codes: found.join(gettext(" and ")), year: variant.year });
};
if (data && echo) {
  box.addEventListener("change", show);
  show();
}
