/** `signpost resolver export`: everything needed to hand a resolver over, as one JSON document. */
import type { Command } from "commander";
import { handover } from "../../admin/handover.js";
import { ownArtifact } from "../../chain/artifacts.js";
import { readNameFacts } from "../../chain/nameFacts.js";
import { readResolver } from "../../chain/resolverState.js";
import { normalizeName } from "../../ens/normalize.js";
import { jsonText } from "../../terminal/jsonText.js";
import {
  chainOptions,
  collect,
  ensRegistryOf,
  onChain,
  type ResolverFlags,
  resolverOption,
} from "./chainOptions.js";
import { resolverAddress } from "./resolverAddress.js";
import { type TerminalInput, terminalOf } from "./terminal.js";

type ExportFlags = ResolverFlags & { readonly name?: readonly string[] };

export function exportCommand(resolver: Command, input: TerminalInput): void {
  chainOptions(resolverOption(resolver.command("export")))
    .description("print all that a new owner needs, as JSON; needs no key")
    .option("--name <name>", "a name that is attached to the resolver; repeatable", collect)
    .action(async (flags: ExportFlags, command: Command) => {
      const names = (flags.name ?? []).map(normalizeName);
      await onChain(flags, async (connection) => {
        const { provider, chainId } = connection;
        const state = await readResolver(provider, await resolverAddress(connection, flags));
        const facts = [];
        for (const name of names)
          facts.push(await readNameFacts(connection.chain(), ensRegistryOf(chainId, flags), name));
        const { abi } = await ownArtifact("OffchainResolver");
        const document = handover({ chainId, state, names: facts, abi, at: new Date() });
        terminalOf(command, input).print(jsonText(document));
      });
    });
}
