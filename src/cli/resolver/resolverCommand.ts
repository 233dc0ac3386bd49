/** `signpost resolver`: the admin's tools. Each command is a file beside this one. */
import type { Command } from "commander";
import { attachCommand } from "./attach.js";
import { deployCommand } from "./deploy.js";
import { detachCommand } from "./detach.js";
import { exportCommand } from "./export.js";
import { metadataCommand } from "./metadata.js";
import { operationsCommand } from "./operations.js";
import { ownershipCommand } from "./ownership.js";
import { showCommand } from "./show.js";
import { signersCommand } from "./signers.js";
import type { TerminalInput } from "./terminal.js";
import { urlsCommand } from "./urls.js";
import { validityCommand } from "./validity.js";

/** @param input where answers to questions come from */
export function resolverCommand(program: Command, input: TerminalInput = process.stdin): void {
  const resolver = program
    .command("resolver")
    .description("deploy a resolver, attach names to it, and change its settings");
  deployCommand(resolver, input);
  showCommand(resolver, input);
  signersCommand(resolver, input);
  urlsCommand(resolver, input);
  validityCommand(resolver, input);
  metadataCommand(resolver, input);
  operationsCommand(resolver, input);
  ownershipCommand(resolver, input);
  attachCommand(resolver, input);
  detachCommand(resolver, input);
  exportCommand(resolver, input);
}
