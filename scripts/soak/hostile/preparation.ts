/** The names that the good client asks for, and those that attackers have made as large as names can be. */
import { Agent } from "node:http";
import type { Installation } from "./installation.js";
import { GOOD_KEY, GOOD_USERS, goodName, goodText } from "./lookups.js";
import { send } from "./send.js";
import {
  GOOD_DOMAIN,
  GOOD_NETWORK,
  HOSTILE_DOMAIN,
  LARGE_NAMES,
  LONG_HISTORY,
  LONG_TEXT,
} from "./target.js";

const AT_ONCE = 4;
const HISTORY_ENTRIES = 40;
const TIMEOUT_MS = 60_000;
const WRITTEN_NAMES = 5;

interface Write {
  readonly key: string;
  readonly name: string;
  readonly records: object;
}

export async function prepare(origin: string, { goodKey, hostileKeys }: Installation) {
  const key = hostileKeys.preparation;
  await writeAll(origin, [
    ...listOf(GOOD_USERS, (user) => ({
      ...{ key: goodKey, name: goodName(user) },
      records: { texts: { [GOOD_KEY]: goodText(user) } },
    })),
    ...listOf(WRITTEN_NAMES, (number) => ({
      ...{ key: goodKey, name: `written-${number}.${GOOD_DOMAIN}` },
      records: { texts: { url: "https://example.com" } },
    })),
    { key, name: LONG_TEXT.name, records: { texts: { [LONG_TEXT.key]: "x".repeat(4096) } } },
    ...listOf(LARGE_NAMES, (number) => ({
      ...{ key, name: `large-${number}.${HOSTILE_DOMAIN}`, records: largestRecords("a") },
    })),
    ...listOf(HISTORY_ENTRIES, (number) => ({
      ...{ key, name: LONG_HISTORY, records: largestRecords(number % 2 === 0 ? "b" : "c") },
    })),
  ]);
}

async function writeAll(origin: string, writes: readonly Write[]): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const left = writes[Symbol.iterator]();
  const writeNext = async () => {
    for (const { key, name, records } of left) {
      const { status, body } = await send({
        ...{ origin, agent, method: "PUT", path: `/v1/names/${name}/records`, key },
        ...{ body: JSON.stringify(records), network: GOOD_NETWORK, timeoutMs: TIMEOUT_MS },
      });
      if (status !== 200) throw new Error(`${name} could not be written: ${status} ${body}`);
    }
  };
  await Promise.all(listOf(AT_ONCE, writeNext));
  agent.destroy();
}

/** All bounds of ownRecordsSchema at once, or nearly: it must fit into 1 MiB. */
function largestRecords(letter: string): object {
  const bytes = (count: number) => `0x${"ab".repeat(count)}`;
  const records = (count: number, keyOf: (index: number) => string, value: string) =>
    Object.fromEntries(listOf(count, (index) => [keyOf(index), value]));
  return {
    texts: records(64, (index) => `text-${index}`, letter.repeat(4096)),
    // of coins that nobody knows, so that any bytes are taken
    addresses: records(60, (index) => String(1_000_000_000 + index), bytes(256)),
    abis: records(4, (index) => String(2 ** index), bytes(16 * 1024)),
    data: records(16, (index) => `data-${index}`, bytes(4096)),
  };
}

function listOf<Item>(count: number, item: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => item(index));
}
