/* A page with the bar on top: the theme and the keys in its menu, and the tabs below it. The session page has none. */
import { all, one } from "./dom.js";
import { post } from "./server.js";
import { showShortcuts } from "./staff.js";

all("[data-shortcuts]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.closest("details").open = false;
    showShortcuts();
  });
});

/* Light or dark changes on the spot: what was typed on the page stays. The last press is the last that is sent. */
let told = Promise.resolve();
document.addEventListener("submit", (event) => {
  const form = event.target, chosen = event.submitter?.value, root = document.documentElement;
  if (!form.hasAttribute("data-theme-form")) return;
  event.preventDefault();
  if (chosen) root.dataset.theme = chosen; else delete root.dataset.theme;
  all("button", form).forEach((button) => button.setAttribute("aria-pressed", String(button === event.submitter)));
  /* without a connection it lasts as long as the page */
  told = told.then(() => post(form.action, { theme: chosen }, { keepalive: true })).catch(() => {});
});

/* The section that is open is in view where its row scrolls. */
const tabs = one(".tabs"), here = tabs && one("[aria-current]", tabs);
if (here) tabs.scrollLeft = here.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;
