/** What the service API refuses: as the body of an answer, where it also names its request, and as an item of a batch. */
import { z } from "zod";
import type { ErrorCode, ErrorDetails } from "../errors.js";
import { registryDetails } from "./errorCodes.js";

export const refusalSchema = z.strictObject({
  /** One of `serviceDetails`, or one that is newer than the reader. */
  code: z.string(),
  message: z.string(),
  details: z.looseObject({}),
});

const anyDetails = z.looseObject({});
const text = z.string().exactOptional();

/** Every code that the service API answers with, and what its details tell; others may stand beside them. */
export const serviceDetails = {
  ...registryDetails,
  INVALID_REQUEST: anyDetails,
  INVALID_NAME: z.looseObject({ name: text, normal: text }),
  INVALID_CALL_DATA: z.object({ name: text }),
  INVALID_PROFILE: z.object({ field: text, expected: text }),
  WRONG_SIGNER: z.object({ expected: text, recovered: text, name: text, chainId: text }),
  NOT_FOUND: z.looseObject({ name: text }),
  TOO_LARGE: anyDetails,
  OVERLOADED: anyDetails,
  UNREACHABLE: z.looseObject({
    reason: text,
    unreachable: z.array(z.object({ who: z.string(), reason: z.string() })).exactOptional(),
  }),
  DATABASE_UNAVAILABLE: anyDetails,
  INVALID_CONFIGURATION: anyDetails,
  INTERNAL: anyDetails,
} as const satisfies { readonly [Code in ErrorCode]?: z.ZodObject & z.ZodType<ErrorDetails[Code]> };

/** The codes that the service API answers with. */
export type ServiceCode = keyof typeof serviceDetails;
