/** The servers under test, each as its users run it. */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Build, THIS_BUILD } from "./builds.js";
import { type RunningServer, startServerProcess } from "./serverProcess.js";

/** Chain and resolver are the same for all; whose they are does not matter. */
export const CHAIN_ID = 1n;
export const RESOLVER = "0x5fbdb2315678afecb367f032d93f642f64180aa3";

export interface Surroundings {
  readonly databaseUrl: string;
  /** 0x hex; all servers sign with it. */
  readonly signerKey: string;
  /** An empty working directory. */
  readonly folder: string;
  /** Where the peers' programs are, compiled. */
  readonly programs: string;
}

export interface SignpostOptions {
  readonly processes?: number;
  readonly build?: Build;
  readonly nodeOptions?: readonly string[];
}

/** `npm start`, as an operator runs it. */
export function startSignpost(
  { databaseUrl, signerKey, folder }: Surroundings,
  { processes = 1, build = THIS_BUILD, nodeOptions = [] }: SignpostOptions = {},
): Promise<RunningServer> {
  return startServerProcess({
    name: build.name,
    lookups: `/ccip/${CHAIN_ID.toString()}/${RESOLVER}/${RESOLVER}/`,
    args: [...nodeOptions, build.program],
    cwd: folder,
    settings: {
      NODE_ENV: "production",
      PORT: "0",
      PROCESSES: String(processes),
      SIGNPOST_DIR: folder,
      DATABASE_URL: databaseUrl,
      GATEWAY_SIGNER_KEY: signerKey,
    },
  });
}

export type PeerPackage =
  "@resolverworks/ezccip" | "@namestone/ezccip" | "@chainlink/ccip-read-server";

const PROGRAMS: Readonly<Record<PeerPackage, { file: string; args: readonly string[] }>> = {
  "@resolverworks/ezccip": { file: "ezccipServer.js", args: ["@resolverworks/ezccip"] },
  "@namestone/ezccip": { file: "ezccipServer.js", args: ["@namestone/ezccip"] },
  "@chainlink/ccip-read-server": { file: "chainlinkServer.js", args: [] },
};

export function startPeer(peer: PeerPackage, surroundings: Surroundings): Promise<RunningServer> {
  return startServerProcess({
    name: `${peer} ${versionOf(peer)}`,
    lookups: `/${RESOLVER}/`,
    args: [join(surroundings.programs, PROGRAMS[peer].file), ...PROGRAMS[peer].args],
    settings: {
      NODE_ENV: "production",
      DATABASE_URL: surroundings.databaseUrl,
      SIGNER_KEY: surroundings.signerKey,
    },
  });
}

/** What a server that does nothing else would send: the headers and, by path, the bodies that another one sent. */
export interface ReadyAnswers {
  /** Names and values by turns. */
  readonly headers: readonly string[];
  readonly bodies: Readonly<Record<string, string>>;
}

/** @param lookups where they are at the server that the answers came from */
export async function startBareHttp(
  answers: ReadyAnswers,
  lookups: string,
  { folder, programs }: Surroundings,
): Promise<RunningServer> {
  const file = join(folder, "answers.json");
  await writeFile(file, JSON.stringify(answers));
  return startServerProcess({
    name: "bare node:http",
    lookups,
    args: [join(programs, "bareHttpServer.js"), file],
    settings: { NODE_ENV: "production" },
  });
}

function versionOf(peer: PeerPackage): string {
  // not every package lets its manifest be imported
  const manifest = new URL(`../../node_modules/${peer}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
