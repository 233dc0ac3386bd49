/** Messages of one conversation, newest first: by page numbers as the reference has them, and by cursor. */
import type { Request } from "express";
import { toHex } from "../../abi/hex.js";
import { nameForIds } from "../../storage/messageId.js";
import { cursorOfHistory } from "../../storage/place.js";
import type { ListedMessage, MessageStore } from "../../storage/store.js";
import { nameOf } from "../accounts/routing.js";
import { escaped, innerTextPiece, jsonPiece, type Piece } from "./jsonPieces.js";
import type { OwnerRoutes, StorageSession } from "./ownerRoutes.js";
import { AS_REFERENCE } from "./routeTexts.js";
import { type PageParts, sendCut, sendPage, setCursor } from "./sendPage.js";
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
      const piecesOf = rowPieces(session, request, contact);
      const place = historyPlaceIn(request);
      if (place === undefined) {
        const page = pageIn(request, USUAL_PAGE);
        await sendPage(parts, request, response, {
          read: async (mostBytes) =>
            (await messages.list(number, contact, page, mostBytes)).map(piecesOf),
          size: () => messages.sizeOfList(number, contact, page),
        });
        return;
      }
      const limit = limitIn(request, USUAL_PAGE);
      await sendCut(parts, request, response, async () => {
        const before = place === "start" ? null : place;
        const page = await messages.before(number, contact, before, limit);
        const last = page.at(-1);
        if (last !== undefined) setCursor(response, cursorOfHistory(last));
        return page.map(piecesOf);
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
function rowPieces({ account }: StorageSession, request: Request, contact: string) {
  const ownerId = account.idName ?? nameForIds(nameOf(request));
  /** What stands behind the container is mostly the same in all rows. */
  const rests = new Map<string, Piece>();
  const restOf = ({ conversation, isHalted }: ListedMessage): Piece => {
    const key = `${conversation} ${isHalted}`;
    const known = rests.get(key);
    if (known !== undefined) return known;
    const encryptedContactName = contact;
    const conversationId = String(conversation);
    const rest = JSON.stringify({ encryptedContactName, conversationId, ownerId, isHalted });
    const piece = jsonPiece(`${escaped(`",${rest.slice(1)}`)}"`);
    rests.set(key, piece);
    return piece;
  };
  return (row: ListedMessage): readonly Piece[] => {
    const head = JSON.stringify({ id: toHex(row.id), createdAt: new Date(row.createdMs) });
    return [
      jsonPiece(`"${escaped(`${head.slice(0, -1)},"encryptedEnvelopContainer":"`)}`),
      innerTextPiece(row.container, row.isPlain),
      restOf(row),
    ];
  };
}
