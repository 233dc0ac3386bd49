/** One request for what is pending: sealed, and told what came of it. */
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import { isSignpostError, type SignpostError } from "../errors.js";
import { locationsOf } from "./codec/locations.js";
import { sealContainer } from "./codec/sealedContainer.js";
import type { Account } from "./connection.js";
import type { ContactIds } from "./contactIds.js";
import type { HaltedMessages } from "./haltedMessages.js";
import type { PendingWrite } from "./pendingWrites.js";
import { type Asking, orRefusal, type Refusal, refusalOf } from "./refusals.js";
import type { NewRow, StorageApi } from "./storageApi.js";
import { isDeletion, type Write } from "./write.js";

export interface Putting {
  /**
   * @param batch messages that are added, or one write of any kind
   * @returns "done" also where the storage refused for good, which is told; "refused" for now, which is told as well
   * @throws what the sign-in and the way to the storage come to
   */
  put(
    account: Account,
    batch: readonly PendingWrite[],
    sealedName: string,
  ): Promise<"done" | "refused">;
  /** Whether this storage takes several messages at once, as far as it is known. */
  takesBatches(): boolean;
}

export interface PuttingParts {
  readonly contactIds: Pick<ContactIds, "isAddress">;
  readonly keys: MessageKeys;
  readonly halted: Pick<HaltedMessages, "rowIdOf">;
  readonly onFailure: (error: SignpostError) => void;
}

/** Whether the conversation has messages. */
async function isThere(api: StorageApi, token: string, sealedName: string): Promise<boolean> {
  const { rows } = await api.messages(token, sealedName, { pageSize: 1, offset: 0 }, "");
  return rows.length > 0;
}

type Row = Extract<Write, { readonly kind: "add" | "edit" }>;

export function createPutting({ keys, contactIds, halted, onFailure }: PuttingParts): Putting {
  let takesBatches = false;
  /** The name that the storage was told last since the start, by the sealed name of the conversation. */
  const told = new Map<string, string>();

  /** What is to be asked, or why that is not known now. */
  async function asking(
    { seal, at }: Account,
    batch: readonly PendingWrite[],
    { key, write }: PendingWrite,
    sealedName: string,
  ): Promise<Asking | Refusal> {
    switch (write.kind) {
      case "conversation": {
        // its address is no name: the storage leaves the one that it has
        const isCalledSo = contactIds.isAddress(write.contact);
        const locations = isCalledSo ? null : await seal.seal(locationsOf(write.contact));
        return (api, token) => api.addConversation(token, sealedName, locations);
      }
      case "hide":
        return (api, token) => api.hide(token, sealedName, write.isHidden);
      case "add": {
        const added = batch.flatMap((one) => (one.write.kind === "add" ? [one.write] : []));
        const rows = await Promise.all(added.map((one) => rowOf(one, one.isHalted)));
        const name = (added.at(-1) ?? write).contact;
        const names = await seal.seal(locationsOf(name));
        return async (api, token) => {
          const isTold = told.get(sealedName) === name;
          // its answer may be lost, which says that the conversation begins with these
          told.delete(sealedName);
          const answer = await api.add(token, sealedName, rows);
          takesBatches = answer !== null;
          if (!isTold || answer?.isNewConversation === true) {
            // messages that another device deleted begin no conversation
            if (answer?.added === 0 && !(await isThere(api, token, sealedName))) return;
            await api.addConversation(token, sealedName, names);
          }
          told.set(sealedName, name);
        };
      }
      case "edit": {
        const row = await rowOf(write, false);
        return (api, token) => api.edit(token, sealedName, row);
      }
      case "delete message": {
        const { rowId, messageHash } = write;
        return (api, token) => api.deleteMessage(token, rowId, messageHash);
      }
      case "delete conversation":
        return async (api, token) => {
          await api.deleteConversation(token, sealedName, key);
          // it begins anew with the next message
          told.delete(sealedName);
        };
      case "clear": {
        const rowId = await at(() => orRefusal(halted.rowIdOf(write.messageHash)));
        if (isSignpostError(rowId)) return rowId;
        return (api, token) =>
          rowId === null ? Promise.resolve() : api.clearHalted(token, rowId, sealedName);
      }
    }
  }

  async function rowOf(
    { messageHash: messageId, container, createdMs: createdAt }: Row,
    isHalted: boolean,
  ): Promise<NewRow> {
    const encryptedEnvelopContainer = await sealContainer(keys, container);
    return { messageId, createdAt, isHalted, encryptedEnvelopContainer };
  }

  const put: Putting["put"] = async (account, batch, sealedName) => {
    const [first] = batch;
    if (first === undefined) return "done";
    const ask = await asking(account, batch, first, sealedName);
    if (isSignpostError(ask)) {
      onFailure(ask);
      return "refused";
    }
    const isToDelete = isDeletion(first.write);
    // refusals of the sign-in are others
    const refused = await account.at((...way) => refusalOf(ask, isToDelete, ...way));
    if (refused === null) return "done";
    if (refused.isForGood && batch.length > 1) return oneByOne(account, batch, sealedName);
    onFailure(refused.refusal);
    return refused.isForGood ? "done" : "refused";
  };

  /** One of them is wrong, and the others are not. */
  async function oneByOne(...[account, batch, sealedName]: Parameters<Putting["put"]>) {
    for (const one of batch) {
      if ((await put(account, [one], sealedName)) === "refused") return "refused";
    }
    return "done";
  }

  return { put, takesBatches: () => takesBatches };
}
