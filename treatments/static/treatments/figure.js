/* The figure grows on demand; a figure that was drawn again keeps its size. */
(() => {
  "use strict";
  /* zoom changes the view box, so that lines and touch targets grow together */
  const whole = new Map();
  const zoom = (on) => document.querySelectorAll("#figure .chart-fig").forEach((svg) => {
    if (!whole.has(svg)) whole.set(svg, svg.getAttribute("viewBox"));
    svg.setAttribute("viewBox", on ? "40 4 240 276" : whole.get(svg));
  });
  let zoomed = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (!button) return;
    zoomed = !zoomed;
    button.setAttribute("aria-pressed", String(zoomed));
    zoom(zoomed);
  });
  document.addEventListener("figure-drawn", () => {
    const button = document.querySelector("[data-zoom]");
    if (button) { button.hidden = false; button.setAttribute("aria-pressed", String(zoomed)); }
    zoom(zoomed);
  });
})();
