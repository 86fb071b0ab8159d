/* What is typed on the tablet is held on the server at once: a reload shows it again. */
const form = document.querySelector("[data-hold]");
const PAUSE = 400, LONGEST = 4000;
let timer = 0, sending = null;

const deliver = () => {
  const body = new URLSearchParams([...new FormData(form), ["hold", "1"]]);
  return fetch("", { method: "POST", body, keepalive: true, signal: AbortSignal.timeout(LONGEST) }).catch(() => {});
};
const wait = () => { clearTimeout(timer); timer = setTimeout(send, PAUSE); };
/* one after another, and the form after all of them: an earlier answer that arrives later would take a newer one's place */
const send = () => {
  if (sending) { wait(); return; }
  timer = 0;
  sending = deliver().finally(() => { sending = null; });
};
const end = (event) => {
  clearTimeout(timer);
  timer = 0;
  if (!sending || event.defaultPrevented) return;
  event.preventDefault();
  sending.then(() => form.requestSubmit(event.submitter));
};
form?.addEventListener("input", wait);
form?.addEventListener("change", wait); /* a drawn signature */
form?.addEventListener("submit", end);
addEventListener("pagehide", () => timer && deliver());
