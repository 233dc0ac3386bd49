/** Whether an attachment is a message of another network; apart from what opens one, which few apps need. */
import type { Attachment } from "./message.js";

/** RFC 2046, section 5.2.1. */
export const NATIVE_TYPE = "message/rfc822";
export const NATIVE_HEAD = `data:${NATIVE_TYPE};base64,`;

/** Of one that is inside of its envelope. */
export function isNativeAttachment({ data }: Attachment): boolean {
  return data.startsWith(NATIVE_HEAD);
}
