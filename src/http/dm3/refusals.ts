/** How dm3's API says no: our error codes as the texts of the reference, by one closed table for each route. */
import type { ErrorRequestHandler } from "express";
import type { ErrorCode, SignpostError } from "../../errors.js";
import { refuse, type ReportFailure } from "../refuse.js";
import type { Statuses } from "../shownError.js";

/** What a route says for each of its codes, with the reference's status 400. */
export type Refusals = {
  readonly [Code in ErrorCode]?: string | ((error: SignpostError<Code>) => string);
};

/** What the reference knows nothing of (too large, too many, an outage) has our status and sentence, in its form. */
export const DM3_STATUS: Statuses<
  "FORBIDDEN" | "LIMIT_EXCEEDED" | "INVALID_CONFIGURATION" | "DATABASE_UNAVAILABLE"
> = {
  INVALID_REQUEST: 400,
  FORBIDDEN: 403,
  TOO_LARGE: 413,
  LIMIT_EXCEEDED: 429,
  INTERNAL: 500,
  INVALID_CONFIGURATION: 500,
  DATABASE_UNAVAILABLE: 503,
};

/** Of what the reference never refuses, the sentence is ours. */
const ourSentence = ({ message }: SignpostError) => message;

const unsupportedSubdomain = (subdomain = "") => `subdomain ${subdomain} is not supported`;
const unsupportedName = ({ details }: SignpostError<"UNKNOWN_DOMAIN" | "FORBIDDEN">) =>
  `dm3 name ${details.name ?? ""} is not supported. Invalid subdomain`;

const NO_ALIAS = "Could not create alias";
const NO_REMOVAL = "Couldn't remove profile";
const NO_ADDRESS = "Couldn't get address";

export const ADDRESS_REFUSALS: Refusals = {
  INVALID_REQUEST: "invalid schema",
  INVALID_PROFILE: "invalid schema",
  WRONG_SIGNER: "invalid profile",
  UNKNOWN_DOMAIN: ({ details }) => unsupportedSubdomain(details.subdomain),
  FORBIDDEN: ({ details }) => unsupportedSubdomain(details.domain),
  SUPERSEDED_PROFILE: ourSentence,
  POLICY_FORBIDS: ourSentence,
  NAME_TAKEN: ourSentence,
  NAME_RESERVED: ourSentence,
  NAME_SUSPENDED: ourSentence,
  DOMAIN_FROZEN: ourSentence,
  HELD_BY_OWNER: ourSentence,
};

export const NAME_REFUSALS: Refusals = {
  INVALID_REQUEST: "invalid schema",
  NOT_FOUND: "Could not find profile",
  WRONG_SIGNER: "signature invalid",
  UNKNOWN_DOMAIN: unsupportedName,
  FORBIDDEN: unsupportedName,
  INVALID_NAME: NO_ALIAS,
  NAME_TAKEN: NO_ALIAS,
  NAME_RESERVED: NO_ALIAS,
  POLICY_FORBIDS: NO_ALIAS,
  SUPERSEDED_PROFILE: NO_ALIAS,
  DOMAIN_FROZEN: NO_ALIAS,
  VERSION_CONFLICT: NO_ALIAS,
};

export const DELETION_REFUSALS: Refusals = {
  INVALID_REQUEST: "invalid schema",
  NOT_FOUND: NO_ADDRESS,
  INVALID_NAME: NO_ADDRESS,
  WRONG_SIGNER: "signature invalid",
  SUPERSEDED_PROFILE: NO_REMOVAL,
  HELD_BY_OWNER: NO_REMOVAL,
  NAME_SUSPENDED: NO_REMOVAL,
  DOMAIN_FROZEN: NO_REMOVAL,
  VERSION_CONFLICT: NO_REMOVAL,
};

export const READING_REFUSALS: Refusals = {};

export function refuseWith(refusals: Refusals, reportFailure: ReportFailure): ErrorRequestHandler {
  const texts = Object.keys(refusals).map((code) => [code, 400] as const);
  const statuses = { ...DM3_STATUS, ...Object.fromEntries(texts) };
  return refuse(statuses, reportFailure, (error) => ({
    error: textOf(error, refusals) ?? error.message,
  }));
}

function textOf<Code extends ErrorCode>(
  error: SignpostError<Code>,
  refusals: Refusals,
): string | undefined {
  const known = refusals[error.code];
  return typeof known === "function" ? known(error) : known;
}
