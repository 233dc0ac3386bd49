/** Health: is the process alive, and can it answer? */
import { Router } from "express";
import type { Readiness } from "./readiness.js";

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
