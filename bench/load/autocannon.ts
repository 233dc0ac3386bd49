/** The load as autocannon makes it; its one argument is a `Load` as JSON. */
import { closeSync, openSync, readSync } from "node:fs";
import autocannon from "autocannon";
import { fillIn } from "../data/query.js";
import { type Load, type LoadResult, RESULT_MARK } from "./loadTool.js";

const load = JSON.parse(process.argv[2] ?? "") as Load;
const nextName = nameReader(load.namesFile, load.firstName);
let counter = load.firstCounter;
const nextResolver = () => ({
  resolver: load.resolvers[counter % load.resolvers.length] ?? "",
  counter: counter++,
});

const result = await autocannon({
  url: load.origin,
  connections: load.connections,
  duration: load.seconds,
  timeout: 10,
  requests: [
    {
      method: "GET",
      setupRequest: (request) => ({
        ...request,
        path: fillIn(load.pathTemplate, { ...nextName(), ...nextResolver() }),
      }),
    },
  ],
});

const measured: LoadResult = {
  requests: result["2xx"],
  failures: result.non2xx + result.errors + result.timeouts,
  seconds: result.duration,
  // it counts in milliseconds
  p50Us: result.latency.p50 * 1000,
  p99Us: result.latency.p99 * 1000,
};
console.log(RESULT_MARK + JSON.stringify(measured));

/** One name after another, from a line on, and round again; all lines have one length. */
function nameReader(file: string, first: number): () => { label: string; node: string } {
  const descriptor = openSync(file, "r");
  process.once("exit", () => {
    closeSync(descriptor);
  });
  const chunk = Buffer.alloc(1 << 20);
  let length = readSync(descriptor, chunk, 0, chunk.length, 0);
  const lineLength = chunk.indexOf("\n") + 1;
  const linesInChunk = Math.floor(chunk.length / lineLength);
  let line = first;
  let start = -1;
  return () => {
    for (;;) {
      if (start < 0 || line - start >= linesInChunk) {
        start = line;
        length = readSync(descriptor, chunk, 0, linesInChunk * lineLength, start * lineLength);
      }
      const at = (line - start) * lineLength;
      if (at + lineLength <= length) {
        line++;
        const [label = "", node = ""] = chunk
          .toString("latin1", at, at + lineLength - 1)
          .split(" ");
        return { label: Buffer.from(label, "hex").toString(), node };
      }
      line = 0;
      start = -1;
    }
  };
}
