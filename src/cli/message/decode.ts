/** `signpost message decode <file>`: what it says and which checks it passed, or the code of the one that it did not. */
import type { Command } from "commander";
import { decodeUtf8 } from "../../abi/utf8.js";
import { nativeMessageOf } from "../../dm3/message/nativeMessage.js";
import { SignpostError } from "../../errors.js";
import { createGuardedFetcher } from "../../net/guardedFetch.js";
import {
  type Contact,
  type DecodedMessage,
  decodeMessage,
  MESSAGE_CHECKS,
} from "../../sdk/messagesNode.js";
import { type ResolveOptions, resolveProfile, resolveRelayNode } from "../../sdk/node.js";
import { fetchBlobs } from "../../sending/fetchBlob.js";
import { givenFile } from "../../terminal/givenFile.js";
import { jsonText } from "../../terminal/jsonText.js";
import { givenKeys } from "./givenKeys.js";
import { type LookupFlags, lookupOptions } from "./lookupOptions.js";
import { mailFacts, mailLines, type MailReadingFlags, openMail } from "./mailCodec.js";
import { tell } from "./tell.js";

interface DecodeFlags extends LookupFlags, MailReadingFlags {
  readonly to: readonly string[];
  readonly keys: string;
  readonly relayNode?: string;
}

const FETCH_TIMEOUT_MS = 10_000;
/** Far more than relay nodes take. */
const LONGEST_FILE = 40_000_000;

/** Throws what decoding throws, INVALID_REQUEST for a file that is none, UNREACHABLE and NOT_FOUND. */
export async function decode(file: string, flags: DecodeFlags, command: Command): Promise<void> {
  const keys = await givenKeys(flags.keys);
  const envelope = textOf(await givenFile("envelope", file, process.stdin, LONGEST_FILE));
  const options = lookupOptions(flags);
  const decoded = await decodeMessage(envelope, {
    ...{ keys, ownNames: flags.to, contactOf: contactsFrom(options) },
    ...(flags.relayNode !== undefined && {
      relayNode: await relayNodeProfile(flags.relayNode, options),
    }),
  });
  const native =
    "attachments" in decoded.content ? nativeMessageOf(decoded.content.attachments) : null;
  if (native === null || flags.mailKey === undefined) {
    tell(command, flags, decoded, linesOf(decoded));
    return;
  }
  const fetcher = createGuardedFetcher({ allowLoopback: flags.allowLoopback ?? false });
  const access = { fetcher, timeoutMs: FETCH_TIMEOUT_MS };
  const bytes =
    native.is === "inside"
      ? native.bytes
      : await fetchBlobs(access, keys.engine, native.pieces, native.size);
  const mail = await openMail(bytes, flags);
  tell(command, flags, { ...decoded, mail: mailFacts(mail) }, [
    ...linesOf(decoded),
    "",
    ...mailLines(mail),
  ]);
}

function textOf(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw new SignpostError("ENVELOPE_MALFORMED", "The envelope is not UTF-8 text.");
  }
}

/** Of each name once. */
function contactsFrom(options: ResolveOptions) {
  const asked = new Map<string, Promise<Contact | null>>();
  const ask = async (name: string): Promise<Contact | null> => {
    const outcome = await resolveProfile(name, { ...options, relayNodes: "none" });
    if (outcome.status === "found") return outcome;
    if (outcome.status !== "unreachable") return null;
    throw new SignpostError("UNREACHABLE", outcome.sentence);
  };
  return (name: string) => {
    const answer = asked.get(name) ?? ask(name);
    asked.set(name, answer);
    return answer;
  };
}

async function relayNodeProfile(name: string, options: ResolveOptions) {
  const outcome = await resolveRelayNode(name, options);
  if (outcome.status === "found") return outcome.profile;
  const code = outcome.status === "unreachable" ? "UNREACHABLE" : "NOT_FOUND";
  throw new SignpostError(code, outcome.sentence, { name });
}

function linesOf(decoded: DecodedMessage): readonly string[] {
  const { from, to, timestampMs, content, messageHash, incomingTimestampMs, checks } = decoded;
  const arrived =
    incomingTimestampMs === null ? [] : [`arrived      ${timeOf(incomingTimestampMs)}`];
  return [
    `${content.type}  from ${shown(from)} to ${shown(to)}`,
    "",
    ...("text" in content ? [shown(content.text), ""] : []),
    ...("reference" in content ? [`reference    ${content.reference}`] : []),
    `messageHash  ${messageHash}`,
    `written      ${timeOf(timestampMs)}`,
    ...arrived,
    "",
    ...checks.map((check) => `ok ${check}  ${MESSAGE_CHECKS[check]}`),
  ];
}

/** The sender's clock may say anything. */
function timeOf(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? String(ms) : time.toISOString();
}

/** Without what a terminal could act on. */
function shown(text: string): string {
  return jsonText(text);
}
