/* “Call again at” opens the place for the time. */
import { one } from "../clinic/dom.js";

const CALL_AGAIN = '[name="result"][value="call_again"]';
const open = () => { const time = one("[data-call-again]"); if (time && one(`${CALL_AGAIN}:checked`)) time.open = true; };
document.addEventListener("change", ({ target }) => { if (target.matches(CALL_AGAIN)) open(); });
/* chosen before this ran */
open();
