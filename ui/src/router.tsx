import {
  createRootRoute,
  createRoute,
  createRouter,
  type RouterHistory,
  stripSearchParams,
} from "@tanstack/react-router";
import { FindingsScreen } from "./features/findings";
import { StartScreen } from "./features/first-run/start-screen";
import { Frame, NotFound, ScreenError } from "./features/frame/frame";
import { ImportDetailScreen, ImportScreen, ImportsScreen } from "./features/imports";
import { MachineScreen, MachinesScreen } from "./features/machines";
import { OverviewScreen } from "./features/overview/overview-screen";
import { RestrictionsScreen } from "./features/restrictions";
import { SettingsScreen } from "./features/settings/settings-screen";
import { FamilyScreen, SoftwareScreen } from "./features/software";
import { VendorScreen, VendorsScreen } from "./features/vendors";

/** Every search parameter is text (`?tier=restricted,watch&vendor=kaspersky`); each screen reads its own. */
export type AppSearch = { as_of?: string; profile?: string } & Record<string, string | undefined>;

function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value));
  }
  // Commas and colons are fine in a query; unescaped they keep addresses readable.
  const text = params.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text ? `?${text}` : "";
}

const root = createRootRoute({
  validateSearch: (search: Record<string, unknown>): AppSearch => search as AppSearch,
  // Who we are and the day asked about travel with every link.
  search: {
    middlewares: [
      ({ search, next }) => {
        const result = next(search) as AppSearch;
        const kept: AppSearch = { ...result };
        for (const key of ["as_of", "profile"] as const) {
          if (!(key in result) && search[key] !== undefined) kept[key] = search[key];
        }
        return kept;
      },
      stripSearchParams({ as_of: undefined, profile: undefined } as never),
    ],
  },
  component: Frame,
  notFoundComponent: NotFound,
  errorComponent: ScreenError,
});

const start = createRoute({ getParentRoute: () => root, path: "/", component: StartScreen });
const overview = createRoute({ getParentRoute: () => root, path: "/overview", component: OverviewScreen });
/** The flyout of /findings/$id lies over the table of /findings, which stays as it is. */
const findings = createRoute({ getParentRoute: () => root, path: "/findings", component: FindingsScreen });
const finding = createRoute({ getParentRoute: () => findings, path: "$id" });
const machines = createRoute({ getParentRoute: () => root, path: "/machines", component: MachinesScreen });
const machine = createRoute({ getParentRoute: () => root, path: "/machines/$id", component: MachineRoute });
const software = createRoute({ getParentRoute: () => root, path: "/software", component: SoftwareScreen });
const family = createRoute({ getParentRoute: () => root, path: "/software/$id", component: FamilyRoute });
const vendors = createRoute({ getParentRoute: () => root, path: "/vendors", component: VendorsScreen });
const vendor = createRoute({ getParentRoute: () => root, path: "/vendors/$id", component: VendorRoute });
/** As with the findings: one restriction lies over the table, which stays as it is. */
const restrictions = createRoute({ getParentRoute: () => root, path: "/restrictions", component: RestrictionsScreen });
const restriction = createRoute({ getParentRoute: () => restrictions, path: "$id" });
const settings = createRoute({ getParentRoute: () => root, path: "/settings", component: SettingsScreen });
const imports = createRoute({ getParentRoute: () => root, path: "/imports", component: ImportsScreen });
const importNew = createRoute({ getParentRoute: () => root, path: "/imports/new", component: ImportScreen });
const importOne = createRoute({ getParentRoute: () => root, path: "/imports/$number", component: ImportRoute });

function ImportRoute() {
  const { number } = importOne.useParams();
  return <ImportDetailScreen key={number} number={Number(number)} />;
}

function MachineRoute() {
  const { id } = machine.useParams();
  return <MachineScreen key={id} id={id} />;
}

function FamilyRoute() {
  const { id } = family.useParams();
  return <FamilyScreen key={id} id={id} />;
}

function VendorRoute() {
  const { id } = vendor.useParams();
  return <VendorScreen key={id} id={id} />;
}

const routeTree = root.addChildren([
  start,
  overview,
  findings.addChildren([finding]),
  machines,
  machine,
  software,
  family,
  vendors,
  vendor,
  restrictions.addChildren([restriction]),
  imports,
  importNew,
  importOne,
  settings,
]);

export function createAppRouter(history?: RouterHistory) {
  return createRouter({
    routeTree,
    ...(history ? { history } : {}),
    parseSearch,
    stringifySearch,
    defaultPreload: false,
    defaultErrorComponent: ScreenError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: false,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
}
