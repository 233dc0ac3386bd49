/** One message, deleted by its user: it is gone with its text, and its id stays, so that it does not come back. */
import type { Digest } from "../../abi/digest.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import { noteDeletions } from "./deletionRows.js";

/** As `MessageStore.remove`. */
export async function deleteMessage(own: AccountChange, id: Digest): Promise<boolean> {
  const { connection, tables, account, change } = own;
  const { rows } = await fromDatabase(
    connection.query<{ messages: number; bytes: string; version: string }>({
      name: "delete-message",
      text: `
        with gone as (
          delete from ${tables.message} where (account, id) = ($1, $2)
          returning conversation, bytes, version
        ), counted as (
          update ${tables.conversation} c set messages = messages - 1, change = $3::bigint
          from gone where c.number = gone.conversation
        )
        select count(*)::integer as messages, coalesce(sum(bytes), 0) as bytes, coalesce(max(version), 0) as version
        from gone`,
      values: [account, id, change],
    }),
  );
  const { messages = 0, bytes = "0", version = "0" } = rows[0] ?? {};
  own.count({ messages: -messages, bytes: -Number(bytes) });
  // also where it is not here: the request that brings it may come later than this one
  const higher = Math.max(Number(version) + 1, change);
  await noteDeletions(own, [{ isMessage: true, key: id, version: higher, isFinal: true }]);
  return messages > 0;
}
