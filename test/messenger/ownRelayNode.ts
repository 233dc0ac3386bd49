/** Our relay node as ds.example.eth of a world. */
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { serveChain } from "../lookup/chainServer.js";
import { serveRelayNode } from "./servedRelayNode.js";

const NODE = "ds.example.eth";

export interface OwnRelayNode {
  readonly url: string;
  readonly failures: unknown[];
  /** Stops listening; a stopped one is closed as well. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Writes its record into ENS in place of the world's first relay node. */
export async function startOwnRelayNode({ ens }: NodeWorld): Promise<OwnRelayNode> {
  const chain = await serveChain();
  const { service, url, failures, record, close } = await serveRelayNode(
    NODE,
    chain,
    ens.ensRegistry,
  );
  await ens.setText(NODE, "network.dm3.deliveryService", await record());
  return {
    ...{ url, failures },
    stop: () => service.stop(),
    close: async () => {
      await close();
      await chain.close();
    },
  };
}
