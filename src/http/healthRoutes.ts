/** Health: is the process alive, and can it answer? */
import { Router } from "express";

/** Each is a sentence: what is wrong, and what to do. */
export interface ReadinessReport {
  /** Why this gateway should get no lookups now; empty when it should. It answers those that come all the same. */
  readonly reasons: readonly string[];
  /** What could not be found out, or will need somebody. */
  readonly warnings: readonly string[];
}

export type Readiness = () => Promise<ReadinessReport>;

export function healthRoutes(readiness: Readiness): Router {
  const router = Router();
  router.get("/live", (_request, response) => {
    response.json({ status: "live" });
  });
  router.get("/ready", async (_request, response) => {
    const { reasons, warnings } = await readiness();
    const isReady = reasons.length === 0;
    response
      .status(isReady ? 200 : 503)
      .json({ status: isReady ? "ready" : "not ready", reasons, warnings });
  });
  return router;
}
