/** How both commands look names up. */
import type { Command } from "commander";
import type { ResolveOptions } from "../../lookup/resolveOptions.js";
import { addEnsOptions, type EnsFlags, ensOptions } from "../ensOptions.js";
import { rpcUrlOfEnvironment } from "../rpcUrl.js";

export interface LookupFlags extends EnsFlags {
  readonly rpc?: string;
  readonly allowLoopback?: true;
  readonly json?: true;
}

export function addLookupOptions(command: Command): Command {
  command.option("--rpc <url>", "URL of an RPC node (default: the environment's RPC_URL)");
  return addEnsOptions(command)
    .option("--allow-loopback", "let gateways and links be on this machine")
    .option("--json", "print JSON");
}

export function lookupOptions(flags: LookupFlags): ResolveOptions {
  return {
    rpc: flags.rpc ?? rpcUrlOfEnvironment(),
    allowLoopback: flags.allowLoopback ?? false,
    ...ensOptions(flags),
  };
}
