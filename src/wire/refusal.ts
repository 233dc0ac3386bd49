/** What the service API refuses: as the body of an answer, where it also names its request, and as an item of a batch. */
import type { ErrorCode, ErrorDetails } from "../errors.js";
import { registryDetails } from "./errorCodes.js";
import { list, object, openObject, type Shape, text } from "./shape.js";

export const refusalSchema = object({
  /** One of `serviceDetails`, or one that is newer than the reader. */
  code: text,
  message: text,
  details: openObject({}),
});

const anyDetails = openObject({});

/** Every code that the service API answers with, and what its details tell; others may stand beside them. */
export const serviceDetails = {
  ...registryDetails,
  INVALID_REQUEST: anyDetails,
  INVALID_NAME: openObject({}, { name: text, normal: text }),
  INVALID_CALL_DATA: object({}, { name: text }),
  INVALID_PROFILE: object({}, { field: text, expected: text }),
  WRONG_SIGNER: object({}, { expected: text, recovered: text, name: text, chainId: text }),
  NOT_FOUND: openObject({}, { name: text }),
  TOO_LARGE: anyDetails,
  UNREACHABLE: openObject(
    {},
    { reason: text, unreachable: list(object({ who: text, reason: text })) },
  ),
  DATABASE_UNAVAILABLE: anyDetails,
  INVALID_CONFIGURATION: anyDetails,
  INTERNAL: anyDetails,
} as const satisfies { readonly [Code in ErrorCode]?: Shape<ErrorDetails[Code]> };

/** The codes that the service API answers with. */
export type ServiceCode = keyof typeof serviceDetails;
