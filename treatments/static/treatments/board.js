/* The search box has the focus when the board opens, so that typing finds a patient at once. */
(() => {
  "use strict";
  const box = document.querySelector("[data-find]");
  const seen = box && box.offsetParent !== null;
  if (seen && !document.querySelector("[data-error-summary]") && document.activeElement === document.body) box.focus();
})();
