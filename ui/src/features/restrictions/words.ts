// The closed words of the catalogue in the reader's language. A word that is new is shown as it is.
import { useIntl } from "react-intl";
import type { CapacityPhrase } from "@/ipc";
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
  | "change"
  | "capacity";

/** A way of being bound in the reader's language; one without a word of its own, such as a single US state's, as it is. */
export function useCapacity(): (capacity: CapacityPhrase) => string {
  const word = useWord();
  return ({ word: id, phrase }) => (`word.capacity.${id}` in en ? word("capacity", id) : phrase);
}

/** `word("instrument", "entity-list")` is "entity list". */
export function useWord(): (vocabulary: Vocabulary, word: string) => string {
  const intl = useIntl();
  return (vocabulary, word) => {
    const id = `word.${vocabulary}.${word}`;
    return id in en ? intl.formatMessage({ id }) : word.replaceAll("-", " ");
  };
}
