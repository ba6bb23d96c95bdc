/** The language tag that gives a script its right glyphs and voice. */
export function scriptLang(script: string): string | undefined {
  switch (script) {
    case "cyrillic":
      return "ru";
    case "han":
      return "zh-Hans";
    case "hangul":
      return "ko";
    case "kana":
    case "hiragana":
    case "katakana":
      return "ja";
    case "arabic":
      return "ar";
    case "hebrew":
      return "he";
    case "greek":
      return "el";
    default:
      return undefined;
  }
}
