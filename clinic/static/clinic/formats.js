/* Days and times as the server writes them: the page gives the pattern, in the letters of its format module. */
const partsOf = (at, timeZone) => Object.fromEntries(new Intl.DateTimeFormat(document.documentElement.lang, {
  timeZone, hourCycle: "h23", year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit",
}).formatToParts(at).map(({ type, value }) => [type, value]));
export const written = (pattern, at, timeZone) => {
  const { year, month, day, hour, minute } = partsOf(at, timeZone);
  const letters = {
    Y: year, F: month, M: month.slice(0, 3), j: day, H: hour, g: hour % 12 || 12, i: minute, A: hour < 12 ? "AM" : "PM",
  };
  return pattern.replace(/[A-Za-z]/g, (letter) => letters[letter] ?? letter);
};
