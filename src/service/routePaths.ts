/** That no path of a service is answered by two: express would ask the first one, and nobody would hear of the other. */
import { SignpostError } from "../errors.js";
import type { CapabilityRoute } from "./capability.js";

/** What every service answers itself. */
const OWN_PATHS = ["/health", "/metrics"];

/**
 * Throws INTERNAL where two handlers have the same path, or one has a path below another's, or a service's own. What is
 * mounted at `/` may have others below it: it is to answer paths that no other handler has.
 */
export function assertApart(routes: readonly CapabilityRoute[]): void {
  const taken = [...OWN_PATHS];
  for (const route of routes) {
    if (route.kind !== "handler") continue;
    const path = comparable(route.path);
    const other = taken.find((each) => isWithin(path, each) || isWithin(each, path));
    if (other !== undefined) {
      throw new SignpostError(
        "INTERNAL",
        `Two handlers would answer ${route.path}${other === path ? "" : ` and ${other}`}. Give each capability paths of its own.`,
      );
    }
    taken.push(path);
  }
}

/** Express takes letters of either size, and a slash at the end. */
function comparable(path: string): string {
  return path.toLowerCase().replace(/\/+$/, "") || "/";
}

function isWithin(path: string, above: string): boolean {
  return path === above || (above !== "/" && path.startsWith(`${above}/`));
}
