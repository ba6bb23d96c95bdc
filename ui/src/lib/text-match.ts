// Whether some letters occur, without case and accents, in any script. Pure.

function fold(text: string): string {
  return text.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
}

/** Whether every word of the needle occurs somewhere. */
export function textMatches(needle: string, haystack: readonly (string | null | undefined)[]): boolean {
  const words = fold(needle).split(/\s+/u).filter(Boolean);
  const hay = fold(haystack.filter(Boolean).join(" "));
  return words.every((word) => hay.includes(word));
}
