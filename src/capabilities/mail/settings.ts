/** The mail bridge's part of the settings. */
import type { PieceSettings } from "../../db/messaging/pieceStore.js";
import { SignpostError } from "../../errors.js";
import {
  allOrNone,
  type HostAndPort,
  type RegistryConfig,
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
import { settingsPart } from "../../settings/settingsPart.js";
import { CANARY_SETTINGS, type CanaryConfig, canaryOf } from "./canary/canarySettings.js";
import { MAIL_FIELDS, SHORTEST_SIZE_LIMIT } from "./mailFields.js";
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
const TLS_RULES = { offered: "if offered", required: "required", verified: "verified" } as const;
const DAY_MS = 86_400_000;

export const mailSettings = settingsPart(
  "The mail bridge",
  {
    ...MAIL_FIELDS,
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

function wrong(sentence: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", sentence);
}
