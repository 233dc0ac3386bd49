/** Messages that wait for a receiver without a profile. */
import { toHex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import { cursorOfHalted } from "../../storage/place.js";
import type { ListedMessage, MessageStore } from "../../storage/store.js";
import { parseInput } from "../../wire/parseInput.js";
import { jsonPiece, type Piece, textPiece } from "./jsonPieces.js";
import type { OwnerRoutes } from "./ownerRoutes.js";
import { NO_HALTED } from "./routeTexts.js";
import { type PageParts, sendCut, setCursor } from "./sendPage.js";
import {
  clearHaltedInput,
  haltedPlaceIn,
  limitIn,
  MOST_ON_PAGE,
  storedIdIn,
} from "./storageInputs.js";

export interface HaltedRouteParts extends PageParts {
  readonly messages: MessageStore;
  readonly onWritten: (written: { readonly messages: number }) => void;
}

const BODY_BYTES = 16 * 1024;

export function addHaltedRoutes(
  { read, write, countRows }: OwnerRoutes,
  parts: HaltedRouteParts,
): void {
  const { messages } = parts;

  read("/getHaltedMessages", async ({ account }, request, response) => {
    const given = haltedPlaceIn(request) ?? "start";
    const limit = limitIn(request, MOST_ON_PAGE);
    const read = async () => {
      const place = given === "start" ? null : given;
      const page = await messages.halted(account.number, place, limit);
      const last = page.at(-1);
      if (last !== undefined) setCursor(response, cursorOfHalted(last));
      return page;
    };
    await sendCut(parts, request, response, { read, piecesOf });
  });

  write(
    "post",
    "/clearHaltedMessage",
    async (session, { body }, response) => {
      const { number } = session.account;
      const { messageId, aliasName } = parseInput(clearHaltedInput, "The body", body);
      const id = storedIdIn(messageId);
      const cleared = id && (await messages.clearHalted(number, id, aliasName ?? null));
      if (cleared === null) throw notHere(messageId);
      countRows(session, cleared.moved);
      parts.onWritten({ messages: cleared.moved });
      response.sendStatus(200);
    },
    { mostBytes: BODY_BYTES, refusals: NO_HALTED },
  );
}

function piecesOf(row: ListedMessage): readonly Piece[] {
  const { createdMs, isHalted } = row;
  const rest = JSON.stringify({ createdAt: new Date(createdMs), isHalted }).slice(1);
  return [
    jsonPiece(`{"messageId":"${toHex(row.id)}","encryptedEnvelopContainer":"`),
    textPiece(row.container, row.isPlain),
    jsonPiece(`",${rest}`),
  ];
}

function notHere(id: string): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    "This account has no message with this id. Give the messageId of getHaltedMessages.",
    { id },
  );
}
