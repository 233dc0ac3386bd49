/** What is read of an account's messages: pages by number and by cursor, and those that wait. */
import { MOST_ESCAPED, MOST_ESCAPED_INSIDE } from "../../storage/jsonBytes.js";
import { bytesOfContainer } from "./jsonBytes.js";
import type { StorageTables } from "./storageTables.js";

/** Of one answer by cursor, and of halted messages, in JSON. The first one always comes. */
const ANSWER_BYTES = 4 * 1024 * 1024;
/** What a halted one has beside its container. */
const HALTED_BYTES = 200;

const COLUMNS = "m.number, m.conversation, m.id, m.created, m.is_halted, m.is_plain, m.container";

/** Their parameters: account, the contact's hash, and what is said of each. Pages are chosen before any container is read. */
export function messageStatements({ conversation, message }: StorageTables) {
  const own = `(select number from ${conversation} where (account, contact_hash) = ($1, $2))`;
  /** Behind the last one nothing is passed by. */
  const isThere = `$4::bigint < (select messages from ${conversation} where (account, contact_hash) = ($1, $2))`;
  const inside = bytesOfContainer(MOST_ESCAPED_INSIDE, "m");
  const waiting = bytesOfContainer(MOST_ESCAPED, "m");
  const newestFirst = "order by created desc, number desc";
  return {
    /** How many, behind how many; how many bytes a row has beside its container, and all of them at most. */
    list: {
      name: "list-messages",
      text: `
        select ${COLUMNS} from (
          select m.*, sum(${inside} + $5::integer) over () as all_bytes from (
            select * from ${message} where conversation = ${own} and ${isThere} ${newestFirst} limit $3 offset $4
          ) m
        ) m
        where all_bytes <= $6 ${newestFirst}`,
    },
    size: {
      name: "size-of-messages",
      text: `select coalesce(sum(${inside} + $5::integer), 0) as number from (
               select bytes, is_plain from ${message} where conversation = ${own} and ${isThere} ${newestFirst} limit $3 offset $4
             ) m`,
    },
    /** Time and number of the place, both null for the newest; how many, and how many bytes a row has beside its container. */
    before: {
      name: "messages-before",
      text: `
        with page as (
          select number, created, sum(bytes) over (${newestFirst}) - bytes as ahead from (
            select number, created, ${inside} + $6::integer as bytes from ${message} m
            where conversation = ${own}
              and (created, number) < (coalesce($3::bigint, 9223372036854775807), coalesce($4::bigint, 9223372036854775807))
            ${newestFirst} limit $5
          ) few
        ), last as (
          select created, number from page where ahead < ${ANSWER_BYTES} order by created, number limit 1
        )
        select ${COLUMNS} from ${message} m, last
        where m.conversation = ${own}
          and (m.created, m.number) < (coalesce($3::bigint, 9223372036854775807), coalesce($4::bigint, 9223372036854775807))
          and (m.created, m.number) >= (last.created, last.number)
        order by m.created desc, m.number desc`,
    },
    count: {
      name: "count-messages",
      text: `select messages as number from ${conversation} where (account, contact_hash) = ($1, $2)`,
    },
    /** Behind which number; how many. */
    halted: {
      name: "halted-messages",
      text: `
        with page as (
          select number, sum(bytes) over (order by number) - bytes as ahead from (
            select number, ${waiting} + ${HALTED_BYTES} as bytes from ${message} m
            where account = $1 and is_halted and number > $2::bigint
              and conversation <> all(array(select number from ${conversation} where account = $1 and deleted_hash is not null))
            order by number limit $3
          ) few
        )
        select ${COLUMNS} from ${message} m
        where m.account = $1 and m.is_halted
          and m.number = any(array(select number from page where ahead < ${ANSWER_BYTES}))
        order by m.number`,
    },
  };
}
