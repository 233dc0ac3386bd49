/** What every process of an installation shares, whatever its capabilities: where it listens, its Postgres, its log. */
import { z } from "zod";
import { parseTrustedProxies, type TrustedProxies } from "../http/clientAddress.js";
import { LOG_LEVELS, type LogLevel } from "../observe/logLevel.js";
import { parseChainRpcUrls } from "./chainRpcUrls.js";
import { databaseUrl, parsedBy, trueOrFalse, wholeNumber } from "./settingKinds.js";
import { settingsPart, wrongSettings } from "./settingsPart.js";

export interface InstallationConfig {
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  /** How many share the port. */
  readonly processes: number;
  readonly trustedProxies: TrustedProxies;
  readonly databasePooler: "none" | "transaction";
  /** Where /metrics is alone; null for the same port as everything else. */
  readonly metricsAt: { readonly host: string; readonly port: number } | null;
  readonly logLevel: LogLevel;
  readonly logClientAddresses: boolean;
  /** Whether traces are sent; OpenTelemetry itself reads where to. */
  readonly traces: boolean;
  /** Never logged. */
  readonly secrets: {
    readonly databaseUrl: string | null;
    readonly standbyDatabaseUrls: readonly string[];
    /** By chain id. */
    readonly chainRpcUrls: ReadonlyMap<bigint, string>;
  };
}

export const installationSettings = settingsPart(
  "The installation: its Postgres, where it listens, its log",
  {
    DATABASE_URL: databaseUrl.optional().meta({
      description:
        "Your Postgres (15 to 18), e.g. postgresql://signpost:password@localhost/signpost. Without it, Signpost runs its own under SIGNPOST_DIR.",
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
    CHAIN_RPC_URLS: parsedBy(parseChainRpcUrls).optional().meta({
      description:
        "RPC nodes of the chains that your resolvers are on, e.g. 1=https://...,8453=https://... With them /health/ready knows whether the resolvers take this gateway's answers, and whether its clock is right. Contract wallets on these chains can sign requests then.",
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
    LOG_CLIENT_ADDRESSES: trueOrFalse
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
  },
  (settings): InstallationConfig => {
    if (settings.STANDBY_DATABASE_URLS !== undefined && settings.DATABASE_URL === undefined) {
      throw wrongSettings(["STANDBY_DATABASE_URLS: needs DATABASE_URL, their primary"]);
    }
    return {
      directory: settings.SIGNPOST_DIR,
      host: settings.HOST,
      port: settings.PORT,
      processes: settings.PROCESSES,
      trustedProxies: settings.TRUSTED_PROXIES ?? [],
      databasePooler: settings.DATABASE_POOLER,
      metricsAt:
        settings.METRICS_PORT === undefined
          ? null
          : { host: settings.METRICS_HOST, port: settings.METRICS_PORT },
      logLevel: settings.LOG_LEVEL,
      logClientAddresses: settings.LOG_CLIENT_ADDRESSES,
      traces: settings.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
      secrets: {
        databaseUrl: settings.DATABASE_URL ?? null,
        standbyDatabaseUrls: settings.STANDBY_DATABASE_URLS ?? [],
        chainRpcUrls: settings.CHAIN_RPC_URLS ?? new Map<bigint, string>(),
      },
    };
  },
);
