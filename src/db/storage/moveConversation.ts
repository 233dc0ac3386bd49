/**
 * A conversation goes on under another contact, or into the one that has it. The row of the first contact stays, and says where
 * its messages went.
 */
import { SignpostError } from "../../errors.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import {
  conversationOf,
  makeConversation,
  profileLocationOf,
  setConversation,
} from "./conversationRows.js";
import type { KnownConversation } from "./knownConversation.js";

/** Nothing to do where it went before. Each message gets a newer version: it is in another conversation. */
export async function moveConversation(
  own: AccountChange,
  source: KnownConversation,
  to: string,
): Promise<void> {
  if (source.movedTo !== null || source.contact === to) return;
  const { isHidden, updatedMs } = source;
  const profileLocation = await profileLocationOf(own, source);
  const target =
    (await conversationOf(own, to)) ??
    (await makeConversation(own, to, { profileLocation, isHidden, updatedMs }));
  await moveMessages(own, source, target, "version = greatest(version + 1, $3)");
  const getsLocation = target.locationBytes === 0 && profileLocation !== "";
  const isSame = target.movedTo === null && !getsLocation;
  await setConversation(own, target, {
    messages: target.messages + source.messages,
    updatedMs: Math.max(target.updatedMs, updatedMs),
    movedTo: null,
    ...(getsLocation && { profileLocation }),
    ...(isSame && { version: target.version }),
  });
  await setConversation(own, source, { messages: 0, movedTo: to });
}

/**
 * The same as it was done at another storage. Its messages come with their own newer versions from there; those that only we
 * have go along with the version that they have, and so does the conversation into which they go.
 * @param version of the move, there
 */
export async function repeatMove(
  own: AccountChange,
  source: KnownConversation,
  to: string,
  version: number,
): Promise<void> {
  if (source.messages > 0) {
    const last = await goingOn(own, to);
    // in a circle, which the later move cuts
    const target = last.number === source.number ? ((await conversationOf(own, to)) ?? last) : last;
    await moveMessages(own, source, target, "version = version");
    await setConversation(own, target, {
      messages: target.messages + source.messages,
      updatedMs: Math.max(target.updatedMs, source.updatedMs),
      movedTo: null,
      version: target.version,
    });
  }
  await setConversation(own, source, { messages: 0, movedTo: to, version });
}

/** Nobody's alias has an alias more often; what is longer, or goes in a circle, ends where it is. */
export const MOST_MOVES = 8;

/** Where the conversation of this contact is now; null where there is none, or it goes in a circle. */
export async function nowOf(
  own: AccountChange,
  contact: string,
): Promise<KnownConversation | null> {
  let found = await conversationOf(own, contact);
  for (let moves = 0; found !== null && found.movedTo !== null; moves++) {
    found = moves === MOST_MOVES ? null : await conversationOf(own, found.movedTo);
  }
  return found;
}

/**
 * Where the conversation of this contact goes on; made where there is none.
 * @param updatedMs of one that is made: older than any, because its row, which comes later, says when it was
 */
export async function goingOn(
  own: AccountChange,
  contact: string,
  updatedMs = 0,
): Promise<KnownConversation> {
  let at = contact;
  for (let moves = 0; ; moves++) {
    const found = await conversationOf(own, at);
    if (found === null) return makeConversation(own, at, { version: 0, updatedMs });
    if (found.movedTo === null) return found;
    if (moves === MOST_MOVES) {
      await setConversation(own, found, { movedTo: null });
      return { ...found, movedTo: null, version: Math.max(found.version + 1, own.change) };
    }
    at = found.movedTo;
  }
}

/** Throws TOO_LARGE where one change would move the same ones again and again. */
async function moveMessages(
  own: AccountChange,
  source: KnownConversation,
  target: KnownConversation,
  version: string,
): Promise<void> {
  const { connection, tables, change, use, mostMoved } = own;
  if (use.moved > 0 && use.moved + source.messages > mostMoved) throw tooManyMoves(mostMoved);
  own.count({ moved: source.messages });
  await fromDatabase(
    connection.query(
      `update ${tables.message} set conversation = $2, change = $3, ${version} where conversation = $1`,
      [source.number, target.number, change],
    ),
  );
}

function tooManyMoves(most: number): SignpostError {
  return new SignpostError(
    "TOO_LARGE",
    `These lines move more than ${most} messages into other conversations. Nothing of them was taken; send fewer lines at once.`,
  );
}
