/**
 * `answer`, or what `tooLate` returns or throws when that takes longer; the later result is ignored.
 * @param timeoutMs in milliseconds
 */
export async function within<Answer>(
  timeoutMs: number,
  answer: Promise<Answer>,
  tooLate: () => Answer,
): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<"too late">((resolve) => {
    timer = setTimeout(() => {
      resolve("too late");
    }, timeoutMs);
  });
  try {
    const first = await Promise.race([answer.then((value) => ({ value })), timeout]);
    return first === "too late" ? tooLate() : first.value;
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}
