/** Compiled contracts: what deploys them, and what names their errors. Written by `npm run build`. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { InterfaceAbi } from "ethers";
import { SignpostError } from "../errors.js";

export interface ContractArtifact {
  readonly abi: InterfaceAbi;
  /** Deployment code, 0x hex. */
  readonly bytecode: string;
  /** The code on the chain afterwards, but for what the constructor fills in. */
  readonly deployedBytecode: string;
}

/** An artifact of ours by its source, e.g. `OffchainResolver` or `demo/UniversalResolver`. */
export async function ownArtifact(source: string): Promise<ContractArtifact> {
  const contract = source.split("/").at(-1) ?? source;
  const file = new URL(`../../artifacts/contracts/${source}.sol/${contract}.json`, import.meta.url);
  try {
    return JSON.parse(await readFile(file, "utf8")) as ContractArtifact;
  } catch (error) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The contract ${contract} is not compiled; run \`npm run build\`.`,
      {},
      { cause: error },
    );
  }
}

/** An artifact of an npm package, by its path inside. */
export function packagedArtifact(path: string): ContractArtifact {
  return createRequire(import.meta.url)(path) as ContractArtifact;
}
