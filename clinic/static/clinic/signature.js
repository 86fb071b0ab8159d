/* A drawn signature becomes strokes in a hidden field: "x,y x,y;x,y x,y". Whoever cannot draw types the name instead. */
import { all, gettext, ngettext, one } from "./dom.js";

const words = (count) => (count ? ngettext("Signature captured, %(count)s stroke.", "Signature captured, %(count)s strokes.", count) : gettext("Nothing drawn yet."));

const start = (box) => {
  const part = one("[data-signature-draw]", box);
  const pad = one("canvas", box);
  const field = one('input[type="hidden"]', box);
  if (!part || !pad || !field || !pad.getContext) return;
  const status = one("[data-signature-status]", box);
  const pen = pad.getContext("2d");
  let strokes = read(field.value), current = null;
  part.hidden = false;

  const spot = (event) => {
    const frame = pad.getBoundingClientRect();
    const x = (event.clientX - frame.left) * (pad.width / frame.width);
    const y = (event.clientY - frame.top) * (pad.height / frame.height);
    return [Math.round(Math.min(Math.max(x, 0), pad.width)), Math.round(Math.min(Math.max(y, 0), pad.height))];
  };
  const line = (from, to) => { pen.beginPath(); pen.moveTo(...from); pen.lineTo(...to); pen.stroke(); };
  const draw = () => {
    pen.clearRect(0, 0, pad.width, pad.height);
    pen.lineWidth = 2.5;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = getComputedStyle(pad).color;
    strokes.forEach((stroke) => stroke.forEach((point, at) => line(stroke[Math.max(at - 1, 0)], point)));
  };
  const keep = () => {
    field.value = strokes.map((stroke) => stroke.map((point) => point.join(",")).join(" ")).join(";");
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (status) status.textContent = words(strokes.length);
  };
  pad.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    pad.setPointerCapture(event.pointerId);
    current = [spot(event)];
    strokes.push(current);
    draw();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!current) return;
    const point = spot(event), last = current[current.length - 1];
    /* under two units is the hand's tremor and only makes the text longer */
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 2) return;
    current.push(point);
    line(last, point);
  });
  const lift = () => { if (current) { current = null; keep(); } };
  pad.addEventListener("pointerup", lift);
  pad.addEventListener("pointercancel", lift);
  one("[data-signature-clear]", box)?.addEventListener("click", () => { strokes = []; draw(); keep(); });
  draw();
  if (strokes.length && status) status.textContent = words(strokes.length);
};
const read = (text) => (text ? text.split(";").map((stroke) => stroke.split(" ").map((point) => point.split(",").map(Number))) : []);
all("[data-signature]").forEach(start);
