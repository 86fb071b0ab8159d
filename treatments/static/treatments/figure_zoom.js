/* The figure comes nearer on demand; one that was drawn again stays as near and at its place. */
import { all, element, one } from "../clinic/dom.js";

/* a frame of its own, so that the letters L and R stay where they are while the body moves */
const framed = (svg) => {
  if (!svg.parentElement.matches(".fig-view")) {
    const view = element("div", { className: "fig-view" });
    svg.replaceWith(view);
    view.append(svg);
  }
  return svg.parentElement;
};
const views = () => all("#figure .chart-fig").map(framed);
/* shoulders and neck first: most needles go there */
let near = false, left = 150, top = 130;
const show = () => {
  const button = one("[data-zoom]");
  if (button) { button.hidden = false; button.setAttribute("aria-pressed", String(near)); }
  views().forEach((view) => {
    view.parentElement.classList.toggle("is-near", near);
    if (near) view.scrollTo({ left, top });
  });
};
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-zoom]")) return;
  near = !near;
  show();
});
const remember = (view) => { left = view.scrollLeft; top = view.scrollTop; };
document.addEventListener("scroll", (event) => {
  if (near && event.target.classList?.contains("fig-view") && event.target.isConnected) remember(event.target);
}, true);
document.addEventListener("figure-drawn", () => {
  /* where somebody just moved it, which is not reported before the next frame */
  const moved = near && one("#figure .is-near:not([hidden]) > .fig-view");
  if (moved) remember(moved);
  show();
});
show();
document.addEventListener("change", (event) => { if (near && event.target.matches("[data-figure-view]")) setTimeout(show); });
