/* The search box has the focus when the board opens; after a signature it is the next patient's turn. */
(() => {
  "use strict";
  if (window.location.hash === "#next") {
    /* the browser goes to the row by its address too, and must find the focus where it puts it */
    (document.getElementById("next") || document.getElementById("main")).focus();
    return;
  }
  const box = document.querySelector("[data-find]");
  const seen = box && box.offsetParent !== null;
  if (seen && !document.querySelector("[data-error-summary]") && document.activeElement === document.body) box.focus();
})();
