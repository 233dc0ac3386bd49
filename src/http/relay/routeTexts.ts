/** What the reference says where a route of the relay node refuses, by our codes. */
import type { SignpostError } from "../../errors.js";
import type { RouteRefusals } from "../accounts/routeRefusals.js";

export const ACKNOWLEDGING: RouteRefusals = {
  INVALID_REQUEST: { status: 400, body: "Bad Request" },
};

/** No route of the reference: our codes beside our sentences. Who has no account (any more) signs in, and so signs up. */
export const BLOBS: RouteRefusals = {
  NO_ACCOUNT: { status: 401, body: "Unauthorized" },
  NOT_FOUND: { status: 404, body: told },
  BLOBS_FULL: { status: 409, body: told },
};

function told({ code, message }: SignpostError): object {
  return { error: message, code };
}
