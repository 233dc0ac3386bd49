/** What a person sees who has no app for DM3. */
import { registerAccount } from "../../src/demo/xmpp-servers/registerAccount.js";
import { onBothServers } from "./bothServers.js";
import { deliveryTo, openGateway, type Scene } from "./gatewayScene.js";
import { type Profanity, startProfanity } from "./profanity.js";
import { PASSWORD } from "./userClient.js";

onBothServers("profanity", (server) => {
  let gateway: Scene;
  let bob: Profanity;

  before(async () => {
    gateway = openGateway(server());
    await gateway.connected();
    await registerAccount(server(), "bob", PASSWORD);
    bob = await startProfanity(server(), "bob");
  });
  after(async () => {
    await bob.stop();
    await gateway.network.stop();
  });

  it("shows one sentence for an envelope", async () => {
    await gateway.network.inject([deliveryTo(`bob@${server().domain}`, 1)]);
    await bob.type(`/msg alice.eth@${server().componentDomain}`);
    await bob.shows(/alice\.eth sent you an encrypted message\. Open it with an app for DM3\./);
  });

  it("shows why a text was not sent", async () => {
    await bob.type("Hello, alice");
    await bob.shows(
      /Your message was not sent\. alice\.eth takes messages from apps for DM3 alone/,
    );
  });
});
