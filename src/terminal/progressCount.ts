/** One line on a terminal that counts what was done; nothing anywhere else. */
const EVERY = 1000;

export interface ProgressCount {
  /** Shown every thousand. */
  readonly show: (done: number) => void;
  readonly clear: () => void;
}

/** @param of how many there will be; null where that is not known */
export function progressCount(what: string, of: number | null): ProgressCount {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  const clear = () => {
    stderr.write("\r\x1b[K");
  };
  const total = of === null ? "" : ` of ${of}`;
  return {
    clear,
    show: (done) => {
      if (done % EVERY !== 0) return;
      clear();
      stderr.write(`${done}${total} ${what}`);
    },
  };
}
