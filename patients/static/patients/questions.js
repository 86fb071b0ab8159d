/* “Which, or since when?” opens when the answer is yes. A letter that answers also goes on to the next question. */
import "../clinic/app.js";
import { all, isChanged, one } from "../clinic/dom.js";

const RADIO = 'input[type="radio"]';
const more = (question) => one("[data-question-more]", question);
const openMore = (radio) => {
  const question = radio.matches(RADIO) && radio.closest("[data-question]");
  if (question && radio.value === "yes" && more(question)) more(question).open = true;
};
document.addEventListener("change", (event) => openMore(event.target));
/* answered before this ran */
all(`${RADIO}:checked`).filter(isChanged).forEach(openMore);

/* app.js, imported first, chose by the letter and prevented the default; arrows and the mouse leave the focus where it is */
document.addEventListener("keydown", (event) => {
  if (!event.defaultPrevented || !/^[a-z]$/i.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  const question = event.target.closest?.("[data-question]");
  if (!question) return;
  const asksMore = one(`${RADIO}:checked`, question)?.value === "yes" && more(question);
  if (asksMore) return;
  const questions = all("[data-question]");
  const next = questions[questions.indexOf(question) + 1];
  (next ? one(RADIO, next) : one("[data-finish-button]"))?.focus();
});
