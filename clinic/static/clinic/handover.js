/* The tablet in the patient's hand: Back stays on the page. A courtesy; the server alone decides who sees what. */
import "./app.js";
import "./checked_submit.js";
import { announce, gettext } from "./dom.js";

/* other tabs of this browser look at once, by the cookie that came with this page */
new BroadcastChannel("filiform").postMessage("");

const hold = () => history.pushState({ handover: true }, "", location.href);
hold();
addEventListener("popstate", () => {
  hold();
  announce(gettext("This page stays open until the tablet is handed back."));
});
