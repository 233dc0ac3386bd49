/** Conversations: made, listed with the newest message of each, counted, hidden. */
import type { ConversationStore } from "../../storage/store.js";
import { parseInput } from "../../wire/parseInput.js";
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
      const bytes = await conversations.sizeOfList(account.number, page);
      await sendPage(parts, request, response, bytes, async () => {
        const listed = await conversations.list(account.number, page);
        return listed.map(({ contact, preview, updatedMs, profileLocation }) => ({
          contact,
          previewMessage: preview,
          updatedAt: new Date(updatedMs),
          encryptedProfileLocation: profileLocation,
        }));
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
