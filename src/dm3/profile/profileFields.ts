/** The rule of each single field of a profile. Messages continue a sentence that names the field. */
import * as z from "zod";
import { assertNormalName } from "../../ens/normalName.js";
import { isSignpostError } from "../../errors.js";
import { MAX_URL_CHARS, secureUrlProblem } from "./secureUrl.js";

/**
 * At least one: nobody could write to a user without relay nodes. At most 16: a sender resolves every one of
 * them, and dm3's web client sends each message to all of them.
 */
const MAX_DELIVERY_SERVICES = 16;

// 32 bytes are 43 digits and one "=". The last digit carries four bits, so its two lowest bits are zero in the
// one canonical spelling; with several spellings of a key, comparing profiles as text would miss equal ones.
const BASE64_OF_32_BYTES = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
const HEX_OF_65_BYTES = /^0x[0-9a-fA-F]{130}$/;

function requiredText(): z.ZodString {
  return z.string({
    error: (issue) => (issue.input === undefined ? "is missing" : "must be a string"),
  });
}

export const publicKey = requiredText().regex(
  BASE64_OF_32_BYTES,
  "must be a public key: canonical base64 of exactly 32 bytes",
);

export const walletSignature = requiredText().regex(
  HEX_OF_65_BYTES,
  "must be a wallet signature: 0x and 130 hexadecimal digits (65 bytes)",
);

export const deliveryServiceUrl = requiredText()
  .max(MAX_URL_CHARS, { error: `must not be longer than ${MAX_URL_CHARS} characters`, abort: true })
  .superRefine((text, context) => {
    // clients append their paths, such as /rpc, to the text
    const problem = text.includes("?") ? "must not have a query (?)" : secureUrlProblem(text);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

export const deliveryServiceNames = z
  .array(requiredText(), {
    error: (issue) => (issue.input === undefined ? "is missing" : "must be an array of ENS names"),
  })
  .min(1, { error: "must name at least one relay node", abort: true })
  .max(MAX_DELIVERY_SERVICES, {
    error: `must not name more than ${MAX_DELIVERY_SERVICES} relay nodes`,
    abort: true,
  })
  .superRefine((names, context) => {
    names.forEach((name, index) => {
      const problem =
        nameProblem(name) ??
        (names.indexOf(name) < index ? "names a relay node that is listed before" : null);
      if (problem !== null) context.addIssue({ code: "custom", message: problem, path: [index] });
    });
  });

function nameProblem(name: string): string | null {
  if (!name.includes(".")) return "must be a full ENS name with at least two labels";
  try {
    // a name that nobody can look up would never get a message
    assertNormalName(name);
    return null;
  } catch (error) {
    if (!isSignpostError(error, "INVALID_NAME")) throw error;
    return `is not the name of a relay node: ${error.message.replace(/\.$/, "")}`;
  }
}
