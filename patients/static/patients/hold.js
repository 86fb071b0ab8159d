/* What is typed on the tablet is held on the server at once: a reload shows it again. */
const form = document.querySelector("[data-hold]");
let timer = 0, last = null;

const stop = () => { clearTimeout(timer); timer = 0; last?.abort(); };
const send = () => {
  stop();
  last = new AbortController();
  const body = new URLSearchParams([...new FormData(form), ["hold", "1"]]);
  fetch("", { method: "POST", body, keepalive: true, signal: last.signal }).catch(() => {});
};
const wait = () => { clearTimeout(timer); timer = setTimeout(send, 400); };
form?.addEventListener("input", wait);
form?.addEventListener("change", wait); /* a drawn signature */
form?.addEventListener("submit", stop);
addEventListener("pagehide", () => timer && send());
