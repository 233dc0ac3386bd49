/** `npm run demo:xmpp`: an XMPP server, its messaging gateway, and a DM3 user, who write to each other on screen. */
import pc from "picocolors";
import { SignpostError } from "../errors.js";
import { printedSteps } from "./printedSteps.js";
import type { XmppServerKind } from "./xmpp-servers/xmppServer.js";
import { writeThroughGateway } from "./xmppConversation.js";
import { startXmppWorld, type XmppWorld } from "./xmppWorld.js";

export interface XmppDemoOptions {
  readonly kind: XmppServerKind;
  readonly databaseUrl: string | undefined;
}

export async function runXmppDemo(options: XmppDemoOptions): Promise<XmppWorld> {
  const world = await startXmppWorld({
    ...options,
    ...printedSteps,
  });
  try {
    await show(world);
    return world;
  } catch (error) {
    await world.stop();
    throw error;
  }
}

async function show(world: XmppWorld): Promise<void> {
  const bob = await world.newUser("bob");
  const alice = world.demo.people[0]?.name ?? "";
  const { toBob, atStockClient, toAlice } = await writeThroughGateway(world, bob);

  const arrow = pc.dim("->");
  console.log(`\n${pc.bold(`${alice} writes with dm3's own libraries to ${bob.name}`)}`);
  console.log(
    `  ${arrow} the gateway is the relay node of that profile; it cannot read the envelope`,
  );
  console.log(`  ${arrow} ${world.server.kind} brings it to ${bob.address}`);
  console.log(`  "${toBob.text}", signed by ${toBob.from}, in an app that speaks DM3`);
  console.log(`  "${atStockClient}", in a stock client of the same account`);
  console.log(`\n${pc.bold(`${bob.address} answers`)}`);
  console.log(
    `  ${arrow} encrypted in the app, to ${world.server.componentDomain}, to a relay node of ${alice}`,
  );
  console.log(`  "${toAlice.text}", signed by ${toAlice.from}, fetched with dm3's own libraries`);
  if (toBob.from !== alice || toAlice.from !== bob.name) {
    throw new SignpostError("INTERNAL", "A message came from somebody else than it should.");
  }
}
