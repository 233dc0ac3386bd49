/** One line of the log for each request: those of an API count, the rest is for who looks for a fault. */
import type { AnsweredRequest } from "../http/accessLog.js";
import type { Log } from "../observe/log.js";

/** @param withClientAddresses whether it says who asked */
export function noteRequestIn(
  log: Log,
  withClientAddresses: boolean,
): (answered: AnsweredRequest) => void {
  return ({ requestId, method, path, isOfApi, status, durationMs, clientAddress }) => {
    const level = isOfApi ? "info" : "debug";
    if (!log.isOn(level)) return;
    log[level](`${method} ${path} ${status ?? "was left by its client"}`, {
      requestId,
      method,
      path,
      status,
      durationMs: Math.round(durationMs * 1000) / 1000,
      ...(withClientAddresses && { clientAddress }),
    });
  };
}
