/** What it costs a stranger to name people of whom nobody can tell who they are. */
import { expect } from "chai";
import { encodeMessage } from "../../../src/dm3/message/encodeMessage.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { SignpostError } from "../../../src/errors.js";
import { parseTrustedProxies } from "../../../src/http/clientAddress.js";
import { found, relayNode } from "../../dm3/message/sampleEnvelopes.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import { engineKeysOf, nameTable } from "../../relay/relayWorld.js";
import { openRelayService, type RelayService } from "../relay/openRelayService.js";

const EACH_MINUTE = 600;

describe("http: names in submits that ENS says nothing of", function () {
  this.timeout(180_000);
  let node: RelayService;
  const table = nameTable();
  let asked = 0;
  beforeEach(async () => {
    asked = 0;
    const personOf = (name: NormalName) => {
      if (!name.endsWith(".silent.eth")) return table.personOf(name);
      asked++;
      return Promise.reject(new SignpostError("UNREACHABLE", "The gateway did not answer."));
    };
    const trustedProxies = parseTrustedProxies("127.0.0.1");
    node = await openRelayService({ directory: { personOf } }, { trustedProxies });
    await node.signUp("bob");
  });
  afterEach(() => node.stop());

  async function submit(
    from: string,
    { to = "bob.eth", network = "192.0.2.7" } = {},
  ): Promise<number> {
    const keys = await engineKeysOf("alice");
    const { envelopes } = await encodeMessage(
      { from, to, type: "NEW", text: "Hello", timestampMs: node.clock.nowMs },
      { keys, receiver: { profile: people.bob.profile, relayNodes: [found(relayNode)] } },
    );
    const params = [JSON.stringify(envelopes[0]!.envelope)];
    const { status } = await fetch(`${node.url}/rpc`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": network },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "dm3_submitMessage", params }),
    });
    return status;
  }

  it("asks no more for a network that names too many of them, and goes on with those who are known", async () => {
    expect(await submit("alice.eth")).to.equal(200);
    for (let index = 0; index < EACH_MINUTE / 2; index++) {
      expect(await submit(`s${index}.silent.eth`)).to.equal(503);
      expect(await submit("alice.eth", { to: `r${index}.silent.eth` })).to.equal(503);
    }
    expect(asked).to.equal(EACH_MINUTE);
    // which is no refusal, so it does not silence the network
    for (let index = 0; index < EACH_MINUTE + 10; index++) {
      expect(await submit(`more${index}.silent.eth`)).to.equal(429);
    }
    expect(asked).to.equal(EACH_MINUTE);
    expect(await submit("alice.eth")).to.equal(200);
    // the other routes that need no token take from the same
    for (const path of ["/profile/s.silent.eth", "/auth/s.silent.eth"]) {
      const headers = { "x-forwarded-for": "192.0.2.7" };
      expect((await fetch(node.url + path, { headers })).status).to.equal(429);
    }
    expect(asked).to.equal(EACH_MINUTE);
    expect(await submit("s.silent.eth", { network: "192.0.2.8" })).to.equal(503);
  });

  it("makes honest senders wait for a tenth of a second when ENS answers again", async () => {
    for (let index = 0; index < EACH_MINUTE; index++) await submit(`s${index}.silent.eth`);
    expect(await submit("alice.eth")).to.equal(429);
    node.clock.nowMs += 100;
    // what was answered takes nothing
    expect(await submit("alice.eth")).to.equal(200);
  });
});
