/** What an account's row counts, and what there is. */
import { expect } from "chai";
import type { StorageUse } from "../../../src/storage/bounds.js";
import type { StorageDatabase } from "./storageDatabase.js";

/** Fails where its row or one of its conversations counts otherwise. */
export async function counted(
  { pool, tables, accounts }: StorageDatabase,
  account: number,
): Promise<StorageUse> {
  const { conversation, message, deletion } = tables;
  const { rows } = await pool.query<
    Record<keyof StorageUse | "wrong" | "deletions" | "deleting", string>
  >(
    `select (select count(*) from ${conversation} where account = $1) as conversations,
            (select count(*) from ${message} where account = $1) as messages,
            (select coalesce(sum(octet_length(contact) + octet_length(profile_location)), 0) from ${conversation} where account = $1)
            + (select coalesce(sum(octet_length(container)), 0) from ${message} where account = $1) as bytes,
            (select count(*) from ${conversation} c where account = $1 and messages <>
              (select count(*) from ${message} m where m.conversation = c.number)) as wrong,
            (select count(*) from ${deletion} where account = $1)
            - (select deletions from ${tables.account} where number = $1) as deletions,
            (select count(*) from ${conversation} where account = $1 and deleted_hash is not null)
            - (select deleting from ${tables.account} where number = $1) as deleting`,
    [account],
  );
  const { wrong, deletions, deleting, ...sums } = rows[0]!;
  const none = { wrong: "0", deletions: "0", deleting: "0" };
  expect({ wrong, deletions, deleting }).to.deep.equal(none);
  const there: StorageUse = {
    conversations: Number(sums.conversations),
    messages: Number(sums.messages),
    bytes: Number(sums.bytes),
  };
  expect(await accounts.useOf(account)).to.deep.equal(there);
  return there;
}
