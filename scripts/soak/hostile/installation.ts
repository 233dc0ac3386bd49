/** A build, installed as for production: a database of its own, behind a proxy, with the domains of both sides. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { computeAddress, hexlify } from "ethers";
import { type Build, THIS_BUILD } from "../../../bench/servers/builds.js";
import { type RunningServer, startServerProcess } from "../../../bench/servers/serverProcess.js";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import { NEW_OBJECTS_FLAG } from "../../../src/process/heapLimits.js";
import { startRpcNodes } from "./rpcNodes.js";
import {
  ANSWERING_CHAIN,
  GOOD_DOMAIN,
  HANGING_CHAIN,
  HOSTILE_DOMAIN,
  KEY_USES,
  type KeyUse,
  LOOKUP_CHAIN,
  RESOLVER,
} from "./target.js";

export interface Installation {
  /** Checksummed address of its gatewaySigner. */
  readonly signer: string;
  readonly goodKey: string;
  readonly hostileKeys: Readonly<Record<KeyUse, string>>;
  /** Each time a fresh process. */
  start(): Promise<RunningServer>;
  close(): Promise<void>;
}

export async function install(build: Build): Promise<Installation> {
  const database = await openScratchDatabase();
  const folder = await mkdtemp(join(tmpdir(), "signpost-hostile-"));
  const rpcNodes = await startRpcNodes();
  const signerKey = hexlify(randomBytes(32));
  const settings = {
    NODE_ENV: "production",
    PORT: "0",
    PROCESSES: "1",
    TRUSTED_PROXIES: "127.0.0.1",
    CHAIN_RPC_URLS: rpcNodes.setting,
    SIGNPOST_DIR: folder,
    DATABASE_URL: database.url,
    GATEWAY_SIGNER_KEY: signerKey,
  };
  const start = () =>
    startServerProcess({
      ...{
        name: build.name,
        lookups: "",
        args: [...flagsOf(build), ...NODE_OPTIONS, build.program],
      },
      ...{ cwd: folder, settings },
    });
  // as an operator does: a build brings its database up to date when it starts
  await (await start()).stop();

  const program = join(dirname(dirname(build.program)), "bin/signpost.mjs");
  const command = async (...args: string[]) => {
    const env = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...settings };
    const done = await promisify(execFile)(process.execPath, [program, ...args, "--json"], {
      cwd: folder,
      env,
    });
    return JSON.parse(done.stdout) as { readonly apiKey: string };
  };
  const serve = async (domain: string, chain: number) => {
    const at = (chainId: number) => ["--chain", String(chainId), "--resolver", RESOLVER];
    const { apiKey } = await command("domain", "add", domain, ...at(LOOKUP_CHAIN));
    await command("domain", "connect", domain, ...at(chain));
    await command("domain", "policy", domain, "--claims", "wallets");
    return apiKey;
  };
  const goodKey = await serve(GOOD_DOMAIN, ANSWERING_CHAIN);
  await serve(HOSTILE_DOMAIN, HANGING_CHAIN);
  const hostileKeys: Partial<Record<KeyUse, string>> = {};
  for (const use of KEY_USES) {
    const limit = use === "limited" ? ["--per-minute", "1"] : [];
    const { apiKey } = await command("key", "add", HOSTILE_DOMAIN, "--label", use, ...limit);
    hostileKeys[use] = apiKey;
  }
  return {
    signer: computeAddress(signerKey),
    goodKey,
    hostileKeys: hostileKeys as Record<KeyUse, string>,
    start,
    close: async () => {
      await rpcNodes.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As `npm start` says it; an earlier build was started without. */
const flagsOf = (build: Build) => (build === THIS_BUILD ? [NEW_OBJECTS_FLAG] : []);

/** For a profile of the service: HOSTILE_NODE_OPTIONS="--cpu-prof --cpu-prof-dir=/tmp/profiles". */
const NODE_OPTIONS = (process.env["HOSTILE_NODE_OPTIONS"] ?? "").split(" ").filter(Boolean);
