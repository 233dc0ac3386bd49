/** Where lines of the log go. A service goes on without its log: a full disk must not end what answers lookups. */
import { pino } from "pino";

/** About a thousand lines wait for a disk that is full, or a reader that is slow; later ones are lost. */
const MOST_WAITING_BYTES = 256 * 1024;

/** Writes at once, so that what was logged is there when the process ends. Never throws. */
export function standardOutput(): (line: string) => void {
  const destination = pino.destination({ dest: 1, sync: true, maxLength: MOST_WAITING_BYTES });
  let lost = 0;
  // without a listener, the line that cannot be written would end the process; it stays in the buffer
  destination.on("error", () => undefined);
  destination.on("drop", () => lost++);
  destination.on("write", () => {
    if (lost === 0) return;
    const count = lost;
    lost = 0;
    destination.write(`${JSON.stringify(lossOf(count))}\n`);
  });
  return (line) => {
    destination.write(line);
  };
}

function lossOf(count: number) {
  const time = new Date().toISOString();
  const msg = `${count} lines of the log were lost, because standard output took none. Look for a full disk.`;
  return { level: "error", time, pid: process.pid, msg };
}
