/* The draft of this page: its form, and the time by the server's clock. */
import { one } from "../clinic/dom.js";
import { written } from "../clinic/formats.js";

export const draft = one("[data-session]");

/* The server's instant, whatever this device's clock is set to; coediting.js hears it anew with every answer. */
let serverTime = Date.parse(draft.dataset.now), heardAt = performance.now();
export const setServerTime = (text) => { serverTime = Date.parse(text); heardAt = performance.now(); };
export const now = () => new Date(serverTime + performance.now() - heardAt);
/* the clinic's time of day, whatever zone this device keeps */
export const clock = (at) => written(draft.dataset.clock, at, draft.dataset.zone);
