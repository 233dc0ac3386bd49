/** The codes that a route answers with: those that it lists, and those that follow from how it is mounted. */
import type { ServiceCode } from "../../wire/refusal.js";
import type { Route } from "./route.js";

/** Of every route that asks the database. */
export const DATABASE_REFUSALS = ["DATABASE_UNAVAILABLE", "INVALID_CONFIGURATION"] as const;

/** Of every change that a service makes to one name. */
export const CHANGE_REFUSALS = [
  "INVALID_NAME",
  "VERSION_CONFLICT",
  "NAME_SUSPENDED",
  "DOMAIN_FROZEN",
] as const;

/** Of a change that the owner of a name can hold it against. */
export const CONTENT_REFUSALS = [...CHANGE_REFUSALS, "HELD_BY_OWNER"] as const;

/** Of a profile that is published. */
export const PROFILE_REFUSALS = [
  "INVALID_PROFILE",
  "WRONG_SIGNER",
  "SUPERSEDED_PROFILE",
  "NAME_TAKEN",
  "NAME_RESERVED",
] as const;

/** Of what a wallet signs by its key. */
export const KEY_SIGNATURE_REFUSALS = [
  ...DATABASE_REFUSALS,
  "INVALID_NAME",
  "FORBIDDEN",
  "UNKNOWN_RESOLVER",
  "WRONG_SIGNER",
  "REQUEST_EXPIRED",
] as const;

/** Of what a wallet signs for a name, contract wallets included. */
export const SIGNATURE_REFUSALS = [...KEY_SIGNATURE_REFUSALS, "UNREACHABLE"] as const;

/** Each once, by the alphabet. */
export function refusalsOf(route: Route): readonly ServiceCode[] {
  const { path, scope, body, query, isConditional = false, refusals } = route;
  const takesInput = body || query || isConditional || path.includes(":");
  const codes = new Set<ServiceCode>(["INTERNAL", ...refusals]);
  if (takesInput) codes.add("INVALID_REQUEST");
  if (body) codes.add("TOO_LARGE");
  if (scope !== null) for (const code of KEY_REFUSALS) codes.add(code);
  codes.add("LIMIT_EXCEEDED");
  return [...codes].sort();
}

const KEY_REFUSALS = [...DATABASE_REFUSALS, "UNAUTHORIZED", "FORBIDDEN"] as const;
