import { useContext, useSetContext } from "./context";
import { useSaveSettings } from "./queries";

/** Changes who we are: in the address for this view, and in the settings for the next start. */
export function useToggleProfile() {
  const { profiles } = useContext();
  const setContext = useSetContext();
  const save = useSaveSettings();
  const set = (next: string[]) => {
    setContext({ profiles: next });
    save.mutate({ profiles: next });
  };
  return {
    set,
    toggle: (id: string) => set(profiles.includes(id) ? profiles.filter((other) => other !== id) : [...profiles, id]),
    clear: () => set([]),
  };
}
