/* “Which, or since when?” opens when the answer is yes. A letter that answers also goes on to the next question. */
(() => {
  "use strict";
  const RADIO = 'input[type="radio"]';
  const more = (question) => question.querySelector("[data-question-more]");

  document.addEventListener("change", (event) => {
    const question = event.target.matches(RADIO) && event.target.closest("[data-question]");
    if (question && event.target.value === "yes" && more(question)) more(question).open = true;
  });

  /* app.js chose by the letter and prevented the default; arrows and the mouse leave the focus where it is */
  document.addEventListener("keydown", (event) => {
    if (!event.defaultPrevented || !/^[a-z]$/i.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    const question = event.target.closest?.("[data-question]");
    if (!question) return;
    const asksMore = question.querySelector(`${RADIO}:checked`)?.value === "yes" && more(question);
    if (asksMore) return;
    const all = Array.from(document.querySelectorAll("[data-question]"));
    const next = all[all.indexOf(question) + 1];
    (next ? next.querySelector(RADIO) : document.querySelector("[data-finish-button]"))?.focus();
  });
})();
