/** Conversations: made, listed with the newest message of each, counted, hidden. */
import type { ConversationStore, ListedConversation } from "../../storage/store.js";
import { parseInput } from "../../wire/parseInput.js";
import { jsonPiece, type Piece, textPiece } from "./jsonPieces.js";
import type { OwnerRoutes } from "./ownerRoutes.js";
import { AS_REFERENCE } from "./routeTexts.js";
import { type PageParts, sendPage } from "./sendPage.js";
import { addConversationInput, hideInput, pageIn } from "./storageInputs.js";

export interface ConversationRouteParts extends PageParts {
  readonly conversations: ConversationStore;
}

const USUAL_PAGE = 10;
const BODY_BYTES = 128 * 1024;
const WRITING = { mostBytes: BODY_BYTES, refusals: AS_REFERENCE };

export function addConversationRoutes(
  { read, write }: OwnerRoutes,
  parts: ConversationRouteParts,
): void {
  const { conversations } = parts;

  write(
    "post",
    "/addConversation",
    async ({ account }, { body }, response) => {
      const given = parseInput(addConversationInput, "The body", body);
      const location = given.encryptedProfileLocation ?? null;
      await conversations.put(account.number, given.encryptedContactName, location);
      response.sendStatus(200);
    },
    WRITING,
  );

  read(
    "/getConversations",
    async ({ account }, request, response) => {
      const page = pageIn(request, USUAL_PAGE);
      await sendPage(parts, request, response, {
        read: (mostBytes) => conversations.list(account.number, page, mostBytes),
        size: () => conversations.sizeOfList(account.number, page),
        piecesOf,
      });
    },
    AS_REFERENCE,
  );

  read(
    "/getNumberOfConversations",
    async ({ account }, _request, response) => {
      response.json(await conversations.count(account.number));
    },
    AS_REFERENCE,
  );

  write(
    "post",
    "/toggleHideConversation",
    async ({ account }, { body }, response) => {
      const { encryptedContactName, hide } = parseInput(hideInput, "The body", body);
      await conversations.setHidden(account.number, encryptedContactName, hide);
      response.sendStatus(200);
    },
    WRITING,
  );
}

function piecesOf(listed: ListedConversation): readonly Piece[] {
  const { contact, preview, isPlain, updatedMs, profileLocation } = listed;
  const rest = JSON.stringify({
    updatedAt: new Date(updatedMs),
    encryptedProfileLocation: profileLocation,
  }).slice(1);
  const head = `{"contact":${JSON.stringify(contact)},"previewMessage":`;
  if (preview === null) return [jsonPiece(`${head}null,${rest}`)];
  return [jsonPiece(`${head}"`), textPiece(preview, isPlain), jsonPiece(`",${rest}`)];
}
