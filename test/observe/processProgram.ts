/**
 * One process and two that it forks, each with counts of its own. Each serves, on a port that it prints, what it
 * knows of all; it hangs for 5 s when asked for /hang, ends when asked for /end, and knows nothing more of its health
 * when asked for /wait.
 */
import cluster from "node:cluster";
import { createServer } from "node:http";
import { shareMetrics } from "../../src/observe/processMetrics.js";
import type { MetricsSources } from "../../src/observe/registryMetrics.js";
import { publishedMetrics } from "./publishedMetrics.js";

/** The primary is 0. */
const own = cluster.worker?.id ?? 0;

let isWaiting = false;
const sources: MetricsSources = {
  cache: () => ({ entries: 10 ** own, bytes: 0 }),
  pools: () => [],
  health: () =>
    isWaiting
      ? new Promise(() => undefined)
      : Promise.resolve({
          signerSigns: null,
          signerKnown: null,
          knownAt: [],
          resolvers: [],
          chains: [],
          clockSkewSec: own,
        }),
  domains: () => ({ expiries: [], hiddenNames: [] }),
  relayNodes: () => null,
  mirrors: () => ({ mirrors: [], nowMs: 0 }),
};
const metrics = publishedMetrics(sources, own !== 2);
const lookup = { domain: "a.eth", functionName: "text", from: "cache" } as const;
for (let count = 0; count < 10 ** own; count++) metrics.gateway.answered(lookup, 1);

const text = shareMetrics(metrics.registry);
const server = createServer((request, response) => {
  if (request.url === "/hang") {
    response.end(() => {
      const until = Date.now() + 5_000;
      while (Date.now() < until);
    });
    return;
  }
  if (request.url === "/end") process.exit(0);
  if (request.url === "/wait") {
    isWaiting = true;
    response.end();
    return;
  }
  text().then(
    (all) => response.end(JSON.stringify({ process: own, text: all })),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});

if (cluster.isPrimary) {
  cluster.fork();
  cluster.fork();
  server.listen(0, "127.0.0.1", () => {
    console.log(`primary ${JSON.stringify(server.address())}`);
  });
} else {
  server.listen({ port: 0, host: "127.0.0.1", exclusive: true }, () => {
    console.log(`worker-${own} ${JSON.stringify(server.address())}`);
  });
  process.on("disconnect", () => process.exit(0));
}
