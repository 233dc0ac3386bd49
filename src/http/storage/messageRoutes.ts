/** Messages: kept one by one or in batches, and changed. What is known is skipped and told, and the rest is kept. */
import type { Request, Response } from "express";
import type { Digest } from "../../abi/digest.js";
import { toHex } from "../../abi/hex.js";
import { assertShortEnough, type StorageBounds } from "../../storage/bounds.js";
import { storedIdOf } from "../../storage/messageId.js";
import { utf8Length } from "../../storage/rows.js";
import type { MessageStore, NewMessage, StorageAccountStore } from "../../storage/store.js";
import { parseInput } from "../../wire/parseInput.js";
import { nameOfIds } from "./nameOfIds.js";
import type { OwnerRoutes, StorageSession } from "./ownerRoutes.js";
import { AS_REFERENCE } from "./routeTexts.js";
import {
  addBatchInput,
  addMessageInput,
  editBatchInput,
  type MessageInput,
} from "./storageInputs.js";

export interface MessageRouteParts {
  readonly accounts: StorageAccountStore;
  readonly messages: MessageStore;
  readonly bounds: StorageBounds;
  readonly onWritten: (written: { readonly messages: number }) => void;
}

/** With what it was called by the client. */
interface GivenMessage extends NewMessage {
  readonly messageId: string;
}

/** dm3's client sends in one batch what a relay node had from one person: a thousand messages, which mostly have 14 kB each. */
export const BATCH_BYTES = 16 * 1024 * 1024;
const BATCH = { mostBytes: BATCH_BYTES, body: "flat", refusals: AS_REFERENCE } as const;

export function addMessageRoutes({ write }: OwnerRoutes, parts: MessageRouteParts): void {
  const { messages, onWritten } = parts;

  async function add(
    session: StorageSession,
    request: Request,
    response: Response,
    contact: string,
    list: readonly MessageInput[],
  ): Promise<void> {
    const given = await givenMessages(parts, session, request, list);
    const { known, ...told } = await messages.add(session.account.number, contact, given);
    onWritten({ messages: told.added });
    response.json({ ...told, known: messageIdsOf(given, known) });
  }

  write(
    "post",
    "/addMessage",
    async (session, request, response) => {
      const body = parseInput(addMessageInput, "The body", request.body);
      const { encryptedContactName, ...message } = body;
      await add(session, request, response, encryptedContactName, [message]);
    },
    BATCH,
  );

  write(
    "post",
    "/addMessageBatch",
    async (session, request, response) => {
      const body = parseInput(addBatchInput, "The body", request.body);
      await add(session, request, response, body.encryptedContactName, body.messageBatch);
    },
    BATCH,
  );

  write(
    "post",
    "/editMessageBatch",
    async (session, request, response) => {
      const body = parseInput(editBatchInput, "The body", request.body);
      const given = await givenMessages(parts, session, request, body.editMessageBatchPayload);
      const { number } = session.account;
      const { added, changed } = await messages.edit(number, body.encryptedContactName, given);
      onWritten({ messages: added + changed });
      response.json({ added, changed });
    },
    BATCH,
  );
}

async function givenMessages(
  parts: MessageRouteParts,
  session: StorageSession,
  request: Request,
  list: readonly MessageInput[],
): Promise<readonly GivenMessage[]> {
  for (const {
    encryptedEnvelopContainer: { container },
  } of list) {
    assertShortEnough(
      parts.bounds,
      typeof container === "string" ? utf8Length(container) : container.length,
    );
  }
  const name = await nameOfIds(parts.accounts, session, request);
  return list.map(({ messageId, createdAt, isHalted, encryptedEnvelopContainer }) => ({
    ...{ messageId, isHalted, createdMs: createdAt, ...encryptedEnvelopContainer },
    id: storedIdOf(name, messageId),
  }));
}

/** Each once, as the client called it. */
function messageIdsOf(given: readonly GivenMessage[], ids: readonly Digest[]): readonly string[] {
  const wanted = new Set(ids.map(toHex));
  if (wanted.size === 0) return [];
  return given.filter(({ id }) => wanted.delete(toHex(id))).map(({ messageId }) => messageId);
}
