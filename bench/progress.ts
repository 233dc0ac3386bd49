/** What a person sees while it takes long, on standard error: results go to standard output. */

const WIDTH = 30;

export interface Progress {
  /** How much of the total is done. */
  at(done: number): void;
  end(): void;
}

/** A bar with the time that is left; where no terminal is attached, a line for every tenth. */
export function startProgress(label: string, total: number): Progress {
  const startedMs = performance.now();
  const { isTTY } = process.stderr;
  let lastTenth = 0;
  const draw = (done: number) => {
    const share = Math.min(1, done / total);
    const tenth = Math.floor(share * 10);
    const elapsedSec = (performance.now() - startedMs) / 1000;
    const leftSec = share === 0 ? "" : `, ${Math.ceil((elapsedSec / share) * (1 - share))} s left`;
    const percent = `${Math.floor(share * 100)} %${leftSec}`;
    if (isTTY) {
      const bar = "#".repeat(Math.round(share * WIDTH)).padEnd(WIDTH, ".");
      process.stderr.write(`\r\x1b[K${label} [${bar}] ${percent}`);
    } else if (tenth > lastTenth) {
      process.stderr.write(`${label}: ${percent}\n`);
    }
    lastTenth = tenth;
  };
  draw(0);
  return {
    at: draw,
    end: () => {
      if (isTTY) process.stderr.write(`\r\x1b[K`);
    },
  };
}

export function say(sentence: string): void {
  process.stderr.write(`bench: ${sentence}\n`);
}
