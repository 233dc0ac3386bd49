/** DM3 users whose names are too long for an address: what stands there is a hash, and only a table leads back. */
import type { NormalName } from "../../ens/normalize.js";
import { localPartOfName, type NetworkKind } from "../address/virtualAddress.js";

/** The table. Both throw DATABASE_UNAVAILABLE. */
export interface LongNames {
  readonly nameOf: (localPart: string) => Promise<NormalName | null>;
  readonly note: (localPart: string, name: NormalName) => Promise<void>;
}

/** To be called before the name's address is shown to anybody. */
export async function noteLongName(
  table: Pick<LongNames, "note">,
  name: NormalName,
  kind: NetworkKind,
): Promise<void> {
  const { written, isReversible } = localPartOfName(name, kind);
  if (!isReversible) await table.note(written, name);
}
