/** `signpost message encode <to>`: nothing is sent; what a relay node would be given is printed. */
import type { Command } from "commander";
import { SignpostError } from "../../errors.js";
import { encodeMessage, type HashField } from "../../sdk/messagesNode.js";
import { resolveProfile } from "../../sdk/node.js";
import { type ContentFlags, contentOf } from "./content.js";
import { givenKeys } from "./givenKeys.js";
import { type LookupFlags, lookupOptions } from "./lookupOptions.js";
import { inMail, type MailWritingFlags } from "./mailCodec.js";
import { tell } from "./tell.js";

interface EncodeFlags extends LookupFlags, ContentFlags, MailWritingFlags {
  readonly from: string;
  readonly keys: string;
  readonly hashField: HashField;
}

/**
 * Throws INVALID_REQUEST for flags that do not go together, NOT_FOUND and UNREACHABLE when there is no receiver, and
 * what encoding throws.
 */
export async function encode(to: string, flags: EncodeFlags, command: Command): Promise<void> {
  const content = await inMail(contentOf(flags), flags);
  const given = { ...content, from: flags.from, to, timestampMs: Date.now() };
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
