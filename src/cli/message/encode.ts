/** `signpost message encode <to>`: nothing is sent; what a relay node would be given is printed. */
import type { Command } from "commander";
import { SignpostError } from "../../errors.js";
import { encodeMessage, type HashField, type NewMessage } from "../../sdk/messagesNode.js";
import { resolveProfile } from "../../sdk/node.js";
import { givenKeys } from "./givenKeys.js";
import { type LookupFlags, lookupOptions } from "./lookupOptions.js";
import { tell } from "./tell.js";

export const TYPES = [
  ...(["NEW", "REPLY", "EDIT", "REACTION"] as const),
  ...(["DELETE_REQUEST", "READ_RECEIVED", "READ_OPENED"] as const),
] as const;

interface EncodeFlags extends LookupFlags {
  readonly from: string;
  readonly keys: string;
  readonly type: (typeof TYPES)[number];
  readonly text?: string;
  readonly reference?: string;
  readonly hashField: HashField;
}

/**
 * Throws INVALID_REQUEST for flags that do not go together, NOT_FOUND and UNREACHABLE when there is no receiver, and
 * what encoding throws.
 */
export async function encode(to: string, flags: EncodeFlags, command: Command): Promise<void> {
  const given = contentOf(to, flags);
  const keys = await givenKeys(flags.keys);
  const receiver = await resolveProfile(to, lookupOptions(flags));
  if (receiver.status !== "found") {
    const code = receiver.status === "unreachable" ? "UNREACHABLE" : "NOT_FOUND";
    throw new SignpostError(code, receiver.sentence, { name: to });
  }
  const encoded = await encodeMessage(given, { keys, receiver, hashField: flags.hashField });
  const { messageHash, envelopes, unresolved } = encoded;
  tell(command, flags, encoded, [
    `messageHash  ${messageHash}`,
    ...envelopes.flatMap(({ relayNode, url, envelope }) => [
      "",
      `${relayNode}  ${url}`,
      JSON.stringify(envelope),
    ]),
    ...unresolved.flatMap(({ relayNode, sentence }) => ["", `x ${relayNode}: ${sentence}`]),
  ]);
}

function contentOf(to: string, { type, text, reference, from }: EncodeFlags): NewMessage {
  const hasText = ["NEW", "REPLY", "EDIT", "REACTION"].includes(type);
  if ((text === undefined) === hasText) {
    throw wrongUsage(hasText ? `${type} needs --text.` : `${type} has no text: leave --text out.`);
  }
  if ((reference === undefined) !== (type === "NEW")) {
    throw wrongUsage(
      type === "NEW"
        ? "NEW is about no other message: leave --reference out."
        : `${type} needs --reference.`,
    );
  }
  // what a type needs was checked, which its compiler cannot see
  return { type, text, reference, from, to, timestampMs: Date.now() } as NewMessage;
}

function wrongUsage(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence);
}
