/** Many names of a domain that are changed for its sake, some at a time, in the order in which everybody locks names. */
import { toHex } from "../abi/hex.js";
import type { NormalName } from "../ens/normalize.js";
import { MOST_EXAMPLES } from "../registry/domains/handOver.js";
import type { HandOverName } from "../registry/history/lockedName.js";
import type { Item } from "./changedItems.js";
import { changeSome } from "./nameChanges.js";
import { bePatient, patiently } from "./patience.js";
import type { Connection } from "./transaction.js";

const AT_ONCE = 100;

export interface NamedRow {
  readonly node: Buffer;
  readonly name: NormalName;
  readonly domain: string;
  readonly held: boolean;
}

export interface NamesHandedOver {
  readonly names: number;
  readonly heldNames: number;
  readonly heldExamples: readonly string[];
}

/**
 * @param names selects the columns of `NamedRow` for the domain, $1, in the order of the nodes
 * @param change changes some of them, and returns those that it changed
 */
export async function changeInTurns(
  connection: Connection,
  names: string,
  domain: string,
  change: (rows: readonly NamedRow[]) => Promise<readonly NamedRow[]>,
): Promise<NamesHandedOver> {
  await bePatient(connection);
  await patiently(connection, `declare names_to_change no scroll cursor for ${names}`, [domain]);
  let [count, heldNames] = [0, 0];
  const heldExamples: string[] = [];
  for (;;) {
    const fetched = await patiently<NamedRow>(connection, `fetch ${AT_ONCE} from names_to_change`);
    if (fetched.length === 0) break;
    const changed = await change(fetched);
    count += changed.length;
    const held = changed.filter((row) => row.held);
    heldNames += held.length;
    heldExamples.push(
      ...held.slice(0, MOST_EXAMPLES - heldExamples.length).map(({ name }) => name),
    );
  }
  await patiently(connection, "close names_to_change");
  return { names: count, heldNames, heldExamples };
}

type Place = Parameters<HandOverName>[1];

/** Under the locks of the names. */
export async function changePlaces(
  connection: Connection,
  places: readonly Place[],
  change: HandOverName,
): Promise<void> {
  const items = places.map(({ node }, index): Item => ({
    target: { node },
    index,
    key: toHex(node),
  }));
  await changeSome(connection, items, (known, index) => {
    const place = places[index];
    return place ? change(known, place) : null;
  });
}
