/**
 * What the storage asks of a database, in its own nouns; `src/db/storage` answers with Postgres. Every method throws
 * DATABASE_UNAVAILABLE when the database did not answer, and those that change something NO_ACCOUNT for an account that has
 * just gone; `null` always means "does not exist", and an empty list that there is nothing.
 */
import type { Digest } from "../abi/digest.js";
import type { Account, AccountStore } from "../accounts/store.js";
import type { Address } from "../ens/address.js";
import type { StorageUse } from "./bounds.js";
import type { FeedPlace, HaltedPlace, HistoryPlace } from "./place.js";
import type { MessageRow, StoredRow } from "./rows.js";

export interface StorageAccount extends Account {
  /** Names its rows. Never given again, also when the address has another account later. */
  readonly number: number;
  /** What its messages' ids are made of; null before the first one. */
  readonly idName: string | null;
  /** How long its user wants rows to be kept; null: as long as the operator does. */
  readonly retentionDays: number | null;
  /** Another one says that its name, profile or keys are others now, or what its messages' ids are made of. */
  readonly state: string;
}

/** An account as an operator sees it. */
export interface StorageAccountUse extends StorageAccount, StorageUse {
  readonly createdMs: number;
}

export interface StorageAccountStore extends AccountStore<StorageAccount> {
  /** What its messages' ids are made of, from now on: `name`, where there was none yet. Throws NO_ACCOUNT. */
  nameOfIds(account: number, name: string): Promise<string>;
  useOf(account: number): Promise<StorageUse>;
  setRetention(account: number, days: number | null): Promise<void>;
  /** In the order of their addresses, behind `after`. */
  accounts(after: Address | null, limit: number): Promise<readonly StorageAccountUse[]>;
  /** Takes the account of this number away: from now on nobody can read its rows. False where it was gone before. */
  removeAccount(account: number): Promise<boolean>;
  /**
   * Deletes rows of accounts that are gone, of one of them if it is named; how many, `limit` at most. Those that somebody else
   * deletes now are left to them, so fewer does not say that all are gone.
   */
  deleteRows(limit: number, account?: number): Promise<number>;
  /** Whether an account that is gone has rows yet. */
  hasRowsLeft(account: number): Promise<boolean>;
}

/** Which piece of a list: so many rows, behind so many. */
export interface Page {
  readonly limit: number;
  readonly skip: number;
}

export interface ListedConversation {
  readonly contact: string;
  readonly profileLocation: string;
  readonly updatedMs: number;
  /** The container of its newest message; null where it has none. */
  readonly preview: string | null;
  /** Whether that has the characters of base64 alone. */
  readonly isPlain: boolean;
}

export interface ConversationStore {
  /**
   * Makes the conversation, or gives it this location.
   * @param profileLocation null leaves the one that it has
   * @throws STORAGE_FULL
   */
  put(account: number, contact: string, profileLocation: string | null): Promise<void>;
  /** The one in which that of the contact goes on now; false where there is none. */
  setHidden(account: number, contact: string, isHidden: boolean): Promise<boolean>;
  /**
   * Deletes the conversation, or the one in which it goes on now, with all that is in it: nobody finds it any more, and its rows are
   * deleted after that. False where there is none.
   * @param request its client's own name of this request: the same once more deletes nothing of what came after the first
   */
  remove(account: number, contact: string, request?: string): Promise<boolean>;
  /** Deletes rows of such conversations; how many, `limit` at most. Fewer says that all are gone. */
  deleteRemoved(account: number, limit: number): Promise<number>;
  /** Those that are not hidden, newest first; none where they may be more than so many bytes in JSON. */
  list(account: number, page: Page, mostBytes: number): Promise<readonly ListedConversation[]>;
  /** Bytes of such a list in JSON, or more; 0 where there is none on the page. */
  sizeOfList(account: number, page: Page): Promise<number>;
  /** With those that are hidden, as the reference counts them. */
  count(account: number): Promise<number>;
}

export interface NewMessage extends Pick<MessageRow, "id" | "createdMs" | "isHalted"> {
  /** Bytes are of UTF-8. */
  readonly container: string | Uint8Array;
  /** Whether the container has the characters of base64 alone, where somebody looked. */
  readonly isPlain?: boolean;
}

/** How many messages went into another conversation, whatever the request itself had. */
export interface Moved {
  readonly moved: number;
}

export interface Added {
  readonly added: number;
  /** Of those that were given: these were kept before, in whichever conversation, and stay as they were, or were deleted. */
  readonly known: readonly Digest[];
  /** Whether the contact's conversation begins with them: it has no profile's location. */
  readonly isNewConversation: boolean;
}

export interface Edited {
  readonly added: number;
  readonly changed: number;
}

/** What stands around the fields of each row, where a database puts a page together. */
export interface RowForm {
  readonly beforeId: string;
  readonly beforeTime: string;
  readonly beforeContainer: string;
  readonly beforeConversation: string;
  readonly end: string;
}

/** A message with what clients of the reference see beside it. */
export interface ListedMessage extends Pick<
  MessageRow,
  "id" | "createdMs" | "isHalted" | "container"
> {
  readonly number: number;
  readonly conversation: number;
  /** Whether the container has the characters of base64 alone. */
  readonly isPlain: boolean;
}

export interface MessageStore {
  /** Keeps all that are not known, or none. Of two with one id the first counts. Throws STORAGE_FULL. */
  add(account: number, contact: string, messages: readonly NewMessage[]): Promise<Added>;
  /**
   * Gives messages other containers, and keeps those that are not there, unless they were deleted. Of two with one id the last
   * counts. Throws STORAGE_FULL.
   */
  edit(account: number, contact: string, messages: readonly NewMessage[]): Promise<Edited>;
  /** Deletes a message for good: whoever sends it once more does not bring it back. False where there is none. */
  remove(account: number, id: Digest): Promise<boolean>;
  /** Newest first; none where they may be more than so many bytes in JSON. */
  list(
    account: number,
    contact: string,
    page: Page,
    mostBytes: number,
  ): Promise<readonly ListedMessage[]>;
  /**
   * The same, put together to a text by the database, with a comma between two rows: ids in hex, times as in JSON. False where
   * that cannot be: there are none or too many bytes, or one is halted, has an unusual time or a container that is not plain; or
   * the account is not what it was when it was read.
   * @param add called with each piece of the text, as it comes; what came before a failure is nothing
   */
  join(
    account: Pick<StorageAccount, "number" | "state">,
    contact: string,
    page: Page,
    mostBytes: number,
    form: RowForm,
    add: (piece: string) => void,
  ): Promise<boolean>;
  /** Bytes of such a list in JSON, or more; 0 where there is none on the page. */
  sizeOfList(account: number, contact: string, page: Page): Promise<number>;
  /** Newest first, those before a place, or from the newest on; fewer than `limit` where they are long. */
  before(
    account: number,
    contact: string,
    place: HistoryPlace | null,
    limit: number,
  ): Promise<readonly ListedMessage[]>;
  count(account: number, contact: string): Promise<number>;
  /**
   * Those that wait for somebody without a profile, in the order in which they came, behind a place or from the first on; fewer
   * than `limit` where they are long.
   */
  halted(
    account: number,
    place: HaltedPlace | null,
    limit: number,
  ): Promise<readonly ListedMessage[]>;
  /**
   * The message waits no longer, and its conversation goes on under another contact, with all its messages; where there is one
   * of that contact, it goes into it.
   * @param contact null: it stays where it is
   * @returns null where the account has no such message
   * @throws STORAGE_FULL, not before a good many more conversations than the account may have
   */
  clearHalted(account: number, id: Digest, contact: string | null): Promise<Moved | null>;
}

export interface FeedPiece {
  readonly rows: readonly StoredRow[];
  /** Behind the last of them. */
  readonly place: FeedPlace;
}

export interface Taken extends Moved {
  /** Rows that were not here, or are newer than those that were. */
  readonly taken: number;
}

export interface FeedStore {
  /**
   * What changed behind a place, each row once and as it is now; fewer than `limit` where they are long. Throws CHANGES_FORGOTTEN
   * where what was deleted behind it is not known any more.
   */
  changes(account: number, place: FeedPlace, limit: number): Promise<FeedPiece>;
  /**
   * Takes rows of another storage in: all of them, or none. The same again changes nothing.
   * @param idName what their ids are made of, and from now on all of the account's; null: not said
   * @throws STORAGE_FULL, TOO_LARGE where they move messages again and again, INVALID_REQUEST where the account's ids are made of another name, or a version is far ahead
   */
  take(account: number, rows: readonly StoredRow[], idName: string | null): Promise<Taken>;
}

/** A step of work that goes on. */
export interface Step {
  /** How many rows, about `limit` at most. */
  readonly rows: number;
  /** Accounts in which nothing could be done. */
  readonly failed: readonly FailedAccount[];
  /** Whether there was no more to do. */
  readonly isLast: boolean;
}

export interface FailedAccount {
  readonly account: number;
  readonly error: unknown;
}

/** What time does, in steps: each looks at some accounts, and no more. Those `without` which it goes on are left alone. */
export interface StorageRetention {
  /**
   * Deletes rows that did not change for as long as their user or the operator wants.
   * @param mostDays of every account; null: for ever, where the user says nothing
   */
  expire(
    nowMs: number,
    mostDays: number | null,
    limit: number,
    without?: readonly number[],
  ): Promise<Step>;
  /** Deletes what is left of conversations that their users deleted. */
  deleteRemoved(limit: number, without?: readonly number[]): Promise<Step>;
  /** Forgets what was deleted before that time. */
  forgetDeletions(beforeMs: number, limit: number, without?: readonly number[]): Promise<Step>;
  /** Forgets accounts made before that time, of which no key was ever proven, and which have nothing. */
  forgetAccounts(beforeMs: number, limit: number): Promise<Step>;
  /** Forgets what only protects from being used twice, when its time is over. */
  forgetChallenges(): Promise<void>;
}

/** What all accounts have. */
export interface StorageFigures extends StorageUse {
  readonly accounts: number;
  /** Accounts that are gone, and have rows yet. */
  readonly removing: number;
}
