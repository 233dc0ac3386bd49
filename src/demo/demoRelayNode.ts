/** A relay node of the demo: a service of its own on a port of its own, which can be stopped and started again. */
import { ensAccess } from "../capabilities/relay/ensAccess.js";
import { startRelayService } from "../capabilities/relay/relayService.js";
import { relaySettings } from "../capabilities/relay/settings.js";
import type { DeliveryServiceProfile } from "../dm3/profile/profile.js";
import { readSettings } from "../settings/settingsPart.js";
import { type NodePlace, openNodeGround } from "./nodeGround.js";

export interface DemoRelayNode {
  readonly name: string;
  /** To be published under that name. */
  readonly profile: DeliveryServiceProfile;
  /** Of its database. */
  readonly databaseUrl: string;
  /** Nobody answers at its URL afterwards; what it has accepted stays in its database. */
  stop(): Promise<void>;
  startAgain(): Promise<void>;
  /** Ends it for good, with its database and keys. */
  remove(): Promise<void>;
}

export async function startRelayNode(name: string, place: NodePlace): Promise<DemoRelayNode> {
  const { url, databaseUrl, environment, serviceOptions, remove } = await openNodeGround(
    name,
    place,
  );
  const settings = readSettings([relaySettings], environment)(relaySettings);
  const access = ensAccess(serviceOptions.chainRpcUrls, settings);
  const start = () => startRelayService({ ...settings, ...access }, serviceOptions);
  let service = await start();
  return {
    name,
    profile: { ...service.publicKeys, url },
    databaseUrl,
    stop: () => service.stop(),
    startAgain: async () => {
      service = await start();
    },
    remove: async () => {
      await service.stop();
      await remove();
    },
  };
}
