/* The search box has the focus when the board opens; after a signature it is the next patient's turn. */
import { isFocusFree, one } from "../clinic/dom.js";

const box = one("[data-find]");
if (location.hash === "#next") {
  /* the browser goes to the row by its address too, and must find the focus where it puts it */
  (document.getElementById("next") || document.getElementById("main")).focus();
} else if (box && box.offsetParent !== null && !one("[data-error-summary]") && isFocusFree()) box.focus();
