/** What every process tells of itself, whatever it serves. */
import { collectDefaultMetrics, type Registry } from "prom-client";
import { type Publisher, publisher } from "./publish.js";

/** Publishes it, and returns what publishes more in the same registry. */
export function publishOwnProcess(
  registry: Registry,
  { version, isReady }: { version: string; isReady: () => Promise<boolean> },
): Publisher {
  const publish = publisher(registry);
  publish.gauge("signpost_build_info", "Always 1; its labels name the build.", "first", () => [
    { labels: { version, node: process.version }, value: 1 },
  ]);
  publish.gauge("signpost_processes", "Processes that share the port.", "sum", () => [
    { value: 1 },
  ]);
  publish.gauge("signpost_ready", "1 when /health/ready says so, else 0.", "min", async () => [
    { value: Number(await isReady()) },
  ]);
  // processor, memory, open files, event-loop lag, garbage collection
  collectDefaultMetrics({ register: registry });
  return publish;
}
