/** Whether contract wallets accept what they are said to have signed: asked of their chains, at the block of then. */
import { checkContractProof } from "../../registry/audit/contractProof.js";
import { isBreak } from "../../registry/audit/followEntry.js";
import type { ContractWallets } from "../../registry/signed/contractWallets.js";
import type { NameArrival, Refused } from "../verify/nameArrival.js";

/**
 * Of the entries with these numbers, those that their wallets accepted; of a chain that is not known here, none.
 * @param contractWallets null: nobody is asked
 */
export async function askChains(
  contractWallets: ContractWallets | null,
  { name, entries }: Pick<NameArrival, "name" | "entries">,
  numbers: readonly number[],
): Promise<{ readonly accepted: ReadonlySet<number> } | Refused> {
  const accepted = new Set<number>();
  if (contractWallets === null) return { accepted };
  for (const number of numbers) {
    const sealed = entries[number - 1];
    const proof = sealed ? await checkContractProof(sealed.entry, contractWallets) : null;
    if (proof === null) continue;
    if (isBreak(proof)) return { name, reason: `entry ${number}: ${proof.reason}` };
    if (proof.status === "refused") {
      return { name, reason: `entry ${number}: its contract wallet does not accept its signature` };
    }
    if (proof.status === "accepted") accepted.add(number);
  }
  return { accepted };
}
