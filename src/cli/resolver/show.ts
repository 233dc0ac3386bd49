/** `signpost resolver show`: the settings of anybody's OffchainResolver. */
import type { Command } from "commander";
import { keccak256 } from "ethers";
import pc from "picocolors";
import { resolverFields } from "../../admin/resolverFields.js";
import { BATCH_FEATURE } from "../../ccip/resolverFeatures.js";
import { ownArtifact } from "../../chain/artifacts.js";
import { readResolver } from "../../chain/resolverState.js";
import { parseAddress } from "../../ens/address.js";
import { claimsFeature } from "../../lookup/claimsFeature.js";
import { chainOptions, onChain, type ResolverFlags, resolverOption } from "./chainOptions.js";
import { columns, fieldLines } from "./changeText.js";
import { report } from "./report.js";
import { resolverAddress } from "./resolverAddress.js";
import { type TerminalInput, terminalOf } from "./terminal.js";

const OTHER_BUILD = "of another build: docs/contracts.md says what older resolvers do not refuse";

const SHARED = "one may be for many answers";
const OF_ITS_OWN = "one for each answer";

export function showCommand(resolver: Command, input: TerminalInput): void {
  chainOptions(resolverOption(resolver.command("show")))
    .description("show the settings of a resolver; needs no key")
    .action(async (flags: ResolverFlags, command: Command) => {
      await onChain(flags, async (connection) => {
        const address = await resolverAddress(connection, flags);
        const state = await readResolver(connection.provider, address);
        const fields = resolverFields(state);
        const chainId = connection.chainId.toString();
        const { codeHash } = state;
        const { deployedBytecode } = await ownArtifact("OffchainResolver");
        const takesBatches = await claimsFeature(
          connection.chain(),
          parseAddress(address),
          BATCH_FEATURE,
        );
        const isOfThisBuild = codeHash === keccak256(deployedBytecode);
        report(
          { flags, terminal: terminalOf(command, input) },
          { chainId, resolver: address, codeHash, isOfThisBuild, takesBatches, ...fields },
          [
            `${pc.bold(address)} on chain ${chainId}`,
            ...fieldLines(fields),
            ...columns("signatures", [takesBatches ? SHARED : OF_ITS_OWN]),
            ...columns("code hash", [codeHash, isOfThisBuild ? "of this build" : OTHER_BUILD]),
          ],
        );
      });
    });
}
