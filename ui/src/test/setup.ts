import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { clearToasts } from "@/components/toast";

// The machine may be busy compiling.
configure({ asyncUtilTimeout: 5000 });

// jsdom lacks what Radix, cmdk and the dialog element need.
class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal("ResizeObserver", Observer);
// A window of 1280 pixels, light, with motion.
window.innerWidth = 1280;
window.matchMedia = (query: string) => {
  const least = /min-width:\s*(\d+)px/.exec(query)?.[1];
  const most = /max-width:\s*(\d+)px/.exec(query)?.[1];
  const matches =
    (least !== undefined || most !== undefined) &&
    (least === undefined || window.innerWidth >= Number(least)) &&
    (most === undefined || window.innerWidth <= Number(most));
  return {
    matches,
    media: query,
    onchange: null,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
    dispatchEvent: () => false,
  };
};
Element.prototype.scrollIntoView ??= () => {};
Element.prototype.scrollTo ??= () => {};
window.scrollTo = () => {};
Element.prototype.hasPointerCapture ??= () => false;
Element.prototype.setPointerCapture ??= () => {};
Element.prototype.releasePointerCapture ??= () => {};
if (!("showModal" in HTMLDialogElement.prototype)) {
  Object.assign(HTMLDialogElement.prototype, {
    showModal(this: HTMLDialogElement) {
      this.setAttribute("open", "");
    },
    close(this: HTMLDialogElement) {
      this.removeAttribute("open");
    },
  });
}

afterEach(() => {
  cleanup();
  clearToasts();
  localStorage.clear();
});
