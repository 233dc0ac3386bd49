/** A relay node of the demo, and what joins it to a network, as one service on a database of its own. */
import { relay } from "../capabilities/relay/relay.js";
import type { Capability } from "../service/capability.js";
import { type Service, startService } from "../service/service.js";
import { type Environment, readSettings } from "../settings/settingsPart.js";
import { type NodePlace, openNodeGround } from "./nodeGround.js";

/** Where the network's users get their names, and by which key. */
export interface NamesAccess {
  readonly names: string;
  readonly url: string;
  readonly apiKey: string;
}

export interface NetworkNode {
  readonly name: string;
  readonly url: string;
  /** Of its database. */
  readonly databaseUrl: string;
  /** All of its settings. */
  readonly environment: Environment;
  readonly service: () => Service;
  /** Its record for network.dm3.deliveryService. */
  readonly record: () => Promise<string>;
  readonly stop: () => Promise<void>;
  readonly startAgain: () => Promise<void>;
  /** Ends it for good, with its database and keys. */
  readonly remove: () => Promise<void>;
}

/**
 * @param name ENS name of its relay node
 * @param settings those of the capability
 */
export async function startNetworkNode<Config>(
  name: string,
  place: NodePlace,
  capability: Capability<Config>,
  settings: Environment,
): Promise<NetworkNode> {
  const ground = await openNodeGround(name, place, settings);
  const { url, databaseUrl, environment } = ground;
  const read = readSettings([relay.settings, capability.settings], environment);
  const partOf = <Own>(own: Own) => ({
    own,
    readAgain: () => own,
    installation: undefined as never,
  });
  const start = () =>
    startService(
      [
        {
          capability: relay,
          start: (parts) => relay.start(parts, partOf(read(relay.settings))),
        },
        {
          capability,
          start: (parts) => capability.start(parts, partOf(read(capability.settings))),
        },
      ],
      ground.serviceOptions,
    );
  let service = await start();
  return {
    ...{ name, url, environment, databaseUrl },
    service: () => service,
    record: async () => {
      const { lines } = await service.findings();
      return /network\.dm3\.deliveryService: (data:\S+)/.exec(lines.join("\n"))?.[1] ?? "";
    },
    stop: () => service.stop(),
    startAgain: async () => {
      service = await start();
    },
    remove: async () => {
      await service.stop();
      await ground.remove();
    },
  };
}
