/**
 * The relay node, as `signpost serve relay` starts it, on a real chain with ENS and a real Postgres; its users have dm3's own
 * libraries (npm 1.7.1) and socket.io's client.
 */
import { setTimeout as delay } from "node:timers/promises";
import { checkSignature, encryptAsymmetric, sign } from "@dm3-org/dm3-lib-crypto";
import type * as DeliveryLibrary from "@dm3-org/dm3-lib-delivery-api";
import * as dm3 from "@dm3-org/dm3-lib-messaging";
import { sha256, stringify } from "@dm3-org/dm3-lib-shared";
import { expect } from "chai";
import { io, type Socket } from "socket.io-client";
import { decodeMessage } from "../../src/dm3/message/decodeMessage.js";
import {
  DM3_DELIVERY_SERVICE_KEY,
  encodeProfileRecord,
} from "../../src/dm3/profile/profileRecord.js";
import { nodeEngine } from "../../src/native/nodeEngine.js";
import type { Service } from "../../src/service/service.js";
import { contactOf, keysOf } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { type ChainServer, serveChain } from "../lookup/chainServer.js";
import { deployEns, type LocalEns } from "../lookup/localEns.js";
import { type ServedRelayNode, serveRelayNode } from "../messenger/servedRelayNode.js";
import { staticEthers5Provider } from "./stockClients.js";

const { alice, bob } = people;
const NODE = "ds.example.eth";
const CHAIN_ID = 31_337n;

type DeliveryApi = typeof DeliveryLibrary;

describe("e2e: a relay node, for users of dm3's own libraries", function () {
  this.timeout(180_000);
  let chain: ChainServer;
  let ens: LocalEns;
  let node: ServedRelayNode;
  let service: Service;
  let url: string;
  let api: DeliveryApi;
  let nodeProfile: { publicEncryptionKey: string; publicSigningKey: string; url: string };
  const sockets: Socket[] = [];

  before(async () => {
    // the library reads it when it is loaded
    process.env["REACT_APP_BACKEND"] = "";
    api = await import("@dm3-org/dm3-lib-delivery-api");
    chain = await serveChain();
    ens = await deployEns();
    for (const person of [alice, bob]) {
      await ens.setResolver(person.ensName, ens.publicResolver);
      await ens.setAddress(person.ensName, person.address);
      const record = encodeProfileRecord(person.signedUserProfile);
      await ens.setText(person.ensName, "network.dm3.profile", record);
    }
    node = await serveRelayNode(NODE, chain, ens.ensRegistry);
    ({ url, service } = node);
  });
  after(async () => {
    for (const socket of sockets) socket.disconnect();
    await node.close();
    await chain.close();
    expect(node.failures).to.deep.equal([]);
  });

  it("says that ENS does not have its record, and which one to publish", async () => {
    const { warnings, reasons } = await service.readiness();
    expect(reasons).to.deep.equal([]);
    expect(warnings.join()).to.match(/The relay node's own name: ds.example.eth has no resolver/);
    const record = await node.record();
    await ens.setResolver(NODE, ens.publicResolver);
    await ens.setText(NODE, DM3_DELIVERY_SERVICE_KEY, record);
    nodeProfile = JSON.parse(record.slice(record.indexOf(",") + 1)) as typeof nodeProfile;
    expect(nodeProfile.url).to.equal(url);
  });

  it("tells its properties to clients that find it by ENS", async () => {
    const world = {
      chain: { rpcUrl: chain.url, chainId: CHAIN_ID },
      ens: { registry: ens.ensRegistry },
    };
    const provider = staticEthers5Provider(world as never);
    const account = { ensName: alice.ensName, profile: mutable(alice.profile) };
    const properties = await api.getDeliveryServiceProperties(provider, account);
    expect(properties).to.include({ sizeLimit: 100_000, messageTTL: 90 });
  });

  let token: string;
  it("signs a user up, and in by a challenge", async () => {
    const account = { ensName: bob.ensName, profile: mutable(bob.profile) };
    const first = await api.submitUserProfile(url, account, bob.signedUserProfile);
    expect(await statusOf("/delivery/messages/incoming/bob.eth", first)).to.equal(200);
    const challenge = (await (await fetch(`${url}/auth/bob.eth`)).json()) as string;
    const signature = await sign(bob.keys.signingKeyPair.privateKey, challenge);
    const response = await post("/auth/bob.eth", { challenge, signature });
    token = (await response.json()) as string;
    expect(await statusOf("/delivery/messages/incoming/bob.eth", token)).to.equal(200);
    expect(await statusOf("/delivery/messages/incoming/bob.eth", first)).to.equal(401);
  });

  it("takes what the library writes, pushes it, hands it over, and lets it go when it was acknowledged", async () => {
    const pushed: dm3.EncryptionEnvelop[] = [];
    const socket = await connected({ account: { ensName: "bob.eth" }, token });
    socket.on("message", (envelope: dm3.EncryptionEnvelop) => pushed.push(envelope));

    const envelope = await written("by JSON-RPC");
    const call = dm3.createJsonRpcCallSubmitMessage(envelope, "");
    const response = await post("/rpc", call);
    expect(response.status).to.equal(200);
    const alices = await connected({ account: { ensName: "bob.eth" }, token });
    const second = await written("by the socket");
    await new Promise<void>((resolve, reject) => {
      void api.sendMessage(alices as never, token, second, resolve, () => {
        reject(new Error("the message was refused"));
      });
    });
    await until(() => pushed.length === 2);

    const fetched = await incoming();
    expect(fetched).to.deep.equal([...pushed].reverse());
    for (const [index, text] of ["by the socket", "by JSON-RPC"].entries()) {
      const read = await dm3.decryptEnvelop(fetched[index]!, bob.keys.encryptionKeyPair);
      expect(read.message.message).to.equal(text);
      const { publicSigningKey } = alice.profile;
      expect(await dm3.checkMessageSignature(read.message, publicSigningKey, "alice.eth")).to.equal(
        true,
      );
      const { signature, ...unsigned } = read.postmark as unknown as Record<string, string>;
      const signed = sha256(stringify(unsigned));
      expect(await checkSignature(nodeProfile.publicSigningKey, signed, signature!)).to.equal(true);
      const decoded = await decodeMessage(fetched[index], {
        keys: await keysOf(nodeEngine, "bob"),
        ...{ ownNames: ["bob.eth"], contactOf, relayNode: nodeProfile },
      });
      expect(decoded.checks).to.include.members([
        ...["messageSignature", "metadataSignature", "postmarkSignature"],
      ]);
    }

    const acknowledgements = fetched.map(({ metadata }) => ({
      contactAddress: (metadata.deliveryInformation as unknown as dm3.DeliveryInformation).from,
      messageHash: (metadata as unknown as { messageHash: string }).messageHash,
    }));
    const path = "/delivery/messages/bob.eth/syncAcknowledgements/";
    expect((await post(path, { acknowledgements }, token)).status).to.equal(200);
    expect(await incoming()).to.deep.equal([]);
    expect((await post("/rpc", call)).status).to.equal(200);
    expect(await incoming()).to.deep.equal([]);
  });

  it("refuses what mallory's library writes as alice", async () => {
    const envelope = await written("as alice", people.mallory.keys);
    const response = await post("/rpc", dm3.createJsonRpcCallSubmitMessage(envelope, ""));
    expect(response.status).to.equal(400);
    expect(await response.text()).to.include("WRONG_METADATA_SIGNATURE");
  });

  async function written(text: string, keys = alice.keys): Promise<dm3.EncryptionEnvelop> {
    const { privateKey } = keys.signingKeyPair;
    const message = await dm3.createMessage("bob.eth", "alice.eth", text, privateKey);
    const { encryptedEnvelop } = await dm3.buildEnvelop(message, encryptAsymmetric, {
      to: { ensName: "bob.eth", profile: mutable(bob.profile) },
      from: { ensName: "alice.eth", profile: mutable(alice.profile) },
      deliverServiceProfile: nodeProfile,
      keys,
    });
    return encryptedEnvelop;
  }

  async function incoming(): Promise<dm3.EncryptionEnvelop[]> {
    const response = await fetch(`${url}/delivery/messages/incoming/bob.eth`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await response.json()) as dm3.EncryptionEnvelop[];
  }

  function post(path: string, body: unknown, bearer?: string): Promise<Response> {
    return fetch(url + path, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify(body),
    });
  }

  async function statusOf(path: string, bearer: string): Promise<number> {
    const headers = { authorization: `Bearer ${bearer}` };
    return (await fetch(url + path, { headers })).status;
  }

  async function connected(auth: object): Promise<Socket> {
    const origin = url.replace("/ds", "");
    const socket = io(origin, { transports: ["websocket"], auth, forceNew: true });
    sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("authorized", resolve);
      socket.once("connect_error", reject);
    });
    return socket;
  }
});

const mutable = <T extends { deliveryServices: readonly string[] }>(profile: T) => ({
  ...profile,
  deliveryServices: [...profile.deliveryServices],
});

async function until(isTrue: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isTrue(); waitedMs += 10) {
    if (waitedMs > 8_000) throw new Error("It did not happen");
    await delay(10);
  }
}
