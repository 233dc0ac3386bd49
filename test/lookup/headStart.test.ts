import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import {
  encodeDeliveryServiceRecord,
  encodeProfileRecord,
} from "../../src/dm3/profile/profileRecord.js";
import { encodeDnsName } from "../../src/ens/dnsName.js";
import { namehash } from "../../src/ens/namehash.js";
import { normalizeName } from "../../src/ens/normalize.js";
import { type FoundProfile, resolveProfile } from "../../src/sdk/node.js";
import { signedByAlice } from "../dm3/profile/sampleProfiles.js";
import { provider } from "./localEns.js";
import { expectFound } from "./outcomes.js";
import type { Scene } from "./scene.js";
import { ALICE, aliceProfile, createScene, RELAY, RELAY_KEY, relayProfile } from "./scene.js";

const ELSEWHERE = "relay.elsewhere.eth";

interface Call {
  readonly to: string;
  readonly data: string;
}

/** The chain, 5 ms away, with what was asked and answered in order. */
function watchedChain(refuses: (call: Call) => boolean = () => false) {
  const log: { readonly what: "asked" | "answered"; readonly call: Call }[] = [];
  return {
    log,
    async request(question: { method: string; params: unknown[] }): Promise<unknown> {
      if (question.method !== "eth_call") return provider.request(question);
      const call = question.params[0] as Call;
      log.push({ what: "asked", call });
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (refuses(call)) throw new Error("the node is busy");
      try {
        return await provider.request(question);
      } finally {
        log.push({ what: "answered", call });
      }
    },
  };
}

describe("the head start for a relay node", () => {
  let scene: Scene;
  before(async () => {
    scene = await createScene();
  });
  beforeEach(() => scene.reset());
  after(() => scene.close());

  const lookUp = async (chain: ReturnType<typeof watchedChain>): Promise<FoundProfile> =>
    expectFound(await resolveProfile(ALICE, { ...scene.options, rpc: chain }));
  const asksResolverAbout =
    (name: string) =>
    ({ to, data }: Call) =>
      to === scene.resolverAddress.toLowerCase() &&
      data.includes(toHex(encodeDnsName(normalizeName(name))).slice(2));
  const asksRegistryAbout =
    (name: string) =>
    ({ to, data }: Call) =>
      to === scene.ens.ensRegistry.toLowerCase() && data.includes(toHex(namehash(name)).slice(2));

  it("asks the user's resolver for a relay node beside it while ENS is asked who its resolver is", async () => {
    const chain = watchedChain();
    const { relayNode } = await lookUp(chain);
    expect(relayNode?.profile).to.deep.equal(relayProfile);
    const asked = chain.log.findIndex(
      ({ what, call }) => what === "asked" && asksResolverAbout(RELAY)(call),
    );
    const found = chain.log.findIndex(
      ({ what, call }) => what === "answered" && asksRegistryAbout(RELAY)(call),
    );
    expect(asked).to.be.within(0, found);
    // one question, and the callback with the gateway's answer, which holds the name as well
    const questions = chain.log.filter(
      ({ what, call }) => what === "asked" && asksResolverAbout(RELAY)(call),
    );
    expect(questions).to.have.length(2);
  });

  it("believes the resolver that ENS names, whatever the user's resolver would say", async () => {
    const own = { ...relayProfile, url: "https://own.example" };
    await scene.ens.setResolver(RELAY, scene.ens.publicResolver);
    await scene.ens.setText(RELAY, RELAY_KEY, encodeDeliveryServiceRecord(own));
    try {
      const { relayNode } = await lookUp(watchedChain());
      expect(relayNode?.profile).to.deep.equal(own);
      expect(relayNode?.resolver).to.equal(await scene.ens.publicResolver.getAddress());
      // not even its failure matters
      const failing = watchedChain(asksResolverAbout(RELAY));
      expect((await lookUp(failing)).relayNode?.profile).to.deep.equal(own);
    } finally {
      await scene.ens.setResolver(RELAY, scene.resolver);
    }
  });

  it("fails where that resolver is the right one and the node does not answer for it", async () => {
    const { relayNode, relayNodes } = await lookUp(watchedChain(asksResolverAbout(RELAY)));
    expect(relayNode).to.equal(null);
    expect(relayNodes).to.have.length(1);
    expect(relayNodes[0]).to.include({ status: "unreachable" });
  });

  it("asks it nothing about a name that is not beside the user's", async () => {
    await scene.ens.setResolver(ELSEWHERE, scene.ens.publicResolver);
    await scene.ens.setText(ELSEWHERE, RELAY_KEY, encodeDeliveryServiceRecord(relayProfile));
    const signed = signedByAlice({ ...aliceProfile, deliveryServices: [ELSEWHERE] });
    scene.publish(encodeProfileRecord(signed));
    const chain = watchedChain();
    expect((await lookUp(chain)).relayNode?.name).to.equal(ELSEWHERE);
    expect(chain.log.some(({ call }) => asksResolverAbout(ELSEWHERE)(call))).to.equal(false);
  });
});
