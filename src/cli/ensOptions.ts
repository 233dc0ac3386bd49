/** Where ENS is, by the two options that several commands have. */
import type { Command } from "commander";
import type { ResolveOptions } from "../lookup/resolveOptions.js";

export interface EnsFlags {
  readonly registry?: string;
  readonly universalResolver?: string;
}

export const UNIVERSAL_RESOLVER_OPTION = [
  "--universal-resolver <address>",
  "UniversalResolver (default: ENS' own on its chains)",
] as const;

export function addEnsOptions(command: Command): Command {
  return command
    .option("--registry <address>", "ENS registry (default: Ethereum's)")
    .option(...UNIVERSAL_RESOLVER_OPTION);
}

/** The same as options of the SDK. */
export function ensOptions({
  registry,
  universalResolver,
}: EnsFlags): Pick<ResolveOptions, "ensRegistry" | "universalResolver"> {
  return {
    ...(registry === undefined ? {} : { ensRegistry: registry }),
    ...(universalResolver === undefined ? {} : { universalResolver }),
  };
}
