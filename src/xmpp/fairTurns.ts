/**
 * Work for many people, of which only so much is done at a time: whoever has work waiting gets the next turn in a circle, so that
 * nobody's thousand tasks hold up another one's first. What waits is bounded for each and for all, in bytes.
 */

export interface TurnSettings {
  /** Of everybody. */
  readonly atOnce: number;
  /** Of one. With 1, theirs are done in their order. */
  readonly atOnceOfOne: number;
  /** Of what waits, of everybody and of one. */
  readonly mostBytes: number;
  readonly mostBytesOfOne: number;
}

export interface FairTurns {
  /**
   * False, and nothing done, where too much is waiting.
   * @param bytes about what the task holds while it waits
   * @param task must not throw
   */
  readonly add: (who: string, bytes: number, task: () => Promise<void>) => boolean;
  /** Settled when nothing is under way and nothing waits. */
  readonly idle: () => Promise<void>;
}

interface Line {
  readonly waiting: { readonly bytes: number; readonly task: () => Promise<void> }[];
  bytes: number;
  running: number;
}

/** Of a task beside what it is about. */
const BYTES_OF_TASK = 500;

export function fairTurns(settings: TurnSettings): FairTurns {
  const { atOnce, atOnceOfOne, mostBytes, mostBytesOfOne } = settings;
  const lines = new Map<string, Line>();
  /** Who may have a turn; whoever waited longest first. */
  const ready = new Set<string>();
  let running = 0;
  let bytes = 0;
  let whenIdle: (() => void)[] = [];

  function start(): void {
    while (running < atOnce) {
      const [who] = ready;
      if (who === undefined) return;
      ready.delete(who);
      const line = lines.get(who);
      const next = line?.waiting.shift();
      if (line === undefined || next === undefined) continue;
      line.running++;
      running++;
      if (mayRun(line)) ready.add(who);
      void next.task().finally(() => {
        done(who, line, next.bytes);
      });
    }
  }

  function done(who: string, line: Line, freed: number): void {
    running--;
    line.running--;
    line.bytes -= freed;
    bytes -= freed;
    if (line.running === 0 && line.waiting.length === 0) lines.delete(who);
    else if (mayRun(line)) ready.add(who);
    start();
    if (lines.size > 0) return;
    for (const resolve of whenIdle) resolve();
    whenIdle = [];
  }

  const mayRun = (line: Line) => line.waiting.length > 0 && line.running < atOnceOfOne;

  return {
    add: (who, ofTask, task) => {
      const cost = ofTask + BYTES_OF_TASK;
      const line = lines.get(who) ?? { waiting: [], bytes: 0, running: 0 };
      if (bytes + cost > mostBytes || line.bytes + cost > mostBytesOfOne) return false;
      lines.set(who, line);
      line.waiting.push({ bytes: cost, task });
      line.bytes += cost;
      bytes += cost;
      if (mayRun(line)) ready.add(who);
      start();
      return true;
    },
    idle: () =>
      new Promise((resolve) => {
        if (lines.size === 0) resolve();
        else whenIdle.push(resolve);
      }),
  };
}
