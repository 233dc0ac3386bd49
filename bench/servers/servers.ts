/** The servers under test, each as its users run it. */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NEW_OBJECTS_FLAG } from "../../src/process/heapLimits.js";
import { type Build, THIS_BUILD } from "./builds.js";
import { CHAIN_ID, RESOLVER, RESOLVERS } from "./resolvers.js";
import { type RunningServer, startServerProcess } from "./serverProcess.js";
import { signaturesShared } from "./signatureCounts.js";

export interface Surroundings {
  readonly databaseUrl: string;
  /** 0x hex; all servers sign with it. */
  readonly signerKey: string;
  /** Of the chain that the resolvers are on. */
  readonly rpcUrl: string;
  /** An empty working directory. */
  readonly folder: string;
  /** Where the peers' programs are, compiled. */
  readonly programs: string;
}

/** Of Node: of another one than the bench's own where a program is named. */
export interface RuntimeOptions {
  readonly node?: string | undefined;
}

export interface SignpostOptions extends RuntimeOptions {
  readonly processes?: number;
  readonly build?: Build;
  readonly nodeOptions?: readonly string[];
  /** The URL of a signer elsewhere, which has the key of all; by default it is in the server's memory. */
  readonly signerUrl?: string;
  /** Whether it is asked for all resolvers by turns, or for the first alone. */
  readonly manyResolvers?: boolean;
  /** Whether it is awaited that it knows its resolvers; one that only makes its tables has none yet. */
  readonly hasResolvers?: boolean;
}

/** `npm start`, as an operator runs it. */
export async function startSignpost(
  { databaseUrl, signerKey, rpcUrl, folder }: Surroundings,
  {
    processes = 1,
    build = THIS_BUILD,
    nodeOptions = [],
    node,
    signerUrl,
    manyResolvers = false,
    hasResolvers = true,
  }: SignpostOptions = {},
): Promise<RunningServer> {
  const resolver = manyResolvers ? "{resolver}" : RESOLVER;
  const server = await startServerProcess({
    name: build.name,
    lookups: `/ccip/${CHAIN_ID.toString()}/${resolver}/${resolver}/`,
    resolvers: manyResolvers ? RESOLVERS : [RESOLVER],
    countsSignatures: true,
    node,
    // as `npm start` says it; an earlier build was started without
    args: [...(build === THIS_BUILD ? [NEW_OBJECTS_FLAG] : []), ...nodeOptions, build.program],
    cwd: folder,
    settings: {
      NODE_ENV: "production",
      PORT: "0",
      PROCESSES: String(processes),
      SIGNPOST_DIR: folder,
      DATABASE_URL: databaseUrl,
      CHAIN_RPC_URLS: `${CHAIN_ID.toString()}=${rpcUrl}`,
      ...(signerUrl === undefined
        ? { GATEWAY_SIGNER_KEY: signerKey }
        : { GATEWAY_SIGNER: signerUrl }),
    },
  });
  try {
    if (build === THIS_BUILD && hasResolvers) await signaturesShared(server);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A signer that takes 10 ms and gives at most 200 signatures a second. */
export function startSlowSigner({ signerKey, programs }: Surroundings): Promise<RunningServer> {
  return startServerProcess({
    name: "a slow signer",
    lookups: "/",
    args: [join(programs, "slowSignerServer.js")],
    settings: { NODE_ENV: "production", SIGNER_KEY: signerKey },
  });
}

export type PeerPackage =
  "@resolverworks/ezccip" | "@namestone/ezccip" | "@chainlink/ccip-read-server";

const PROGRAMS: Readonly<Record<PeerPackage, { file: string; args: readonly string[] }>> = {
  "@resolverworks/ezccip": { file: "ezccipServer.js", args: ["@resolverworks/ezccip"] },
  "@namestone/ezccip": { file: "ezccipServer.js", args: ["@namestone/ezccip"] },
  "@chainlink/ccip-read-server": { file: "chainlinkServer.js", args: [] },
};

/** @param options.processes with more than one, Node's own cluster hands the connections out */
export function startPeer(
  peer: PeerPackage,
  surroundings: Surroundings,
  { processes = 1, node }: RuntimeOptions & { readonly processes?: number } = {},
): Promise<RunningServer> {
  return startServerProcess({
    name: `${peer} ${versionOf(peer)}`,
    lookups: `/${RESOLVER}/`,
    node,
    args: [join(surroundings.programs, PROGRAMS[peer].file), ...PROGRAMS[peer].args],
    settings: {
      NODE_ENV: "production",
      DATABASE_URL: surroundings.databaseUrl,
      SIGNER_KEY: surroundings.signerKey,
      PROCESSES: String(processes),
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
  { node }: RuntimeOptions = {},
): Promise<RunningServer> {
  const file = join(folder, "answers.json");
  await writeFile(file, JSON.stringify(answers));
  return startServerProcess({
    name: "bare node:http",
    lookups,
    node,
    args: [join(programs, "bareHttpServer.js"), file],
    settings: { NODE_ENV: "production" },
  });
}

function versionOf(peer: PeerPackage): string {
  // not every package lets its manifest be imported
  const manifest = new URL(`../../node_modules/${peer}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
