import { createMemoryHistory } from "@tanstack/react-router";
import { expect, it } from "vitest";
import { createAppRouter } from "./router";
import { SCREENS } from "./screens";

it("lists every route, and only routes", () => {
  const router = createAppRouter(createMemoryHistory({ initialEntries: ["/"] }));
  const routes = Object.keys(router.routesByPath)
    .map((path) => (path.length > 1 ? path.replace(/\/$/, "") : path))
    .sort();
  expect(SCREENS.map((screen) => screen.route).toSorted()).toEqual(routes);
});
