/** How far a long command is: a bar where a person looks on, a line for every tenth in a log. */
const WIDTH = 30;

export interface Progress {
  /** @param share 0 to 1 */
  show(share: number, note: string): void;
  end(): void;
}

export function startProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let tenths = -1;
  return {
    show: (share, note) => {
      const done = Math.min(1, Math.max(0, share));
      const percent = `${Math.floor(done * 100)} %`.padStart(5);
      if (stream.isTTY) {
        const bar = "█".repeat(Math.round(done * WIDTH)).padEnd(WIDTH, "░");
        stream.write(`\r${bar} ${percent}  ${note}\u001b[K`);
      } else if (Math.floor(done * 10) > tenths) {
        tenths = Math.floor(done * 10);
        stream.write(`${percent}  ${note}\n`);
      }
    },
    end: () => {
      if (stream.isTTY) stream.write("\n");
    },
  };
}
