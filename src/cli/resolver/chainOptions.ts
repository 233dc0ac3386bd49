/** Which chain, and which resolver on it: what the `signpost resolver` commands are told. */
import type { Command } from "commander";
import { connect, type Connection } from "../../chain/connection.js";
import { type EnsContracts, ensContracts } from "../../chain/ensContracts.js";
import { readNameFacts } from "../../chain/nameFacts.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { normalizeName } from "../../ens/normalize.js";
import { SignpostError } from "../../errors.js";
import { rpcUrlOfEnvironment } from "../rpcUrl.js";

export interface ChainFlags {
  readonly rpc?: string;
  readonly registry?: string;
  readonly nameWrapper?: string;
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
  return command
    .requiredOption(
      "--resolver <address>",
      "the resolver: its address, or a name that is attached to it",
    )
    .option("--registry <address>", "ENS registry (default: the one ENS deployed on the chain)");
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

/** The address that `--resolver` gives, checksummed; a name stands for its resolver in the registry. */
export async function resolverAddress(
  connection: Connection,
  flags: ResolverFlags,
): Promise<string> {
  if (flags.resolver.startsWith("0x")) return addressOf(flags.resolver);
  const name = normalizeName(flags.resolver);
  const { resolver } = await readNameFacts(
    connection.chain(),
    ensOf(connection.chainId, flags),
    name,
  );
  if (resolver !== null) return resolver;
  throw new SignpostError(
    "INVALID_REQUEST",
    `${name} has no resolver in the ENS registry. Give the resolver's address.`,
  );
}

export function ensOf(chainId: bigint, { registry, nameWrapper }: ChainFlags): EnsContracts {
  return ensContracts(chainId, {
    ...(registry === undefined ? {} : { registry: addressOf(registry) }),
    ...(nameWrapper === undefined ? {} : { nameWrapper: addressOf(nameWrapper) }),
  });
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
