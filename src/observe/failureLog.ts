/**
 * Failures in the log, so that an outage cannot fill a disk: the first of each code at once, and after a second one
 * line with how many more there were. Codes come from a closed list, so there are two lines a second for each at most.
 */
import type { ErrorCode, SignpostError } from "../errors.js";
import type { Log, LogFields } from "./log.js";

const WINDOW_MS = 1000;

export interface FailureLog {
  /** @param requestId of the request that failed, if it was one */
  report(error: SignpostError, requestId?: string): void;
  /** Writes what is still counted, for a process that ends. */
  flush(): void;
}

export function failureLog(log: Log): FailureLog {
  const windows = new Map<ErrorCode, { suppressed: number; end: NodeJS.Timeout }>();

  function open(code: ErrorCode): void {
    const end = setTimeout(() => {
      close(code);
    }, WINDOW_MS);
    end.unref();
    windows.set(code, { suppressed: 0, end });
  }

  function close(code: ErrorCode): void {
    const window = windows.get(code);
    if (!window) return;
    clearTimeout(window.end);
    windows.delete(code);
    const { suppressed } = window;
    if (suppressed === 0) return;
    const again = suppressed === 1 ? "once more" : `${suppressed} times more`;
    log.error(`The same failed ${again} within a second: ${code}.`, { code, suppressed });
  }

  return {
    report(error, requestId) {
      const window = windows.get(error.code);
      if (window) {
        window.suppressed++;
        return;
      }
      open(error.code);
      log.error(error.message, fieldsOf(error, requestId));
    },
    flush() {
      for (const code of [...windows.keys()]) close(code);
    },
  };
}

/** A defect shows where it is; an outage is no defect, and its cause may quote an address. */
function fieldsOf({ code, cause }: SignpostError, requestId: string | undefined): LogFields {
  const stack = code === "INTERNAL" && cause instanceof Error ? cause.stack : undefined;
  return {
    code,
    ...(requestId !== undefined && { requestId }),
    ...(stack !== undefined && { stack: stack.slice(0, 4000) }),
  };
}
