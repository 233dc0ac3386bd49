/** Whom a client means by what it writes into a path or an envelope. */
import type { Address } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";
import type { RememberingDirectory } from "./directory.js";
import { addressNamed, normalNameOf } from "./wireName.js";

export interface Named {
  /** Null where an address was named. */
  readonly name: NormalName | null;
  readonly address: Address;
}

/** Null for what leads to no address. Throws UNREACHABLE. */
export async function whoIs(
  directory: Pick<RememberingDirectory, "personOf">,
  named: string,
): Promise<Named | null> {
  const given = addressNamed(named);
  if (given !== null) return { name: null, address: given };
  const name = normalNameOf(named);
  if (name === null) return null;
  const { address } = await directory.personOf(name);
  return address === null ? null : { name, address };
}
