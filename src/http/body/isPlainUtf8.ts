import type { IncomingHttpHeaders } from "node:http";

/** Whether a body is announced as UTF-8, or as nothing, and uncompressed: a kilobyte can become a megabyte. */
export function isPlainUtf8(headers: IncomingHttpHeaders): boolean {
  const charset = /charset="?([^";\s]+)/i.exec(headers["content-type"] ?? "")?.[1] ?? "utf-8";
  const encoding = headers["content-encoding"] ?? "identity";
  return /^utf-?8$/i.test(charset) && encoding === "identity";
}
