/* Enter in a field goes on to the next one. Forms that sign or end something are off for Enter without this as well. */
import { all } from "./dom.js";

const TYPED = 'input:not([type="hidden"]), select, textarea';
const isStop = (each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility();
const goOn = (field) => {
  const { form } = field, isBehind = (each) => field.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING;
  /* the fields of the session page stand between forms of their own */
  const fields = form.hasAttribute("data-session") ? all(TYPED) : Array.from(form.elements).filter((each) => each.matches(TYPED));
  const next = fields.find((each) => isBehind(each) && isStop(each) && !(each.type === "radio" && each.name === field.name));
  const button = Array.from(form.elements).find((each) => each.matches("[data-finish-button], button:not([hidden], [type=button])") && isBehind(each) && isStop(each));
  const chosen = next?.type === "radio" && fields.find((each) => each.name === next.name && each.checked);
  (chosen || next || button)?.focus();
};
document.addEventListener("keydown", (event) => {
  const field = event.target, form = field.form;
  if (event.key !== "Enter" || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!form || !field.matches('input:not([type="submit"], [type="button"]), select') || !form.matches("[data-finish], :has([data-no-enter])")) return;
  event.preventDefault();
  goOn(field);
});
