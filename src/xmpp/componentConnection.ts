/** Stays connected: opens a stream, and another one whenever it ends, until it is stopped. It never gives up. */
import type { SignpostError } from "../errors.js";
import type { ComponentStream } from "./componentStream.js";

export interface ConnectionSettings {
  /** @throws SignpostError */
  readonly open: () => Promise<ComponentStream>;
  readonly connected: (stream: ComponentStream) => void;
  /** After each `connected`. */
  readonly disconnected: () => void;
  /** Why there is no connection: once for the same reason, however often it is tried. */
  readonly trouble: (error: SignpostError) => void;
  readonly nowMs: () => number;
  /** Of a server that was reached before, and the longest between two attempts. */
  readonly shortestPauseMs: number;
  readonly longestPauseMs: number;
  /** 0 to 1, as Math.random. */
  readonly chance: () => number;
}

export interface ComponentConnection {
  readonly stream: () => ComponentStream | null;
  /** @param last what is still to be said on the stream, if there is one; must not throw */
  readonly stop: (last: (stream: ComponentStream) => Promise<void>) => Promise<void>;
}

export function stayConnected(settings: ConnectionSettings): ComponentConnection {
  const { shortestPauseMs, longestPauseMs, chance, nowMs } = settings;
  let stream: ComponentStream | null = null;
  let isStopped = false;
  let told: string | null = null;
  let wake: () => void = () => undefined;
  const hasStopped = () => isStopped;

  async function once(): Promise<void> {
    let opened: ComponentStream;
    try {
      opened = await settings.open();
    } catch (error) {
      tell(error as SignpostError);
      return;
    }
    if (hasStopped()) {
      await opened.close();
      return;
    }
    stream = opened;
    settings.connected(opened);
    const error = await opened.ended;
    stream = null;
    settings.disconnected();
    if (error !== null) tell(error);
  }

  function tell(error: SignpostError): void {
    if (told === error.message || isStopped) return;
    told = error.message;
    settings.trouble(error);
  }

  async function run(): Promise<void> {
    let pauseMs = shortestPauseMs;
    for (;;) {
      const startedMs = nowMs();
      await once();
      if (hasStopped()) return;
      // a connection that held shows that the server is well
      if (nowMs() - startedMs > longestPauseMs) {
        pauseMs = shortestPauseMs;
        told = null;
      }
      await pause(pauseMs * (0.75 + chance() / 2));
      if (hasStopped()) return;
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const running = run();
  return {
    stream: () => stream,
    stop: async (last) => {
      isStopped = true;
      wake();
      if (stream !== null) {
        await last(stream);
        await stream.close();
      }
      await running;
    },
  };
}
