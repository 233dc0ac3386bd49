/** What main thread and verifying threads say to each other. */
import { packName } from "../../../db/transfer/packName.js";
import type { NameGroup } from "../../../transfer/form/nameGroups.js";
import type { PackedName } from "../../../transfer/importPort.js";
import { isRefused, type Refused } from "../../../transfer/verify/nameArrival.js";
import { verifyLines } from "../../../transfer/verify/verifyLines.js";
import type { VerifyContext } from "../../../transfer/verify/verifyName.js";

export interface VerifyJob {
  readonly groups: readonly NameGroup[];
  readonly context: VerifyContext;
}

export type VerifyResults = readonly (PackedName | Refused)[];

/** Throws EXPORT_MALFORMED. */
export async function verifyChunk({ groups, context }: VerifyJob): Promise<VerifyResults> {
  const results: (PackedName | Refused)[] = [];
  for (const group of groups) {
    const arrival = await verifyLines(group, context);
    results.push(isRefused(arrival) ? arrival : packName(arrival));
  }
  return results;
}
