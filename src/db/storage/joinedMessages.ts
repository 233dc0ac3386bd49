/**
 * A page of messages, put together to one text by Postgres: long texts of base64 go from it to the client without a look at each
 * row in between. The account is read in the same statement, so that what was read of it a moment ago counts only while it is so.
 */
import pg from "pg";
import { sha256OfText } from "../../abi/sha256.js";
import { rowBytes } from "../../storage/jsonBytes.js";
import type { Page, RowForm, StorageAccount } from "../../storage/store.js";
import { stateOf } from "./accountState.js";
import type { StorageTables } from "./storageTables.js";

/** So many rows are one piece: the driver puts long ones together by copying them again and again. */
const ROWS_IN_PIECE = 8;

/** Up to the year 2255: Postgres counts such times in whole milliseconds, as JavaScript does. */
const LATEST_MS = 9_000_000_000_000;

/** Its parameters are those of `joinValues`. Its rows: a piece, which is the only text, and what stands behind the last one. */
export function joinStatement({ account, conversation, message }: StorageTables) {
  const isUsual = `is_plain and not is_halted and created between 0 and ${LATEST_MS}`;
  const time = `to_char(timestamp 'epoch' + created * interval '1 millisecond', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const piece = `(place - 1) / ${ROWS_IN_PIECE}`;
  return {
    name: "join-messages",
    text: `
      with own as (
        select c.number, c.messages from ${account} a
        join ${conversation} c on (c.account, c.contact_hash) = (a.number, $3)
        where a.number = $1 and ${stateOf("a")} = $2
      )
      select string_agg(
          case when place = 1 then head || container
               when (place - 1) % ${ROWS_IN_PIECE} = 0 then tail || ',' || head || container
               else container end,
          tail || ',' || head order by place
        ) as piece, min(tail)::varchar as tail
      from (
        select place, container, $7::text || encode(id, 'hex') || $8::text || ${time} || $9::text as head,
          $10::text || conversation || $11::text as tail
        from (
          select *, row_number() over (order by created desc, number desc) as place,
            sum(bytes + $12::integer) over () as all_bytes, bool_and(${isUsual}) over () as is_usual
          from (
            select * from ${message}
            where conversation = (select number from own) and $5::bigint < (select messages from own)
            order by created desc, number desc limit $4 offset $5
          ) page
        ) counted
        where all_bytes <= $6 and is_usual
      ) listed
      group by ${piece} order by ${piece}`,
  };
}

export function joinValues(
  { number, state }: Pick<StorageAccount, "number" | "state">,
  contact: string,
  { limit, skip }: Page,
  mostBytes: number,
  { beforeId, beforeTime, beforeContainer, beforeConversation, end }: RowForm,
): readonly unknown[] {
  return [
    ...[number, state, sha256OfText(contact), limit, skip, mostBytes],
    ...[beforeId, beforeTime, beforeContainer, beforeConversation, end, rowBytes(contact)],
  ];
}

/** Hands on the statement's texts as they come, so that no more than one of them is in memory. */
export function textsTo(add: (text: string) => void): pg.CustomTypesConfig {
  const take = (text: string) => {
    add(text);
    return null;
  };
  const same = (text: string) => text;
  return {
    getTypeParser: (type: number) => (type === (pg.types.builtins.TEXT as number) ? take : same),
  };
}
