/** Whether the stored history of a name holds, read in pages. */
import type { Node } from "../../ens/namehash.js";
import { type ContractWallets, NO_CHAINS } from "../signed/contractWallets.js";
import type { NameStore } from "../store.js";
import { compareWithStored } from "./compareWithStored.js";
import { checkContractProof, type ContractProof, refusal } from "./contractProof.js";
import { BEGINNING, type Break, type Followed, followStored, isBreak } from "./followEntry.js";

const ENTRIES_AT_ONCE = 100;

export interface HistoryVerdict {
  /** As the history or the row has it; null for a node of which neither is there. */
  readonly name: string | null;
  readonly entries: number;
  /** Null where the history holds. */
  readonly broken: Break | null;
  /** Numbers of entries before which the row was changed without Signpost. */
  readonly foundLater: readonly number[];
  /** What contract wallets signed: their proofs are a chain's word, and cannot be recomputed. */
  readonly contractProofs: readonly ContractProof[];
}

/**
 * Follows the whole history of a node and compares it with the row as it is. Where `contractWallets` knows
 * the chain, a contract wallet is asked again, at the block of then: a refusal breaks the history.
 */
export async function verifyHistory(
  names: Pick<
    NameStore,
    "historyOf" | "nameOf" | "historyEndOf" | "signatureStateOf" | "retiredUnder"
  >,
  node: Node,
  contractWallets: ContractWallets = NO_CHAINS,
): Promise<HistoryVerdict> {
  let followed: Followed = BEGINNING;
  let name: string | null = null;
  const foundLater: number[] = [];
  const contractProofs: ContractProof[] = [];
  const until = (broken: Break): HistoryVerdict => {
    return { name, entries: broken.number - 1, broken, foundLater, contractProofs };
  };
  for (;;) {
    // read before the entries, so that the last round, which brings none, compares with nothing that is newer
    const traces = {
      stored: await names.nameOf(node),
      end: await names.historyEndOf(node),
      signatureState: await names.signatureStateOf(node),
      retired: await names.retiredUnder(node),
    };
    const page = await names.historyOf(node, followed.end?.number ?? 0, ENTRIES_AT_ONCE);
    for (const sealed of page) {
      name ??= sealed.entry.name;
      const next = followStored(followed, sealed);
      if (isBreak(next)) return until(next);
      const proof = await checkContractProof(sealed.entry, contractWallets);
      if (proof !== null && isBreak(proof)) return until(proof);
      if (proof?.status === "refused") return until(refusal(proof));
      if (proof) contractProofs.push(proof);
      followed = next;
      const { operation, number } = sealed.entry;
      if (operation === "found" && number > 1) foundLater.push(number);
    }
    const broken = compareWithStored(followed, traces);
    if (broken && page.length > 0) continue; // somebody may have changed the name in between
    name ??= traces.stored?.name ?? null;
    return { name, entries: followed.end?.number ?? 0, broken, foundLater, contractProofs };
  }
}
