/* The fields of a draft that save themselves: their values, the versions these stand on, and what is wrong with them. */
import { all, announce, element, one, openAround } from "../clinic/dom.js";
import { clock, draft } from "./draft.js";

export const inputsOf = (name) => all(`[data-field="${CSS.escape(name)}"]`);
export const valueOf = (name) => {
  const inputs = inputsOf(name);
  if (inputs[0]?.type === "checkbox") return inputs[0].checked ? "on" : "";
  if (inputs[0]?.type === "radio") return inputs.find((input) => input.checked)?.value || "";
  return inputs[0]?.value ?? "";
};
export const setValue = (name, value) => inputsOf(name).forEach((input) => {
  if (input.type === "checkbox") input.checked = value === true;
  else if (input.type === "radio") input.checked = input.value === String(value ?? "");
  else if (name.endsWith("_at") && value) input.value = clock(new Date(value));
  else input.value = value ?? "";
});
export const labelOf = (name) => one(`#div_id_${CSS.escape(name)} .legend, #div_id_${CSS.escape(name)} label`)?.textContent.trim() || name;

const versionInput = (name) => one(`input[name="v-${CSS.escape(name)}"]`);
export const versionOf = (name) => Number(versionInput(name)?.value || 0);
/* never back: an answer may come after a newer one */
export const setVersion = (name, version) => {
  if (version < versionOf(name)) return;
  let input = versionInput(name);
  if (!input) { input = element("input", { type: "hidden", name: `v-${name}` }); draft.append(input); }
  input.value = version;
};

/* Errors: a sentence at the field; what was typed stays. */
export const invalid = new Set();
const placeOf = (input) => (input.type === "radio" && input.closest("fieldset")) || input;
const note = (place, id, text) => {
  let line = document.getElementById(id);
  if (!text) { line?.remove(); return; }
  if (!line) {
    line = element("p", { className: "invalid-feedback", id });
    place.before(line);
  }
  line.textContent = text;
};
export const mark = (name, text) => {
  const inputs = inputsOf(name);
  if (!inputs.length) return;
  if (text) invalid.add(name); else invalid.delete(name);
  note(placeOf(inputs[0]), `error-${name}`, text);
  inputs.forEach((input) => {
    input.classList.toggle("is-invalid", Boolean(text));
    if (text) { input.setAttribute("aria-invalid", "true"); input.setAttribute("aria-describedby", `error-${name}`); }
    else { input.removeAttribute("aria-invalid"); input.removeAttribute("aria-describedby"); }
  });
  if (text) announce(text, "assertive");
};
/* gives the first input with an error; it takes no focus: an answer may come while somebody types elsewhere */
let errorsShown = 0;
export const markForm = (form, errors) => {
  all(".invalid-feedback", form).forEach((line) => line.remove());
  let first = null;
  Object.entries(errors).forEach(([name, text]) => {
    const input = name ? one(`[name="${CSS.escape(name)}"]`, form) : null;
    errorsShown += 1;
    note(input ? placeOf(input) : form.lastElementChild, `form-error-${errorsShown}`, text);
    first = first || input;
  });
  announce(Object.values(errors).join(" "), "assertive");
  openAround(first);
  return first;
};
