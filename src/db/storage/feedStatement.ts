/** One piece of an account's changes, with what its account says of it: in one statement, so that both are of one moment. */
import type { Digest } from "../../abi/digest.js";
import type { FeedPlace, RowKind } from "../../storage/place.js";
import type { DeletionRow, StoredRow } from "../../storage/rows.js";
import { digestOf } from "../bytea.js";
import type { StorageTables } from "./storageTables.js";

export interface FeedRow {
  readonly last_change: string;
  /** Deletions up to this number of change, and to this one of their own, are not known any more. */
  readonly forgotten: string;
  readonly forgotten_number: string;
  /** Null where nothing changed. */
  readonly kind: RowKind | null;
  readonly change: string;
  readonly number: string;
  readonly contact: string;
  readonly version: string;
  readonly at: string;
  readonly flag: boolean;
  /** Of a conversation its profile location, of a message its container, of a deletion what was deleted. */
  readonly content: string;
  readonly moved_to: string | null;
  readonly id: Buffer | null;
}

/** Of one piece; the first row always comes. */
const PIECE_BYTES = 4 * 1024 * 1024;
const DELETION_BYTES = 200;
/** Above all numbers. */
const LAST = "9223372036854775807";

/** Its parameters: account, number of change, behind which conversation, message and deletion of that number, how many. */
export function feedValues(account: number, place: FeedPlace, limit: number): readonly unknown[] {
  const order: readonly RowKind[] = ["conversation", "message", "deletion"];
  const own = order.indexOf(place.kind);
  const behind = order.map((_, at) => (at < own ? LAST : at === own ? String(place.number) : "0"));
  return [account, place.change, ...behind, limit];
}

/** The piece is chosen by what stands in the rows, before any container is read. */
export function feedStatement({ account, conversation, message, deletion }: StorageTables): string {
  const deleting = `array(select number from ${conversation} where account = $1 and deleted_hash is not null)`;
  return `
    with found as (
      (
        select 'conversation' as kind, 0 as rank, change, number, octet_length(contact) + octet_length(profile_location) as bytes
        from ${conversation}
        where account = $1 and (change, number) > ($2, $3) and deleted_hash is null
        order by change, number limit $6
      ) union all (
        select 'message', 1, change, number, bytes
        from ${message}
        where account = $1 and (change, number) > ($2, $4) and conversation <> all(${deleting})
        order by change, number limit $6
      ) union all (
        select 'deletion', 2, change, number, ${DELETION_BYTES}
        from ${deletion} where account = $1 and (change, number) > ($2, $5)
        order by change, number limit $6
      )
      order by change, rank, number limit $6
    ), page as (
      select *, sum(bytes) over (order by change, rank, number) - bytes as ahead from found
    ), chosen as (
      select * from page where ahead < ${PIECE_BYTES}
    ), piece as (
      select kind, rank, chosen.change, chosen.number, c.contact, c.version, c.updated as at, c.is_hidden as flag,
        c.profile_location as content, c.moved_to, null::bytea as id
      from chosen join ${conversation} c on kind = 'conversation' and c.number = chosen.number
      union all
      select kind, rank, chosen.change, chosen.number, c.contact, m.version, m.created, m.is_halted,
        m.container, null, m.id
      from chosen join ${message} m on kind = 'message' and (m.account, m.change, m.number) = ($1, chosen.change, chosen.number)
        join ${conversation} c on c.number = m.conversation
      union all
      select kind, rank, chosen.change, chosen.number, '', d.version, 0, d.is_final,
        case when d.is_message then 'message' else 'conversation' end, null, d.key
      from chosen join ${deletion} d on kind = 'deletion' and (d.account, d.change, d.number) = ($1, chosen.change, chosen.number)
    )
    select a.last_change, a.forgotten, a.forgotten_number, piece.*
    from (select last_change, forgotten, forgotten_number from ${account} where number = $1) a left join piece on true
    order by change, rank, number`;
}

/** With `null` for what says only that nothing changed. */
export function storedRow(row: FeedRow): StoredRow | null {
  const { kind, contact, flag, content } = row;
  const version = Number(row.version);
  switch (kind) {
    case null:
      return null;
    case "conversation":
      return {
        ...{ kind, contact, version, profileLocation: content, isHidden: flag },
        ...{ updatedMs: Number(row.at), movedTo: row.moved_to },
      };
    case "message":
      return {
        ...{ kind, contact, version, id: idOf(row), isHalted: flag, container: content },
        createdMs: Number(row.at),
      };
    case "deletion":
      return { kind, of: content as DeletionRow["of"], id: idOf(row), isFinal: flag, version };
  }
}

function idOf({ id }: FeedRow): Digest {
  return digestOf(id as Buffer);
}
