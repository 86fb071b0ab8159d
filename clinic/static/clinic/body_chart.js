/* The figure mirrors the boxes of the list and passes presses on to them. Without it the list does everything. */
import { all, ngettext, one } from "./dom.js";

const shapes = (code) => all(`.cf-r[data-region="${CSS.escape(code)}"]`);
const boxes = () => all("[data-body-list] input");
const boxOf = (code) => boxes().find((box) => box.value === code);

const draw = (name, attributes) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
  return node;
};
/* A chosen region carries a tick, so that it does not depend on colour. */
const tick = (svg, code, shown) => {
  const old = one(`[data-tick="${CSS.escape(code)}"]`, svg);
  if (!shown) { if (old) old.remove(); return; }
  const at = one(`[data-for="${CSS.escape(code)}"]`, svg)?.dataset.at;
  if (old || !at) return;
  const group = draw("g", { class: "cf-badge", "data-tick": code, transform: `translate(${at})` });
  group.append(draw("circle", { r: "9.5" }), draw("path", { class: "cf-tick", d: "M-4 .3l2.8 3 5.2-6" }));
  one("[data-badges]", svg).append(group);
};

const mirror = () => {
  boxes().forEach((box) => shapes(box.value).forEach((shape) => {
    if (shape.hasAttribute("data-kept")) return;
    shape.classList.toggle(box.closest("[data-next-site]") ? "next" : "on", box.checked);
    tick(shape.closest("svg"), box.value, box.checked);
  }));
  all("[data-body-picked]").forEach((place) => {
    const list = place.closest("[data-body-list]");
    const names = all("input:checked", list).map((box) => box.closest("label").textContent.trim());
    place.hidden = !names.length;
    place.textContent = names.length ? ngettext("%(count)s place: %(names)s", "%(count)s places: %(names)s", names.length, { names: names.join("; ") }) : "";
  });
};
const outline = (code, shown) => shapes(code).forEach((shape) => shape.classList.toggle("foc", shown));

/* A press beside the body goes to the nearest region, within reach of a thumb. */
const nearest = (figure, event) => {
  let best = null, reach = 24;
  all(".cf-hit", figure).forEach((hit) => {
    const frame = hit.getBoundingClientRect();
    const away = Math.hypot(Math.max(frame.left - event.clientX, 0, event.clientX - frame.right), Math.max(frame.top - event.clientY, 0, event.clientY - frame.bottom));
    if (away < reach) { reach = away; best = hit; }
  });
  return best;
};
document.addEventListener("click", (event) => {
  const figure = event.target.closest?.("[data-figure]");
  if (!figure || !one(".cf-hit", figure)) return;
  const hit = event.target.closest("[data-for]") || nearest(figure, event);
  const box = hit && boxOf(hit.dataset.for);
  if (box) box.click();
});
document.addEventListener("change", (event) => { if (event.target.closest("[data-body-list]")) mirror(); });
document.addEventListener("focusin", (event) => { if (event.target.closest("[data-body-list]")) outline(event.target.value, true); });
document.addEventListener("focusout", (event) => { if (event.target.closest("[data-body-list]")) outline(event.target.value, false); });

/* Front or back: radios named by data-figure-view show one figure and hide the other. */
const turn = () => {
  const chosen = one("[data-figure-view]:checked");
  if (!chosen) return;
  all("[data-figure]").forEach((figure) => { figure.hidden = figure.dataset.figure !== chosen.value; });
};
document.addEventListener("change", (event) => { if (event.target.matches("[data-figure-view]")) turn(); });
mirror();
turn();
