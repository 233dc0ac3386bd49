/** One line on a terminal that says what is being checked; nothing anywhere else. */
export function progressLine(): { show: (title: string) => void; clear: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  const clear = () => {
    stderr.write("\r\x1b[K");
  };
  return {
    clear,
    show: (title) => {
      clear();
      // a line that wraps could not be written over
      stderr.write(`checking ${title} ...`.slice(0, Math.max(1, stderr.columns - 1)));
    },
  };
}
