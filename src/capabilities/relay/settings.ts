/** The relay node's part of the settings. */
import { LARGEST_BLOB } from "../../dm3/blob/sealedBlob.js";
import { secureUrlProblem } from "../../dm3/profile/secureUrl.js";
import { SignpostError } from "../../errors.js";
import type { BlobBounds } from "../../relay/blobStore.js";
import type { MailboxBounds } from "../../relay/store.js";
import {
  ENS_NAME,
  ENS_SETTINGS,
  type EnsConfig,
  ensConfig,
  SIZE_LIMIT,
} from "../../settings/relayNodeSettings.js";
import { domainName, parsedBy, wholeNumber } from "../../settings/settingKinds.js";
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

/** Beside the registry, whose API for dm3's clients has paths of the same names. */
const USUAL_PATH = "/ds";

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;

export const relaySettings = settingsPart(
  "The relay node",
  {
    RELAY_ENS_NAME: ENS_NAME,
    RELAY_URL: parsedBy(publicUrl).optional().meta({
      description:
        "Where clients reach the relay node, as its record says it, e.g. https://relay.example.com/ds. Everything is served below its path (/ds without this setting), and /socket.io/ beside it. The host must not begin with `ds`, and the path has to be /ds or none: dm3's web client makes the address of its live connection from it.",
    }),
    ...ENS_SETTINGS,
    RELAY_SIZE_LIMIT: SIZE_LIMIT,
    RELAY_MESSAGE_TTL_DAYS: wholeNumber(30, 3_650).default(90).meta({
      description:
        "How many days a message waits that nobody fetches (30 at least, by DM3). What was fetched is remembered as long, without its content, so that it does not come again.",
    }),
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
    RELAY_BLOB_MB: wholeNumber(0, LARGEST_BLOB / MIB)
      .default(10)
      .meta({
        description:
          "How large a file may be that users keep here, encrypted, to send a reference to it: in MiB. 0: none are kept.",
      }),
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

function pathOf(url: string): string {
  return new URL(url).pathname.replace(/\/+$/, "");
}

function wrong(what: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", what);
}
