/* Talking to the server: CSRF token, numbers of writes, time limits, retries, the end of a sign-in. */
import { all, one } from "./dom.js";

const TOKENS = 'input[name="csrfmiddlewaretoken"]';
export const setToken = (token) => all(TOKENS).forEach((input) => { input.value = token; });

/* the number that makes a repeated write the same write; rows have numbers of their own */
let sequence = 1000, rowSequence = 1000000;
export const nextSequence = () => sequence++;
export const nextRowSequence = () => rowSequence++;
/* a random key; crypto.randomUUID is missing on a page that came over plain HTTP */
export const newKey = () => {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join("-");
};

export const BACKGROUND = { "X-Background": "1" }; // nobody's presence
export const LIVE = { "X-Live": "1" }; // answered with parts of the page
const dataOf = (text) => { try { return JSON.parse(text); } catch { return null; } };
/* `data` is null where the answer is no JSON. The time limit includes the body: a slow line counts as none. */
export const request = async (url, { limit = 20000, headers, ...options } = {}) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limit);
  try {
    const reply = await fetch(url, {
      redirect: "manual", credentials: "same-origin", signal: stop.signal, ...options,
      headers: { Accept: "application/json", "X-Requested-With": "fetch", ...headers },
    });
    const text = await reply.text();
    return { status: reply.status, type: reply.type, headers: reply.headers, text, data: dataOf(text) };
  } finally { clearTimeout(timer); }
};
export const post = (url, fields, options) => {
  const body = new URLSearchParams(fields);
  body.set("csrfmiddlewaretoken", one(TOKENS).value);
  return request(url, { method: "POST", body, ...options });
};

/* waits that double up to half a minute; waking ends the running one */
export const retries = (first) => {
  let tries = 0, wake = null;
  const next = () => Math.min(first * 2 ** tries++, 30000);
  return {
    next,
    pause: () => new Promise((resolve) => { wake = resolve; setTimeout(resolve, next()); }),
    reset: () => { tries = 0; },
    wake: () => wake?.(),
  };
};

/* idle_lock.js shows the end of a sign-in, and reports when the same person is back */
export const isSignedOut = (reply) => reply.status === 401 || reply.type === "opaqueredirect";
export const reportSignedOut = () => document.dispatchEvent(new Event("filiform:signed-out"));
export const onSignedOut = (handler) => document.addEventListener("filiform:signed-out", handler);
export const reportUnlocked = () => document.dispatchEvent(new Event("filiform:unlocked"));
export const onUnlocked = (handler, options) => document.addEventListener("filiform:unlocked", handler, options);
export const isLocked = () => document.documentElement.hasAttribute("data-locked");
/* what waits for the server may try again */
export const onReturn = (handler) => {
  ["online", "focus"].forEach((kind) => addEventListener(kind, handler));
  onUnlocked(handler);
};

/* Another sign-in ends the token; this page is asked for a new one. What was written is saved in its writer's name only. */
export const renewToken = async () => {
  const { status, text } = await request(location.href, { headers: { Accept: "text/html" } });
  const token = status === 200 && text.match(/name="csrfmiddlewaretoken" value="([^"]+)"/)?.[1];
  if (!token || text.match(/ data-who="([^"]*)"/)?.[1] !== one("[data-lock]")?.dataset.who) return false;
  setToken(token);
  return true;
};
