/**
 * Attachments that are too long for an envelope: they are sealed and kept at one of the sender's own relay nodes, and the
 * message has a reference to them. The receiver fetches them when they are wanted, and never by itself: whoever fetches
 * shows the sender's host that the message was seen, and from where.
 */
import {
  blobReferenceText,
  isBlobReference,
  parseBlobReference,
} from "../dm3/blob/blobReference.js";
import { LARGEST_BLOB, openBlob, SEAL_BYTES, sealBlob, wrongBlob } from "../dm3/blob/sealedBlob.js";
import type { CryptoEngine } from "../dm3/crypto/cryptoEngine.js";
import type { Attachment } from "../dm3/message/message.js";
import type { MessageContent } from "../dm3/message/messageContent.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import { type Content, contentOfDataUri, isDataUri } from "./attachmentContent.js";
import { BLOB_TIMEOUT_MS } from "./relayNodeApi.js";
import type { RelayNodes } from "./relayNodes.js";

export interface OpenedAttachment extends Content {
  readonly name: string | null;
}

export interface Attachments {
  /**
   * The content with references in place of what is too long, the longest first.
   * @throws ATTACHMENT_TOO_LARGE, INVALID_REQUEST for an unreadable data URI, and why no relay node keeps it now
   */
  kept(content: MessageContent): Promise<MessageContent>;
  /** See `Messenger.openAttachment`. */
  open(attachment: Attachment): Promise<OpenedAttachment>;
}

export interface AttachmentParts {
  readonly engine: CryptoEngine;
  readonly relayNodes: Pick<RelayNodes, "upload">;
  readonly access: RelayNodeAccess;
  /** How much all attachments of a message may have in its envelope, in characters. */
  readonly inlineChars: number;
}

export function createAttachments(parts: AttachmentParts): Attachments {
  const { engine, relayNodes, access, inlineChars } = parts;

  async function keptOne({ name, data }: Attachment): Promise<Attachment> {
    const { mediaType, bytes } = contentOfDataUri(data);
    if (bytes.length > LARGEST_BLOB) throw attachmentTooLarge(bytes.length);
    const { sealed, ...seal } = await sealBlob(engine, bytes);
    const url = await relayNodes.upload(sealed);
    if (url === null) throw attachmentTooLarge(bytes.length);
    const reference = blobReferenceText({ ...seal, url, mediaType });
    return { ...(name !== undefined && { name }), data: reference };
  }

  return {
    async kept(content) {
      const given = "attachments" in content ? content.attachments : undefined;
      if (given === undefined) return content;
      const attachments = [...given];
      for (const index of tooLong(attachments, inlineChars)) {
        const attachment = attachments[index];
        if (attachment !== undefined) attachments[index] = await keptOne(attachment);
      }
      return { ...content, attachments };
    },

    async open({ name = null, data }) {
      if (isDataUri(data)) return { name, ...contentOfDataUri(data) };
      if (!isBlobReference(data)) throw onlyLink();
      const { url, mediaType, ...seal } = parseBlobReference(data);
      const sealed = await fetched(access, url, seal.size + SEAL_BYTES);
      return { name, mediaType, bytes: await openBlob(engine, seal, sealed) };
    },
  };
}

/** Which have to leave the envelope, so that the rest fits: the longest data URIs. */
function tooLong(attachments: readonly Attachment[], inlineChars: number): readonly number[] {
  const byLength = attachments
    .map(({ data }, index) => ({ index, chars: isDataUri(data) ? data.length : 0 }))
    .sort((a, b) => b.chars - a.chars);
  let left = byLength.reduce((sum, { chars }) => sum + chars, 0);
  const leaving: number[] = [];
  for (const { index, chars } of byLength) {
    if (left <= inlineChars) break;
    leaving.push(index);
    left -= chars;
  }
  return leaving;
}

async function fetched(
  { fetcher, timeoutMs }: RelayNodeAccess,
  url: string,
  mostBytes: number,
): Promise<Uint8Array> {
  const waitMs = Math.max(timeoutMs, BLOB_TIMEOUT_MS);
  try {
    const request = { url, method: "GET", maxBytes: mostBytes, timeoutMs: waitMs } as const;
    const { status, body } = await fetcher(request);
    if (status === 200) return body;
    if (status === 404 || status === 410) throw gone();
    const reason = `it answered ${status}`;
    const sentence = `The attachment's host gave no attachment: ${reason}. Try again later.`;
    throw new SignpostError("UNREACHABLE", sentence, { reason });
  } catch (error) {
    throw isSignpostError(error, "TOO_LARGE") ? wrongBlob("size") : error;
  }
}

function gone(): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    "The attachment is not there any more: it is kept for a time. Ask the sender to send it again.",
  );
}

function onlyLink(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "This attachment is a link to something that is not sealed for this message. Show it as a link.",
    { field: "data" },
  );
}

function attachmentTooLarge(bytes: number): SignpostError {
  return new SignpostError(
    "ATTACHMENT_TOO_LARGE",
    `An attachment of ${bytes} bytes is too large, and none of your relay nodes keeps it. Send a link.`,
    { bytes },
  );
}
