/* The tablet in the patient's hand: Back stays on the page. A courtesy; the server alone decides who sees what. */
(() => {
  "use strict";
  if (!document.querySelector("[data-handover]")) return;
  const hold = () => history.pushState({ handover: true }, "", location.href);
  hold();
  window.addEventListener("popstate", () => {
    hold();
    const place = document.querySelector('[data-live="polite"]');
    if (place) place.textContent = "This page stays open until the tablet is handed back.";
  });
})();
