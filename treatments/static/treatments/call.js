/* “Call again at” opens the place for the time. */
import { one } from "../clinic/dom.js";

document.addEventListener("change", ({ target }) => {
  const time = one("[data-call-again]");
  if (time && target.name === "result" && target.value === "call_again") time.open = true;
});
