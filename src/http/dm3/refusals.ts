/** How dm3's API says no: our error codes as the texts of the reference, by one table for each route. */
import type { ErrorRequestHandler } from "express";
import type { ErrorCode, SignpostError } from "../../errors.js";
import { requestIdOf } from "../requestId.js";
import { HTTP_STATUS, toSignpostError } from "../status.js";

/** What the reference says for a code, with its status 400. */
export type Refusals = Readonly<
  Partial<Record<ErrorCode, string | ((error: SignpostError) => string)>>
>;

export type ReportFailure = (error: SignpostError, requestId?: string) => void;

/** Of what the reference never refuses, the sentence is ours. */
const ourSentence = ({ message }: SignpostError) => message;

const unsupportedSubdomain = ({ details: { subdomain, domain } }: SignpostError) =>
  `subdomain ${String(subdomain ?? domain)} is not supported`;

const unsupportedName = ({ details }: SignpostError) =>
  `dm3 name ${String(details["name"])} is not supported. Invalid subdomain`;

const NO_ALIAS = "Could not create alias";
const NO_REMOVAL = "Couldn't remove profile";
const NO_ADDRESS = "Couldn't get address";

export const ADDRESS_REFUSALS: Refusals = {
  INVALID_REQUEST: "invalid schema",
  INVALID_PROFILE: "invalid schema",
  WRONG_SIGNER: "invalid profile",
  UNKNOWN_DOMAIN: unsupportedSubdomain,
  FORBIDDEN: unsupportedSubdomain,
  SUPERSEDED_PROFILE: ourSentence,
  POLICY_FORBIDS: ourSentence,
  NAME_TAKEN: ourSentence,
  NAME_RESERVED: ourSentence,
  NAME_SUSPENDED: ourSentence,
  HELD_BY_OWNER: ourSentence,
  VERSION_CONFLICT: ourSentence,
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
  VERSION_CONFLICT: NO_REMOVAL,
};

/** What else goes wrong (too large, too many, an outage) has our status and sentence, in the reference's form. */
export const READING_REFUSALS: Refusals = {};

export function refuse(refusals: Refusals, reportFailure: ReportFailure): ErrorRequestHandler {
  // express knows an error handler by its four parameters
  return (thrown, request, response, next) => {
    if (response.headersSent) {
      next(thrown);
      return;
    }
    const error = toSignpostError(thrown);
    const known = refusals[error.code];
    const status = known === undefined ? HTTP_STATUS[error.code] : 400;
    if (status >= 500) reportFailure(error, requestIdOf(request));
    const text = typeof known === "function" ? known(error) : known;
    response.status(status).json({ error: text ?? error.message });
  };
}
