/** One turn of one server: load for some seconds, and what the server and everything else did meanwhile. */
import { SignpostError } from "../../src/errors.js";
import type { LoadTool } from "../load/loadTool.js";
import type { RunningServer } from "../servers/serverProcess.js";
import { type SignatureCounts, signatureCounts } from "../servers/signatureCounts.js";
import type { Contestant } from "./contestant.js";
import { busySec, type TreeUsage, treeUsage } from "./processUsage.js";

/** What does not depend on the server under test. */
export interface Instruments {
  readonly tool: LoadTool;
  readonly connections: number;
  /** Null for a Postgres that runs elsewhere. */
  readonly postgresPid: number | null;
}

/** Null: not known on this platform. `...Cores` are CPU seconds per second. */
export interface Turn {
  readonly requests: number;
  readonly requestsPerSec: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Of the server's processes alone. */
  readonly cpuUsPerRequest: number | null;
  readonly peakRssBytes: number | null;
  readonly processes: number | null;
  /** Of the answers that were not in a cache; null for servers that do not tell. */
  readonly signaturesPerLookup: number | null;
  readonly serverCores: number | null;
  readonly loadCores: number | null;
  readonly postgresCores: number | null;
  /** What the machine did beside: above a fraction of a core, the turn was disturbed. */
  readonly otherCores: number | null;
}

/** Throws INTERNAL when an answer was not 200: a server that fails quickly must not win. */
export async function takeTurn(
  contestant: Contestant,
  seconds: number,
  { tool, connections, postgresPid }: Instruments,
): Promise<Turn> {
  const { server, dataset, query } = contestant;
  const signedBefore = await signedBy(server);
  const before = await usageOf(server.pid, postgresPid);
  const load = await tool.run({
    origin: server.origin,
    pathTemplate: `${server.lookups}${query.template}.json`,
    namesFile: dataset.namesFile,
    firstName: contestant.asked % dataset.namesInFile,
    firstCounter: contestant.asked,
    seconds,
    resolvers: server.resolvers,
    connections,
  });
  const after = await usageOf(server.pid, postgresPid);
  const signed = await signedBy(server);
  if (load.failures > 0 || load.requests === 0) {
    throw new SignpostError(
      "INTERNAL",
      `${contestant.name} failed ${load.failures} of ${load.requests + load.failures} requests; nothing was measured.`,
    );
  }
  // those that were under way at the end have been asked for as well
  contestant.asked += load.requests + connections;

  const serverSec = difference(after.server?.cpuSec, before.server?.cpuSec);
  const postgresSec = difference(after.postgres?.cpuSec, before.postgres?.cpuSec);
  const busy = difference(after.busy, before.busy);
  const elapsedSec = (after.atMs - before.atMs) / 1000;
  const cores = (sec: number | null) => (sec === null ? null : sec / load.seconds);
  return {
    requests: load.requests,
    requestsPerSec: load.requests / load.seconds,
    p50Us: load.p50Us,
    p99Us: load.p99Us,
    cpuUsPerRequest: serverSec === null ? null : (serverSec / load.requests) * 1e6,
    peakRssBytes: after.server?.peakRssBytes ?? null,
    processes: after.server?.processes ?? null,
    signaturesPerLookup: signaturesPerLookup(signedBefore, signed),
    serverCores: cores(serverSec),
    loadCores: cores(load.cpuSec),
    postgresCores: cores(postgresSec),
    otherCores:
      busy === null || serverSec === null || load.cpuSec === null
        ? null
        : Math.max(0, busy - serverSec - load.cpuSec - (postgresSec ?? 0)) / elapsedSec,
  };
}

async function signedBy(server: RunningServer): Promise<SignatureCounts | null> {
  return server.countsSignatures ? signatureCounts(server) : null;
}

function signaturesPerLookup(before: SignatureCounts | null, after: SignatureCounts | null) {
  if (before === null || after === null || after.answers === before.answers) return null;
  return (after.signatures - before.signatures) / (after.answers - before.answers);
}

interface Usage {
  readonly atMs: number;
  readonly server: TreeUsage | null;
  readonly postgres: TreeUsage | null;
  readonly busy: number | null;
}

async function usageOf(serverPid: number, postgresPid: number | null): Promise<Usage> {
  const [server, postgres, busy] = await Promise.all([
    treeUsage(serverPid),
    postgresPid === null ? null : treeUsage(postgresPid),
    busySec(),
  ]);
  return { atMs: performance.now(), server, postgres, busy };
}

function difference(after: number | null | undefined, before: number | null | undefined) {
  return after == null || before == null ? null : after - before;
}
