/**
 * Attachments that are too long for an envelope: they are sealed and kept at one of the sender's own relay nodes, and the
 * message has a reference to them. The receiver fetches them when they are wanted, and never by itself: whoever fetches
 * shows the sender's host that the message was seen, and from where.
 */
import {
  type BlobReference,
  blobReferenceText,
  isBlobReference,
  parseBlobReference,
} from "../dm3/blob/blobReference.js";
import { LARGEST_BLOB, sealBlob } from "../dm3/blob/sealedBlob.js";
import type { CryptoEngine } from "../dm3/crypto/cryptoEngine.js";
import { type Content, contentOfDataUri, isDataUri } from "../dm3/message/attachmentContent.js";
import { isNativeAttachment } from "../dm3/message/isNativeAttachment.js";
import type { Attachment } from "../dm3/message/message.js";
import type { MessageContent } from "../dm3/message/messageContent.js";
import { SignpostError } from "../errors.js";
import { fetchBlob } from "../sending/fetchBlob.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import type { IncomingMessage } from "./incomingMessage.js";
import { keepNative, openNativeIn } from "./nativeAttachments.js";
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
  /** See `Messenger.openNative`. */
  openNative(content: IncomingMessage["content"]): Promise<Uint8Array | null>;
}

export interface AttachmentParts {
  readonly engine: CryptoEngine;
  /** Null: nothing leaves the envelope. */
  readonly relayNodes: Pick<RelayNodes, "upload"> | null;
  readonly access: RelayNodeAccess;
  /** How much all attachments of a message may have in its envelope, in characters. */
  readonly inlineChars: number;
}

export function createAttachments(parts: AttachmentParts): Attachments {
  const { engine, relayNodes, access, inlineChars } = parts;

  async function keptOne(attachment: Attachment): Promise<Attachment> {
    const { name, data } = attachment;
    const { mediaType, bytes } = contentOfDataUri(data);
    if (bytes.length > LARGEST_BLOB) throw attachmentTooLarge(bytes.length);
    const kept = await keptBytes(bytes);
    if (kept === null) throw attachmentTooLarge(bytes.length);
    return { ...(name !== undefined && { name }), data: blobReferenceText({ ...kept, mediaType }) };
  }

  /** Null where no relay node keeps it. */
  async function keptBytes(bytes: Uint8Array): Promise<Omit<BlobReference, "mediaType"> | null> {
    if (relayNodes === null) return null;
    const { sealed, ...seal } = await sealBlob(engine, bytes);
    const url = await relayNodes.upload(sealed);
    return url === null ? null : { ...seal, url };
  }

  async function keptNative(attachment: Attachment): Promise<readonly Attachment[]> {
    if (relayNodes === null)
      throw attachmentTooLarge(contentOfDataUri(attachment.data).bytes.length);
    return keepNative(attachment, keptBytes);
  }

  return {
    async kept(content) {
      const given = "attachments" in content ? content.attachments : undefined;
      if (given === undefined) return content;
      const [first] = given;
      if (first !== undefined && given.length === 1 && isNativeAttachment(first)) {
        const isShort = first.data.length <= inlineChars;
        return isShort ? content : { ...content, attachments: await keptNative(first) };
      }
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
      const reference = parseBlobReference(data);
      const bytes = await fetchBlob(access, engine, reference);
      return { name, mediaType: reference.mediaType, bytes };
    },

    async openNative(content) {
      const given = "attachments" in content ? content.attachments : undefined;
      if (given === undefined || given.length === 0) return null;
      return openNativeIn(given, access, engine);
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
