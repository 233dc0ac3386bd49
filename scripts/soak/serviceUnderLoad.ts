/** The service as it is built, as a process of its own on a scratch database, with a domain and users; and its memory. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toHex } from "../../src/abi/hex.js";
import { domainStore } from "../../src/db/domainStore.js";
import { openPool } from "../../src/db/pool.js";
import { checksumAddress, parseAddress } from "../../src/ens/address.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import type { MemorySample } from "./flatness.js";
import { type MemoryReport, noteMemory } from "./memory.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const START_TIMEOUT_MS = 60_000;

export const DOMAIN = "users.example.eth";
export const RESOLVER = `0x${"5f".repeat(20)}`;

export interface ServiceUnderLoad {
  readonly url: string;
  /** Checksummed address of its gatewaySigner. */
  readonly signer: string;
  readonly apiKey: string;
  /** Resident memory, each second. */
  readonly residentSamples: readonly MemorySample[];
  /** The heap of JavaScript, right after a collection. */
  readonly heapSamples: readonly MemorySample[];
  /** From now on samples are kept, their time counted from here; collects every `collectEveryMs`. */
  sample(collectEveryMs: number): void;
  /** Ends it as an operator does; throws when it does not end well, or has told of a defect meanwhile. */
  stop(): Promise<void>;
}

export async function startServiceUnderLoad(): Promise<ServiceUnderLoad> {
  const database = await openScratchDatabase();
  const folder = await mkdtemp(join(tmpdir(), "signpost-soak-"));
  const key = randomBytes(32);
  const child = spawn(
    process.execPath,
    ["--expose-gc", "--import", `${ROOT}scripts/soak/memoryReport.mjs`, `${ROOT}dist/main.js`],
    {
      cwd: folder,
      env: {
        PATH: process.env["PATH"] ?? "",
        DATABASE_URL: database.url,
        GATEWAY_SIGNER_KEY: toHex(key),
        SIGNPOST_DIR: folder,
        PORT: "0",
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  const output = outputOf(child);
  const url = await output.listening;

  const pool = openPool({ url: database.url });
  const apiKey = apiKeyFrom(randomBytes(32));
  const served = { domain: DOMAIN, chainId: 1n, resolver: parseAddress(RESOLVER) };
  await addDomain(domainStore(pool), served, apiKey);
  await pool.end();

  const residentSamples: MemorySample[] = [];
  const heapSamples: MemorySample[] = [];
  let collecting: NodeJS.Timeout | undefined;
  return {
    url,
    signer: checksumAddress(localGatewaySigner(key).address),
    apiKey,
    residentSamples,
    heapSamples,
    sample: (collectEveryMs) => {
      const startedMs = Date.now();
      child.on("message", (report: MemoryReport) => {
        noteMemory({ residentSamples, heapSamples }, report, Date.now() - startedMs);
      });
      collecting = setInterval(() => child.send("collect"), collectEveryMs);
    },
    stop: async () => {
      clearInterval(collecting);
      const status = await end(child);
      await database.close();
      await rm(folder, { recursive: true, force: true });
      const defects = output.defects();
      if (status !== 0 || defects.length > 0) {
        throw new Error(`The service ended with status ${status}: ${defects.join("\n")}`);
      }
    },
  };
}

function outputOf(child: ChildProcess) {
  const defects: string[] = [];
  const listening = new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new Error(`The service does not listen after ${START_TIMEOUT_MS} ms.`));
    }, START_TIMEOUT_MS);
    child.once("exit", (status) => {
      reject(new Error(`The service ended with status ${status ?? "none"}: ${defects.join("")}`));
    });
    child.stdout?.on("data", (chunk: Buffer) => {
      const [, url] = /listens on (http:\S+)/.exec(chunk.toString()) ?? [];
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url);
    });
  });
  // on standard error are failures on the service's own side, and nothing else
  child.stderr?.on("data", (chunk: Buffer) => {
    if (defects.length < 20) defects.push(chunk.toString());
  });
  return { listening, defects: () => defects };
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, "exit") as Promise<[number | null]>;
  child.kill("SIGTERM");
  return (await ended)[0];
}
