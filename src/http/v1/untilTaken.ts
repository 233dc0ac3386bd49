/** The memory of a page that is sent. */
import { once } from "node:events";
import type { Response } from "express";
import type { ApiShares } from "../fairness/apiShares.js";
import type { Tenant } from "../fairness/shares.js";

/** Runs `work`, which sends a page. That is kept until its client has read it, or is cut off. Throws LIMIT_EXCEEDED. */
export async function untilTaken(
  response: Response,
  tenant: Tenant,
  shares: ApiShares,
  work: () => Promise<void>,
): Promise<void> {
  await shares.withPage(tenant, async () => {
    await work();
    if (!response.writableFinished && !response.destroyed) await once(response, "close");
  });
}
