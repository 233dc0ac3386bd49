/** What a user deletes of the conversations: one message, or one conversation with all that is in it. It does not come back. */
import type { Response } from "express";
import type { Digest } from "../../abi/digest.js";
import { SignpostError } from "../../errors.js";
import { storedIdOf } from "../../storage/messageId.js";
import type { ConversationStore, MessageStore, StorageAccountStore } from "../../storage/store.js";
import { parseInput } from "../../wire/parseInput.js";
import { deletedInSteps } from "./inSteps.js";
import { nameOfIds } from "./nameOfIds.js";
import type { OwnerRoutes, StorageSession } from "./ownerRoutes.js";
import { deleteConversationInput, deleteMessageInput, storedIdIn } from "./storageInputs.js";

export interface DeletionRouteParts {
  readonly accounts: StorageAccountStore;
  readonly conversations: ConversationStore;
  readonly messages: MessageStore;
}

const WITHOUT_BODY = { mostBytes: 0 };

export function addDeletionRoutes(
  { write, countRows }: OwnerRoutes,
  parts: DeletionRouteParts,
): void {
  const { accounts, conversations, messages } = parts;

  /** By the id that a row has. */
  write(
    "delete",
    "/messages/:id",
    async (session, { params }, response) => {
      const id = storedIdIn(String(params["id"]));
      if (id === null) throw noStoredId();
      await deleteMessage(session, id, response);
    },
    WITHOUT_BODY,
  );

  /** By the id that its client gave it, also where the request that brings it is under way yet. */
  write(
    "delete",
    "/messages",
    async (session, request, response) => {
      const { messageId } = parseInput(deleteMessageInput, "The query", request.query);
      const id = storedIdOf(await nameOfIds(accounts, session, request), messageId);
      await deleteMessage(session, id, response);
    },
    WITHOUT_BODY,
  );

  /** A request that has a name deletes once, however often it is sent: what comes after it stays. */
  write(
    "delete",
    "/conversations/:contact",
    async (session, { params, query }, response) => {
      const { number } = session.account;
      const { request } = parseInput(deleteConversationInput, "The query", query);
      await conversations.remove(number, String(params["contact"]), request);
      countRows(session, 1);
      const isDone = await deletedInSteps(async (limit) => {
        const rows = await conversations.deleteRemoved(number, limit);
        countRows(session, rows);
        return rows;
      });
      response.json({ isDone });
    },
    WITHOUT_BODY,
  );

  /** A row is left of each, also of one that is not there. */
  async function deleteMessage(session: StorageSession, id: Digest, response: Response) {
    const isDeleted = await messages.remove(session.account.number, id);
    countRows(session, 1);
    response.json({ deleted: Number(isDeleted) });
  }
}

function noStoredId(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "A message is deleted by the id of its row, 0x and 64 hex digits; or by ?messageId=, the id that its client gave it.",
  );
}
