// Reads the code back while the details of a condition are chosen. The server derives it again when it is saved.
(() => {
  const box = document.querySelector("[data-condition]");
  const data = document.getElementById("condition-codes");
  const echo = box && box.querySelector("[data-code]");
  if (!box || !data || !echo) return;
  const families = JSON.parse(data.textContent);
  const chosen = (name) => (box.querySelector(`[name="${name}"]:checked`) || {}).value || "";
  const family = () => families.find((one) => String(one.pk) === chosen("variant")) || families.find((one) => one.usual);
  const whole = (stem, one) => {
    if (!stem || !one.encounter) return stem;
    const last = chosen("encounter");
    return last ? stem + last : "";
  };
  const codes = (one, side) => {
    if (side !== "both") return [whole(one[side], one)];
    return one.both ? [whole(one.both, one)] : [whole(one.right, one), whole(one.left, one)];
  };
  const show = () => {
    const one = family();
    const found = one && chosen("side") ? [...new Set(codes(one, chosen("side")))] : [];
    echo.hidden = !found.length || found.some((code) => !code);
    echo.textContent = echo.hidden ? "" : `Code: ${found.join(" and ")}, code set ${one.year}`;
  };
  box.addEventListener("change", show);
  show();
})();
