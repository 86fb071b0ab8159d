/* The depth of a site: over the lung it is asked for and never proposed, and drawn beside its limit, or beside the depth from which a reason is asked. */
import { element, gettext, one } from "../clinic/dom.js";

const form = one("[data-site]");
const field = () => one('[name="depth_mm"]', form);
/* of the needle that is chosen, 0 while none is */
const needleLength = () => {
  const needle = one('[name="needle"]:checked', form)?.value;
  return Number(needle === "other" ? one('[name="length_mm"]', form).value : needle?.split("x")[1]) || 0;
};
let muscle = {};
export const draw = () => {
  const { lung: from, limit, by, note } = muscle, depth = Number(field().value), length = needleLength();
  const limitText = !from ? "" : !limit ? gettext("No limit is approved: from %(from)s mm you will be asked why.", { from }) : by ? gettext("Limit %(limit)s mm, set by %(by)s.", { limit, by }) : gettext("Limit %(limit)s mm.", { limit });
  const spare = limit && depth ? ` ${depth > limit ? gettext("%(mm)s mm over it: you will be asked why.", { mm: depth - limit }) : gettext("%(mm)s mm to spare.", { mm: limit - depth })}` : "";
  const tooDeep = length && depth > length ? gettext("The needle is %(length)s mm long: correct the depth or the needle.", { length }) : "";
  one("[data-depth-hint]", form).textContent = [tooDeep || limitText + spare, note].filter(Boolean).join(" ");
  const tip = Math.min(14 + (depth / (limit || from)) * 50, 88) || 14;
  one(".dp-needle", form).setAttribute("d", `M64 0V${tip}`);
  one("[data-depth-said]", form).textContent = depth || "";
  one("[data-depth-said]", form).setAttribute("y", Math.max(tip - 4, 30));
  one("[data-depth-limit]", form).textContent = limit ? gettext("limit %(limit)s", { limit }) : gettext("asked %(from)s+", { from });
};
form.addEventListener("input", draw);
const chips = (most) => {
  const place = one("[data-depth-chips]", form);
  place.hidden = !most;
  place.replaceChildren(...(most ? [0.5, 0.65, 0.8, 1] : []).map((part) => {
    const depth = Math.round(most * part);
    const button = element("button", { type: "button", className: "btn", textContent: String(depth) });
    button.setAttribute("aria-label", gettext("%(depth)s mm", { depth }));
    button.addEventListener("click", () => { field().value = depth; field().dispatchEvent(new Event("change", { bubbles: true })); });
    return button;
  }));
};
export const lung = (option) => {
  muscle = option || {};
  const from = muscle.lung || "", over = Boolean(from);
  const row = one(".depth-row", form); // an option of the list carries data-depth too
  form.classList.toggle("is-caution", over);
  row.classList.toggle("depth", over);
  one("[data-depth-mark]", form).hidden = !over;
  one("[data-depth-label]", form).textContent = over ? gettext("Depth in mm. This muscle lies over the lung.") : gettext("Depth in mm");
  one("[data-depth-pic]", form).toggleAttribute("hidden", !over); // an SVG has no property `hidden`
  form.dataset.lung = from;
  chips(from && from - 1);
  draw();
};
