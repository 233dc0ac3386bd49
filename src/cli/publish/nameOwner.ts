/** Who owns a name, for the sentences of a command that writes its records. The resolver decides who may. */
import type { Connection } from "../../chain/connection.js";
import { isSignpostError } from "../../errors.js";
import type { EnsFlags } from "../ensOptions.js";
import { knownOf, type NamePlace, readNamePlace } from "../resolver/namePlace.js";

export interface NameOwner {
  /** Checksummed; null where it cannot be told. */
  readonly owner: string | null;
  /** What to know of the name: sentences. */
  readonly notes: readonly string[];
}

/** Throws UNREACHABLE. */
export async function nameOwner(
  connection: Connection,
  flags: EnsFlags,
  name: string,
): Promise<NameOwner> {
  try {
    const place = await readNamePlace(connection, flags, name);
    return { owner: ownerIn(place, name), notes: knownOf(place).notes };
  } catch (error) {
    // registries of an unknown kind; whoever may write there can do so all the same
    if (!isSignpostError(error, "TRANSACTION_REFUSED", "INVALID_REQUEST")) throw error;
    return { owner: null, notes: [] };
  }
}

function ownerIn(place: NamePlace, name: string): string | null {
  if (place.kind === "v2") return place.entry.name === name ? place.entry.owner : null;
  const { wrapped, owner } = place.facts;
  return wrapped === null ? owner : wrapped.owner;
}
