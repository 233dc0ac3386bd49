/** Whether a node keeps up with its chain: one that does not tells what was so long ago, as if it were so now. */
import { spanText } from "../../admin/spanText.js";
import type { Connection } from "../../chain/connection.js";
import { readHead } from "../../health/chainReading.js";
import { askNode, type Chain, quantity } from "../../lookup/askNode.js";

/** A node of a public chain is behind by seconds. */
const OLD_SEC = 600;
/** How many usual pauses between two blocks do not come about by chance. */
const MANY_PAUSES = 50;
/** Over which the usual pause is measured. A chain with fewer is one of tests, and makes a block when somebody sends something. */
const MEASURED_BLOCKS = 1_000;

/** To complete "could not find out: ..."; null where it keeps up. Throws UNREACHABLE. */
export async function whyBehind({ chain: open, chainId }: Connection): Promise<string | null> {
  const chain = open();
  const { ageSec, blockNumber, isSyncing } = await readHead(chain, chainId, Date.now);
  if (isSyncing) return "its RPC node is catching up with the chain";
  if (ageSec <= OLD_SEC || blockNumber < MEASURED_BLOCKS) return null;
  const pauseSec = await usualPauseSec(chain, blockNumber, ageSec);
  return ageSec > MANY_PAUSES * pauseSec
    ? `the latest block of its RPC node is ${spanText(ageSec * 1_000)} old by this clock`
    : null;
}

async function usualPauseSec(chain: Chain, latest: bigint, ageSec: number): Promise<number> {
  const before = `0x${(latest - BigInt(MEASURED_BLOCKS)).toString(16)}`;
  const block = await askNode(chain, "eth_getBlockByNumber", before, false);
  const { timestamp } = Object(block) as { timestamp?: unknown };
  const sinceSec = Date.now() / 1_000 - Number(quantity(timestamp));
  return (sinceSec - ageSec) / MEASURED_BLOCKS;
}
