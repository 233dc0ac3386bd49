/** `signpost resolver deploy`: a resolver of one's own. */
import type { Command } from "commander";
import { type Plan, unchanged } from "../../admin/change.js";
import { type DeployPlan, planCreate, planCreate2 } from "../../admin/deployPlan.js";
import { resolverFields } from "../../admin/resolverFields.js";
import { type Connection, rpcFailure } from "../../chain/connection.js";
import { hasCreate2Deployer } from "../../chain/create2Support.js";
import { readResolver } from "../../chain/resolverState.js";
import { parseAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { hasCode } from "../../lookup/contractView.js";
import { carryOut } from "./carryOut.js";
import {
  addressOf,
  type ChainFlags,
  chainOptions,
  collect,
  onChain,
  wholeNumber,
} from "./chainOptions.js";
import { accountAgain, chainAgain } from "./flagsAgain.js";
import { ALTHOUGH_UNREACHABLE_OPTION, type ChangeFlags, changeOptions } from "./session.js";
import { type TerminalInput, terminalOf } from "./terminal.js";

type DeployFlags = ChainFlags &
  ChangeFlags & {
    readonly owner?: string;
    readonly signer: readonly string[];
    readonly gateway: readonly string[];
    readonly maxValidity: string;
    readonly salt?: string;
    readonly create?: true;
  };

/** Gateways sign for 300 seconds at most, and the latest block can be a minute old. */
const DEFAULT_MAX_VALIDITY_SEC = "360";

export function deployCommand(resolver: Command, input: TerminalInput): void {
  changeOptions(chainOptions(resolver.command("deploy")))
    .description("deploy a resolver; says its address before it asks")
    .requiredOption("--signer <address>", "a gatewaySigner; repeatable", collect)
    .requiredOption("--gateway <origin>", "where a gateway listens, in order; repeatable", collect)
    .option("--owner <address>", "who may change it (default: the account that deploys)")
    .option(
      "--max-validity <seconds>",
      "the longest validity of an answer that it accepts",
      DEFAULT_MAX_VALIDITY_SEC,
    )
    .option(
      "--salt <text>",
      "tells several resolvers of one owner apart, e.g. their domain; needs CREATE2",
    )
    .option("--create", "at the account's next address: each run deploys another resolver")
    .option(...ALTHOUGH_UNREACHABLE_OPTION)
    .action(async (flags: DeployFlags, command: Command) => {
      await onChain(flags, async (connection) => {
        await deploy(flags, connection, command, input);
      });
    });
}

async function deploy(
  flags: DeployFlags,
  connection: Connection,
  command: Command,
  input: TerminalInput,
): Promise<void> {
  const { provider, chainId } = connection;
  // known once the account is
  let address = "";
  await carryOut(
    {
      plan: async (account): Promise<Plan> => {
        const planned = await planOf(flags, connection, account);
        ({ address } = planned);
        return (await hasCode(connection.chain(), parseAddress(address)))
          ? unchanged(
              `this resolver is deployed already, at ${address}. Its owner may have changed its settings since.`,
            )
          : { kind: "change", change: planned.change };
      },
      readBack: async () => resolverFields(await readResolver(provider, address)),
      facts: () => ({ chainId: chainId.toString(), resolver: address }),
      lookAgain: () => `signpost resolver show --resolver ${address}${chainAgain(flags)}`,
      // the gateway first: a name that is attached before it is served fails to resolve
      nextSteps: () => [
        `signpost domain add <name> --chain ${chainId.toString()} --resolver ${address}   # where the gateway runs`,
        `signpost resolver attach <name> --resolver ${address}${chainAgain(flags)}${accountAgain(flags)}`,
        `signpost doctor <name below it>${chainAgain(flags)}`,
      ],
    },
    { connection, flags, terminal: terminalOf(command, input) },
  );
}

function saltWithoutEffect(why: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `${why}, the address follows from the account's next transaction, and --salt has no effect: a second run would deploy, and cost, a second resolver. Use --create without --salt, and note the address.`,
  );
}

/** Somebody who runs it twice pays twice. */
function withNote({ address, change }: DeployPlan): DeployPlan {
  const note = "This chain has no CREATE2 deployer: a second run deploys a second resolver.";
  return { address, change: { ...change, notes: [...change.notes, note] } };
}

async function planOf(
  flags: DeployFlags,
  { provider, chainId, chain }: Connection,
  account: string | null,
): Promise<DeployPlan> {
  const owner = flags.owner === undefined ? account : addressOf(flags.owner);
  if (owner === null) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "With --propose, say who will own the resolver: --owner <address>.",
    );
  }
  const deployment = {
    owner,
    gatewaySigners: flags.signer.map(addressOf),
    gatewayOrigins: flags.gateway,
    maxValiditySec: Number(wholeNumber(flags.maxValidity, "--max-validity, in seconds,")),
    label: flags.salt ?? "",
  };
  const sender = account ?? owner;
  if (flags.create) {
    if (flags.salt !== undefined) throw saltWithoutEffect("With --create");
    return planCreate(deployment, chainId, sender, await nextNonce());
  }
  if (await hasCreate2Deployer(chain())) return planCreate2(deployment, chainId, sender);
  if (flags.salt !== undefined) throw saltWithoutEffect("Without a CREATE2 deployer on this chain");
  return withNote(await planCreate(deployment, chainId, sender, await nextNonce()));

  async function nextNonce(): Promise<number> {
    try {
      return await provider.getTransactionCount(sender, "pending");
    } catch (error) {
      throw rpcFailure(error, `counting the transactions of ${sender}`);
    }
  }
}
