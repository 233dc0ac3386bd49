/** What a request is called: in the answer, in its errors and in the log, so that one leads to the other. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

export const REQUEST_ID_HEADER = "x-request-id";

/** Whatever a proxy makes of it, as long as it is no more than a name. */
const FORM = /^[A-Za-z0-9][A-Za-z0-9._:+/=-]{0,127}$/;

const ids = new WeakMap<IncomingMessage, string>();

/** The id that the request brought, if that is well-formed, or one of our own; the same each time. */
export function requestIdOf(request: IncomingMessage): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const given = request.headers[REQUEST_ID_HEADER];
  const id = typeof given === "string" && FORM.test(given) ? given : randomUUID();
  ids.set(request, id);
  return id;
}
