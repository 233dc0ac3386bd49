/**
 * A write as ENS clients make it: ask the resolver on a real chain, take its revert, sign, send it where the revert says,
 * and see the record through ENS.
 */
import { expect } from "chai";
import { Contract, dnsEncode, Interface, isError, type JsonRpcProvider, Wallet } from "ethers";
import { fromHex } from "../../src/abi/hex.js";
import { ownArtifact } from "../../src/chain/artifacts.js";
import { type DemoWorld, DOMAIN } from "../../src/demo/demoWorld.js";
import { ensProvider } from "../../src/demo/localChain.js";
import { addressFrom } from "../../src/ens/address.js";
import { call, MESSAGE_TYPES } from "../registry/signed/signedOperations.js";
import { signRequest } from "../registry/signed/signedRequests.js";
import { startTestWorld } from "./testWorld.js";

/** As a client declares it that knows the standard only. */
const standard = new Interface([
  "function getOperationHandler(bytes encodedFunction) view",
  "function resolve(bytes name, bytes data) view returns (bytes)",
  "error OperationHandledOffchain((string name, string version, uint64 chainId, address verifyingContract) sender, string url, (bytes data, address sender, uint256 expirationTimestamp) data)",
]);

describe("e2e: a write by ERC-7884", function () {
  this.timeout(180_000);
  let world: DemoWorld;
  let wallet: Wallet;
  let name: string;

  before(async () => {
    world = await startTestWorld();
    const { chain, service, resolver } = world;
    const { abi } = await ownArtifact("OffchainResolver");
    const contract = new Contract(resolver, abi, chain.admin);
    const url = `${service.url}/v1/operations/${chain.chainId}/{resolver}`;
    await (
      (await contract.getFunction("setOperationUrl").send(url)) as { wait(): Promise<unknown> }
    ).wait();
    await service.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    wallet = new Wallet(Wallet.createRandom().privateKey);
    name = `writer.${DOMAIN}`;
    const claim = await signRequest(wallet, {
      ...{ action: "claim", domain: DOMAIN, name, sequence: 1 },
      signedFor: { chainId: chain.chainId, resolver: addressFrom(fromHex(resolver)) },
    });
    expect((await send(`${service.url}/v1/requests`, claim)).status).to.equal(201);
    await pastBlockOf(chain.provider, Date.now());
  });
  after(() => world.stop());

  for (const [title, asked] of [
    ["asked of the resolver", (encoded: string) => encoded],
    [
      "asked through resolve, as ENSIP-20's clients do",
      (encoded: string) => standard.encodeFunctionData("resolve", [dnsEncode(name), encoded]),
    ],
  ] as const) {
    it(`${title}, is signed, sent and resolved`, async () => {
      const value = `https://${title.length}.example`;
      const handler = standard.encodeFunctionData("getOperationHandler", [
        call("setText", name, "url", value),
      ]);
      const revert = await revertOf(world.chain.provider, world.resolver, asked(handler));
      const [domain, url, message] = standard.parseError(revert)!.args as unknown as [
        { name: string; version: string; chainId: bigint; verifyingContract: string },
        string,
        { data: string; sender: string; expirationTimestamp: bigint },
      ];
      const plainDomain = {
        name: domain.name,
        version: domain.version,
        chainId: domain.chainId,
        verifyingContract: domain.verifyingContract,
      };
      const plainMessage = {
        data: message.data,
        sender: message.sender,
        expirationTimestamp: message.expirationTimestamp,
      };
      const signature = await wallet.signTypedData(plainDomain, MESSAGE_TYPES, plainMessage);
      const body = { sender: plainDomain, data: plainMessage, signature };
      const answer = await send(url, body);
      expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
      expect(answer.body).to.include({ data: "0x", name, outcome: "changed" });
      expect(await textOf(name, "url")).to.equal(value);
      expect((await send(url, body)).body).to.include({ code: "WRONG_SEQUENCE" });
      await pastBlockOf(world.chain.provider, Number(message.expirationTimestamp - 900n) * 1000);
    });
  }

  async function textOf(of: string, key: string): Promise<string | null | undefined> {
    const { chain, ens } = world;
    const provider = ensProvider(chain.rpcUrl, chain.chainId, ens.registry);
    try {
      return await (await provider.getResolver(of))?.getText(key);
    } finally {
      provider.destroy();
    }
  }
});

/** Bigints in decimal, as clients write them. */
async function send(url: string, body: unknown) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body, (_key, value: unknown) =>
      typeof value === "bigint" ? value.toString() : value,
    ),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function revertOf(provider: JsonRpcProvider, to: string, data: string): Promise<string> {
  try {
    await provider.call({ to, data });
  } catch (error) {
    if (isError(error, "CALL_EXCEPTION") && error.data) return error.data;
    throw error;
  }
  throw new Error("The resolver did not revert.");
}

/** Until a block is newer: what is handed out then is newer than everything before. */
async function pastBlockOf(provider: JsonRpcProvider, timeMs: number): Promise<void> {
  for (;;) {
    const block = await provider.getBlock("latest");
    if (block && block.timestamp > timeMs / 1000) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
