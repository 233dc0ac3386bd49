/**
 * Clients of others, and answers of both forms: with a signature of their own, and from batches of each size. A server stands
 * between the resolver and the service, and lets each answer share its signature with as many others as a test wants.
 */
import { randomBytes } from "node:crypto";
import { text as bodyOf } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { computeAddress, Contract, SigningKey } from "ethers";
import { digestFrom } from "../../src/abi/digest.js";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { batchOf, MOST_IN_BATCH } from "../../src/ccip/answerBatch.js";
import { SALT_BYTES, SINGLE_BYTES } from "../../src/ccip/batchSignature.js";
import { answerDigest } from "../../src/ccip/digest.js";
import { ownArtifact } from "../../src/chain/artifacts.js";
import { type DemoWorld, DOMAIN } from "../../src/demo/demoWorld.js";
import { encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import { parseAddress } from "../../src/ens/address.js";
import type { GatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { signedResponse } from "../../src/lookup/answerExpiry.js";
import type { EnsClient } from "../clients/ensClient.js";
import { dm3Client, ethers5Client, ethers6Client } from "../clients/ethersClients.js";
import { sdkClient } from "../clients/ourClients.js";
import { ensjsOf, viemOf } from "../clients/viemClients.js";
import { until } from "../embedded-postgres/holder.js";
import { textRequest } from "../gateway/ensRequest.js";
import { type LoopbackServer, serve } from "../lookup/loopbackServer.js";
import { readMetrics } from "../observe/exposition.js";
import { startTestWorld } from "./testWorld.js";

const testKey = new SigningKey(`0x${"7e".repeat(32)}`);

/** How a gateway proves an answer: what becomes of the digest. */
type Form = (digest: Uint8Array) => Uint8Array;

const sign = (digest: Uint8Array) => fromHex(testKey.sign(digest).serialized);

/** Takes a while, as a signer elsewhere does, so that answers gather. */
const slowSigner: GatewaySigner = {
  address: parseAddress(computeAddress(testKey)),
  signDigest: async (digest) => {
    await delay(20);
    return sign(digest);
  },
};

const TAKES_BATCHES = /^signpost_resolver_takes_batches/;

/** In a batch of so many, among answers that nobody asked for. */
function together(count: number): Form {
  return (digest) => {
    const index = Math.floor(count / 2);
    const digests = Array.from({ length: count }, () => digestFrom(randomBytes(32)));
    digests[index] = digestFrom(digest);
    const batch = batchOf(digests, randomBytes(SALT_BYTES * count));
    return batch.fieldOf(index, sign(batch.toSign));
  };
}

/** The path of a neighbour. */
const besideThePath: Form = (digest) => {
  const digests = [digestFrom(digest), digestFrom(randomBytes(32))];
  const batch = batchOf(digests, randomBytes(2 * SALT_BYTES));
  return batch.fieldOf(1, sign(batch.toSign));
};

describe("e2e: clients that we did not write, and answers of both forms", function () {
  this.timeout(360_000);
  let world: DemoWorld;
  let gateway: LoopbackServer;
  let clients: EnsClient[];
  /** Null for the service's own. */
  let form: Form | null;
  /** Bytes of each signature field that was sent. */
  let sent: number[];

  before(async () => {
    world = await startTestWorld();
    const { abi } = await ownArtifact("OffchainResolver");
    const resolver = new Contract(world.resolver, abi, world.chain.admin);
    gateway = await serve((request, response) => {
      void (async () => {
        const { method = "", url = "" } = request;
        const body = method === "POST" ? await bodyOf(request) : undefined;
        const headers = { "content-type": "application/json" };
        const answered = await fetch(`${world.service.url}${url}`, {
          ...{ method, headers },
          ...(body !== undefined && { body }),
        });
        const { data } = (await answered.json()) as { data: string };
        const callData = body === undefined ? url.split("/").at(-1)! : callDataIn(body);
        response.writeHead(answered.status, headers);
        response.end(JSON.stringify({ data: provenAnew(data, callData) }));
      })();
    });
    const send = async (name: string, ...values: unknown[]) =>
      (await resolver.getFunction(name).send(...values)).wait();
    await send("addSigner", computeAddress(testKey));
    const url = `${gateway.url}${ccipPath()}`;
    await send("setUrls", [url, `${url}/{data}`]);
    clients = [
      ethers5Client(world),
      ethers6Client(world, "registry"),
      ethers6Client(world, "direct"),
      viemOf(world, "direct", true),
      ensjsOf(world, "direct", true),
      ensjsOf(world, "direct", false),
      dm3Client(world),
      sdkClient(world, "direct"),
    ];
  });
  beforeEach(() => {
    sent = [];
  });
  after(async () => {
    await gateway.close();
    await world.stop();
  });

  function ccipPath(): string {
    return `/ccip/${world.chain.chainId}/${world.resolver.toLowerCase()}`;
  }

  function callDataIn(body: string): string {
    return (JSON.parse(body) as { data: string }).data;
  }

  /** The service's answer, with another signature. */
  function provenAnew(data: string, callData: string): string {
    const [result, expiresSec, signature] = signedResponse.decodeOutput(fromHex(data));
    if (form === null) {
      sent.push(signature.length);
      return data;
    }
    const target = parseAddress(world.resolver);
    const digest = answerDigest({ target, expiresSec, request: fromHex(callData), result });
    const field = form(digest);
    sent.push(field.length);
    return toHex(signedResponse.encodeOutput(result, expiresSec, field));
  }

  const FORMS: [how: string, form: Form, bytes: number][] = [
    ["alone", sign, SINGLE_BYTES],
    ["in a batch of 2", together(2), 113 + 32],
    ["in a batch of 33", together(33), 113 + 6 * 32],
    [`in the largest batch`, together(MOST_IN_BATCH), 113 + 12 * 32],
  ];
  for (const [how, ofEach, bytes] of FORMS) {
    it(`every one finds a user's profile, and an absent name absent: signed ${how}`, async () => {
      form = ofEach;
      const [alice] = world.people;
      for (const client of clients) {
        const before = sent.length;
        const record = await client.profileRecord(alice!.name);
        expect(record, client.title).to.equal(encodeProfileRecord(alice!.signedUserProfile));
        expect(await client.profileRecord(`nobody.${DOMAIN}`), client.title).to.equal(null);
        expect(sent.length, client.title).to.be.greaterThan(before);
      }
      expect(new Set(sent)).to.deep.equal(new Set([bytes]));
    });

    it(`viem and ensjs fetch several records in one lookup: signed ${how}`, async () => {
      form = ofEach;
      const [alice] = world.people;
      for (const client of clients.filter(({ several }) => several !== null)) {
        const records = await client.several!(alice!.name);
        expect(records, client.title).to.deep.equal({
          profileRecord: encodeProfileRecord(alice!.signedUserProfile),
          absentRecord: null,
          address: alice!.address,
        });
      }
      expect(new Set(sent)).to.deep.equal(new Set([bytes]));
    });
  }

  it("every one finds every user's, by the signatures that the service itself lets answers share", async () => {
    form = null;
    await world.service.switchSigner(slowSigner);
    await until(async () => {
      const { values } = readMetrics(await (await fetch(`${world.service.url}/metrics`)).text());
      return [...values].some(([series, value]) => TAKES_BATCHES.test(series) && value === 1);
    }, 60_000);
    let done = false;
    const isDone = () => done;
    /** Looks up something else all the time, so that no answer is alone. */
    const company = async (lane: number) => {
      for (let index = 0; !isDone(); index++) {
        const request = textRequest(`alice.${DOMAIN}`, `${lane}-${index}`, world.chain.chainId);
        const answered = await fetch(`${world.service.url}${ccipPath()}/${request}`);
        expect(answered.status).to.equal(200);
      }
    };
    const lanes = Array.from({ length: 16 }, (_, lane) => company(lane));
    try {
      for (const { name, signedUserProfile } of world.people) {
        for (const client of clients) {
          const record = await client.profileRecord(name);
          expect(record, client.title).to.equal(encodeProfileRecord(signedUserProfile));
        }
      }
    } finally {
      done = true;
      await Promise.all(lanes);
    }
    expect(Math.max(...sent)).to.be.greaterThan(SINGLE_BYTES);
  });

  it("none believes an answer that is not in its batch; our SDK says what is wrong", async () => {
    form = besideThePath;
    const { name, signedUserProfile } = world.people[0]!;
    for (const client of clients) {
      const seen = await client.profileRecord(name).catch((error: unknown) => String(error));
      expect(seen ?? "absent", client.title).to.not.include(signedUserProfile.signature);
      if (client.title.startsWith("our SDK")) expect(seen).to.match(/untrusted, gateway-signature/);
    }
    expect(sent.length).to.be.greaterThan(0);
  });
});
