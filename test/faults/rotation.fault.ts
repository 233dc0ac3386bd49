/** The admin's way with a resolver, from its deployment to its handover, with clients that go on looking names up. */
import { expect } from "chai";
import { gatewayUrls } from "../../src/chain/deployResolver.js";
import { RESOLVER_ABI } from "../../src/chain/resolverState.js";
import { examine } from "../../src/doctor/examine.js";
import { anvil, type Evm, hardhatNode } from "../e2e/evms.js";
import { revertOf, takeAnswer } from "../e2e/heldAnswer.js";
import { type LookupStream, startLookupStream } from "../e2e/lookupStream.js";
import { ensjs, ethers6, type StockClient, viem } from "../e2e/stockClients.js";
import { until } from "../embedded-postgres/holder.js";
import { expectRejection } from "../expectError.js";
import {
  openRotationScene,
  type Proxy,
  type RotationScene,
  type TestGateway,
} from "./rotationScene.js";

const DOMAIN = "users.example.eth";
const ALICE = `alice.${DOMAIN}`;
/** Served by a resolver without ERC-7996: a UniversalResolver reaches it through the batch gateway only. */
const FEATURELESS_DOMAIN = "featureless.example.eth";
const INTERVAL_MS = 150;

describe("e2e: an admin deploys, attaches, rotates, moves and hands over", function () {
  this.timeout(135_000);
  runsOn(hardhatNode);
  if (anvil) runsOn(anvil);
  else console.log("      (anvil is not installed on this platform: hardhat's node only)");
});

function runsOn(evm: Evm): void {
  describe(`on ${evm.name}`, () => {
    let scene: RotationScene;
    let clients: StockClient[];
    let first: TestGateway;
    let second: TestGateway;
    let third: TestGateway;
    let proxy: Proxy;
    let resolver: string;
    let expected: Map<string, string>;
    let stream: LookupStream | undefined;

    before(async () => {
      scene = await openRotationScene(evm);
      clients = [ethers6(scene), viem(scene)];
      first = await scene.startGateway();
      proxy = await scene.startProxy(first);
    });
    afterEach(() => stream?.stop());
    after(() => scene.close());

    const as = (account: string, ...args: string[]) =>
      scene.admin(account, ...args, "--resolver", resolver, "--confirmations", "1");
    const owner = (...args: string[]) => as(scene.owner, ...args);
    const ens = () => ["--registry", scene.ens.registry];
    const urlAt = (origin: string) => gatewayUrls(origin, scene.chain.chainId, resolver)[0];
    const answerBy = ({ service }: TestGateway) =>
      takeAnswer(scene.chain.provider, resolver, urlAt(service.url), ALICE);

    /** The doctor's lines of one kind; it must find nothing that has failed. */
    async function diagnosed(id: string): Promise<string[]> {
      const lines = await examine(ALICE, {
        rpc: scene.chain.rpcUrl,
        ensRegistry: scene.ens.registry,
        universalResolver: scene.ens.universalResolver,
        allowLoopback: true,
        burst: false,
      });
      // the relay nodes of these users are registered nowhere
      const failed = lines.filter((line) => line.status === "failed" && line.id !== "relay-nodes");
      expect(failed).to.deep.equal([]);
      return lines.filter((line) => line.id === id).map(({ seen }) => seen);
    }

    /** No lookup has failed, and every client has done its share. */
    async function expectNoneFailed(): Promise<void> {
      await stream!.stop();
      expect(stream!.failed).to.deep.equal([]);
      expect(scene.failures).to.deep.equal([]);
      for (const [client, count] of stream!.succeeded) expect(count, client).to.be.at.least(10);
    }

    it("deploys a resolver, attaches a name to it, and publishes users", async () => {
      const deployed = await scene.admin(
        scene.owner,
        "deploy",
        ...["--signer", first.signer, "--gateway", proxy.url, "--create"],
      );
      expect(deployed).to.include({ outcome: "changed", chainId: String(scene.chain.chainId) });
      resolver = String(deployed["resolver"]);
      expected = await scene.publish(first.service, DOMAIN, resolver, ["alice", "bob"]);
      // the name exists, without a resolver
      await scene.ens.setResolver(DOMAIN, "0x0000000000000000000000000000000000000000");
      expect(await owner("attach", DOMAIN, ...ens())).to.include({ outcome: "changed" });
      expect(await owner("attach", DOMAIN, ...ens())).to.include({ outcome: "unchanged" });
    });

    it("resolves with ethers, viem and ensjs, directly and through the batch gateway", async () => {
      const featureless = await scene.deploy("test/FeaturelessOffchainResolver", first.signer, [
        `${first.service.url}/ccip/${String(scene.chain.chainId)}/{sender}`,
      ]);
      await scene.ens.setResolver(FEATURELESS_DOMAIN, featureless);
      const batch = await scene.publish(first.service, FEATURELESS_DOMAIN, featureless, ["carol"]);
      for (const client of [...clients, ensjs(scene)]) {
        for (const [name, profile] of [...expected, ...batch]) {
          expect(await client.profileOf(name), `${client.name}, ${name}`).to.deep.equal({
            profile,
          });
        }
        expect(await client.profileOf(`nobody.${DOMAIN}`), client.name).to.deep.equal({
          absent: true,
        });
      }
    });

    it("rotates the signer, and no lookup fails", async () => {
      stream = startLookupStream(clients, expected, INTERVAL_MS);
      second = await scene.startGateway();
      // not enabled yet: this is why it is added before any client meets it
      expect(await (await answerBy(second)).verdict()).to.equal("UnknownSigner");
      await owner("signers", "add", second.signer);
      const cached = await answerBy(first);
      proxy.passTo(second);
      // the last answers by the old key count until they expire: a client or a cache may hold one
      expect(await cached.verdict()).to.equal("accepted");
      await stream.more(10);
      const [seen] = await diagnosed("answer-signer");
      expect(seen).to.include(second.signer);

      const { provider } = scene.chain;
      await until(
        async () => ((await provider.getBlock("latest"))?.timestamp ?? 0) > cached.expiresSec,
        30_000,
      );
      expect(await cached.verdict()).to.equal("AnswerExpired");

      const removed = await owner("signers", "remove", first.signer);
      expect(removed).to.deep.nested.include({ "state.signers": [second.signer] });
      // what becomes of every answer of the old key that is still valid: hence the wait
      expect(await (await answerBy(first)).verdict()).to.equal("UnknownSigner");
      await first.service.stop();
      await stream.more(20);
      await expectNoneFailed();
    });

    it("moves to another gateway, stops the former one, and no lookup fails", async () => {
      stream = startLookupStream(clients, expected, INTERVAL_MS);
      third = await scene.startGateway(second.key);
      await owner("urls", "set", "--gateway", third.service.url);
      // lookups that have read the old URLs come to their end
      await stream.more(10);
      await proxy.close();
      await second.service.stop();
      await stream.more(20);
      await expectNoneFailed();
      expect(await diagnosed("gateway-reachable")).to.have.length(2);
    });

    it("hands the ownership over; the former owner can do nothing any more", async () => {
      const { owner: former, newOwner, chain } = scene;
      const refusalOf = async (method: string, values: unknown[], account: string) => {
        const call = RESOLVER_ABI.encodeFunctionData(method, values);
        return (await revertOf(chain.provider, resolver, call, account))?.name ?? null;
      };
      await expectRejection(
        as(newOwner, "ownership", "accept"),
        "TRANSACTION_REFUSED",
        /nobody has been offered the ownership/,
      );
      await owner("ownership", "transfer", newOwner);
      // an offer alone changes nothing
      expect(await refusalOf("setMaxValidity", [300], former)).to.equal(null);
      await expectRejection(
        as(newOwner, "validity", "set", "300"),
        "TRANSACTION_REFUSED",
        new RegExp(`only ${former} can do this`),
      );
      const accepted = await as(newOwner, "ownership", "accept");
      expect(accepted).to.deep.nested.include({ "state.owner": [newOwner] });

      await expectRejection(
        owner("signers", "add", first.signer),
        "TRANSACTION_REFUSED",
        new RegExp(`only ${newOwner} can do this`),
      );
      const forbidden: [string, unknown[]][] = [
        ["addSigner", [first.signer]],
        ["removeSigner", [second.signer]],
        ["setUrls", [["https://evil.example"]]],
        ["setMaxValidity", [86_400]],
        ["setMetadataUrls", [[]]],
        ["setOperationUrl", [""]],
        ["transferOwnership", [former]],
        ["acceptOwnership", []],
      ];
      for (const [method, values] of forbidden) {
        expect(await refusalOf(method, values, former), method).to.equal(
          "OwnableUnauthorizedAccount",
        );
      }
      const set = await as(newOwner, "validity", "set", "300");
      expect(set).to.deep.nested.include({ "state.maxValiditySec": ["300"] });
      for (const client of clients) {
        expect(await client.profileOf(ALICE)).to.deep.equal({ profile: expected.get(ALICE) });
      }
    });
  });
}
