/** Messages of one conversation, newest first: by page numbers as the reference has them, and by cursor. */
import type { Request } from "express";
import { toHex } from "../../abi/hex.js";
import { nameForIds } from "../../storage/messageId.js";
import { cursorOfHistory } from "../../storage/place.js";
import type { ListedMessage, MessageStore } from "../../storage/store.js";
import { nameOf } from "../accounts/routing.js";
import type { OwnerRoutes, StorageSession } from "./ownerRoutes.js";
import { AS_REFERENCE } from "./routeTexts.js";
import { CUT_BYTES, type PageParts, sendPage, setCursor } from "./sendPage.js";
import { historyPlaceIn, limitIn, pageIn } from "./storageInputs.js";

export interface MessageListRouteParts extends PageParts {
  readonly messages: MessageStore;
}

const USUAL_PAGE = 100;

export function addMessageListRoutes({ read }: OwnerRoutes, parts: MessageListRouteParts): void {
  const { messages } = parts;

  read(
    "/getMessages/:contact",
    async (session, request, response) => {
      const { number } = session.account;
      const contact = String(request.params["contact"]);
      const asText = rowText(session, request, contact);
      const place = historyPlaceIn(request);
      if (place === undefined) {
        const page = pageIn(request, USUAL_PAGE);
        const bytes = await messages.sizeOfList(number, contact, page);
        await sendPage(parts, request, response, bytes, async () =>
          (await messages.list(number, contact, page)).map(asText),
        );
        return;
      }
      const limit = limitIn(request, USUAL_PAGE);
      await sendPage(parts, request, response, CUT_BYTES, async () => {
        const before = place === "start" ? null : place;
        const page = await messages.before(number, contact, before, limit);
        const last = page.at(-1);
        if (last !== undefined) setCursor(response, cursorOfHistory(last));
        return page.map(asText);
      });
    },
    AS_REFERENCE,
  );

  read(
    "/getNumberOfMessages/:contact",
    async ({ account }, { params }, response) => {
      response.json(await messages.count(account.number, String(params["contact"])));
    },
    AS_REFERENCE,
  );
}

/** A row as the reference sends it: JSON inside of JSON. */
function rowText({ account }: StorageSession, request: Request, contact: string) {
  const ownerId = account.idName ?? nameForIds(nameOf(request));
  return ({ id, createdMs, container, conversation, isHalted }: ListedMessage): string =>
    JSON.stringify({
      id: toHex(id),
      createdAt: new Date(createdMs),
      encryptedEnvelopContainer: container,
      encryptedContactName: contact,
      conversationId: String(conversation),
      ownerId,
      isHalted,
    });
}
