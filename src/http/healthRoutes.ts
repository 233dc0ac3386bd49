/** Health: is the process alive, and can it answer? */
import { Router } from "express";

/** Throws, with a sentence, when lookups cannot be answered right now. */
export type Readiness = () => Promise<unknown>;

export function healthRoutes(readiness: Readiness): Router {
  const router = Router();
  router.get("/live", (_request, response) => {
    response.json({ status: "live" });
  });
  router.get("/ready", async (_request, response) => {
    try {
      await readiness();
      response.json({ status: "ready" });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      response.status(503).json({ status: "not ready", reason });
    }
  });
  return router;
}
