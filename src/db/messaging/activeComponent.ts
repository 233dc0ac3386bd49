/**
 * Which of several processes is the component: servers either refuse a second one, or share the messages out between both at
 * random. A lease by the database's clock, which a pooler in between does not disturb.
 */
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { MessagingTables } from "./messagingTables.js";

export interface ActiveComponent {
  /** Whether this holder is it, for so long from now. Throws DATABASE_UNAVAILABLE. */
  readonly take: (holder: string, leaseMs: number) => Promise<boolean>;
  /** Lets another one be it at once. */
  readonly leave: (holder: string) => Promise<void>;
}

/** @param component its host name */
export function activeComponent(
  pool: Pool,
  { active }: MessagingTables,
  component: string,
): ActiveComponent {
  return {
    take: async (holder, leaseMs) => {
      const text = `
        insert into ${active} as a (component, holder, until)
        values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
        on conflict (component) do update set holder = excluded.holder, until = excluded.until
        where a.holder = excluded.holder or a.until < clock_timestamp()`;
      const { rowCount } = await fromDatabase(pool.query(text, [component, holder, leaseMs]));
      return rowCount === 1;
    },
    leave: async (holder) => {
      const text = `delete from ${active} where component = $1 and holder = $2`;
      await fromDatabase(pool.query(text, [component, holder]));
    },
  };
}
