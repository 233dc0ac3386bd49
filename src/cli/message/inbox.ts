/** `signpost message inbox <name>`: what waits at the name's relay nodes, each message verified. */
import type { Command } from "commander";
import { createMessenger, type IncomingMessage, type Problem } from "../../sdk/messagesNode.js";
import { jsonText } from "../../terminal/jsonText.js";
import { givenKeys } from "./givenKeys.js";
import { type LookupFlags, lookupOptions } from "./lookupOptions.js";
import { tell } from "./tell.js";

interface InboxFlags extends LookupFlags {
  readonly keys: string;
  readonly acknowledge?: true;
}

/** All messages were read, but a relay node could not be, or something in it. */
const SOMETHING_LEFT = 4;

/**
 * With `acknowledge` the relay nodes may forget what was printed: it is told to them after it was.
 * Throws NOT_FOUND without a profile, OTHER_KEYS, UNREACHABLE.
 */
export async function inbox(name: string, flags: InboxFlags, command: Command): Promise<void> {
  const problems: Problem[] = [];
  const messenger = createMessenger({
    ...lookupOptions(flags),
    ...{ name, keys: await givenKeys(flags.keys), receipts: false },
    onProblem: (problem) => problems.push(problem),
  });
  try {
    const messages: IncomingMessage[] = [];
    for await (const message of messenger.messages({ follow: false })) messages.push(message);
    const facts = { messages, problems: problems.map(factsOf) };
    const nothing = messages.length + problems.length === 0 ? ["Nothing waits."] : [];
    tell(command, flags, facts, [
      ...[...messages.flatMap(linesOf), ...problems.map(problemLine)],
      ...nothing,
    ]);
    if (flags.acknowledge) {
      for (const message of messages) await messenger.acknowledge(message);
    }
    if (problems.length > 0) process.exitCode = SOMETHING_LEFT;
  } finally {
    await messenger.stop();
  }
}

function factsOf({ relayNode, error: { code, message, details } }: Problem) {
  return { relayNode, code, message, details };
}

function problemLine({ relayNode, error }: Problem): string {
  return `x ${relayNode}: ${error.code}  ${jsonText(error.message)}`;
}

function linesOf({ from, content, messageHash }: IncomingMessage): readonly string[] {
  return [
    `${content.type}  from ${jsonText(from)}  ${messageHash}`,
    ...("text" in content ? [jsonText(content.text)] : []),
    ...("reference" in content ? [`about ${content.reference}`] : []),
    "",
  ];
}
