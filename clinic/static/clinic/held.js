/* What is typed and not saved goes to the server: a page that dies takes two seconds with it. */
import { gettext } from "./dom.js";
import { isLocked, isSignedOut, LIVE, onReturn, post, renewToken, reportSignedOut, retries } from "./server.js";

const EVERY = 1200, LONGEST_WAIT = 4000;
/* `read` gives the text that is held; `isEarly`: it was typed before this ran, so the server has not seen it;
   `isOver`: it is sent already; `asks`: leaving asks while something is on the page alone */
export const hold = ({ url, read, isEarly = false, isOver = false, asks = true, reportCut = () => {}, reportBack = () => {} }) => {
  let held = isEarly ? null : read(), isAsking = null, again = 0, refused = null;
  const retry = retries(2 * EVERY);
  const isBehind = () => !isOver && read() !== held;
  const wait = () => { again = performance.now() + retry.next(); };
  const receive = async (reply, text) => {
    if (reply.status === 204) {
      held = text;
      retry.reset();
      again = 0;
      reportBack();
      return;
    }
    wait();
    if (isSignedOut(reply)) reportSignedOut();
    else if (reply.status === 403) await renewToken();
    /* a closed draft says so itself, with the next thing that is saved */
    else if (reply.status === 404 || reply.status === 409) isOver = true;
    /* more than can be held: it is on this page alone, and leaving asks */
    else if (reply.status === 400) refused = text;
    else reportCut(gettext("The server does not answer."));
  };
  const deliver = async (text) => {
    try {
      /* it arrives although the page goes meanwhile; a browser takes along no more than this */
      await receive(await post(url, text, { keepalive: text.length < 60000, headers: LIVE }), text);
    } catch { wait(); reportCut(gettext("No connection.")); }
  };
  const send = () => {
    if (isAsking || performance.now() < again || isLocked() || !isBehind()) return isAsking;
    const text = read();
    if (text === refused) return null;
    isAsking = deliver(text).finally(() => { isAsking = null; });
    return isAsking;
  };
  setInterval(send, EVERY);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(); });
  onReturn(() => { again = 0; send(); });
  addEventListener("beforeunload", (event) => {
    if (!isBehind()) return;
    send();
    if (asks) event.preventDefault();
  });
  /* what is held of a form and arrives after the form itself would stand there again: the form waits for it, not for
     ever. Who types on afterwards is still on the page. */
  const endWith = (form) => {
    let isWaiting = false;
    form.addEventListener("input", () => { isOver = isWaiting = false; });
    form.addEventListener("submit", (event) => {
      isOver = true;
      if (!isAsking || isWaiting || event.defaultPrevented) return;
      event.preventDefault();
      isWaiting = true;
      const limit = new Promise((resolve) => { setTimeout(resolve, LONGEST_WAIT); });
      Promise.race([isAsking, limit]).then(() => form.requestSubmit(event.submitter));
    });
  };
  return {
    isBehind,
    endWith,
    /* whether the server has all of it now */
    flush: async () => { await isAsking; await send(); return !isBehind(); },
  };
};
