/** Whether the relay node can work, and whether senders find it. */
import { fromDatabase } from "../../db/databaseError.js";
import type { Pool } from "../../db/pool.js";
import type { DeliveryServiceProfile } from "../../dm3/profile/profile.js";
import { isSignpostError } from "../../errors.js";
import type { Readiness } from "../../http/readiness.js";
import type { RelayNodeOutcome } from "../../lookup/outcome.js";

/** Of what ENS says of the node's own name. */
const KEPT_MS = 60_000;

export interface ReadinessParts {
  readonly pool: Pool;
  readonly ensName: string | null;
  readonly url: string | null;
  readonly publicKeys: Omit<DeliveryServiceProfile, "url">;
  /** What ENS says of a relay node's name; null where no RPC node is known. */
  readonly resolve: ((name: string) => Promise<RelayNodeOutcome>) | null;
  readonly nowMs: () => number;
}

export function relayReadiness(parts: ReadinessParts): Readiness {
  let known: { readonly sentences: Promise<readonly string[]>; readonly atMs: number } | null =
    null;
  const published = () => {
    const { nowMs } = parts;
    if (known === null || nowMs() - known.atMs >= KEPT_MS) {
      known = { sentences: publishedWarnings(parts), atMs: nowMs() };
    }
    return known.sentences;
  };
  return async () => ({
    reasons: [...(await databaseReasons(parts.pool)), ...chainReasons(parts)],
    warnings: await published(),
  });
}

/** Nothing is accepted that a crash could lose, so the server has to write before it answers. */
async function databaseReasons(pool: Pool): Promise<readonly string[]> {
  try {
    const { rows } = await fromDatabase(
      pool.query<{ setting: string }>("select current_setting('synchronous_commit') as setting"),
    );
    return rows[0]?.setting === "off"
      ? [
          "The relay node's Postgres answers before it has written (synchronous_commit is off), so a crash would lose accepted messages. Set it to on.",
        ]
      : [];
  } catch (error) {
    if (isSignpostError(error)) return [error.message];
    throw error;
  }
}

function chainReasons({ resolve }: ReadinessParts): readonly string[] {
  if (resolve !== null) return [];
  return [
    "The relay node cannot find out who senders are: CHAIN_RPC_URLS names no RPC node of the chain of RELAY_ENS_CHAIN.",
  ];
}

async function publishedWarnings({
  ensName,
  url,
  publicKeys,
  resolve,
}: ReadinessParts): Promise<readonly string[]> {
  if (ensName === null || url === null) {
    return [
      "Nobody can find the relay node before it has a name: set RELAY_ENS_NAME and RELAY_URL, and publish its record (`signpost relay show`).",
    ];
  }
  const outcome = await resolve?.(ensName);
  if (outcome === undefined) return [];
  if (outcome.status !== "found") return [`The relay node's own name: ${outcome.sentence}`];
  const { profile } = outcome;
  const differs =
    profile.publicEncryptionKey !== publicKeys.publicEncryptionKey ||
    profile.publicSigningKey !== publicKeys.publicSigningKey ||
    profile.url !== url;
  if (!differs) return [];
  return [
    `ENS has another record for ${ensName} than this relay node: senders encrypt for keys that it does not have, or send elsewhere. Publish the record that \`signpost relay show\` prints.`,
  ];
}
