/** What a user deletes of the conversations: one message, or one conversation with all that is in it. It does not come back. */
import { SignpostError } from "../../errors.js";
import { storedIdOf } from "../../storage/messageId.js";
import type { ConversationStore, MessageStore, StorageAccountStore } from "../../storage/store.js";
import { parseInput } from "../../wire/parseInput.js";
import { deletedInSteps } from "./inSteps.js";
import { nameOfIds } from "./nameOfIds.js";
import type { OwnerRoutes } from "./ownerRoutes.js";
import { deleteConversationInput, deleteMessageInput, storedIdIn } from "./storageInputs.js";

export interface DeletionRouteParts {
  readonly accounts: StorageAccountStore;
  readonly conversations: ConversationStore;
  readonly messages: MessageStore;
}

const WITHOUT_BODY = { mostBytes: 0 };

export function addDeletionRoutes({ write }: OwnerRoutes, parts: DeletionRouteParts): void {
  const { accounts, conversations, messages } = parts;

  /** By the id that a row has. */
  write(
    "delete",
    "/messages/:id",
    async ({ account }, { params }, response) => {
      const id = storedIdIn(String(params["id"]));
      if (id === null) throw noStoredId();
      response.json({ deleted: Number(await messages.remove(account.number, id)) });
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
      response.json({ deleted: Number(await messages.remove(session.account.number, id)) });
    },
    WITHOUT_BODY,
  );

  /** A request that has a name deletes once, however often it is sent: what comes after it stays. */
  write(
    "delete",
    "/conversations/:contact",
    async ({ account: { number } }, { params, query }, response) => {
      const { request } = parseInput(deleteConversationInput, "The query", query);
      await conversations.remove(number, String(params["contact"]), request);
      const isDone = await deletedInSteps((limit) => conversations.deleteRemoved(number, limit));
      response.json({ isDone });
    },
    WITHOUT_BODY,
  );
}

function noStoredId(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "A message is deleted by the id of its row, 0x and 64 hex digits; or by ?messageId=, the id that its client gave it.",
  );
}
