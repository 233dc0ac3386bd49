/** Which files of a running program do something between two moments: asked of V8, through Node's inspector. */
import { WebSocket } from "undici";
import { SignpostError } from "../../src/errors.js";

/** The part of V8's coverage that is read here. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

export interface Inspector {
  /** `file:` URLs of the modules of which a function ran meanwhile. */
  filesOf(work: () => Promise<void>): Promise<ReadonlySet<string>>;
  close(): void;
}

/** A port for `--inspect` that was free a moment ago. */

/** Of a program that was started with `--inspect=127.0.0.1:port`. */
export async function inspect(port: number): Promise<Inspector> {
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
  const [target] = (await answer.json()) as { webSocketDebuggerUrl: string }[];
  if (target === undefined) throw new SignpostError("INTERNAL", "There is nothing to inspect.");
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  const answers = new Map<number, (result: unknown) => void>();
  let asked = 0;
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
    if (id !== undefined) answers.get(id)?.(result);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  const ask = (method: string, params: object = {}) =>
    new Promise((resolve) => {
      answers.set(++asked, resolve);
      socket.send(JSON.stringify({ id: asked, method, params }));
    });
  await ask("Profiler.enable");
  await ask("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  return {
    filesOf: async (work) => {
      await ask("Profiler.takePreciseCoverage"); // which begins to count anew
      await work();
      const { result } = (await ask("Profiler.takePreciseCoverage")) as Coverage;
      const ran = result.filter(({ functions }) =>
        functions.some(({ ranges }) => ranges.some(({ count }) => count > 0)),
      );
      return new Set(ran.map(({ url }) => url));
    },
    close: () => {
      socket.close();
    },
  };
}
