/* Rows that left the form: each stands below the kept sites until the server has it, and comes back where it was refused. */
import { all, announce, gettext, ngettext, one } from "../clinic/dom.js";
import { newKey } from "../clinic/server.js";
import { isPending, onLeaving, rest, submitRow } from "./save_queue.js";
import { input, radio, showNumber } from "./site_fields.js";

const list = one("[data-rows]"), blank = one("[data-row-blank]").content.firstElementChild;
/* in the order in which they left; each as its form would post it */
const rows = [];
/* how a row goes back into its form, by its kind */
const openers = {};
export const opensRow = (kind, open) => { openers[kind] = open; };

const opened = () => rows.find((each) => each.state !== "saving");

const countOf = (values, name) => (values.get(name) === "more" ? values.get(`${name}_more`) : values.get(name));
const said = (values) => {
  if (values.has("line-line")) return values.get("line-line");
  const insertions = countOf(values, "insertions"), twitches = countOf(values, "twitches");
  return [
    (values.get("muscle") || gettext("No muscle")).replace(/ \([^)]*\)$/, ""),
    radio("side").find((each) => each.value === values.get("side"))?.closest("label").textContent.trim().toLowerCase(),
    insertions && ngettext("%(count)s insertion", "%(count)s insertions", insertions),
    twitches && ngettext("%(count)s twitch", "%(count)s twitches", twitches),
  ].filter(Boolean).join(", ");
};
/* how many numbers it takes: one for each side */
const sizeOf = (values) => {
  if (!values.has("line-line")) return values.get("side") === "both" ? 2 : 1;
  const sites = values.get("line-line").split(";").filter((text) => text.trim());
  return sites.reduce((sum, text) => sum + (/\s(b|both)(\s|$)/i.test(text) ? 2 : 1), 0);
};

/* numbers come from the sites that are kept and the rows that wait, never from an answer */
const renumber = () => {
  let number = Math.max(0, ...all("#sites .disc").map((disc) => Number(disc.textContent))) + 1;
  rows.filter((row) => row.state === "saving").forEach((row) => {
    one(".disc", row.node).textContent = number;
    number += row.size;
  });
  showNumber(number);
  list.hidden = !rows.length;
};
document.addEventListener("figure-drawn", renumber);

const show = (row, state, words) => {
  row.state = state;
  row.node.classList.toggle("is-caution", state !== "saving");
  one("[data-row-state]", row.node).textContent = words;
  one(".site-end", row.node).hidden = state === "saving";
  one("[data-row-open]", row.node).firstChild.textContent = state === "refused" ? gettext("Correct") : gettext("Go on");
  if (state !== "saving") one(".disc", row.node).textContent = "–";
  renumber();
};
const remove = (row) => {
  rows.splice(rows.indexOf(row), 1);
  row.node.remove();
  renumber();
  if (!isPending()) rest();
};
/* a refused key may be that of a site that stands; whatever is sent after it is a site of its own */
const renewed = (text) => {
  const values = new URLSearchParams(text);
  values.set(values.has("line-key") ? "line-key" : "key", newKey());
  return values.toString();
};
const send = (row) => {
  show(row, "saving", gettext("Saving"));
  submitRow(row.text, row.kind === "line", (errors) => {
    row.settled?.();
    if (!errors) { remove(row); return; }
    row.errors = errors;
    row.text = renewed(row.text);
    const words = Object.values(errors).join(" ");
    show(row, "refused", `${gettext("Not saved.")} ${words}`);
    announce(`${gettext("%(said)s: not saved.", row)} ${words}`, "assertive");
  });
};
const add = (kind, text, settled) => {
  const values = new URLSearchParams(text), row = { kind, text, settled, errors: {}, said: said(values), size: sizeOf(values), node: blank.cloneNode(true) };
  one("[data-row-said]", row.node).textContent = row.said;
  all("[data-row-name]", row.node).forEach((place) => { place.textContent = ` ${row.said}`; });
  one("[data-row-open]", row.node).addEventListener("click", () => { remove(row); openers[kind](row); });
  one("[data-row-drop]", row.node).addEventListener("click", () => {
    remove(row);
    const other = opened();
    (other ? one("[data-row-open]", other.node) : input).focus();
  });
  rows.push(row);
  list.append(row.node);
  return row;
};
/* a committed row goes to the server; `settled` is called when it was kept or refused */
export const hand = (kind, text, settled) => send(add(kind, text, settled));
/* a row that was begun steps aside for one that is corrected */
export const park = (kind, text) => show(add(kind, text), "begun", gettext("Begun, not saved yet"));
/* the newest of them goes on */
export const unpark = (kind) => {
  const row = rows.findLast((each) => each.state === "begun" && each.kind === kind);
  if (row) remove(row);
  return row;
};
onLeaving(() => opened() && one("[data-row-open]", opened().node));

/* what of them a page that dies would lose, by the names that the server holds it under */
export const heldRows = () => rows.map((row, at) => [`${row.state === "begun" ? "parked" : "waiting"}-${at}`, row.text]);
/* rows that an earlier page had not got through */
export const takeUpRows = () => all("[data-held-row]").forEach((each) => {
  const kind = new URLSearchParams(each.value).has("line-line") ? "line" : "row";
  if (each.name.startsWith("parked")) park(kind, each.value); else hand(kind, each.value);
  each.remove();
});
