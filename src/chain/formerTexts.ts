/** Which texts a resolver held for a name before, by its events. */
import { toHex } from "../abi/hex.js";
import { keccak256 } from "../abi/keccak256.js";
import type { Address } from "../ens/address.js";
import type { Node } from "../ens/namehash.js";
import { isSignpostError } from "../errors.js";
import { askNode, type Chain, quantity } from "../lookup/askNode.js";

export interface TextPlace {
  readonly resolver: Address;
  readonly node: Node;
  readonly key: string;
}

/** The number of the latest block in which the text was written there, or null; "unknown" where the node does not tell. */
export type FormerText = bigint | null | "unknown";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Of ens-contracts' ITextResolver; before 2022 the event told no value, only the transaction does. */
const TEXT_CHANGED = [
  "TextChanged(bytes32,string,string,string)",
  "TextChanged(bytes32,string,string)",
].map((event) => toHex(keccak256(utf8(event))));

/** A record that was written more often than that is nobody's profile. */
const MOST_LOOKED_AT = 50;

interface Log {
  readonly data?: unknown;
  readonly blockNumber?: unknown;
  readonly transactionHash?: unknown;
}

/** Nodes often keep or search the events of the last blocks only: then it is unknown. Throws nothing but defects. */
export async function formerText(
  chain: Chain,
  { resolver, node, key }: TextPlace,
  text: string,
): Promise<FormerText> {
  try {
    const logs = await askNode(chain, "eth_getLogs", {
      address: toHex(resolver),
      topics: [TEXT_CHANGED, toHex(node), toHex(keccak256(utf8(key)))],
      fromBlock: "0x0",
      toBlock: "latest",
    });
    if (!Array.isArray(logs)) return "unknown";
    for (const log of (logs as Log[]).slice(-MOST_LOOKED_AT).reverse()) {
      if (await holds(chain, log, toHex(utf8(text)).slice(2))) return quantity(log.blockNumber);
    }
    return null;
  } catch (error) {
    if (isSignpostError(error, "UNREACHABLE")) return "unknown";
    throw error;
  }
}

async function holds(chain: Chain, { data, transactionHash }: Log, digits: string) {
  if (String(data).toLowerCase().includes(digits)) return true;
  const transaction = await askNode(chain, "eth_getTransactionByHash", transactionHash);
  const { input } = Object(transaction) as { input?: unknown };
  return String(input).toLowerCase().includes(digits);
}
