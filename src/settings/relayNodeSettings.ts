/** The settings of a relay node that whoever stands behind it reads as well: its name, its bounds, and where ENS is. */
import { z } from "zod";
import { domainName, trueOrFalse, wholeNumber } from "./settingKinds.js";

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
