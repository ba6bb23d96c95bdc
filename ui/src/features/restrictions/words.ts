// The closed words of the catalogue in the reader's language. A word that is new is shown as it is.
import { useIntl } from "react-intl";
import en from "@/messages/en.json";

type Vocabulary =
  | "instrument"
  | "standing"
  | "goods"
  | "ground"
  | "force"
  | "state"
  | "measure"
  | "class"
  | "supports"
  | "source"
  | "embedded"
  | "relation"
  | "related"
  | "change";

/** `word("instrument", "entity-list")` is "entity list". */
export function useWord(): (vocabulary: Vocabulary, word: string) => string {
  const intl = useIntl();
  return (vocabulary, word) => {
    const id = `word.${vocabulary}.${word}`;
    return id in en ? intl.formatMessage({ id }) : word.replaceAll("-", " ");
  };
}
