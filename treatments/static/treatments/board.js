/* The focus when the board opens: a therapist's next step, the desk's search box; after a signature the next patient. */
import { isFocusFree, one } from "../clinic/dom.js";

const box = one("[data-find]"), next = document.getElementById("next");
if (location.hash === "#next") {
  /* the browser goes to the row by its address too, and must find the focus where it puts it */
  (next || document.getElementById("main")).focus();
} else if (!one("[data-error-summary]") && isFocusFree()) {
  /* a link only: Enter on a button would check somebody in. What stands above stays in view. */
  if (next) (one("a.btn-next", next) || one("a", next) || next).focus({ preventScroll: true });
  else if (box && box.offsetParent !== null && !one("[data-own-day]")) box.focus();
}
