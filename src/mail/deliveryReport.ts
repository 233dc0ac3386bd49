/** Reads reports of other servers about our mail (RFC 3464). */
import { foreignText } from "../fetch/foreignText.js";
import type { NativeReport } from "../messaging/bridge/nativeTransport.js";
import { boundaryOf, contentTypeOf, isPlainlyEncoded } from "./contentType.js";
import { type HeaderField, parseHeader, valuesOf } from "./headerFields.js";
import type { ReceivedMail } from "./receivedMail.js";

/** Of the mail; the part that counts stands before the copy of ours, which may be long. */
const LONGEST_READ = 256 * 1024;
const MEANINGS: Readonly<Record<string, NativeReport["is"]>> = {
  failed: "refused",
  delayed: "delayed",
  delivered: "delivered",
};
const STATUS_PARTS = ["message/delivery-status", "message/global-delivery-status"];

/** Null where it says nothing of a delivery. "relayed" and "expanded" say nothing: nobody answers for the mail from there on. */
export function readReport(
  mail: Pick<ReceivedMail, "header" | "chunks" | "length">,
): Omit<NativeReport, "token"> | null {
  const type = contentTypeOf(mail.header);
  const boundary = type === null ? null : boundaryOf(type);
  if (type?.type !== "multipart/report" || boundary === null) return null;
  if (type.parameters.get("report-type")?.toLowerCase() !== "delivery-status") return null;
  for (const part of partsOf(beginningOf(mail), boundary)) {
    const fields = statusOf(part);
    if (fields !== null) return meaningOf(fields);
  }
  return null;
}

/** Of one recipient, and each mail of ours has only one: the first group of fields with an action (section 2.3). */
function statusOf(lines: readonly string[]): readonly HeaderField[] | null {
  const [header = [], ...groups] = groupsOf(lines);
  const fields = parseHeader(header);
  if (fields === null || !isPlainlyEncoded(fields)) return null;
  if (!STATUS_PARTS.includes(contentTypeOf(fields)?.type ?? "")) return null;
  const read = groups.map((group) => parseHeader(group) ?? []);
  return read.find((group) => valuesOf(group, "action").length === 1) ?? null;
}

function meaningOf(fields: readonly HeaderField[]): Omit<NativeReport, "token"> | null {
  const [action = ""] = valuesOf(fields, "action");
  const is = MEANINGS[action.toLowerCase().split(/[ \t(]/)[0] ?? ""];
  if (is === undefined) return null;
  const [status = ""] = valuesOf(fields, "status");
  const [diagnostic = ""] = valuesOf(fields, "diagnostic-code");
  const said = foreignText(diagnostic.replace(/^[a-z0-9-]+;[ \t]*/i, ""), 300);
  return { is, sentence: said === "" ? foreignText(status, 60) : said };
}

function partsOf(text: string, boundary: string): readonly string[][] {
  const parts: string[][] = [];
  for (const line of text.split("\r\n")) {
    if (line.trimEnd() === `--${boundary}`) parts.push([]);
    else if (line.trimEnd() === `--${boundary}--`) break;
    else parts.at(-1)?.push(line);
  }
  return parts;
}

function beginningOf({ chunks, length }: Pick<ReceivedMail, "chunks" | "length">): string {
  return Buffer.concat(chunks, Math.min(length, LONGEST_READ)).toString("latin1");
}

function groupsOf(lines: readonly string[]): readonly string[][] {
  const groups: string[][] = [[]];
  for (const line of lines) {
    if (line.trim() !== "") groups.at(-1)?.push(line);
    else if (groups.at(-1)?.length !== 0) groups.push([]);
  }
  return groups;
}
