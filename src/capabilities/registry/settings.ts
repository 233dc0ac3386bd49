/** The registry's and its CCIP gateway's part of the settings. */
import { z } from "zod";
import { fromHex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import type { Dm3Domains } from "../../registry/dm3/dm3Domains.js";
import { domainName, parsedBy, trueOrFalse, wholeNumber } from "../../settings/settingKinds.js";
import { settingsPart, wrongSettings } from "../../settings/settingsPart.js";
import { parseSignerLocation, type SignerLocation } from "../../signer/signerLocation.js";
import type { NodeWatchOptions } from "./nodeWatch.js";

/** Where the key of the gatewaySigner is. */
export interface SignerConfig {
  /** Null for a key of our own: `gatewaySignerKey`, or the one that is generated. */
  readonly location: SignerLocation | null;
  readonly passphraseFile: string | null;
  readonly tokenFile: string | null;
  /** Signatures that a process begins within a second; null: as many as it can. */
  readonly mostPerSec: number | null;
  readonly secrets: {
    /** 32 bytes */
    readonly gatewaySignerKey: Uint8Array | null;
  };
}

export interface RegistryConfig {
  readonly validitySec: number;
  readonly maxAgeSec: number;
  readonly answerCacheBytes: number;
  /** Null where dm3's own API is not served. */
  readonly dm3Domains: Dm3Domains | null;
  /** How relay nodes are watched that are registered here; null: they are not. */
  readonly nodeWatch: NodeWatchOptions | null;
  readonly signer: SignerConfig;
}

export const registrySettings = settingsPart(
  "The registry and its CCIP gateway",
  {
    GATEWAY_SIGNER_KEY: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, "must be 0x and 64 hexadecimal digits")
      .optional()
      .meta({
        description:
          "Private key of the gatewaySigner, 0x and 64 hexadecimal digits. Without it, a random one is made once and kept in SIGNPOST_DIR/gateway-signer.key; its address is printed at the start and must be a signer of your resolver.",
        secret: true,
      }),
    GATEWAY_SIGNER: parsedBy(parseSignerLocation).optional().meta({
      description:
        "Where the key of the gatewaySigner is, instead of GATEWAY_SIGNER_KEY: keystore:<file> (encrypted), https://... (a remote signer) or aws-kms:<key ARN, id or alias>. docs/operations/signers.md describes each.",
    }),
    GATEWAY_SIGNER_PASSPHRASE_FILE: z
      .string()
      .optional()
      .meta({ description: "File with the passphrase of the keystore that GATEWAY_SIGNER names." }),
    GATEWAY_SIGNER_TOKEN_FILE: z.string().optional().meta({
      description:
        "File with the token that the remote signer of GATEWAY_SIGNER expects as `Authorization: Bearer`.",
    }),
    GATEWAY_SIGNER_MOST_PER_SEC: wholeNumber(2, 10_000).optional().meta({
      description:
        "The most signatures that each process asks its gatewaySigner for within a second (2 to 10,000), for a signer that has a quota or a price. Lookups wait for one, together where their resolver takes batches, for a second at most. Without it there is no such bound.",
    }),
    DM3_ADDRESS_DOMAIN: domainName.optional().meta({
      description:
        "The domain under which stock dm3 clients publish profiles as 0x<address>.<domain>, e.g. addr.example.eth. With it the paths of dm3's reference resolver (/profile/...) are served, else not (docs/dm3-api.md).",
    }),
    DM3_NAME_DOMAIN: domainName.optional().meta({
      description:
        "The domain under which stock dm3 clients choose names, e.g. user.example.eth. Without it they choose none. Needs DM3_ADDRESS_DOMAIN.",
    }),
    ANSWER_VALIDITY_SEC: wholeNumber(60, 300).default(240).meta({
      description:
        "How long a signed answer is valid, in seconds (60 to 300). The resolver refuses more than its own longest validity.",
    }),
    ANSWER_MAX_AGE_SEC: wholeNumber(0, 150).default(1).meta({
      description:
        "How long a CDN or a browser may give an answer again without asking, in seconds (0 to half of ANSWER_VALIDITY_SEC). A change is seen that much later.",
    }),
    ANSWER_CACHE_MB: wholeNumber(0, 4096).default(16).meta({
      description:
        "How much memory each process may take for answers that it can give again, in MiB; 16 hold about 4,000. 0 signs every answer anew.",
    }),
    NODE_CHECK_SEC: wholeNumber(0, 86_400).default(300).meta({
      description:
        "How often the relay nodes are checked that are registered under your domains, in seconds: proof, URL, properties. 0: they are not.",
    }),
    NODE_CHECK_ALLOW_LOOPBACK: trueOrFalse
      .default("false")
      .transform((text) => text === "true")
      .meta({
        description:
          "Whether those relay nodes may be on this machine: true or false. For local development.",
      }),
    NODE_CANARY_NAME: domainName.optional().meta({
      description:
        "An ENS name under one of your domains, for an account that writes to itself at each check through the relay nodes whose operators grant it one. Without it none is sent. Needs NODE_CANARY_KEY.",
    }),
    NODE_CANARY_KEY: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, "must be 0x and 64 hexadecimal digits")
      .optional()
      .meta({
        description:
          "Private key of that account's wallet, 0x and 64 hexadecimal digits, for nothing else. The profile is published under NODE_CANARY_NAME by itself.",
        secret: true,
      }),
  },
  (settings): RegistryConfig => {
    if (settings.ANSWER_MAX_AGE_SEC > settings.ANSWER_VALIDITY_SEC / 2) {
      throw new SignpostError(
        "INVALID_CONFIGURATION",
        "ANSWER_MAX_AGE_SEC is more than half of ANSWER_VALIDITY_SEC, so that answers could expire inside a cache; lower it.",
      );
    }
    const { DM3_ADDRESS_DOMAIN: addresses, DM3_NAME_DOMAIN: names = null } = settings;
    if (addresses === undefined && names !== null) {
      throw wrongSettings(["DM3_NAME_DOMAIN: needs DM3_ADDRESS_DOMAIN"]);
    }
    const { GATEWAY_SIGNER_KEY: key } = settings;
    const { NODE_CANARY_NAME: canaryName, NODE_CANARY_KEY: canaryKey } = settings;
    if ((canaryName === undefined) !== (canaryKey === undefined)) {
      throw wrongSettings(["NODE_CANARY_NAME and NODE_CANARY_KEY: each needs the other"]);
    }
    return {
      validitySec: settings.ANSWER_VALIDITY_SEC,
      maxAgeSec: settings.ANSWER_MAX_AGE_SEC,
      answerCacheBytes: settings.ANSWER_CACHE_MB * 1024 * 1024,
      dm3Domains: addresses === undefined ? null : { addresses, names },
      nodeWatch:
        settings.NODE_CHECK_SEC === 0
          ? null
          : {
              intervalMs: settings.NODE_CHECK_SEC * 1000,
              allowLoopback: settings.NODE_CHECK_ALLOW_LOOPBACK,
              canary:
                canaryName === undefined || canaryKey === undefined
                  ? null
                  : { name: canaryName, secrets: { walletKey: fromHex(canaryKey) } },
            },
      signer: {
        location: settings.GATEWAY_SIGNER ?? null,
        passphraseFile: settings.GATEWAY_SIGNER_PASSPHRASE_FILE ?? null,
        tokenFile: settings.GATEWAY_SIGNER_TOKEN_FILE ?? null,
        mostPerSec: settings.GATEWAY_SIGNER_MOST_PER_SEC ?? null,
        secrets: { gatewaySignerKey: key === undefined ? null : fromHex(key) },
      },
    };
  },
);
