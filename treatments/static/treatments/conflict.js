/* Two people set one field: both values are shown, and the writer chooses. It waits where it stands and takes no focus. */
import { announce, gettext, one } from "../clinic/dom.js";
import { inputsOf, labelOf } from "./fields.js";

const panel = one("[data-conflict]"), open = [];
const show = () => {
  const [next] = open;
  panel.hidden = !next;
  if (!next) return;
  const { name, data } = next, head = gettext("%(label)s: two people set it", { label: labelOf(name) });
  one("[data-conflict-head]").textContent = head;
  one("[data-conflict-who]").textContent = `${data.by}, ${data.at}`;
  one("[data-conflict-theirs]").textContent = data.theirs_said;
  one("[data-conflict-mine]").textContent = data.mine_said;
  one('[data-use="theirs"]').textContent = gettext("Use %(by)s’s", data);
  announce(`${head}. ${gettext("Choose one at the top of the page.")}`, "assertive");
};
panel.addEventListener("click", (event) => {
  const use = event.target.dataset.use;
  if (!use) return;
  const { name, choose } = open.shift();
  choose(use);
  inputsOf(name)[0]?.focus();
  show();
});
/* `choose` is called with "theirs" or "mine"; of one field only the newest is asked about, of several one by one */
export const showConflict = (name, data, choose) => {
  const at = open.findIndex((each) => each.name === name);
  if (at < 0) open.push({ name, data, choose }); else open[at] = { name, data, choose };
  show();
};
