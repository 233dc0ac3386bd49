/** Looks again and again whether the registry of the names takes them from here. */
import { startRoundsByPause } from "../health/rounds.js";

export interface RegistryWatch {
  /** For /health/ready. Whoever is linked already is served all the same. */
  readonly warnings: () => readonly string[];
  stop(): Promise<void>;
}

export const NO_REGISTRY: RegistryWatch = { warnings: () => [], stop: () => Promise.resolve() };

/** Milliseconds. The registry may be part of the same service, which does not listen yet when its parts start. */
const PAUSES = { first: 5_000, well: 10 * 60_000, unwell: 30_000 };

/** @param ask why it takes no names, null where it does; never throws */
export function watchRegistry(
  ask: (signal: AbortSignal) => Promise<string | null>,
  pauses = PAUSES,
): RegistryWatch {
  const stopping = new AbortController();
  let warning: string | null = null;
  const rounds = startRoundsByPause(
    async () => {
      warning = await ask(stopping.signal);
    },
    (done) => {
      if (done === 0) return pauses.first;
      return warning === null ? pauses.well : pauses.unwell;
    },
  );
  return {
    warnings: () => (warning === null ? [] : [warning]),
    stop: () => {
      stopping.abort();
      return rounds.stop();
    },
  };
}
