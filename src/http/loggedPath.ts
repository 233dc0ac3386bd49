/**
 * What the log has in place of a path. Paths of users' own data say with whom somebody writes, so the log has the pattern of
 * their route: it is kept for longer than the data, and read by others.
 */
import type { IncomingMessage } from "node:http";

const patterns = new WeakMap<IncomingMessage, string>();

/** The last one that is said of a request counts. */
export function logPathAs(request: IncomingMessage, pattern: string): void {
  patterns.set(request, pattern);
}

/** Null where nothing was said: the path is logged as it is. */
export function patternOf(request: IncomingMessage): string | null {
  return patterns.get(request) ?? null;
}
