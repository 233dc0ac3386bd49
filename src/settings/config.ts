/**
 * The settings of the service: read from the environment once, checked, and from then on handed in. Secrets are
 * kept apart, so that what is logged at the start can never hold one.
 *
 * `.env.example` is generated from this schema (`npm run env-example`), and a test holds the two together.
 */
import { z } from "zod";
import { fromHex } from "../abi/hex.js";
import { normalizeName } from "../ens/normalize.js";
import { isSignpostError, SignpostError } from "../errors.js";
import { parseTrustedProxies, type TrustedProxies } from "../http/clientAddress.js";
import { LOG_LEVELS, type LogLevel } from "../observe/logLevel.js";
import type { Dm3Domains } from "../registry/dm3/dm3Domains.js";
import type { SignerLocation } from "../signer/signerLocation.js";
import { parseSignerLocation } from "../signer/signerLocation.js";
import { parseChainRpcUrls } from "./chainRpcUrls.js";

/** Only digits: JavaScript itself would read a space as 0, and 0x10 as 16. */
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^[0-9]+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(least).max(most));

/** What `parse` makes of a text; its INVALID_CONFIGURATION completes a sentence that begins with the setting. */
const parsedBy = <T>(parse: (text: string) => T) =>
  z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      if (!isSignpostError(error, "INVALID_CONFIGURATION")) throw error;
      context.addIssue(error.message);
      return z.NEVER;
    }
  });

const domainName = z.string().refine(
  (name) => {
    try {
      return normalizeName(name) === name;
    } catch {
      return false;
    }
  },
  { message: "must be an ENS name in normal form" },
);

const databaseUrl = z.url({ protocol: /^postgres(?:ql)?$/ });

/** Each setting by the name of its environment variable; the description is what `.env.example` says of it. */
export const settingsSchema = z.object({
  DATABASE_URL: databaseUrl.optional().meta({
    description:
      "Your Postgres (13 or newer), e.g. postgresql://signpost:password@localhost/signpost. Without it, Signpost runs its own under SIGNPOST_DIR.",
    secret: true,
  }),
  STANDBY_DATABASE_URLS: z
    .string()
    .transform((urls) => urls.split(",").map((url) => url.trim()))
    .pipe(z.array(databaseUrl).max(8))
    .optional()
    .meta({
      description:
        "Hot standbys of the Postgres of DATABASE_URL, with commas between them: they answer lookups while it does not. Nothing is ever written to them.",
      secret: true,
    }),
  DATABASE_POOLER: z.enum(["none", "transaction"]).default("none").meta({
    description:
      "transaction, when the database URLs lead to a connection pooler such as pgbouncer in transaction mode (docs/operations/several-gateways.md).",
  }),
  GATEWAY_SIGNER_KEY: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, "must be 0x and 64 hexadecimal digits")
    .optional()
    .meta({
      description:
        "Private key of the gatewaySigner, 0x and 64 hexadecimal digits. Without it, a random one is made once and kept in SIGNPOST_DIR/gateway-signer.key; its address is printed at the start and has to be a signer of your resolver.",
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
  CHAIN_RPC_URLS: parsedBy(parseChainRpcUrls).optional().meta({
    description:
      "RPC nodes of the chains that your resolvers are on, e.g. 1=https://...,8453=https://... With them /health/ready knows whether the resolvers take this gateway's answers, and whether its clock is right; and contract wallets on these chains can sign requests.",
    secret: true,
  }),
  SIGNPOST_DIR: z.string().min(1).default(".signpost").meta({
    description:
      "Folder for what Signpost itself keeps: the embedded Postgres and the generated key.",
  }),
  HOST: z.string().min(1).default("127.0.0.1").meta({
    description:
      "Address to listen on. Put a TLS-terminating proxy in front before you open it to others.",
  }),
  PORT: wholeNumber(0, 65535)
    .default(8080)
    .meta({ description: "Port to listen on; 0 takes a free one." }),
  PROCESSES: wholeNumber(1, 64).default(1).meta({
    description:
      "How many processes answer behind PORT: one for each core, less one for a Postgres beside them.",
  }),
  TRUSTED_PROXIES: parsedBy(parseTrustedProxies).optional().meta({
    description:
      "Addresses or networks of your own proxies, e.g. 127.0.0.1,10.0.0.0/8: what they say in X-Forwarded-For is who asks. Without it, all whom a proxy sends share the limit of requests without an API key.",
  }),
  METRICS_HOST: z.string().min(1).default("127.0.0.1").meta({
    description: "Address to serve /metrics on, if METRICS_PORT is set.",
  }),
  METRICS_PORT: wholeNumber(0, 65535).optional().meta({
    description:
      "Port of its own for /metrics. Without it, /metrics is on PORT, and answers only programs of the same machine.",
  }),
  LOG_LEVEL: z.enum(LOG_LEVELS).default("info").meta({
    description: "What is logged: error, warn, info, or debug, which is every single request.",
  }),
  LOG_CLIENT_ADDRESSES: z
    .enum(["true", "false"])
    .default("false")
    .transform((text) => text === "true")
    .meta({
      description:
        "Whether the log says from which address a request came (with TRUSTED_PROXIES, whom the proxy names): true or false.",
    }),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description:
        "Where traces are sent by OTLP over HTTP, e.g. http://localhost:4318; without it there are none. OpenTelemetry's other OTEL_ variables count as well.",
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
});

/** The settings that must never be logged or handed on. */
export const SECRET_SETTINGS: readonly string[] = Object.entries(settingsSchema.shape)
  .filter(([, schema]) => schema.meta()?.["secret"] === true)
  .map(([name]) => name);

export interface Config {
  /** Where to listen, and how; may be logged. */
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  /** How many share the port. */
  readonly processes: number;
  readonly validitySec: number;
  readonly maxAgeSec: number;
  readonly answerCacheBytes: number;
  readonly signer: {
    /** Null for a key of our own: `gatewaySignerKey`, or the one that is generated. */
    readonly location: SignerLocation | null;
    readonly passphraseFile: string | null;
    readonly tokenFile: string | null;
  };
  readonly trustedProxies: TrustedProxies;
  readonly databasePooler: "none" | "transaction";
  /** Where /metrics is alone; null for the same port as everything else. */
  readonly metricsAt: { readonly host: string; readonly port: number } | null;
  readonly logLevel: LogLevel;
  readonly logClientAddresses: boolean;
  /** Null where dm3's own API is not served. */
  readonly dm3Domains: Dm3Domains | null;
  /** Whether traces are sent; where to is read by OpenTelemetry itself. */
  readonly traces: boolean;
  /** Never logged. */
  readonly secrets: {
    readonly databaseUrl: string | null;
    readonly standbyDatabaseUrls: readonly string[];
    /** 32 bytes */
    readonly gatewaySignerKey: Uint8Array | null;
    /** By chain id. */
    readonly chainRpcUrls: ReadonlyMap<bigint, string>;
  };
}

/** Throws INVALID_CONFIGURATION with every setting that is wrong; the values themselves are not repeated. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // `PORT=` in a file means "not set"
  const given = Object.entries(environment).filter(([, value]) => value !== "");
  const parsed = settingsSchema.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    throw wrongSettings(
      parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`),
    );
  }
  const settings = parsed.data;
  if (settings.ANSWER_MAX_AGE_SEC > settings.ANSWER_VALIDITY_SEC / 2) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "ANSWER_MAX_AGE_SEC is more than half of ANSWER_VALIDITY_SEC, so that answers could expire inside a cache; lower it.",
    );
  }
  if (settings.STANDBY_DATABASE_URLS !== undefined && settings.DATABASE_URL === undefined) {
    throw wrongSettings(["STANDBY_DATABASE_URLS: needs DATABASE_URL, their primary"]);
  }
  const { DM3_ADDRESS_DOMAIN: addresses, DM3_NAME_DOMAIN: names = null } = settings;
  if (addresses === undefined && names !== null) {
    throw wrongSettings(["DM3_NAME_DOMAIN: needs DM3_ADDRESS_DOMAIN"]);
  }
  return {
    directory: settings.SIGNPOST_DIR,
    host: settings.HOST,
    port: settings.PORT,
    processes: settings.PROCESSES,
    validitySec: settings.ANSWER_VALIDITY_SEC,
    maxAgeSec: settings.ANSWER_MAX_AGE_SEC,
    answerCacheBytes: settings.ANSWER_CACHE_MB * 1024 * 1024,
    signer: {
      location: settings.GATEWAY_SIGNER ?? null,
      passphraseFile: settings.GATEWAY_SIGNER_PASSPHRASE_FILE ?? null,
      tokenFile: settings.GATEWAY_SIGNER_TOKEN_FILE ?? null,
    },
    trustedProxies: settings.TRUSTED_PROXIES ?? [],
    databasePooler: settings.DATABASE_POOLER,
    metricsAt:
      settings.METRICS_PORT === undefined
        ? null
        : { host: settings.METRICS_HOST, port: settings.METRICS_PORT },
    logLevel: settings.LOG_LEVEL,
    logClientAddresses: settings.LOG_CLIENT_ADDRESSES,
    dm3Domains: addresses === undefined ? null : { addresses, names },
    traces: settings.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    secrets: {
      databaseUrl: settings.DATABASE_URL ?? null,
      standbyDatabaseUrls: settings.STANDBY_DATABASE_URLS ?? [],
      gatewaySignerKey: settings.GATEWAY_SIGNER_KEY ? fromHex(settings.GATEWAY_SIGNER_KEY) : null,
      chainRpcUrls: settings.CHAIN_RPC_URLS ?? new Map<bigint, string>(),
    },
  };
}

function wrongSettings(wrong: readonly string[]): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `Correct these settings in the environment or in .env (.env.example explains each): ${wrong.join("; ")}.`,
  );
}

/** The text of `.env.example`. */
export function envExample(): string {
  const settings = Object.entries(settingsSchema.shape).map(([name, schema]) => {
    const { description = "", secret = false } = schema.meta() ?? {};
    const standard: unknown = schema.safeParse(undefined).data;
    const value = ["string", "number", "boolean"].includes(typeof standard) ? String(standard) : "";
    const comment = wrap(`${description}${secret === true ? " Secret." : ""}`);
    return `${comment}# ${name}=${value}\n`;
  });
  return [
    "# Settings of Signpost. Copy this file to .env and change what you need; every setting has a default.\n" +
      "# Generated from src/settings/config.ts by `npm run env-example`; do not edit it by hand.\n",
    ...settings,
  ].join("\n");
}

/** Lines of a comment, 100 characters wide at most. */
function wrap(sentence: string): string {
  return sentence.replace(/(.{1,98})(?: |$)/g, "# $1\n");
}
