/* What the page says of its saving: in words in one corner, and in a bar while something stands between it and the server. */
(() => {
  "use strict";
  const one = (selector, from = document) => from.querySelector(selector);
  const corner = one("[data-save]"), bar = one("[data-offline]");
  if (!bar) return;
  if (corner) corner.removeAttribute("role");
  const say = (text, kind = "polite") => { const place = one(`[data-live="${kind}"]`); if (place) place.textContent = text; };
  const show = (text, icon, off) => {
    if (!corner) return;
    one("span", corner).textContent = text;
    corner.classList.toggle("is-off", off);
    const use = one("use", corner);
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${icon}`));
  };

  /* `counts` gives the words anew while changes pile up */
  let cut = false, counts = null;
  const tell = (title, words, link = "") => {
    bar.hidden = false;
    one("[data-offline-title]").textContent = title;
    one("[data-offline-words]").textContent = words;
    const way = one("[data-offline-link]");
    way.hidden = !link;
    if (link) way.href = link;
  };
  const untell = () => { if (!cut) bar.hidden = true; };
  const trouble = (title, words, { link = "", short = "Not saved yet" } = {}) => {
    counts = typeof words === "function" ? words : null;
    const said = counts ? counts() : words;
    tell(title, said, link);
    if (!cut) say(`${title} ${said}`, "assertive");
    cut = true;
    show(short, "caution", true);
  };
  const recount = () => { if (cut && counts) one("[data-offline-words]").textContent = counts(); };
  const mended = () => {
    if (!cut) return;
    cut = false;
    counts = null;
    bar.hidden = true;
    say("Everything is saved again.");
  };
  window.filiformSaying = { say, show, tell, untell, trouble, recount, mended, isCut: () => cut, first: corner ? one("span", corner).textContent : "" };
})();
