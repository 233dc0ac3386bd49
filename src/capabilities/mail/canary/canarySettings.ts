/** The canary's part of the mail bridge's settings. */
import { isSignpostError, SignpostError } from "../../../errors.js";
import {
  type NativeAddress,
  parseNativeAddress,
} from "../../../messaging/address/nativeAddress.js";
import { parsedBy, wholeNumber } from "../../../settings/settingKinds.js";

export interface CanaryConfig {
  /** At somebody else's server, which sends on to `canary@<mail domain>` what comes there. */
  readonly address: NativeAddress;
  readonly everyMs: number;
}

const MINUTE_MS = 60_000;

export const CANARY_SETTINGS = {
  MAIL_CANARY: parsedBy(mailAddress).optional().meta({
    description:
      "An address of yours at another mail server, which forwards all its mail to canary@MAIL_DOMAIN. The bridge writes there again and again, and /health/ready and /metrics tell when the mail does not come back, or comes back with a signature that does not verify.",
  }),
  MAIL_CANARY_MINUTES: wholeNumber(5, 1_440).default(10).meta({
    description: "Minutes between two canaries.",
  }),
};

/** Null: no canary is sent. Throws INVALID_CONFIGURATION. */
export function canaryOf(settings: {
  readonly MAIL_CANARY?: NativeAddress | undefined;
  readonly MAIL_CANARY_MINUTES: number;
  readonly MAIL_DOMAIN?: string | undefined;
}): CanaryConfig | null {
  const { MAIL_CANARY: address, MAIL_CANARY_MINUTES: minutes } = settings;
  if (address === undefined) return null;
  if (address.domain === settings.MAIL_DOMAIN) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "MAIL_CANARY is an address at MAIL_DOMAIN. Take one at another mail server.",
    );
  }
  return { address, everyMs: minutes * MINUTE_MS };
}

function mailAddress(text: string): NativeAddress {
  try {
    return parseNativeAddress(text, "mail");
  } catch (error) {
    if (!isSignpostError(error, "INVALID_REQUEST")) throw error;
    throw new SignpostError("INVALID_CONFIGURATION", "must be a mail address, as local@domain");
  }
}
