/** Lookups that go on while something is changed, each compared with what it must bring. */
import type { StockClient } from "./stockClients.js";

export interface LookupStream {
  /** How many have succeeded so far, by the client's name. */
  readonly succeeded: ReadonlyMap<string, number>;
  /** Each one that brought anything but what was expected, in words. */
  readonly failed: readonly string[];
  /** Resolves when `count` more lookups that begin from now on have come to their end. */
  more(count: number): Promise<void>;
  /** Begins no further lookup, and waits for those under way. */
  stop(): Promise<void>;
}

/**
 * Begins a lookup every `intervalMs`, whether or not the ones before are done; clients and names alternate.
 * @param expected the profile's record by name
 */
export function startLookupStream(
  clients: readonly StockClient[],
  expected: ReadonlyMap<string, string>,
  intervalMs: number,
): LookupStream {
  const names = [...expected.keys()];
  const succeeded = new Map(clients.map(({ name }) => [name, 0]));
  const failed: string[] = [];
  const underWay = new Set<Promise<void>>();
  let begun = 0;

  const lookUp = async (client: StockClient, name: string) => {
    const startedMs = Date.now();
    const seen = await client.profileOf(name);
    if ("profile" in seen && seen.profile === expected.get(name)) {
      succeeded.set(client.name, (succeeded.get(client.name) ?? 0) + 1);
    } else {
      const tookMs = Date.now() - startedMs;
      failed.push(
        `${client.name}, ${name}, ${new Date(startedMs).toISOString()} + ${tookMs} ms: ${JSON.stringify(seen)}`,
      );
    }
  };
  const timer = setInterval(() => {
    const client = clients[begun % clients.length]!;
    // the quotient, so that each client asks for each name
    const name = names[Math.floor(begun / clients.length) % names.length]!;
    begun++;
    const lookup = lookUp(client, name).finally(() => underWay.delete(lookup));
    underWay.add(lookup);
  }, intervalMs);

  return {
    succeeded,
    failed,
    more: async (count) => {
      const wanted = begun + count;
      while (begun < wanted) await new Promise((resolve) => setTimeout(resolve, intervalMs));
      await Promise.all(underWay);
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}
