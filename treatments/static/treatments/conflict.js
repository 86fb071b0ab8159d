/* Two people set one field: both values are shown, and the writer chooses. */
import { one } from "../clinic/dom.js";
import { inputsOf, labelOf } from "./fields.js";

const panel = one("[data-conflict]");
/* `choose` is called with "theirs" or "mine" */
export const showConflict = (name, data, choose) => {
  one("[data-conflict-head]").textContent = `${labelOf(name)}: two people set it`;
  one("[data-conflict-who]").textContent = `${data.by}, ${data.at}`;
  one("[data-conflict-theirs]").textContent = data.theirs_said;
  one("[data-conflict-mine]").textContent = data.mine_said;
  one('[data-use="theirs"]').textContent = `Use ${data.by}’s`;
  panel.hidden = false;
  panel.focus();
  panel.onclick = (event) => {
    const use = event.target.dataset.use;
    if (!use) return;
    panel.hidden = true;
    choose(use);
    inputsOf(name)[0].focus();
  };
};
