/** The numbers of the node's keys and what each is good for; their seeds are secrets beside them. */
import { SignpostError } from "../../errors.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { type Connection, inTransaction } from "../transaction.js";
import type { RelayTables } from "./relayTables.js";

export interface KeySet {
  readonly number: number;
  /** Next: made, and not in ENS yet. Former: replaced, and still good for opening. */
  readonly state: "next" | "current" | "former";
  /** Since when it is in this state; Unix milliseconds. */
  readonly sinceMs: number;
}

export interface KeySetStore {
  /** The current one first, then by their numbers from the highest. */
  keySets(): Promise<readonly KeySet[]>;
  /** The next one: that which there is, or a new one. */
  addNext(): Promise<KeySet>;
  /** Makes it the current one, and that which was current a former one. False where there is none of this number. */
  makeCurrent(number: number): Promise<boolean>;
  /** Forgets a former one with its seeds; false where there is none. */
  retire(number: number): Promise<boolean>;
}

/** The names of its secrets. */
export function secretNamesOf(number: number): { encryption: string; signing: string } {
  const suffix = number === 1 ? "" : `-${number}`;
  return { encryption: `encryption-seed${suffix}`, signing: `signing-seed${suffix}` };
}

interface KeySetRow extends Pick<KeySet, "number" | "state"> {
  readonly since: Date;
}

const ORDER = "order by state = 'current' desc, number desc";

export function keySetStore(pool: Pool, { keySet, secret }: RelayTables): KeySetStore {
  const columns = "number, state, since";

  /** All of them, so that changes come one behind the other. */
  async function locked(connection: Connection): Promise<readonly KeySet[]> {
    await fromDatabase(connection.query(`lock table ${keySet} in share row exclusive mode`));
    const text = `select ${columns} from ${keySet} ${ORDER}`;
    return (await fromDatabase(connection.query<KeySetRow>(text))).rows.map(keySetOfRow);
  }

  return {
    keySets: async () => {
      const text = `select ${columns} from ${keySet} ${ORDER}`;
      return (await fromDatabase(pool.query<KeySetRow>(text))).rows.map(keySetOfRow);
    },

    addNext: () =>
      inTransaction(pool, async (connection) => {
        const known = (await locked(connection)).find(({ state }) => state === "next");
        if (known !== undefined) return known;
        const { rows } = await fromDatabase(
          connection.query<KeySetRow>(
            `insert into ${keySet} (state) values ('next') returning ${columns}`,
          ),
        );
        const [row] = rows;
        if (row === undefined) throw new SignpostError("INTERNAL", "No keys were added.");
        return keySetOfRow(row);
      }),

    makeCurrent: (number) =>
      inTransaction(pool, async (connection) => {
        const found = (await locked(connection)).find((one) => one.number === number);
        if (found === undefined) return false;
        if (found.state === "current") return true;
        const former = `update ${keySet} set state = 'former', since = now() where state = 'current'`;
        await fromDatabase(connection.query(former));
        const text = `update ${keySet} set state = 'current', since = now() where number = $1`;
        await fromDatabase(connection.query(text, [number]));
        return true;
      }),

    retire: (number) =>
      inTransaction(pool, async (connection) => {
        await locked(connection);
        const text = `delete from ${keySet} where number = $1 and state = 'former'`;
        const { rowCount } = await fromDatabase(connection.query(text, [number]));
        if (rowCount !== 1) return false;
        const { encryption, signing } = secretNamesOf(number);
        const seeds = `delete from ${secret} where name in ($1, $2)`;
        await fromDatabase(connection.query(seeds, [encryption, signing]));
        return true;
      }),
  };
}

function keySetOfRow({ number, state, since }: KeySetRow): KeySet {
  return { number, state, sinceMs: since.getTime() };
}
