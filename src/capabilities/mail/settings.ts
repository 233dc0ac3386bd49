/** The mail bridge's part of the settings. */
import { z } from "zod";
import type { PieceSettings } from "../../db/messaging/pieceStore.js";
import { SignpostError } from "../../errors.js";
import {
  allOrNone,
  type HostAndPort,
  hostAndPort,
  hostName,
  type RegistryConfig,
  registryKey,
  registryUrl,
} from "../../settings/networkSettings.js";
import {
  BLOB_MB,
  ENS_NAME,
  ENS_SETTINGS,
  type EnsConfig,
  ensConfig,
  MESSAGE_TTL_DAYS,
  MIB,
  NODE_URL,
  SIZE_LIMIT,
} from "../../settings/relayNodeSettings.js";
import { domainName, parsedBy, wholeNumber } from "../../settings/settingKinds.js";
import { settingsPart } from "../../settings/settingsPart.js";
import { CANARY_SETTINGS, type CanaryConfig, canaryOf } from "./canary/canarySettings.js";
import { mailSizeWithin } from "./mailSize.js";

export interface MailConfig {
  /** ENS name of the relay node whose mailboxes it empties. */
  readonly relayNode: string | null;
  /** Of an envelope, in bytes. */
  readonly sizeLimit: number;
  /** Of a mail, in bytes. */
  readonly mailSizeLimit: number;
  /** Where long mails are kept; null: every mail has to fit into an envelope. */
  readonly kept: Omit<PieceSettings, "counter" | "nowMs"> | null;
  readonly ens: EnsConfig;
  /** Null: not set up. */
  readonly bridge: BridgeConfig | null;
  readonly listen: HostAndPort;
  /** Files in PEM; null: no TLS. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** Null: to the mail server of each receiver. */
  readonly smarthost: (HostAndPort & { readonly user: string | null }) | null;
  readonly outgoingTls: (typeof TLS_RULES)[keyof typeof TLS_RULES];
  /** `address:port`; null: those of the machine. */
  readonly dnsServers: readonly string[] | null;
  /** Null: none is sent. */
  readonly canary: CanaryConfig | null;
  readonly secrets: {
    /** An API key of the domain of the names. */
    readonly registryKey: string | null;
    readonly smarthostPassword: string | null;
  };
}

export interface BridgeConfig {
  /** Host in the addresses of DM3 users. */
  readonly domain: string;
  /** As which the server greets. */
  readonly hostName: string;
  /** With the private keys that its mail is signed by. */
  readonly dkimFolder: string;
  readonly dkimSelector: string;
  readonly registry: RegistryConfig;
}

const THIS = "the mail bridge";
/** What a bridge cannot be without, beside the name of its relay node. */
export const NEEDED =
  "MAIL_DOMAIN, MAIL_DKIM_KEYS, MAIL_NAMES, MAIL_REGISTRY_URL, MAIL_REGISTRY_KEY";
/** Of DKIM keys, what their names begin with. */
export const USUAL_SELECTOR = "dm3";
const TLS_RULES = { offered: "if offered", required: "required", verified: "verified" } as const;
/** In bytes: below it, not even a short mail with its certificate fits. */
const SHORTEST_SIZE_LIMIT = 100_000;
const DAY_MS = 86_400_000;

export const mailSettings = settingsPart(
  "The mail bridge",
  {
    MAIL_DOMAIN: hostName.optional().meta({
      description:
        "The host in the mail addresses of DM3 users, e.g. dm3.mail.example for alice.eth@dm3.mail.example. Nobody else may have addresses there.",
    }),
    MAIL_HOST: hostName.optional().meta({
      description:
        "The host name of this mail server, as MX and PTR record have it; MAIL_DOMAIN without it.",
    }),
    MAIL_LISTEN: parsedBy(hostAndPort).default({ host: "127.0.0.1", port: 2525 }).meta({
      description:
        "Where it takes mail (SMTP), as host:port; 127.0.0.1:2525 without it. Other mail servers come to port 25, so lead that port there.",
    }),
    MAIL_TLS_CERT_FILE: z.string().min(1).optional().meta({
      description:
        "A file with the certificate for incoming mail, PEM. Without it there is no TLS.",
    }),
    MAIL_TLS_KEY_FILE: z.string().min(1).optional().meta({
      description: "A file with the private key of that certificate, PEM.",
    }),
    MAIL_SMARTHOST: parsedBy(hostAndPort).optional().meta({
      description:
        "A mail server that sends on everything from here, as host:port. Without it, mail goes to the mail servers of its receivers.",
    }),
    MAIL_SMARTHOST_USER: z.string().min(1).optional().meta({
      description: "The account there, where it wants one.",
    }),
    MAIL_SMARTHOST_PASSWORD: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "The password of that account.", secret: true }),
    MAIL_OUTGOING_TLS: z.enum(["offered", "required", "verified"]).default("offered").meta({
      description:
        "TLS for outgoing mail: only where it is offered, required with any certificate, or required with a certificate that was verified: offered, required, verified.",
    }),
    MAIL_DNS: parsedBy(dnsServers).optional().meta({
      description:
        "DNS servers, as address:port with commas between them; those of the machine without it. Take one that validates DNSSEC.",
    }),
    MAIL_DKIM_KEYS: z.string().min(1).optional().meta({
      description:
        "The folder of the keys that sign every mail; `signpost mail dkim-keys` makes them.",
    }),
    MAIL_DKIM_SELECTOR: z
      .string()
      .regex(
        /^[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?$/,
        "must be lower-case letters, digits and hyphens",
      )
      .default(USUAL_SELECTOR)
      .meta({
        description: "What the names of those keys begin with; another one for new keys.",
      }),
    MAIL_NAMES: domainName.optional().meta({
      description:
        "The domain below which mail users get ENS names, e.g. bridge.example.eth for bob.mail.test.bridge.example.eth.",
    }),
    MAIL_REGISTRY_URL: registryUrl,
    MAIL_REGISTRY_KEY: registryKey,
    MAIL_SIZE_LIMIT: wholeNumber(SHORTEST_SIZE_LIMIT, 50_000_000).default(27_000_000).meta({
      description:
        "How long a mail may be, in bytes. What does not fit into an envelope of 100,000 bytes is kept by the relay node, encrypted, and sent as a reference.",
    }),
    MAIL_KEPT_MB: wholeNumber(100, 1_048_576).default(10_240).meta({
      description:
        "How much files may take there together, in MiB: beyond it no long mail is taken. Each is kept for RELAY_MESSAGE_TTL_DAYS. The mails of one domain get a quarter of it, those of one person a twentieth.",
    }),
    ...CANARY_SETTINGS,
    RELAY_ENS_NAME: ENS_NAME,
    RELAY_URL: NODE_URL,
    RELAY_SIZE_LIMIT: SIZE_LIMIT,
    RELAY_MESSAGE_TTL_DAYS: MESSAGE_TTL_DAYS,
    RELAY_BLOB_MB: BLOB_MB,
    ...ENS_SETTINGS,
  },
  (settings): MailConfig => {
    const bridge = bridgeOf(settings);
    if (bridge !== null && mailSizeWithin(settings.RELAY_SIZE_LIMIT) < SHORTEST_SIZE_LIMIT / 4) {
      throw wrong(
        `RELAY_SIZE_LIMIT is less than ${SHORTEST_SIZE_LIMIT}, so that hardly a mail fits into an envelope; raise it.`,
      );
    }
    const kept = keptOf(settings);
    const { MAIL_TLS_CERT_FILE, MAIL_TLS_KEY_FILE, MAIL_SMARTHOST: smarthost } = settings;
    const tls = { MAIL_TLS_CERT_FILE, MAIL_TLS_KEY_FILE };
    return {
      ...{ relayNode: settings.RELAY_ENS_NAME ?? null, sizeLimit: settings.RELAY_SIZE_LIMIT },
      mailSizeLimit: Math.min(
        settings.MAIL_SIZE_LIMIT,
        kept === null ? mailSizeWithin(settings.RELAY_SIZE_LIMIT) : Infinity,
      ),
      kept,
      ...{ ens: ensConfig(settings), bridge, listen: settings.MAIL_LISTEN },
      tls: allOrNone(tls, THIS)
        ? { certFile: tls.MAIL_TLS_CERT_FILE, keyFile: tls.MAIL_TLS_KEY_FILE }
        : null,
      smarthost: smarthost ? { ...smarthost, user: settings.MAIL_SMARTHOST_USER ?? null } : null,
      outgoingTls: TLS_RULES[settings.MAIL_OUTGOING_TLS],
      ...{ dnsServers: settings.MAIL_DNS ?? null, canary: canaryOf(settings) },
      secrets: {
        registryKey: settings.MAIL_REGISTRY_KEY ?? null,
        smarthostPassword: settings.MAIL_SMARTHOST_PASSWORD ?? null,
      },
    };
  },
);

/** Throws INVALID_CONFIGURATION where the bridge is not set up. */
export function bridgeIn({ bridge }: Pick<MailConfig, "bridge">): BridgeConfig {
  if (bridge !== null) return bridge;
  throw wrong(`The mail bridge is not set up. Set ${NEEDED}.`);
}

/** Throws INVALID_CONFIGURATION where the relay node has no name. */
export function relayNodeIn({ relayNode }: Pick<MailConfig, "relayNode">): string {
  if (relayNode !== null) return relayNode;
  throw wrong("The relay node of the mail bridge has no name. Set RELAY_ENS_NAME.");
}

function bridgeOf(settings: {
  readonly MAIL_DOMAIN?: string | undefined;
  readonly MAIL_HOST?: string | undefined;
  readonly MAIL_DKIM_KEYS?: string | undefined;
  readonly MAIL_DKIM_SELECTOR: string;
  readonly MAIL_NAMES?: string | undefined;
  readonly MAIL_REGISTRY_URL?: string | undefined;
  readonly MAIL_REGISTRY_KEY?: string | undefined;
}): BridgeConfig | null {
  const { MAIL_DOMAIN, MAIL_DKIM_KEYS, MAIL_NAMES, MAIL_REGISTRY_URL, MAIL_REGISTRY_KEY } =
    settings;
  const given = { MAIL_DOMAIN, MAIL_DKIM_KEYS, MAIL_NAMES, MAIL_REGISTRY_URL, MAIL_REGISTRY_KEY };
  if (!allOrNone(given, THIS)) return null;
  return {
    domain: given.MAIL_DOMAIN,
    hostName: settings.MAIL_HOST ?? given.MAIL_DOMAIN,
    dkimFolder: given.MAIL_DKIM_KEYS,
    dkimSelector: settings.MAIL_DKIM_SELECTOR,
    registry: { names: given.MAIL_NAMES, url: given.MAIL_REGISTRY_URL },
  };
}

/** Null where the relay node keeps no files, or nobody knows where it answers. */
function keptOf(settings: {
  readonly RELAY_URL?: string | undefined;
  readonly RELAY_BLOB_MB: number;
  readonly RELAY_MESSAGE_TTL_DAYS: number;
  readonly MAIL_KEPT_MB: number;
}): MailConfig["kept"] {
  const { RELAY_URL: url, RELAY_BLOB_MB, RELAY_MESSAGE_TTL_DAYS, MAIL_KEPT_MB } = settings;
  if (url === undefined || RELAY_BLOB_MB === 0) return null;
  return { url, mostBytes: MAIL_KEPT_MB * MIB, lifetimeMs: RELAY_MESSAGE_TTL_DAYS * DAY_MS };
}

function dnsServers(text: string): readonly string[] {
  return text.split(",").map((part) => {
    const { host, port } = hostAndPort(part.trim());
    return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  });
}

function wrong(sentence: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", sentence);
}
