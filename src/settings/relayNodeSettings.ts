/** The settings of a relay node that whoever stands behind it reads as well: its name, its bounds, and where ENS is. */
import { z } from "zod";
import { LARGEST_BLOB } from "../dm3/blob/sealedBlob.js";
import { secureUrlProblem } from "../dm3/profile/secureUrl.js";
import { SignpostError } from "../errors.js";
import { domainName, parsedBy, trueOrFalse, wholeNumber } from "./settingKinds.js";

export interface EnsConfig {
  readonly chainId: bigint;
  readonly registry: string | undefined;
  readonly universalResolver: string | undefined;
  readonly allowLoopback: boolean;
}

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be an address");

export const ENS_NAME = domainName.optional().meta({
  description:
    "The relay node's own ENS name, whose record network.dm3.deliveryService users' profiles lead to. The record is printed at the start, and /health/ready tells when ENS has another one.",
});

export const SIZE_LIMIT = wholeNumber(8_000, 20_000_000).default(100_000).meta({
  description: "How long an envelope may be, in bytes. The shortest one has 6,000.",
});

export const MIB = 1024 * 1024;
/** Beside the registry, whose API for dm3's clients has paths of the same names. */
export const USUAL_PATH = "/ds";

export const NODE_URL = parsedBy(publicUrl).optional().meta({
  description:
    "Where clients reach the relay node, as its record says it, e.g. https://relay.example.com/ds. Everything is served below its path (/ds without this setting), and /socket.io/ beside it. The host must not begin with `ds`, and the path must be /ds or none: dm3's web client makes the address of its live connection from it.",
});

export const MESSAGE_TTL_DAYS = wholeNumber(30, 3_650).default(90).meta({
  description:
    "How many days a message waits that nobody fetches (30 at least, by DM3). What was fetched is remembered as long, without its content, so that it does not come again.",
});

export const BLOB_MB = wholeNumber(0, LARGEST_BLOB / MIB)
  .default(10)
  .meta({
    description:
      "How large a file may be that users keep here, encrypted, to send a reference to it: in MiB. 0: none are kept.",
  });

export const ENS_SETTINGS = {
  RELAY_ENS_CHAIN: z
    .string()
    .regex(/^[1-9][0-9]{0,18}$/, "must be a chain id")
    .default("1")
    .meta({
      description: "Id of the chain that ENS is on; CHAIN_RPC_URLS has to name a node of it.",
    }),
  RELAY_ENS_REGISTRY: address.optional().meta({
    description: "Address of the ENS registry, on chains where it is not ENS's own.",
  }),
  RELAY_ENS_UNIVERSAL_RESOLVER: address.optional().meta({
    description: "Address of the UniversalResolver, on chains where it is not ENS's own.",
  }),
  RELAY_ALLOW_LOOPBACK: trueOrFalse
    .default("false")
    .transform((text) => text === "true")
    .meta({
      description:
        "Whether users' CCIP gateways may be on this machine: true or false. For local development.",
    }),
} as const;

export function ensConfig(settings: z.output<z.ZodObject<typeof ENS_SETTINGS>>): EnsConfig {
  return {
    chainId: BigInt(settings.RELAY_ENS_CHAIN),
    registry: settings.RELAY_ENS_REGISTRY,
    universalResolver: settings.RELAY_ENS_UNIVERSAL_RESOLVER,
    allowLoopback: settings.RELAY_ALLOW_LOOPBACK,
  };
}

/** As a profile may have it, without a slash at its end. */
function publicUrl(text: string): string {
  const url = text.replace(/\/+$/, "");
  const problem = secureUrlProblem(url);
  if (problem !== null) throw wrong(problem);
  const { hostname, pathname, search } = new URL(url);
  if (/^ds/i.test(hostname)) throw wrong("must not have a host that begins with ds");
  if (search !== "") throw wrong("must not have a query");
  if (!["/", USUAL_PATH].includes(pathname))
    throw wrong(`must have the path ${USUAL_PATH}, or none`);
  return url;
}

function wrong(what: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", what);
}
