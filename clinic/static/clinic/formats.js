/* Days and times as the server writes them: the page gives the pattern, in the letters of its format module. */
export const written = (pattern, at, timeZone) => {
  const F = at.toLocaleString(document.documentElement.lang, { month: "long", timeZone });
  /* Sweden writes what a machine would: 2026-11-28 14:00:00 */
  const [Y, , j, H, i] = at.toLocaleString("sv", { timeZone }).match(/\d+/g);
  const letters = { Y, F, M: F.slice(0, 3), j: Number(j), H, g: H % 12 || 12, i, A: H < 12 ? "AM" : "PM" };
  return pattern.replace(/\w/g, (letter) => letters[letter] ?? letter);
};
