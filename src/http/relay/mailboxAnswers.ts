/** A mailbox over HTTP: what waits in it, and what its owner has had. */
import type { Request, Response } from "express";
import { digestFrom } from "../../abi/digest.js";
import { fromHex } from "../../abi/hex.js";
import type { OpenSession } from "../../accounts/session.js";
import { normalNameOf } from "../../accounts/wireName.js";
import { HASH_FORM } from "../../dm3/message/messageContent.js";
import { SignpostError } from "../../errors.js";
import { cursorOf, numberOfCursor } from "../../relay/cursor.js";
import type { Acknowledgement, MailboxStore } from "../../relay/store.js";
import { parseInput } from "../../wire/parseInput.js";
import { acknowledgements } from "./relayInputs.js";

/** Where a client goes on, in `?after=`; opaque. */
const CURSOR_HEADER = "signpost-cursor";

const IN_ORDER_AT_ONCE = 200;

type Answer = (session: OpenSession, request: Request, response: Response) => Promise<void>;

/** As the reference does; with `?after=`, empty at first, in the order in which they came. */
export function sendIncoming(mailboxes: MailboxStore): Answer {
  return async ({ account }, { query }, response) => {
    const after = afterIn(query);
    response.setHeader("cache-control", "no-store");
    if (after === null) {
      sendArray(response, await mailboxes.waiting(account.address));
      return;
    }
    const page = await mailboxes.waitingInOrder(account.address, after, IN_ORDER_AT_ONCE);
    response.setHeader(CURSOR_HEADER, cursorOf(page.at(-1)?.number ?? after));
    response.setHeader("access-control-expose-headers", CURSOR_HEADER);
    sendArray(
      response,
      page.map(({ envelope }) => envelope),
    );
  };
}

/** Deprecated in the reference. */
export function sendContact(mailboxes: MailboxStore): Answer {
  return async ({ account }, { params }, response) => {
    const contact = normalNameOf(String(params["contact"]));
    const envelopes = contact === null ? [] : await mailboxes.waiting(account.address, contact);
    response.setHeader("cache-control", "no-store");
    sendArray(response, envelopes);
  };
}

/**
 * 200 for what matches nothing as well: clients send each hash with each contact. With a token that only a sign-up gave
 * nothing goes, because nobody proved to be the owner.
 */
export function acknowledge(mailboxes: MailboxStore): Answer {
  return async ({ account, proof }, { body }, response) => {
    const given = parseInput(acknowledgements, "The body", body ?? {});
    const list = given.acknowledgements.flatMap(acknowledgementOf);
    if (proof === "challenge") await mailboxes.acknowledge(account.address, list);
    response.type("json").end();
  };
}

const [COMMA, OPEN, CLOSE] = Buffer.from(",[]");

/** Of JSON texts, which are a megabyte: each is copied once, to where it is sent from. */
function sendArray(response: Response, texts: readonly string[]): void {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const length = lengths.reduce((sum, each) => sum + each + 1, texts.length === 0 ? 2 : 1);
  const bytes = Buffer.allocUnsafe(length);
  bytes[0] = OPEN ?? 0;
  let at = 1;
  for (const [index, text] of texts.entries()) {
    if (index > 0) bytes[at++] = COMMA ?? 0;
    at += bytes.write(text, at);
  }
  bytes[at] = CLOSE ?? 0;
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.setHeader("content-length", length);
  response.end(bytes);
}

/** None for what no message can have. */
function acknowledgementOf({
  contactAddress,
  messageHash,
}: {
  readonly contactAddress: string;
  readonly messageHash: string;
}): readonly Acknowledgement[] {
  if (!HASH_FORM.test(messageHash) || contactAddress.includes("\0")) return [];
  const senderName = contactAddress.toLowerCase();
  return [{ senderName, claimedHash: digestFrom(fromHex(messageHash)) }];
}

/** Null where the client wants no order; 0 for the beginning. Throws INVALID_REQUEST. */
function afterIn({ after }: Request["query"]): number | null {
  if (after === undefined) return null;
  const number = after === "" ? 0 : typeof after === "string" ? numberOfCursor(after) : null;
  if (number !== null) return number;
  throw new SignpostError(
    "INVALID_REQUEST",
    `after must be empty, or what ${CURSOR_HEADER} was in an answer of this relay node.`,
  );
}
