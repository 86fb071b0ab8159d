/* Which muscles fit what is typed: exact code, then word beginnings in any order, then contained text; use breaks ties. */
(() => {
  "use strict";
  const rank = (option, text) => {
    if (option.code === text) return 0;
    const wanted = text.split(/\s+/);
    if (wanted.every((part) => option.words.some((word) => word.startsWith(part)))) return 1;
    if (option.code.startsWith(text)) return 2;
    return option.name.toLowerCase().includes(text) ? 3 : 9;
  };
  window.filiformMuscles = (options, text) => options
    .map((option) => ({ option, rank: rank(option, text) }))
    .filter((found) => found.rank < 9)
    .sort((a, b) => a.rank - b.rank || (b.option.used || 0) - (a.option.used || 0) || a.option.name.localeCompare(b.option.name))
    .slice(0, 8).map((found) => found.option);
})();
