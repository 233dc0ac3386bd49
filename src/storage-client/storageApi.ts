/**
 * The HTTP API of a dm3 storage (`/storage/new/...` of dm3-org/dm3, packages/backend), for one account. Everything that is given to it
 * is sealed. What its functions throw stands in `messenger/ownServerQuestions.ts`.
 */
import { questionsTo, type SignInApi } from "../messenger/ownServerQuestions.js";
import { readOr } from "../messenger/relayNodeAnswers.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import {
  type ConversationRow,
  type HaltedRow,
  type MessageRow,
  readConversationRows,
  readHaltedRows,
  readMessageRows,
} from "./storageRows.js";

export interface NewRow {
  /** The client's own: the hash of the message. */
  readonly messageId: string;
  readonly encryptedEnvelopContainer: string;
  /** Unix time in milliseconds. */
  readonly createdAt: number;
  readonly isHalted: boolean;
}

interface Page {
  readonly pageSize: number;
  /** How many pages come before it. */
  readonly offset: number;
}

interface AddedRows {
  /** How many are there now that were not. */
  readonly added: number;
  /** Whether the conversation begins with them, and so lacks locations. Older versions of our storage do not say so. */
  readonly isNewConversation: boolean;
}

interface MessagePage {
  readonly rows: readonly MessageRow[];
  /** Where the next page begins. Null at the end, and where the storage knows pages by their numbers alone, as dm3's. */
  readonly next: string | null;
}

interface HaltedPage {
  readonly rows: readonly HaltedRow[];
  /** As that of messages. */
  readonly next: string | null;
}

export interface StorageApi {
  readonly signIn: SignInApi;
  /** @param sealedLocations null where those that are there stay; dm3's storage empties them then */
  addConversation(token: string, sealedName: string, sealedLocations: string | null): Promise<void>;
  /** Those that are not hidden, the one that changed last first. */
  conversations(token: string, page: Page): Promise<readonly ConversationRow[]>;
  hide(token: string, sealedName: string, hide: boolean): Promise<void>;
  /**
   * What the storage has stays as it is.
   * @returns null where the storage does not tell. Such a one takes no batches: of one with a row that it has, dm3's keeps none, and
   *   says that it did
   */
  add(token: string, sealedName: string, rows: readonly NewRow[]): Promise<AddedRows | null>;
  /** What the storage has is replaced; what it has not is added. */
  edit(token: string, sealedName: string, row: NewRow): Promise<void>;
  /**
   * The newest first.
   * @param before where to go on, for a storage that says so: empty at first, then `next` of the page before
   */
  messages(token: string, sealedName: string, page: Page, before: string): Promise<MessagePage>;
  /**
   * Deletes a message for good, also one that is not there yet. dm3's storage does not know how, and refuses with 404.
   * @param rowId the storage's own; null: not known here
   */
  deleteMessage(token: string, rowId: string | null, messageId: string): Promise<void>;
  /**
   * Deletes a conversation with all that is in it; the same.
   * @param request what this is called, so that it deletes nothing of what comes later when it is sent again
   */
  deleteConversation(token: string, sealedName: string, request: string): Promise<void>;
  /** The oldest first. `after` as `before` of `messages`. */
  halted(token: string, after: string): Promise<HaltedPage>;
  /** The message is no longer halted, and belongs to this conversation. */
  clearHalted(token: string, id: string, sealedName: string): Promise<void>;
}

const MOST_PAGE_BYTES = 48 * 1024 * 1024;

/** @param account the name in its routes, in normal form */
export function storageApi(url: string, account: string, access: RelayNodeAccess): StorageApi {
  const { api, place, askOrNull, ask, told } = questionsTo(
    { relayNode: url, called: `storage at ${url}` },
    url,
    access,
  );
  const route = (what: string) => place(`/storage/new/:name/${what}`, account);
  const page = ({ pageSize, offset }: Page) => `?pageSize=${pageSize}&offset=${offset}`;
  const post = async (what: string, bearer: string, body: unknown) => {
    await ask({ url: route(what), method: "POST", body: JSON.stringify(body), bearer });
  };
  const remove = async (what: string, bearer: string) => {
    await ask({ url: route(what), method: "DELETE", bearer });
  };
  const get = <T>(what: string, bearer: string, read: (json: unknown) => T) =>
    told({ url: route(what), method: "GET", bearer, maxBytes: MOST_PAGE_BYTES }, read);

  return {
    signIn: api,
    addConversation: (token, encryptedContactName, sealedLocations) =>
      post("addConversation", token, {
        encryptedContactName,
        ...(sealedLocations !== null && { encryptedProfileLocation: sealedLocations }),
      }),
    conversations: (token, asked) =>
      get(`getConversations${page(asked)}`, token, readConversationRows),
    hide: (token, encryptedContactName, hide) =>
      post("toggleHideConversation", token, { encryptedContactName, hide }),
    async add(bearer, encryptedContactName, rows) {
      const [first, ...others] = rows;
      const isOne = first !== undefined && others.length === 0;
      const body = isOne
        ? { ...first, encryptedContactName }
        : { encryptedContactName, messageBatch: rows };
      const answer = await askOrNull({
        ...{ url: route(isOne ? "addMessage" : "addMessageBatch"), method: "POST", bearer },
        body: JSON.stringify(body),
        // with these words dm3's storage says that it has it
        isNone: (status, text) => status === 400 && text.includes("unable to add message"),
      });
      return answer && addedIn(answer.text);
    },
    edit: (token, encryptedContactName, row) =>
      post("editMessageBatch", token, { encryptedContactName, editMessageBatchPayload: [row] }),
    async messages(bearer, sealedName, asked, before) {
      const path = `getMessages/${encodeURIComponent(sealedName)}/${page(asked)}`;
      const { text, next } = await ask({
        ...{ url: `${route(path)}&before=${encodeURIComponent(before)}`, method: "GET", bearer },
        maxBytes: MOST_PAGE_BYTES,
      });
      return { rows: readOr(api, text, readMessageRows), next };
    },
    deleteMessage: (token, rowId, messageId) =>
      remove(
        rowId === null
          ? `messages?messageId=${encodeURIComponent(messageId)}`
          : `messages/${rowId}`,
        token,
      ),
    deleteConversation: (token, sealedName, request) =>
      remove(
        `conversations/${encodeURIComponent(sealedName)}?request=${encodeURIComponent(request)}`,
        token,
      ),
    async halted(bearer, after) {
      const { text, next } = await ask({
        ...{ url: `${route("getHaltedMessages")}?after=${encodeURIComponent(after)}`, bearer },
        ...{ method: "GET", maxBytes: MOST_PAGE_BYTES },
      });
      return { rows: readOr(api, text, readHaltedRows), next };
    },
    clearHalted: (token, messageId, aliasName) =>
      post("clearHaltedMessage", token, { messageId, aliasName }),
  };
}

/** As ours tells, which keeps what is new of a batch. */
function addedIn(text: string): AddedRows | null {
  try {
    const { added, isNewConversation } = Object(JSON.parse(text)) as Partial<AddedRows>;
    return typeof added === "number"
      ? { added, isNewConversation: isNewConversation === true }
      : null;
  } catch {
    return null;
  }
}
