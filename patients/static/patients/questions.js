/* “Which, or since when?” opens when the answer is yes. Without script the fold is opened by hand. */
(() => {
  "use strict";
  document.addEventListener("change", (event) => {
    if (!event.target.matches('input[type="radio"]')) return;
    const more = event.target.closest("[data-question]")?.querySelector("[data-question-more]");
    if (more && event.target.value === "yes") more.open = true;
  });
})();
