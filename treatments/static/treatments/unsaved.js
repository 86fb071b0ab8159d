/* Unsaved input of the session page, a row, a line, a reason, is held on the server too. */
import { all, gettext, isChanged, one } from "../clinic/dom.js";
import { draft } from "./draft.js";
import { hold } from "../clinic/held.js";
import { rest } from "./save_queue.js";
import { isCut, reportRecovery, reportTrouble } from "./save_status.js";
import { isEmpty, isEarlyInput } from "./site_entry.js";
import { form as row } from "./site_fields.js";
import { heldRows } from "./site_rows.js";

const line = one("[data-line-form]");
const reasons = () => all('[data-live] [name="reason"]');

const unsavedText = () => {
  const body = new URLSearchParams();
  const add = (form, isWanted) => { for (const [name, value] of new FormData(form)) if (isWanted(value) && !/^(csrfmiddlewaretoken|client_id|seq)$/.test(name)) body.set(name, value); };
  if (!isEmpty()) add(row, Boolean);
  if (line && one("[data-line]", line).value.trim()) add(line, () => true);
  reasons().filter((input) => input.value.trim()).forEach((input) => body.set(input.id.replace("id_", ""), input.value));
  heldRows().forEach(([name, text]) => body.set(name, text));
  return body.toString();
};
/* what the page was sent with is on the server; what was typed before this ran is not */
const isEarly = isEarlyInput || [...(line ? all("[data-line]", line) : []), ...reasons()].some(isChanged);

let isOurs = false;
const held = hold({
  url: draft.dataset.unsavedUrl,
  read: unsavedText,
  isEarly,
  reportCut: (title) => {
    if (isCut()) return;
    isOurs = true;
    reportTrouble(title, gettext("What you have begun and not kept stays on this page. Closing it loses it."), { short: gettext("Not saved yet, no connection") });
  },
  reportBack: () => { if (isOurs) { isOurs = false; reportRecovery(); rest(); } },
});
export const isBehind = held.isBehind;
export const flush = held.flush;
