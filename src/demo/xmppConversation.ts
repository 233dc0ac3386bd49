/** Alice, with dm3's own libraries, and Bob, with an app of his XMPP server, write to each other through its messaging gateway. */
import type { Element } from "ltx";
import { SignpostError } from "../errors.js";
import { resolveProfile } from "../sdk/node.js";
import type { DemoWorld } from "./demoWorld.js";
import type { Writer } from "./people.js";
import { fetchWithDm3, signUpWithDm3, type StockMessage, writeWithDm3 } from "./stockMessenger.js";
import type { XmppUser, XmppWorld } from "./xmppWorld.js";

export interface Conversation {
  /** What Bob's app shows, and who it says wrote it. */
  readonly toBob: { readonly text: string; readonly from: string };
  /** What a client of his that knows nothing of DM3 shows. */
  readonly atStockClient: string;
  readonly toAlice: StockMessage;
}

const PATIENCE_MS = 30_000;
const PAUSE_MS = 200;

/** Throws INTERNAL where a message does not arrive: the demo has failed then. */
export async function writeThroughGateway(
  { demo, gateway }: Pick<XmppWorld, "demo" | "gateway">,
  bob: XmppUser,
): Promise<Conversation> {
  const [alice] = demo.people;
  const [home] = demo.relayNodes;
  if (!alice || !home) throw new SignpostError("INTERNAL", "The demo has no alice.");
  await signUpWithDm3(home, alice);

  const receiver = await found(demo, bob.name);
  const [node] = receiver.relayNodes;
  if (node?.status !== "found" || node.name !== gateway.name) {
    throw new SignpostError("INTERNAL", `${bob.name} does not lead to the gateway.`);
  }
  const messages = bob.messenger.messages();
  await writeWithDm3("Hello Bob", alice, receiver, node.profile);
  const { value: message } = await messages.next();
  if (message?.content.type !== "NEW") {
    throw new SignpostError("INTERNAL", "Bob got something else than Alice wrote.");
  }
  await bob.messenger.acknowledge(message);
  const stanza = await bob.stockClient(({ name }: Element) => name === "message");

  const { id } = await bob.messenger.send(alice.name, "Hello Alice");
  await bob.messenger.settled(id);
  const toAlice = await fetched(demo, alice, bob, "Hello Alice");
  await messages.return();
  return {
    toBob: { text: message.content.text, from: message.from },
    atStockClient: stanza.getChildText("body") ?? "",
    toAlice,
  };
}

async function found({ chain, ens }: DemoWorld, name: string) {
  const outcome = await resolveProfile(name, {
    ...{ rpc: chain.rpcUrl, ensRegistry: ens.registry, universalResolver: ens.universalResolver },
    ...{ allowLoopback: true, relayNodes: "all" },
  });
  if (outcome.status !== "found") throw new SignpostError("INTERNAL", outcome.sentence);
  return outcome;
}

/** A relay node of hers gets it from the gateway a moment later. */
async function fetched(
  demo: DemoWorld,
  alice: Writer,
  bob: XmppUser,
  text: string,
): Promise<StockMessage> {
  const [home] = demo.relayNodes;
  if (!home) throw new SignpostError("INTERNAL", "The demo has no relay node.");
  const sender = { name: bob.name, profile: (await found(demo, bob.name)).profile };
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += PAUSE_MS) {
    const message = (await fetchWithDm3(home, alice, sender)).find((one) => one.text === text);
    if (message?.isSigned === true) return message;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new SignpostError("INTERNAL", `"${text}" did not arrive at ${alice.name}.`);
}
