/** What a message says, by the options of the command line. */
import { type Command, Option } from "commander";
import { SignpostError } from "../../errors.js";
import type { MessageContent } from "../../sdk/messagesNode.js";

const TYPES = [
  ...(["NEW", "REPLY", "EDIT", "REACTION"] as const),
  ...(["DELETE_REQUEST", "READ_RECEIVED", "READ_OPENED"] as const),
] as const;

export interface ContentFlags {
  readonly type: (typeof TYPES)[number];
  readonly text?: string;
  readonly reference?: string;
}

export function addContentOptions(command: Command): Command {
  return command
    .option("--text <text>", "what it says")
    .addOption(new Option("--type <type>", "its type").choices(TYPES).default("NEW"))
    .option("--reference <hash>", "messageHash of the message that it is about");
}

/** Throws INVALID_REQUEST for options that do not go together. */
export function contentOf({ type, text, reference }: ContentFlags): MessageContent {
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
  // what a type needs was checked, which the compiler cannot see
  return { type, text, reference } as MessageContent;
}

function wrongUsage(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence);
}
