/** The canary's part of the XMPP gateway's settings. */
import { z } from "zod";
import { SignpostError } from "../../../errors.js";
import { allOrNone, type HostAndPort, hostAndPort } from "../../../settings/networkSettings.js";
import { parsedBy, wholeNumber } from "../../../settings/settingKinds.js";

export interface CanaryConfig {
  /** An account of the server: `canary@chat.example`. */
  readonly address: string;
  /** Where it logs in, `host:port`; null: where the domain's DNS leads. */
  readonly server: string | null;
  readonly everyMs: number;
}

const MINUTE_MS = 60_000;

export const CANARY_SETTINGS = {
  XMPP_CANARY: z
    .string()
    .regex(/^[^@\s/]{1,255}@[^@\s/]{1,253}$/, "must be an account, as user@host")
    .optional()
    .meta({
      description:
        "An account of the server for a canary: it writes to its own DM3 name again and again, through server, gateway and relay node. /health/ready and /metrics tell when the message does not come back. Make one for this alone. It needs XMPP_NAMES.",
    }),
  XMPP_CANARY_PASSWORD: z.string().min(1).max(1_024).optional().meta({
    description: "The password of the canary's account.",
    secret: true,
  }),
  XMPP_CANARY_SERVER: parsedBy(hostAndPort).optional().meta({
    description:
      "Where the canary logs in, as users do: host:port. Without it where the DNS of its domain leads.",
  }),
  XMPP_CANARY_MINUTES: wholeNumber(1, 1_440).default(5).meta({
    description: "Minutes between two canaries.",
  }),
};

/** Null: no canary is sent. Throws INVALID_CONFIGURATION. */
export function canaryOf(settings: {
  readonly XMPP_CANARY?: string | undefined;
  readonly XMPP_CANARY_PASSWORD?: string | undefined;
  readonly XMPP_CANARY_SERVER?: HostAndPort | undefined;
  readonly XMPP_CANARY_MINUTES: number;
  readonly XMPP_DOMAIN?: string | undefined;
  readonly XMPP_NAMES?: string | undefined;
}): CanaryConfig | null {
  const { XMPP_CANARY, XMPP_CANARY_PASSWORD, XMPP_CANARY_SERVER: at } = settings;
  const given = { XMPP_CANARY, XMPP_CANARY_PASSWORD };
  if (!allOrNone(given, "the XMPP gateway's canary")) return null;
  if (!given.XMPP_CANARY.endsWith(`@${settings.XMPP_DOMAIN ?? ""}`)) {
    throw wrong("XMPP_CANARY must be an account at XMPP_DOMAIN, e.g. canary@chat.example.");
  }
  if (settings.XMPP_NAMES === undefined) {
    throw wrong("XMPP_CANARY needs XMPP_NAMES: the canary writes to the name that it gets there.");
  }
  return {
    address: given.XMPP_CANARY,
    server: at === undefined ? null : written(at),
    everyMs: settings.XMPP_CANARY_MINUTES * MINUTE_MS,
  };
}

const written = ({ host, port }: HostAndPort) =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;

function wrong(sentence: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", sentence);
}
