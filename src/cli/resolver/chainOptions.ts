/** Which chain, and which resolver on it: what the `signpost resolver` commands are told. */
import type { Command } from "commander";
import { connect, type Connection } from "../../chain/connection.js";
import { ensRegistryOn } from "../../chain/ensContracts.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { type EnsFlags, UNIVERSAL_RESOLVER_OPTION } from "../ensOptions.js";
import { rpcUrlOfEnvironment } from "../rpcUrl.js";

export interface ChainFlags extends EnsFlags {
  readonly rpc?: string;
  readonly json?: true;
}

export interface ResolverFlags extends ChainFlags {
  readonly resolver: string;
}

export function chainOptions(command: Command): Command {
  return command
    .option("--rpc <url>", "URL of an RPC node (default: the environment's RPC_URL)")
    .option("--json", "print JSON");
}

export function resolverOption(command: Command): Command {
  return ensContractOptions(
    command.requiredOption(
      "--resolver <address>",
      "the resolver: its address, a name that is attached to it, or one that has its address",
    ),
  );
}

export function ensContractOptions(command: Command): Command {
  return command
    .option("--registry <address>", "ENS registry (default: the one ENS deployed on the chain)")
    .option(...UNIVERSAL_RESOLVER_OPTION);
}

/** Connects for the time of `work`. */
export async function onChain<T>(
  flags: ChainFlags,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect(flags.rpc ?? rpcUrlOfEnvironment());
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

/** Checksummed. Throws INVALID_REQUEST on a chain whose registry is not known, unless one is given. */
export function ensRegistryOf(chainId: bigint, { registry }: Pick<ChainFlags, "registry">): string {
  return ensRegistryOn(chainId, registry === undefined ? undefined : addressOf(registry));
}

/** Checksummed; throws INVALID_REQUEST for what is no address. */
export function addressOf(text: string): string {
  return checksumAddress(parseAddress(text));
}

/** For options that can be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** Decimal, for numbers that JavaScript itself would also read from `1e3` or a space. */
export function wholeNumber(text: string, what: string): bigint {
  if (/^[0-9]{1,18}$/.test(text)) return BigInt(text);
  throw new SignpostError("INVALID_REQUEST", `${what} is a whole number; got ${text}.`);
}
