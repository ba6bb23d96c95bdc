/** Every screen, by route. The axe tests and the end-to-end tests go through this table; a test fails when a route is
    missing from it. `path` is an address that shows the screen with the fixtures. */
export const SCREENS = [
  { name: "start", route: "/", path: "/" },
  { name: "overview", route: "/overview", path: "/overview" },
  { name: "findings", route: "/findings", path: "/findings" },
  { name: "finding", route: "/findings/$id", path: "/findings/{finding}" },
  { name: "machines", route: "/machines", path: "/machines" },
  { name: "machine", route: "/machines/$id", path: "/machines/{machine}" },
  { name: "software", route: "/software", path: "/software" },
  { name: "family", route: "/software/$id", path: "/software/{family}" },
  { name: "vendors", route: "/vendors", path: "/vendors" },
  { name: "vendor", route: "/vendors/$id", path: "/vendors/{vendor}" },
  { name: "restrictions", route: "/restrictions", path: "/restrictions" },
  { name: "restriction", route: "/restrictions/$id", path: "/restrictions/{restriction}" },
  { name: "imports", route: "/imports", path: "/imports" },
  { name: "import-new", route: "/imports/new", path: "/imports/new" },
  { name: "import", route: "/imports/$number", path: "/imports/4" },
  { name: "settings", route: "/settings", path: "/settings" },
] as const;

export type Screen = (typeof SCREENS)[number];

/** The address with real ids in it. */
export function screenPath(
  screen: Screen,
  ids: { finding: string; machine: string; family: string; vendor: string; restriction: string },
): string {
  return Object.entries(ids).reduce<string>(
    (path, [name, id]) => path.replace(`{${name}}`, encodeURIComponent(id)),
    screen.path,
  );
}
