/** A service with a relay node, on parts that are handed in: for the demo and tests. */
import { type Service, type ServiceOptions, startService } from "../../service/service.js";
import { relay } from "./relay.js";
import { type RelayOptions, type RunningRelay, startRelay } from "./startRelay.js";

export interface RelayService extends Service, Pick<RunningRelay, "publicKeys"> {}

/** Throws as `startService` and `startRelay` do. */
export async function startRelayService(
  own: RelayOptions,
  options: ServiceOptions,
): Promise<RelayService> {
  let running: RunningRelay | undefined;
  const start = async (parts: Parameters<typeof startRelay>[0]) =>
    (running = await startRelay(parts, own));
  const service = await startService([{ capability: relay, start }], options);
  const { publicKeys } = running as unknown as RunningRelay;
  return { ...service, publicKeys };
}
