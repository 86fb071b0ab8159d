/* Elements by selector, texts, live regions, and what a person did to a control. */
export const one = (selector, from = document) => from.querySelector(selector);
export const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
export const element = (tag, values) => Object.assign(document.createElement(tag), values);

/* A text that people read; %(name)s is one of the values. clinic/web/script_texts.py puts it into the practice's language. */
export const gettext = (text, values = {}) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
export const ngettext = (singular, plural, count, values) => gettext(Number(count) === 1 ? singular : plural, { count, ...values });

/* read aloud: "polite" waits for a pause, "assertive" interrupts */
export const announce = (text, kind = "polite") => {
  const region = one(`[data-live="${kind}"]`);
  if (region) region.textContent = text;
};

/* nobody has put the focus anywhere, so a script may */
export const isFocusFree = () => !document.activeElement || document.activeElement === document.body;
export const openAround = (node) => {
  for (let box = node?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
};

/* differs from the page as it was sent, also where somebody typed before the scripts had loaded */
export const isToggle = ({ type }) => type === "radio" || type === "checkbox";
export const isChanged = (control) => {
  if (isToggle(control)) return control.checked !== control.defaultChecked;
  return control.type !== "hidden" && control.value !== (control.defaultValue ?? control.value);
};
/* a reset empties them, whatever the page came with */
export const forgetDefaults = (controls) => controls.forEach((each) => {
  const { checked, value } = each;
  if (isToggle(each)) { each.defaultChecked = false; each.checked = checked; } else { each.defaultValue = ""; each.value = value; }
});
