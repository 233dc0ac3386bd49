/** The storage's part of the settings. It asks ENS as the relay node does, by the same settings. */
import { secureUrlProblem } from "../../dm3/profile/secureUrl.js";
import { SignpostError } from "../../errors.js";
import { ENS_SETTINGS, type EnsConfig, ensConfig, MIB } from "../../settings/relayNodeSettings.js";
import { parsedBy, wholeNumber } from "../../settings/settingKinds.js";
import { settingsPart } from "../../settings/settingsPart.js";
import type { StorageBounds } from "../../storage/bounds.js";

export interface StorageConfig {
  /** Where clients reach it; null: not told yet. */
  readonly url: string | null;
  /** Of that URL, without a slash at its end. */
  readonly basePath: string;
  readonly ens: EnsConfig;
  readonly bounds: StorageBounds;
  /** Null: for ever, where the user says nothing. */
  readonly retentionDays: number | null;
}

/** Beside the registry, whose API for dm3's clients has paths of the same names. */
const USUAL_PATH = "/backend";
const KIB = 1024;

export const storageSettings = settingsPart(
  "The storage of conversations",
  {
    STORAGE_URL: parsedBy(publicUrl).optional().meta({
      description:
        "Where clients reach the storage: the `backendUrl` of dm3's web client, e.g. https://relay.example.com/backend. Everything is served below its path; without this setting, below /backend.",
    }),
    ...ENS_SETTINGS,
    STORAGE_CONVERSATIONS: wholeNumber(10, 10_000_000).default(10_000).meta({
      description: "How many conversations one user may keep. More are refused; none is dropped.",
    }),
    STORAGE_MESSAGES: wholeNumber(100, 100_000_000).default(200_000).meta({
      description: "How many messages one user may keep. More are refused; none is dropped.",
    }),
    STORAGE_MB: wholeNumber(1, 1_048_576).default(1_024).meta({
      description:
        "How much one user may keep, in MiB, as it is encrypted. A short message takes 14 kB there, as dm3's web client makes it.",
    }),
    STORAGE_MESSAGE_KB: wholeNumber(16, 600).default(320).meta({
      description:
        "How long one message may be, in KiB, as it is encrypted for the storage: three times RELAY_SIZE_LIMIT holds all that a relay node takes.",
    }),
    STORAGE_RETENTION_DAYS: wholeNumber(0, 36_500).default(0).meta({
      description:
        "How many days a conversation or message is kept after it last changed; 0: for ever. A user may have a shorter time.",
    }),
  },
  (settings): StorageConfig => ({
    url: settings.STORAGE_URL ?? null,
    basePath: settings.STORAGE_URL === undefined ? USUAL_PATH : pathOf(settings.STORAGE_URL),
    ens: ensConfig(settings),
    bounds: {
      mostConversations: settings.STORAGE_CONVERSATIONS,
      mostMessages: settings.STORAGE_MESSAGES,
      mostBytes: settings.STORAGE_MB * MIB,
      mostMessageBytes: settings.STORAGE_MESSAGE_KB * KIB,
    },
    retentionDays: settings.STORAGE_RETENTION_DAYS === 0 ? null : settings.STORAGE_RETENTION_DAYS,
  }),
);

function pathOf(url: string): string {
  return new URL(url).pathname.replace(/\/+$/, "");
}

/** Without a slash at its end. */
function publicUrl(text: string): string {
  const url = text.replace(/\/+$/, "");
  const problem = secureUrlProblem(url);
  if (problem !== null) throw wrong(problem);
  if (new URL(url).search !== "") throw wrong("must not have a query");
  return url;
}

function wrong(what: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", what);
}
