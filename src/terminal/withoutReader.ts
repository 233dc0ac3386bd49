/** What becomes of a command whose output nobody reads any more, as in `signpost ... | head -1`. */

/**
 * A reader that has enough is no failure: what comes after is written to nobody, and the command does the rest of its
 * work, such as waiting for a transaction that it has sent.
 */
export function endQuietlyWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      if (!isWithoutReader(error)) throw error;
    });
  }
}

/** Whether something failed only because nobody reads. */
export function isWithoutReader(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}
