/** The relay node's part of the settings. */
import { SignpostError } from "../../errors.js";
import type { BlobBounds } from "../../relay/blobStore.js";
import type { MailboxBounds } from "../../relay/store.js";
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
  USUAL_PATH,
} from "../../settings/relayNodeSettings.js";
import { domainName, wholeNumber } from "../../settings/settingKinds.js";
import { settingsPart } from "../../settings/settingsPart.js";

export interface RelayConfig {
  /** Null: not told yet. */
  readonly ensName: string | null;
  /** As published in ENS; null: not told yet. */
  readonly url: string | null;
  /** Of that URL, without a slash at its end. */
  readonly basePath: string;
  readonly ens: EnsConfig;
  /** Of an envelope, in bytes. */
  readonly sizeLimit: number;
  readonly messageTtlDays: number;
  /** How long keys that were exchanged go on opening what senders encrypted for them. */
  readonly formerKeyDays: number;
  /** Null: no canary is sent. */
  readonly canary: { readonly name: string; readonly everyMs: number } | null;
  readonly mailbox: MailboxBounds;
  readonly blobs: BlobBounds;
}

const MINUTE_MS = 60_000;

export const relaySettings = settingsPart(
  "The relay node",
  {
    RELAY_ENS_NAME: ENS_NAME,
    RELAY_URL: NODE_URL,
    ...ENS_SETTINGS,
    RELAY_SIZE_LIMIT: SIZE_LIMIT,
    RELAY_MESSAGE_TTL_DAYS: MESSAGE_TTL_DAYS,
    RELAY_FORMER_KEY_DAYS: wholeNumber(7, 365).default(30).meta({
      description:
        "How many days keys that were exchanged (`signpost relay rotate-keys`) go on opening what senders encrypted for them. Then they are forgotten, and such senders have to read the relay node's record in ENS again.",
    }),
    RELAY_CANARY_NAME: domainName.optional().meta({
      description:
        "An ENS name for a canary: the relay node then writes to this account of its own through RELAY_URL again and again, reads it back, and tells in /health/ready and /metrics when that fails. `signpost relay canary --show` prints the records to publish under the name.",
    }),
    RELAY_CANARY_MINUTES: wholeNumber(1, 1_440).default(5).meta({
      description: "Minutes between two canaries.",
    }),
    RELAY_MAILBOX_MESSAGES: wholeNumber(10, 1_000_000).default(2_000).meta({
      description: "How many messages may wait for one user. More are refused; none is dropped.",
    }),
    RELAY_MAILBOX_MB: wholeNumber(1, 4_096).default(32).meta({
      description:
        "How much may wait for one user, in MiB; at least three times RELAY_SIZE_LIMIT, because one sender gets a third of a mailbox at most.",
    }),
    RELAY_BLOB_MB: BLOB_MB,
    RELAY_BLOBS: wholeNumber(1, 100_000).default(500).meta({
      description:
        "How many such files one user may have. Each is kept for RELAY_MESSAGE_TTL_DAYS. More are refused; none is dropped.",
    }),
    RELAY_BLOBS_MB: wholeNumber(1, 65_536).default(100).meta({
      description: "How much one user may have in such files, in MiB.",
    }),
  },
  (settings): RelayConfig => ({
    ...bounds(settings),
    ensName: settings.RELAY_ENS_NAME ?? null,
    url: settings.RELAY_URL ?? null,
    basePath: settings.RELAY_URL === undefined ? USUAL_PATH : pathOf(settings.RELAY_URL),
    ens: ensConfig(settings),
    messageTtlDays: settings.RELAY_MESSAGE_TTL_DAYS,
    formerKeyDays: settings.RELAY_FORMER_KEY_DAYS,
    canary:
      settings.RELAY_CANARY_NAME === undefined
        ? null
        : {
            name: settings.RELAY_CANARY_NAME,
            everyMs: settings.RELAY_CANARY_MINUTES * MINUTE_MS,
          },
    blobs: {
      mostBytes: settings.RELAY_BLOB_MB * MIB,
      account: { mostBlobs: settings.RELAY_BLOBS, mostBytes: settings.RELAY_BLOBS_MB * MIB },
    },
  }),
);

/** Throws INVALID_CONFIGURATION where the longest envelope would be more than one sender's part of an empty mailbox. */
function bounds(settings: {
  readonly RELAY_SIZE_LIMIT: number;
  readonly RELAY_MAILBOX_MESSAGES: number;
  readonly RELAY_MAILBOX_MB: number;
}): Pick<RelayConfig, "sizeLimit" | "mailbox"> {
  const { RELAY_SIZE_LIMIT: sizeLimit, RELAY_MAILBOX_MESSAGES: mostMessages } = settings;
  const mostBytes = settings.RELAY_MAILBOX_MB * MIB;
  if (3 * sizeLimit > mostBytes) {
    throw wrong(
      "RELAY_SIZE_LIMIT is more than a third of RELAY_MAILBOX_MB, so that the longest messages would always be refused; lower it, or raise RELAY_MAILBOX_MB.",
    );
  }
  return { sizeLimit, mailbox: { mostMessages, mostBytes } };
}

function pathOf(url: string): string {
  return new URL(url).pathname.replace(/\/+$/, "");
}

function wrong(what: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", what);
}
