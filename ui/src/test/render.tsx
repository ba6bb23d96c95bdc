import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { App } from "@/app";
import { TooltipProvider } from "@/components/tooltip";
import { setBackend } from "@/ipc";
import { createFake, type FakeOptions } from "@/ipc/fake";
import { type Locale, Messages } from "@/lib/i18n";
import { createQueryClient } from "@/lib/queries";
import { createAppRouter } from "@/router";

/** The whole app at an address, against the fake backend. */
export function renderApp(path: string, options: FakeOptions & { locale?: Locale } = {}) {
  const fake = createFake(options);
  setBackend(fake);
  const router = createAppRouter(createMemoryHistory({ initialEntries: [path] }));
  const view = render(<App router={router} locale={options.locale ?? "en"} />);
  return { ...view, fake, router, user: userEvent.setup() };
}

/** A component without a router, for those that need none. */
export function renderAlone(ui: ReactNode, options: FakeOptions & { locale?: Locale } = {}) {
  const fake = createFake(options);
  setBackend(fake);
  const view = render(
    <QueryClientProvider client={createQueryClient()}>
      <Messages locale={options.locale ?? "en"}>
        <TooltipProvider>{ui}</TooltipProvider>
      </Messages>
    </QueryClientProvider>,
  );
  return { ...view, fake, user: userEvent.setup() };
}
