/** Conversations of an account, and the newest message of each. */
import type { StorageBounds } from "../../storage/bounds.js";
import { MOST_ESCAPED } from "../../storage/jsonBytes.js";
import type { ConversationStore, ListedConversation, Page } from "../../storage/store.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { type AccountChange, changeAccount } from "./changeAccount.js";
import {
  conversationOf,
  makeConversation,
  profileLocationOf,
  setConversation,
} from "./conversationRows.js";
import { deleteConversation, deleteRemoved } from "./deleteConversation.js";
import { bytesOfContainer, bytesOfTexts } from "./jsonBytes.js";
import type { KnownConversation } from "./knownConversation.js";
import { nowOf } from "./moveConversation.js";
import type { StorageTables } from "./storageTables.js";

/** What a conversation has in a list beside its texts. */
const ROW_BYTES = 200;

interface ListedRow {
  readonly contact: string;
  readonly profile_location: string;
  readonly updated: string;
  readonly preview: string | null;
  readonly is_plain: boolean | null;
}

export function conversationStore(
  pool: Pool,
  tables: StorageTables,
  bounds: StorageBounds,
): ConversationStore {
  const here = { pool, tables, bounds };
  const list = listStatements(tables);
  return {
    put: (account, contact, profileLocation) =>
      changeAccount(here, bounds, account, async (own) => {
        const known = await conversationOf(own, contact);
        const location = profileLocation === null ? {} : { profileLocation };
        if (known === null) await makeConversation(own, contact, location);
        else if (known.movedTo !== null || (await isOther(own, known, profileLocation))) {
          await setConversation(own, known, { ...location, movedTo: null });
        }
      }),

    setHidden: (account, contact, isHidden) =>
      changeAccount(here, null, account, async (own) => {
        // a client that does not know yet that it moved means it all the same
        const known = await nowOf(own, contact);
        if (known === null) return false;
        // what changes nothing is no newer state, which could undo a newer one elsewhere
        if (known.isHidden !== isHidden) await setConversation(own, known, { isHidden });
        return true;
      }),

    remove: (account, contact, request) =>
      changeAccount(here, null, account, (own) => deleteConversation(own, contact, request)),
    deleteRemoved: (account, limit) =>
      changeAccount(here, null, account, (own) => deleteRemoved(own, limit)),

    list: async (account, { limit, skip }, mostBytes) => {
      const { rows } = await fromDatabase(
        pool.query<ListedRow>({ ...list.rows, values: [account, limit, skip, mostBytes] }),
      );
      return rows.map(listedOfRow);
    },

    sizeOfList: async (account, { limit, skip }: Page) => {
      const { rows } = await fromDatabase(
        pool.query<{ bytes: string }>({ ...list.size, values: [account, limit, skip] }),
      );
      return Number(rows[0]?.bytes ?? 0);
    },

    count: async (account) => {
      const { rows } = await fromDatabase(
        pool.query<{ count: string }>({
          name: "count-conversations",
          text: `select count(*) from ${tables.conversation} where account = $1 and moved_to is null and deleted_hash is null`,
          values: [account],
        }),
      );
      return Number(rows[0]?.count ?? 0);
    },
  };
}

async function isOther(
  own: AccountChange,
  known: KnownConversation,
  profileLocation: string | null,
): Promise<boolean> {
  return profileLocation !== null && profileLocation !== (await profileLocationOf(own, known));
}

/** Their parameters: account, how many, behind how many; then, how many bytes at most. */
function listStatements({ conversation, message }: StorageTables) {
  const page = `
    select number, contact, profile_location, updated from ${conversation}
    where account = $1 and not is_hidden and moved_to is null
    order by updated desc, number desc limit $2 offset $3`;
  const newest = (columns: string) => `
    left join lateral (
      select ${columns} from ${message} m where m.conversation = page.number
      order by m.created desc, m.number desc limit 1
    ) newest on true`;
  /** Of all of the page. */
  const texts = bytesOfTexts("contact", "profile_location");
  const preview = bytesOfContainer(MOST_ESCAPED, "newest");
  const bytes = `sum(${texts} + coalesce(${preview}, 0) + ${ROW_BYTES}) over ()`;
  return {
    rows: {
      name: "list-conversations",
      text: `
        with page as (${page})
        select contact, profile_location, updated, preview, is_plain from (
          select page.*, newest.container as preview, newest.is_plain, ${bytes} as bytes
          from page ${newest("container, is_plain, bytes")}
        ) listed
        where bytes <= $4 order by updated desc, number desc`,
    },
    size: {
      name: "size-of-conversations",
      text: `
        with page as (${page})
        select ${bytes} as bytes from page ${newest("is_plain, bytes")} limit 1`,
    },
  };
}

function listedOfRow({ contact, profile_location, updated, preview, is_plain }: ListedRow) {
  const listed: ListedConversation = {
    ...{ contact, preview },
    profileLocation: profile_location,
    updatedMs: Number(updated),
    isPlain: is_plain ?? true,
  };
  return listed;
}
