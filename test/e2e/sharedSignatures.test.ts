/** Answers of a real gateway that share signatures, as contracts on a real EVM and clients of others take them. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { AbiCoder, dataLength, Interface } from "ethers";
import { fromHex } from "../../src/abi/hex.js";
import {
  type RegistryService,
  startRegistryService,
} from "../../src/capabilities/registry/registryService.js";
import { ownArtifact } from "../../src/chain/artifacts.js";
import { deployResolver } from "../../src/chain/deployResolver.js";
import { ensProvider, type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { deployLocalEns, type LocalEns } from "../../src/demo/localEns.js";
import { addressFrom, checksumAddress } from "../../src/ens/address.js";
import { type GatewaySigner, localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { bytes } from "../db/sampleNames.js";
import { until } from "../embedded-postgres/holder.js";
import { decodeResult, textRequest } from "../gateway/ensRequest.js";
import { readMetrics } from "../observe/exposition.js";
import { setRecords } from "../registry/changes/serviceWrites.js";
import { viemClient } from "./stockClients.js";

const [FIRST, SECOND] = [bytes(32, 0x11), bytes(32, 0x22)].map((key) => localGatewaySigner(key));
const SIGNERS = [FIRST, SECOND].map((signer) => checksumAddress(signer!.address));
const DOMAINS = ["one.example.eth", "two.example.eth", "three.example.eth"];
const LABELS = Array.from({ length: 12 }, (_, index) => `user${index}`);
const PROFILE = "network.dm3.profile";
const SINGLE_BYTES = 65;

/** Takes a while, as a signer elsewhere does, so that answers gather. */
function slow(key: GatewaySigner): GatewaySigner & { signatures: number; pauseMs: number } {
  const signer = {
    address: key.address,
    signatures: 0,
    pauseMs: 20,
    signDigest: async (...[digest]: Parameters<GatewaySigner["signDigest"]>) => {
      signer.signatures++;
      await delay(signer.pauseMs);
      return key.signDigest(digest);
    },
  };
  return signer;
}

describe("e2e: answers that share a signature", function () {
  this.timeout(270_000);
  let chain: LocalChain;
  let ens: LocalEns;
  let database: ScratchDatabase;
  let service: RegistryService;
  let first: ReturnType<typeof slow>;
  let resolver: Interface;
  /** By domain, lower case. */
  const resolvers = new Map<string, string>();

  before(async () => {
    chain = await startLocalChain();
    ens = await deployLocalEns(chain.admin);
    database = await openScratchDatabase(process.env["DATABASE_URL"]);
    resolver = new Interface((await ownArtifact("OffchainResolver")).abi);
    first = slow(FIRST!);
    service = await start(first, new Map([[chain.chainId, chain.rpcUrl]]));
    for (const [index, domain] of DOMAINS.entries()) {
      const deployed = await deployResolver(chain.admin, {
        owner: await chain.admin.getAddress(),
        gatewaySigners: SIGNERS,
        gatewayOrigins: [service.url],
        maxValiditySec: 300,
      });
      resolvers.set(domain, deployed.toLowerCase());
      await ens.setResolver(domain, deployed);
      const served = {
        ...{ domain, chainId: chain.chainId },
        resolver: addressFrom(fromHex(deployed.toLowerCase())),
      };
      await addDomain(service.domains, served, apiKeyFrom(bytes(32, index + 1)));
      for (const label of LABELS) {
        const name = `${label}.${domain}`;
        await setRecords(service, {
          domain,
          name,
          records: { texts: { avatar: name, url: name } },
        });
      }
    }
    // what the resolvers understand was asked before they were there; a switch asks again
    await service.switchSigner(first);
    await until(async () => {
      const { values } = readMetrics(await (await fetch(`${service.url}/metrics`)).text());
      const known = [...values].filter(([series]) =>
        /^signpost_resolver_takes_batches/.test(series),
      );
      return known.length === DOMAINS.length && known.every(([, takes]) => takes === 1);
    }, 60_000);
  });
  after(async () => {
    await service.stop();
    await database.close();
    await chain.stop();
  });

  const start = (signer: GatewaySigner, chainRpcUrls: ReadonlyMap<bigint, string>) =>
    startRegistryService({
      ...{ databaseUrl: database.url, signer, validitySec: 240, chainRpcUrls },
      ...{ host: "127.0.0.1", port: 0 },
      reportFailure: (error) => {
        throw error;
      },
    });

  /** Looks a text up as a client does; returns the length of the signature field, once the contract has taken the answer. */
  async function lookUp(domain: string, label: string, key: string, url = service.url) {
    const name = `${label}.${domain}`;
    const to = resolvers.get(domain)!;
    const request = textRequest(name, key, chain.chainId);
    const answered = await fetch(`${url}/ccip/${chain.chainId.toString()}/${to}/${request}`);
    const { data: response } = (await answered.json()) as { data: string };
    expect(answered.status, response).to.equal(200);
    const callback = resolver.encodeFunctionData("resolveWithProof", [response, request]);
    const returned = await chain.provider.call({ to, data: callback });
    const [result] = resolver.decodeFunctionResult("resolveWithProof", returned) as unknown as [
      string,
    ];
    expect(decodeResult("text", result)).to.equal(key === "avatar" || key === "url" ? name : "");
    const [, , field] = AbiCoder.defaultAbiCoder()
      .decode(["bytes", "uint64", "bytes"], response)
      .toArray() as [string, bigint, string];
    return dataLength(field);
  }
  const everyName = <T>(look: (domain: string, label: string) => Promise<T>) =>
    Promise.all(DOMAINS.flatMap((domain) => LABELS.map((label) => look(domain, label))));

  it("are taken by each resolver, of many by one signature", async () => {
    const before = first.signatures;
    const lengths = await everyName((domain, label) => lookUp(domain, label, "avatar"));
    expect(lengths).to.have.length(DOMAINS.length * LABELS.length);
    // how many meet depends on the machine: the benchmark tells
    expect(lengths.filter((length) => length > SINGLE_BYTES).length).to.be.above(1);
    expect(first.signatures - before).to.be.below(lengths.length);
  });

  it("are given again from the cache as they are", async () => {
    await everyName((domain, label) => lookUp(domain, label, "avatar"));
    const before = first.signatures;
    const lengths = await everyName((domain, label) => lookUp(domain, label, "avatar"));
    expect(Math.max(...lengths)).to.be.above(SINGLE_BYTES);
    expect(first.signatures).to.equal(before);
  });

  it("are resolved by ethers and viem", async () => {
    const client = viemClient({ chain, ens });
    const clients: [key: string, (name: string) => Promise<string | null | undefined>][] = [
      [
        "avatar",
        async (name) => {
          const provider = ensProvider(chain.rpcUrl, chain.chainId, ens.registry);
          const found = await provider.getResolver(name);
          return found?.getText("avatar");
        },
      ],
      ["url", (name) => client.getEnsText({ name, key: "url", strict: true })],
    ];
    // so long that lookups meet also where the clients take their time for each
    first.pauseMs = 500;
    for (const [key, textOf] of clients) {
      const before = first.signatures;
      const seen = await everyName((domain, label) => textOf(`${label}.${domain}`));
      const names = DOMAINS.flatMap((domain) => LABELS.map((label) => `${label}.${domain}`));
      expect(seen, key).to.deep.equal(names);
      expect(first.signatures - before, key).to.be.below(seen.length);
    }
    first.pauseMs = 20;
  });

  it("have a signature each when one is asked for alone", async () => {
    expect(await lookUp(DOMAINS[0]!, "user1", "alone")).to.equal(SINGLE_BYTES);
  });

  it("are none while the gateway cannot ask the chain", async () => {
    const deaf = await start(slow(FIRST!), new Map());
    try {
      const lengths = await everyName((domain, label) =>
        lookUp(domain, label, "description", deaf.url),
      );
      expect(new Set(lengths)).to.deep.equal(new Set([SINGLE_BYTES]));
    } finally {
      await deaf.stop();
    }
  });

  it("go on while the signer is switched, and none fails", async () => {
    let done = false;
    const isDone = () => done;
    let shared = 0;
    const lane = async (number: number) => {
      for (let index = 0; !isDone(); index++) {
        const domain = DOMAINS[index % DOMAINS.length]!;
        const length = await lookUp(domain, `user${number}`, `${PROFILE}-${number}-${index}`);
        if (length > SINGLE_BYTES) shared++;
      }
    };
    const lanes = LABELS.map((_, number) => lane(number));
    const second = slow(SECOND!);
    for (const next of [second, first, second]) {
      await delay(300);
      await service.switchSigner(next);
    }
    await delay(300);
    done = true;
    await Promise.all(lanes);
    expect(second.signatures).to.be.above(0);
    expect(shared).to.be.above(0);
  });
});
