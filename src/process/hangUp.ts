/** The two meanings of SIGHUP: the terminal was closed, or somebody asks for the settings to be read again. */
import { closeSync, openSync } from "node:fs";

export interface HangUp {
  /** Once: the terminal that the process was started on is gone. The process ends when this is done. */
  readonly ofTerminal: () => Promise<void>;
  /** Each time. */
  readonly otherwise: () => void;
}

export function onHangUp({ ofTerminal, otherwise }: HangUp): void {
  const startedOnTerminal = hasTerminal();
  let isGone = false;
  const onSignal = () => {
    if (!startedOnTerminal || hasTerminal()) otherwise();
    else if (!isGone) {
      isGone = true;
      void ofTerminal().then(endBySignal, endBySignal);
    }
  };
  process.on("SIGHUP", onSignal);

  /** As without this file. `process.exit` would restore the terminal first, and abort because there is none. */
  function endBySignal(): void {
    process.off("SIGHUP", onSignal);
    process.kill(process.pid, "SIGHUP");
  }
}

/** Whether this process has a terminal of its own still: it can be opened by this name as long as it has. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}
