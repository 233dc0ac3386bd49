/** The proofs of a history that are a chain's word: asked again where the chain can be asked, told where it cannot. */
import { fromHex, toHex } from "../../abi/hex.js";
import { addressFrom } from "../../ens/address.js";
import { isSignpostError } from "../../errors.js";
import type { HistoryEntry } from "../history/historyEntry.js";
import { digestOfEntry, isSigned } from "../history/recordedAuthority.js";
import type { ContractWallets, WalletQuestion } from "../signed/contractWallets.js";
import { type Break, unreadable } from "./followEntry.js";

export interface ContractProof {
  readonly entry: number;
  /** Decimal, as the block. */
  readonly chainId: string;
  readonly wallet: string;
  readonly block: string;
  /**
   * `accepted`, `refused`: the wallet was asked again, in the state of that block. `notAsked`: no RPC node of the chain
   * was given. `unreachable`: the node did not answer, perhaps because it keeps no state that old.
   */
  readonly status: "accepted" | "refused" | "notAsked" | "unreachable";
}

/** Null for an entry that no contract wallet signed; a break for a proof that has not the form of one. */
export async function checkContractProof(
  entry: HistoryEntry,
  contractWallets: ContractWallets,
): Promise<ContractProof | Break | null> {
  let question: WalletQuestion | null;
  try {
    question = questionOf(entry);
  } catch (error) {
    return { number: entry.number, reason: unreadable(error) };
  }
  if (question === null) return null;
  const { chainId, wallet, atBlock } = question;
  return {
    entry: entry.number,
    chainId: chainId.toString(),
    wallet: toHex(wallet),
    block: String(atBlock),
    status: await statusOf(question, contractWallets),
  };
}

export function refusal({ entry, wallet, chainId, block }: ContractProof): Break {
  return {
    number: entry,
    reason: `the contract wallet ${wallet} does not accept its signature in the state of block ${block} of chain ${chainId}`,
  };
}

async function statusOf(
  question: WalletQuestion,
  contractWallets: ContractWallets,
): Promise<ContractProof["status"]> {
  if (!contractWallets.knows(question.chainId)) return "notAsked";
  try {
    const { status } = await contractWallets.ask(question);
    return status === "accepted" ? "accepted" : "refused";
  } catch (error) {
    // a wrapper that is none was never accepted
    if (isSignpostError(error, "INVALID_REQUEST")) return "refused";
    if (isSignpostError(error, "UNREACHABLE")) return "unreachable";
    throw error;
  }
}

/** What to ask a chain for the proof of an entry that a contract wallet signed; null for all others. */
function questionOf({ authority }: HistoryEntry): WalletQuestion | null {
  if (!isSigned(authority) || authority.acceptedAtBlock === undefined) return null;
  return {
    chainId: BigInt(authority.chainId),
    wallet: addressFrom(fromHex(authority.address)),
    digest: digestOfEntry(authority),
    signature: fromHex(authority.signature),
    atBlock: BigInt(authority.acceptedAtBlock),
  };
}
