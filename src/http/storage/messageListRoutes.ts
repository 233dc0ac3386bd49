/** Messages of one conversation, newest first: by page numbers as the reference has them, and by cursor. */
import type { Request } from "express";
import { toHex } from "../../abi/hex.js";
import { nameForIds } from "../../storage/messageId.js";
import { cursorOfHistory } from "../../storage/place.js";
import type { ListedMessage, MessageStore, RowForm } from "../../storage/store.js";
import { nameOf } from "../accounts/routing.js";
import { escaped, innerTextPiece, jsonPiece, type Piece } from "./jsonPieces.js";
import type { OwnerRoutes, StorageSession } from "./ownerRoutes.js";
import { AS_REFERENCE } from "./routeTexts.js";
import { type PageParts, sendCut, sendJoinedPage, sendPage, setCursor } from "./sendPage.js";
import { historyPlaceIn, limitIn, pageIn } from "./storageInputs.js";

export interface MessageListRouteParts extends PageParts {
  readonly messages: MessageStore;
}

const USUAL_PAGE = 100;
const ASCII = /^[\0-\x7f]*$/;

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
          read: (mostBytes) => messages.list(number, contact, page, mostBytes),
          size: () => messages.sizeOfList(number, contact, page),
          piecesOf,
        });
        return;
      }
      const limit = limitIn(request, USUAL_PAGE);
      const read = async () => {
        const before = place === "start" ? null : place;
        const page = await messages.before(number, contact, before, limit);
        const last = page.at(-1);
        if (last !== undefined) setCursor(response, cursorOfHistory(last));
        return page;
      };
      await sendCut(parts, request, response, { read, piecesOf });
    },
    AS_REFERENCE,
    {
      isFor: ({ query }) => query["before"] === undefined,
      answer: async (session, request, response) => {
        const page = pageIn(request, USUAL_PAGE);
        const contact = String(request.params["contact"]);
        const form = rowForm(ownerIdOf(session, request), contact);
        const isAscii = ASCII.test(form.beforeConversation + form.end);
        return sendJoinedPage(parts, request, response, (text, mostBytes) => {
          const add = (piece: string) => {
            text.add(piece, isAscii);
          };
          return messages.join(session.account, contact, page, mostBytes, form, add);
        });
      },
    },
  );

  read(
    "/getNumberOfMessages/:contact",
    async ({ account }, { params }, response) => {
      response.json(await messages.count(account.number, String(params["contact"])));
    },
    AS_REFERENCE,
  );
}

const ownerIdOf = ({ account }: StorageSession, request: Request): string =>
  account.idName ?? nameForIds(nameOf(request));

/** The same row with a place for each field, of a message that is not halted. */
function rowForm(ownerId: string, contact: string): RowForm {
  const owner = JSON.stringify(ownerId);
  const name = JSON.stringify(contact);
  return {
    beforeId: `"${escaped('{"id":"0x')}`,
    beforeTime: escaped('","createdAt":"'),
    beforeContainer: escaped('","encryptedEnvelopContainer":"'),
    beforeConversation: escaped(`","encryptedContactName":${name},"conversationId":"`),
    end: `${escaped(`","ownerId":${owner},"isHalted":false}`)}"`,
  };
}

/** A row as the reference sends it: JSON inside of JSON. */
function rowPieces(session: StorageSession, request: Request, contact: string) {
  const ownerId = ownerIdOf(session, request);
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
