/** Transactions of a rotation that were sent, or may have been, and are not known to stand. */
import { steps } from "../../capabilities/registry/commands/signerTaken.js";
import type { Tried } from "./changeWhereOwned.js";
import type { AskedResolver } from "./resolversAsked.js";
import type { Rotation } from "./rotation.js";
import { placeText } from "./rotationText.js";

export function isUnsure(one: AskedResolver, tried: readonly Tried[]): boolean {
  return isTried("unknown", one, tried);
}

export function isTried(
  as: Tried["kind"],
  { chainId, resolver }: AskedResolver,
  tried: readonly Tried[],
): boolean {
  return tried.some(
    ({ at, kind }) => kind === as && at.chainId === chainId && at.resolver === resolver,
  );
}

/** No command for these: where the node has lost sight of the transaction, it would be sent a second time. */
export function unsureLines(tried: readonly Tried[]): readonly string[] {
  const unsure = tried.filter(({ kind }) => kind === "unknown");
  return steps(
    "A transaction was sent there, or may have been, and is not known to stand. Look for it before you run this again:",
    unsure.map(({ at }) => placeText(at)),
  );
}

/** What was sent is told also where nobody can be asked afterwards. */
export async function lookAfter<T>(
  tried: readonly Tried[],
  { terminal }: Pick<Rotation, "terminal">,
  look: () => Promise<T>,
): Promise<T> {
  try {
    return await look();
  } catch (error) {
    for (const line of unsureLines(tried)) terminal.tell(line);
    throw error;
  }
}
