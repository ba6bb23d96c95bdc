import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `vite build --mode fake` bundles the fake backend, for screenshots in a plain browser; the shipped build never does.
export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { host: "127.0.0.1", port: 5173, strictPort: true },
  // Fonts and pictures stay files: the CSP of the window allows no data: fonts. No inline polyfill script either.
  build: { target: "safari16.4", assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 900 },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/test/setup.ts"],
    restoreMocks: true,
    env: { DEBUG_PRINT_LIMIT: "0" },
    // Two cores shared with a Rust build.
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
