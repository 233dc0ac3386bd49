/** Alice, with our messenger, writes to Bob, who has dm3's own libraries: through two relay nodes, of which one goes away. */
import { SignpostError } from "../errors.js";
import { createMessenger, openMessageKeys } from "../sdk/messagesNode.js";
import type { DemoRelayNode } from "./demoRelayNode.js";
import type { DemoWorld } from "./demoWorld.js";
import { fetchWithDm3, signUpWithDm3, type StockMessage } from "./stockMessenger.js";

export interface Delivery extends StockMessage {
  /** The relay node that accepted the message, and handed it over. */
  readonly relayNode: string;
  /** The one that did not answer; null where both did. */
  readonly stopped: string | null;
}

/** Throws INTERNAL where a message does not arrive: the demo has failed then. */
export async function writeThroughTwoRelayNodes(
  { chain, ens, people, relayNodes }: DemoWorld,
  onDelivery: (delivery: Delivery) => void,
): Promise<void> {
  const [alice, bob] = people;
  const [first, second] = relayNodes;
  if (!alice || !bob || !first || !second) {
    throw new SignpostError("INTERNAL", "The demo has too few users or relay nodes.");
  }
  for (const node of [first, second]) await signUpWithDm3(node, bob);
  const messenger = createMessenger({
    name: alice.name,
    keys: await openMessageKeys(alice.keys),
    ...{ rpc: chain.rpcUrl, ensRegistry: ens.registry, universalResolver: ens.universalResolver },
    allowLoopback: true,
  });

  const deliver = async (text: string, by: DemoRelayNode) => {
    const { id } = await messenger.send(bob.name, text);
    const { state, acceptedBy, why } = await messenger.settled(id);
    const arrived = await fetchWithDm3(by, bob, { ...alice.signedUserProfile, name: alice.name });
    const message = arrived.find((one) => one.text === text);
    if (state === "accepted" && acceptedBy === by.name && message?.isSigned) return message;
    throw new SignpostError(
      "INTERNAL",
      `"${text}" did not arrive by ${by.name} (${state ?? "on its way"}). ${why?.sentence ?? ""}`,
    );
  };

  try {
    onDelivery({ ...(await deliver("Hello Bob", first)), relayNode: first.name, stopped: null });
    await first.stop();
    const message = await deliver("This arrives although a relay node is away", second);
    onDelivery({ ...message, relayNode: second.name, stopped: first.name });
    await first.startAgain();
  } finally {
    await messenger.stop();
  }
}
