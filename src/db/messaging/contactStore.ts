/** Who in the network watches which DM3 user. */
import type { NormalName } from "../../ens/normalize.js";
import { formatNativeAddress } from "../../messaging/address/nativeAddress.js";
import type { ContactStore } from "../../messaging/network.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { MessagingTables } from "./messagingTables.js";
import { nativeOfText } from "./nativeText.js";

/** Of one user: more are asked for by programs. */
const MOST_CONTACTS = 1_000;

interface ContactRow {
  readonly native: string;
  readonly name: NormalName;
}

export function contactStore(pool: Pool, { contact }: MessagingTables): ContactStore {
  const ask = async (text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<ContactRow>(text, [...values]));
  return {
    contacts: async (after, limit) => {
      const text = `
        select native, name from ${contact}
        where $1::text is null or (native, name) > ($1, $2) order by native, name limit $3`;
      const behind =
        after === null ? [null, null] : [formatNativeAddress(after.native), after.name];
      const { rows } = await ask(text, [...behind, limit]);
      return rows.map(({ native, name }) => ({ native: nativeOfText(native), name }));
    },
    contactsOf: async (native) => {
      const text = `select native, name from ${contact} where native = $1 order by name`;
      const { rows } = await ask(text, [formatNativeAddress(native)]);
      return rows.map(({ name }) => name);
    },
    addContact: async ({ native, name }) => {
      const text = `
        insert into ${contact} (native, name)
        select $1, $2 where (select count(*) from ${contact} where native = $1) < $3
        on conflict do nothing`;
      const given = [formatNativeAddress(native), name];
      if ((await ask(text, [...given, MOST_CONTACTS])).rowCount === 1) return true;
      const known = `select native, name from ${contact} where (native, name) = ($1, $2)`;
      return (await ask(known, given)).rows.length === 1;
    },
    removeContact: async ({ native, name }) => {
      const text = `delete from ${contact} where (native, name) = ($1, $2)`;
      await ask(text, [formatNativeAddress(native), name]);
    },
    removeContactsOf: async (native) => {
      await ask(`delete from ${contact} where native = $1`, [formatNativeAddress(native)]);
    },
  };
}
