/** What the storage's routes say where they refuse, by our codes: the reference's texts where it has some. */
import type { SignpostError } from "../../errors.js";
import { ACCOUNT_STATUS, type RouteRefusals } from "../accounts/routeRefusals.js";
import type { Statuses } from "../shownError.js";

export const STORAGE_STATUS: Statuses<
  keyof typeof ACCOUNT_STATUS | "STORAGE_FULL" | "CHANGES_FORGOTTEN"
> = {
  ...ACCOUNT_STATUS,
  CHANGES_FORGOTTEN: 410,
  STORAGE_FULL: 409,
};

const OF_OWNERS: RouteRefusals = {
  STORAGE_FULL: { status: 409, body: told },
};

/** Of the reference's routes: it says no more of what is wrong with a request. */
export const AS_REFERENCE: RouteRefusals = {
  ...OF_OWNERS,
  INVALID_REQUEST: { status: 400, body: "invalid schema" },
};

export const NO_HALTED: RouteRefusals = {
  ...AS_REFERENCE,
  NOT_FOUND: { status: 400, body: "unable to clear halted message" },
};

/** Of those that it does not have. */
export const OWN_ROUTES: RouteRefusals = {
  ...OF_OWNERS,
  CHANGES_FORGOTTEN: { status: 410, body: told },
};

/** A name that leads to no address has no account here, whatever ENS says of it. */
export const SHOWING_ACCOUNT: RouteRefusals = {
  NOT_FOUND: { status: 404, body: "Not Found" },
};

function told({ code, message, details }: SignpostError): object {
  return { error: message, code, details };
}
