/* The depth of a site: over the lung it is asked for and never proposed, and drawn beside its limit. */
import { element, gettext, one } from "../clinic/dom.js";

const form = one("[data-site]");
const field = () => one('[name="depth_mm"]', form);
/* of the needle that is chosen, 0 while none is */
const needleLength = () => {
  const needle = one('[name="needle"]:checked', form)?.value;
  return Number(needle === "other" ? one('[name="length_mm"]', form).value : needle?.split("x")[1]) || 0;
};
export const draw = () => {
  const { lung: over, limitBy: by } = form.dataset, limit = Number(form.dataset.limit), depth = Number(field().value), length = needleLength();
  const limitText = !over ? "" : limit ? by ? gettext("Limit %(limit)s mm, set by %(by)s.", { limit, by }) : gettext("Limit %(limit)s mm.", { limit }) : gettext("No limit is set for this muscle.");
  const spare = over && limit && depth ? ` ${depth > limit ? gettext("%(mm)s mm over it: you will be asked why.", { mm: depth - limit }) : gettext("%(mm)s mm to spare.", { mm: limit - depth })}` : "";
  const tooDeep = length && depth > length ? gettext("The needle is %(length)s mm long: correct the depth or the needle.", { length }) : "";
  one("[data-depth-hint]", form).textContent = [tooDeep || limitText + spare, form.dataset.hint].filter(Boolean).join(" ");
  const tip = depth ? Math.min(14 + (depth / (limit || 30)) * 50, 88) : 14;
  one(".dp-needle", form).setAttribute("d", `M64 0V${tip}`);
  one("[data-depth-said]", form).textContent = depth || "";
  one("[data-depth-said]", form).setAttribute("y", Math.max(tip - 4, 30));
  one("[data-depth-limit]", form).textContent = limit ? gettext("limit %(limit)s", { limit }) : "";
  one(".dp-limit", form).toggleAttribute("hidden", !limit);
};
form.addEventListener("input", draw);
const chips = (over, limit) => {
  const place = one("[data-depth-chips]", form);
  place.hidden = !over;
  const offered = limit ? [Math.round(limit * 0.5), Math.round(limit * 0.65), Math.round(limit * 0.8), limit] : [10, 12, 15, 20];
  place.replaceChildren(...(over ? offered : []).map((depth) => {
    const button = element("button", { type: "button", className: "btn", textContent: String(depth) });
    button.setAttribute("aria-label", gettext("%(depth)s mm", { depth }));
    button.addEventListener("click", () => { field().value = depth; field().dispatchEvent(new Event("change", { bubbles: true })); });
    return button;
  }));
};
export const lung = (option) => {
  const over = Boolean(option?.lung);
  const row = one(".depth-row", form); // an option of the list carries data-depth too
  form.classList.toggle("is-caution", over);
  row.classList.toggle("depth", over);
  one("[data-depth-mark]", form).hidden = !over;
  one("[data-depth-label]", form).textContent = over ? gettext("Depth in mm. This muscle lies over the lung.") : gettext("Depth in mm");
  // an SVG has no property `hidden`; and without a limit there is nothing true to draw
  one("[data-depth-pic]", form).toggleAttribute("hidden", !(over && option.limit));
  form.dataset.lung = over ? "1" : "";
  form.dataset.limit = option?.limit || "";
  form.dataset.limitBy = option?.by || "";
  form.dataset.hint = option?.note || "";
  chips(over, Number(option?.limit) || 0);
  draw();
};
