import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";

export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => window.matchMedia(query).matches,
  );
}

/** The width of an element in pixels, kept current. */
export function useWidth<E extends Element>(start: number): [React.RefObject<E | null>, number] {
  const ref = useRef<E>(null);
  const [width, setWidth] = useState(start);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const now = Math.round(element.getBoundingClientRect().width);
      if (now > 0) setWidth(now);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

/** A small preference of this window, kept between starts. */
export function useStored(key: string, start: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => {
    try {
      return localStorage.getItem(key) ?? start;
    } catch {
      return start;
    }
  });
  const save = (next: string) => {
    setValue(next);
    try {
      localStorage.setItem(key, next);
    } catch {
      // A full or forbidden storage only means that it is not remembered.
    }
  };
  return [value, save];
}

/** Sets the window's title. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? "Interdict" : `${title} - Interdict`;
  }, [title]);
}
