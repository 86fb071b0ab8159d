/* The tablet in the patient's hand: Back stays on the page. A courtesy; the server alone decides who sees what. */
import "./app.js";
import "./checked_submit.js";
import { announce } from "./dom.js";

const hold = () => history.pushState({ handover: true }, "", location.href);
hold();
addEventListener("popstate", () => {
  hold();
  announce("This page stays open until the tablet is handed back.");
});
