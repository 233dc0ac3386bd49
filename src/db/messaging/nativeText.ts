/** Addresses of a network as they stand in columns. */
import type { NativeAddress } from "../../messaging/address/nativeAddress.js";

/** @param text as `formatNativeAddress` wrote it */
export function nativeOfText(text: string): NativeAddress {
  const at = text.lastIndexOf("@");
  return { localPart: text.slice(0, at), domain: text.slice(at + 1) };
}
