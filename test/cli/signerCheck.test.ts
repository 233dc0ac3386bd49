/** `signpost signer check`, `list` and `remember`: a rotation over all resolvers of an installation, on a real chain. */
import { expect } from "chai";
import { domainStore } from "../../src/db/domainStore.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { parseAddress } from "../../src/ens/address.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { startProgram } from "../childProgram.js";
import { type MigratedPool, openMigratedPool } from "../db/migratedPool.js";
import { bytes } from "../db/sampleNames.js";
import { deployOwn, newAddress } from "./resolver/adminWorld.js";

describe("signpost signer check", function () {
  this.timeout(270_000);
  let chain: LocalChain;
  let database: MigratedPool;
  const [present, next] = [newAddress(), newAddress()];
  /** The resolver that takes both of them, and one that takes the present one alone. */
  let both: string;
  let former: string;

  before(async () => {
    chain = await startLocalChain();
    database = await openMigratedPool();
  });
  after(async () => {
    await database.close();
    await chain.stop();
  });

  async function signer(args: readonly string[], rpcUrls = "") {
    const program = startProgram("src/cli/main.ts", ["signer", ...args], {
      settings: { DATABASE_URL: database.url, CHAIN_RPC_URLS: rpcUrls },
      cwd: "/tmp",
    });
    const { exitStatus, stdout } = await program.ended;
    return { exitStatus, stdout, output: program.output() };
  }
  const rpc = () => `${chain.chainId.toString()}=${chain.rpcUrl}`;

  async function serve(domain: string, chainId: bigint, ...signers: string[]): Promise<string> {
    const owner = await chain.admin.getAddress();
    const urls = ["https://gateway.example/{data}"];
    const resolver = await deployOwn(chain, "OffchainResolver", owner, signers, urls, 300);
    const address = await resolver.getAddress();
    const served = { domain, chainId, resolver: parseAddress(address) };
    await addDomain(domainStore(database.pool), served, apiKeyFrom(bytes(32, domain.length)));
    return address;
  }

  it("proves nothing where nothing is served: 1", async () => {
    const { exitStatus, stdout } = await signer(["check", next], rpc());
    expect(exitStatus).to.equal(1);
    expect(stdout).to.match(/^No resolver is served here/);
  });

  it("names each resolver that does not take it, with the command that changes that: 1", async () => {
    both = await serve("a.eth", chain.chainId, present, next);
    former = await serve("bb.eth", chain.chainId, present);
    const { exitStatus, stdout, output } = await signer(["check", next], rpc());
    expect(exitStatus, output).to.equal(1);
    expect(stdout)
      .to.match(new RegExp(`${both} +yes\n`))
      .and.match(new RegExp(`${former} +no\n`));
    expect(stdout).to.include(`resolver signers add ${next} --resolver ${former}\n`);
    expect(stdout).not.to.include(`--resolver ${both}`);
    expect((await signer(["check", present], rpc())).exitStatus).to.equal(0);
  });

  it("says what it could not find out: 4", async () => {
    const { exitStatus, stdout } = await signer(["check", present]);
    expect(exitStatus).to.equal(4);
    expect(stdout).to.match(/0x\w{40} +could not find out: no RPC node in CHAIN_RPC_URLS\n/);
    expect(stdout).to.match(
      new RegExp(
        `signer remember ${present} --chain ${chain.chainId.toString()} --resolver 0x\\w{40}\n`,
      ),
    );
    const dead = `${chain.chainId.toString()}=http://127.0.0.1:1`;
    expect((await signer(["check", present], dead)).exitStatus).to.equal(4);
  });

  it("remembers a signer that was confirmed, and lists it", async () => {
    expect((await signer(["list"])).stdout).to.match(/^No gateway has signed/);
    expect((await signer(["remember", next.toLowerCase()])).stdout).to.equal(
      `${next} is known at the 2 resolvers served here from now on.\n`,
    );
    expect((await signer(["list"])).stdout).to.match(
      new RegExp(`^ADDRESS +STATE +SINCE +SIGNED LAST\n${next}  known +\\S+ +not yet\n`),
    );
    const [listed] = JSON.parse((await signer(["list", "--json"])).stdout) as object[];
    expect(listed).to.include({ address: next, isKnown: true, lastAt: null });
    expect(await signer(["forget", next])).to.include({ exitStatus: 0 });
    expect((await signer(["list"])).stdout).to.match(new RegExp(`\n${next}  stranger`));
    expect(await signer(["forget", next])).to.include({ exitStatus: 1 });
  });

  it("remembers it at one resolver alone, and says where it is a stranger", async () => {
    const place = ["--chain", chain.chainId.toString(), "--resolver", both];
    expect((await signer(["remember", next, ...place])).stdout).to.equal(
      `${next} is known at the resolver ${both} on chain ${chain.chainId.toString()} from now on.\n`,
    );
    const { stdout } = await signer(["list"]);
    expect(stdout)
      .to.match(new RegExp(`\n${next}  known at 1 of 2 `))
      .and.match(new RegExp(`STRANGER +CHAIN +RESOLVER\n${next}  31337  ${former}\n$`));
    const [listed] = JSON.parse((await signer(["list", "--json"])).stdout) as object[];
    expect(listed).to.deep.include({ isKnown: false });
    const elsewhere = await signer(["remember", next, "--chain", "5", "--resolver", both]);
    expect(elsewhere.exitStatus).to.equal(1);
    expect(elsewhere.output).to.include("domain list");
    const half = await signer(["remember", next, "--chain", "5"]);
    expect(half.exitStatus).to.equal(2);
    expect(half.output).to.include("--chain and --resolver together");
    expect(await signer(["forget", next, ...place])).to.include({ exitStatus: 0 });
    expect((await signer(["list"])).stdout).to.match(new RegExp(`\n${next}  stranger`));
  });
});
