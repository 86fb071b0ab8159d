/* A birth date is read back as it was understood. Advice only: the server decides. */
import { all, gettext, ngettext, one } from "./dom.js";
import { written } from "./formats.js";

const MONTHS = "January February March April May June July August September October November December".split(" ");
const fullYear = (text, now) => Number(text) + (text.length > 2 ? 0 : text > now.getFullYear() % 100 ? 1900 : 2000);
/* a day in digits alone has its parts in the order of the page's country */
const inOrder = (numbers, order) => {
  const { month, day, year } = Object.fromEntries(order.split(" ").map((name, at) => [name, numbers[at]]));
  return [month - 1, Number(day), year];
};
const parts = (text, order) => {
  const iso = text.match(/^(\d{4})-(\d{1,2})-(\d{1,2})$/);
  if (iso) return [iso[2] - 1, Number(iso[3]), iso[1]];
  const solid = text.match(/^(\d{2})(\d{2})(\d{4})$/);
  const split = solid || text.match(/^(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4}|\d{2})$/);
  if (split) return inOrder(split.slice(1), order);
  const worded = text.match(/^(\d{1,2})\s+([a-z]{3,})\.?\s+(\d{4}|\d{2})$/i);
  const american = text.match(/^([a-z]{3,})\.?\s+(\d{1,2}),?\s+(\d{4}|\d{2})$/i);
  const [day, name, year] = worded ? worded.slice(1) : american ? [american[2], american[1], american[3]] : [];
  if (!name) return null;
  return [MONTHS.findIndex((month) => month.toLowerCase().startsWith(name.toLowerCase())), Number(day), year];
};
const readDate = (text, { order, pattern }) => {
  const now = new Date();
  const found = parts(text.trim(), order);
  if (!found) return "";
  const [month, day, yearText] = found;
  const year = fullYear(yearText, now);
  const date = new Date(year, month, day);
  if (month < 0 || month > 11 || date.getMonth() !== month || date.getDate() !== day) return gettext("That day does not exist.");
  if (date > now) return "";
  const months = (now.getFullYear() - year) * 12 + now.getMonth() - month - (now.getDate() < day ? 1 : 0);
  const age = months < 24 ? ngettext("%(count)s month", "%(count)s months", months) : gettext("%(count)s years", { count: Math.floor(months / 12) });
  return `${written(pattern, date)}, ${age}`;
};
all('[data-echo="birth-date"]').forEach((field) => {
  const place = one(`[data-echo-for="${CSS.escape(field.id)}"]`);
  if (!place) return;
  const echo = () => { place.textContent = readDate(field.value, field.dataset); };
  field.addEventListener("change", echo);
  if (field.value) echo();
});
