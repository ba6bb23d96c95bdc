import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { TooltipProvider } from "./components/tooltip";
import { backend } from "./ipc";
import { type Locale, Messages, systemLocale } from "./lib/i18n";
import { createQueryClient } from "./lib/queries";
import { type AppRouter, createAppRouter } from "./router";

export function App({ router, locale = systemLocale() }: { router: AppRouter; locale?: Locale }) {
  const [client] = useState(createQueryClient);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  useEffect(() => backend.onDataChanged(() => void client.invalidateQueries()), [client]);
  return (
    <QueryClientProvider client={client}>
      <Messages locale={locale}>
        <TooltipProvider>
          <RouterProvider router={router} />
        </TooltipProvider>
      </Messages>
    </QueryClientProvider>
  );
}

export function mount(root: HTMLElement): void {
  createRoot(root).render(
    <StrictMode>
      <App router={createAppRouter()} />
    </StrictMode>,
  );
}
