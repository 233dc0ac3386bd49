/** Requests over a fixed number of connections, each as soon as the one before it was answered. */
import { Pool } from "undici";
import { SignpostError } from "../../src/errors.js";
import { treeUsage } from "../measure/processUsage.js";

export interface Sending {
  readonly method: "GET" | "POST";
  /** Behind the base. */
  readonly path: string;
  readonly body?: string;
  readonly token?: string;
}

export interface Measured {
  readonly perSec: number;
  readonly elapsedSec: number;
  /** Of the server's processes alone; null where that is not known. */
  readonly cpuMs: number | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A server under test, and the base of its paths. */
export interface Asked {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
}

/** Throws INTERNAL for any answer but 200: a server that refuses quickly must not win. */
export async function send(
  { name, url, pid }: Asked,
  requests: readonly Sending[],
  connections: number,
): Promise<Measured> {
  const { origin, pathname } = new URL(url);
  const base = pathname === "/" ? "" : pathname;
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const timesMs: number[] = [];
  let next = 0;
  const work = async () => {
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      const sentMs = performance.now();
      const { statusCode, body } = await pool.request({
        ...{ method: request.method, path: base + request.path },
        headers: {
          ...(request.body !== undefined && { "content-type": "application/json" }),
          ...(request.token !== undefined && { authorization: `Bearer ${request.token}` }),
        },
        body: request.body ?? null,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      if (statusCode !== 200) {
        const text = (await body.text()).slice(0, 300);
        throw new SignpostError("INTERNAL", `${name} answered with status ${statusCode}: ${text}`);
      }
      await body.dump({ limit: Infinity });
      timesMs.push(performance.now() - sentMs);
    }
  };
  const before = await treeUsage(pid);
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  const elapsedSec = (performance.now() - startedMs) / 1000;
  const after = await treeUsage(pid);
  await pool.close();
  const cpuSec = before === null || after === null ? null : after.cpuSec - before.cpuSec;
  const sorted = timesMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return {
    perSec: requests.length / elapsedSec,
    elapsedSec,
    cpuMs: cpuSec === null ? null : (cpuSec / requests.length) * 1000,
    ...{ p50Ms: at(0.5), p99Ms: at(0.99) },
  };
}
