/** Two workers: the first listens and ends at once, the second listens later. Whoever comes for the first one stays. */
import cluster from "node:cluster";
import { obeyPrimary } from "../../src/process/processMessages.js";
import { startWorkers } from "../../src/process/workers.js";

function listen(): void {
  console.log(`worker ${cluster.worker?.id ?? 0} listens`);
  const nothing = () => undefined;
  obeyPrimary(
    { url: "http://127.0.0.1:1", metricsUrl: "http://127.0.0.1:1/metrics" },
    { "tell findings": nothing, reload: nothing, stop: () => process.exit(0) },
  );
}

if (cluster.isPrimary) {
  const workers = await startWorkers({
    count: 2,
    environment: {},
    onLoss: (sentence) => {
      console.log(sentence);
    },
  });
  console.log("all listen");
  process.once("SIGTERM", () => {
    void workers.stop().then(() => process.exit(0));
  });
} else if (cluster.worker?.id === 1) {
  listen();
  setTimeout(() => process.exit(3), 100);
} else {
  setTimeout(listen, cluster.worker?.id === 2 ? 3_000 : 0);
}
