/* While a patient is registered: who may be here already, asked when the birth date or the phone is left. Advice only. */
(() => {
  "use strict";
  const form = document.querySelector("[data-matches]");
  const place = form && form.querySelector("[data-matches-place]");
  if (!place) return;
  const first = form.querySelector("input:not([type=hidden])");
  if (first && !document.querySelector("[data-error-summary]") && !place.textContent.trim()) first.focus();
  const asked = ["family_name", "given_name", "born", "phone"];
  const text = () => asked.map((name) => form.elements[name].value.trim()).join("\n");
  let last = text();
  const ask = async () => {
    const now = text();
    if (now === last || !form.elements.family_name.value.trim()) return;
    last = now;
    const body = new FormData();
    for (const name of [...asked, "csrfmiddlewaretoken"]) body.append(name, form.elements[name].value);
    try {
      const answer = await fetch(form.dataset.matches, { method: "POST", body, credentials: "same-origin" });
      const found = answer.ok && !answer.redirected ? await answer.text() : "";
      // a later question has the word: an answer that comes late must not stand over it
      if (answer.ok && now === last) place.innerHTML = found;
    } catch { last = ""; /* without a network the server asks again when the form is sent */ }
  };
  for (const name of ["born", "phone"]) form.elements[name].addEventListener("change", ask);
})();
