/** What ENS says of the node's own name: asked once for all who want to know, and again after a while. */
import { SignpostError } from "../../errors.js";
import type { RelayNodeOutcome } from "../../lookup/outcome.js";
import type { OpenKeySet } from "./relayKeys.js";

export interface OwnRecordParts {
  readonly ensName: string | null;
  readonly url: string | null;
  /** What ENS says of a relay node's name; null where no RPC node is known. */
  readonly resolve: ((name: string) => Promise<RelayNodeOutcome>) | null;
  readonly nowMs: () => number;
}

export interface OwnRecord {
  /** Not older than that; null where there is no name, no URL or nobody to ask. */
  outcome(mostAgeMs: number): Promise<RelayNodeOutcome | null>;
  /** As it was seen last. */
  readonly latest: () => RelayNodeOutcome | null;
}

export function ownRecord({ ensName, url, resolve, nowMs }: OwnRecordParts): OwnRecord {
  let known: { readonly outcome: Promise<RelayNodeOutcome>; readonly atMs: number } | null = null;
  let latest: RelayNodeOutcome | null = null;
  return {
    outcome: async (mostAgeMs) => {
      if (ensName === null || url === null || resolve === null) return null;
      if (known === null || nowMs() - known.atMs >= mostAgeMs) {
        known = { outcome: resolve(ensName), atMs: nowMs() };
      }
      const asked = known;
      try {
        latest = await asked.outcome;
        return latest;
      } catch (cause) {
        if (known === asked) known = null;
        if (cause instanceof SignpostError) throw cause;
        throw new SignpostError("INTERNAL", "The own record could not be read.", {}, { cause });
      }
    },
    latest: () => latest,
  };
}

/** The keys that a record has, whole and with the node's URL; null where they are none of these. */
export function keySetShown(
  outcome: RelayNodeOutcome | null,
  url: string | null,
  all: readonly OpenKeySet[],
): OpenKeySet | null {
  if (outcome?.status !== "found" || outcome.profile.url !== url) return null;
  const { publicEncryptionKey, publicSigningKey } = outcome.profile;
  return (
    all.find(
      ({ publicKeys }) =>
        publicKeys.publicEncryptionKey === publicEncryptionKey &&
        publicKeys.publicSigningKey === publicSigningKey,
    ) ?? null
  );
}

/** Whether ENS shows a record of this node; null where it is not known. */
export function isShown(...what: Parameters<typeof keySetShown>): boolean | null {
  const [outcome] = what;
  if (outcome === null || outcome.status === "unreachable") return null;
  return keySetShown(...what) !== null;
}
