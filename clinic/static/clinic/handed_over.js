/* This browser is in a patient's hands: every tab of staff is covered at once, one that slept before it is seen. */
import { element, gettext, one } from "./dom.js";
import { BACKGROUND, reportUnlocked, request, setToken } from "./server.js";

const lock = one("[data-lock]"), root = document.documentElement;
const form = element("a", { className: "btn btn-primary", href: one("[data-handed-over]").dataset.handover, textContent: gettext("Open the form") });
const cover = element("dialog", { className: "dialog lock", ariaLabel: gettext("Handed over") });
const words = element("p", { textContent: gettext("This device is handed over. Staff sign in on its form; then this page goes on.") });
cover.append(words, form);
cover.addEventListener("cancel", (event) => event.preventDefault());
cover.addEventListener("close", () => { if (isCovered()) cover.showModal(); });
const isHandedOver = () => /(?:^|; )handed_over=/.test(document.cookie);
const isCovered = () => root.hasAttribute("data-covered");
let title = "", held = null, asking = false, isAnswered = false, handOvers = 0;

const hide = () => {
  if (isCovered()) return;
  [title, held] = [document.title, document.activeElement];
  document.title = gettext("Handed over");
  root.setAttribute("data-covered", "");
  if (!cover.isConnected) document.body.append(cover);
  cover.showModal();
};
const uncover = () => {
  root.removeAttribute("data-covered");
  document.title = title;
  cover.close();
  held?.focus();
};
/* only for the same person; somebody else has signed in, or nobody has */
const goOn = async () => {
  if (asking) return;
  asking = true;
  const before = handOvers;
  try {
    const { data } = await request(lock.dataset.here, { headers: BACKGROUND });
    /* handed over again meanwhile: an answer from before uncovers nothing */
    if (before !== handOvers || isHandedOver()) return;
    isAnswered = Boolean(data);
    if (data?.who === lock.dataset.who && data.left > 0) {
      setToken(data.token);
      uncover();
      reportUnlocked();
    } else if (data) {
      words.textContent = gettext("The device is back, under another sign-in or none.");
      [form.href, form.textContent] = [location.origin, gettext("Go to the sign-in")];
    }
  } catch { /* no connection: it stays covered and asks again */ }
  finally { asking = false; }
};
const look = (event) => {
  if (isHandedOver()) { isAnswered = false; handOvers += 1; hide(); }
  else if (isCovered() && (event || !isAnswered)) goOn();
};
const channel = new BroadcastChannel("filiform");
channel.addEventListener("message", look);
["visibilitychange", "resume"].forEach((kind) => document.addEventListener(kind, look));
["pageshow", "focus"].forEach((kind) => addEventListener(kind, look));
/* where the patient's page has no script, or has not loaded it yet */
setInterval(() => look(), 1000);
look();
/* a page of staff: the device is back */
if (!isCovered()) channel.postMessage("");
