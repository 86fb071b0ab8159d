/* The search box has the focus when the board opens; after a signature it is the next patient's turn. */
(() => {
  "use strict";
  if (window.location.hash === "#next") {
    const row = document.getElementById("next");
    const step = row?.querySelector(".btn-next") || row?.querySelector("a") || document.getElementById("main");
    row?.scrollIntoView({ block: "center" });
    step.focus({ preventScroll: Boolean(row) });
    return;
  }
  const box = document.querySelector("[data-find]");
  const seen = box && box.offsetParent !== null;
  if (seen && !document.querySelector("[data-error-summary]") && document.activeElement === document.body) box.focus();
})();
