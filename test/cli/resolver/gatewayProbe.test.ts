/** Gateways are asked before their URLs go on the chain. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { expectRejection } from "../../expectError.js";
import { type AdminWorld, newAddress, startAdminWorld } from "./adminWorld.js";
import { runResolver } from "./runResolver.js";

describe("signpost resolver, before gateway URLs go on the chain", () => {
  let world: AdminWorld;
  let server: Server;
  let origin: string;
  let asked: string[];
  /** What the server answers: status and body. */
  let answer: readonly [number, string];

  before(async () => {
    world = await startAdminWorld();
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      request.resume().on("end", () => response.writeHead(answer[0]).end(answer[1]));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked = [];
    answer = [404, '{"message":"This gateway does not serve it."}'];
  });
  after(async () => {
    server.close();
    await world.stop();
  });

  const nonce = () => world.chain.provider.getTransactionCount(world.accounts[0]!);
  const account = () => ["--rpc-account", world.accounts[0]!, "--yes"];
  const deploy = (gateway: string, ...more: string[]) =>
    runResolver(world.chain.rpcUrl, [
      ...["deploy", "--signer", newAddress(), "--gateway", gateway, "--create"],
      ...[...account(), ...more],
    ]);

  it("asks each once, and takes a gateway that does not serve the resolver yet", async () => {
    const { out, err } = await deploy(origin, "--json");
    const { outcome, resolver } = JSON.parse(out) as { outcome: string; resolver: string };
    expect(outcome).to.equal("changed");
    expect(err).to.match(/Asking 2 gateway URLs/);
    const path = `/ccip/31337/${resolver.toLowerCase()}`;
    expect(asked.sort()).to.deep.equal([`GET ${path}/0x`, `POST ${path}`]);
  });

  it("sends nothing where a URL leads to no gateway, and says which, and why", async () => {
    const before = await nonce();
    const dead = "http://127.0.0.1:1";
    await expectRejection(
      deploy(origin, "--gateway", dead),
      "TRANSACTION_REFUSED",
      /no gateway answers at http:\/\/127\.0\.0\.1:1\/ccip[^]*--although-unreachable/,
    );
    answer = [404, "<html>not found</html>"];
    await expectRejection(deploy(origin), "TRANSACTION_REFUSED", /HTTP 404, without the JSON/);
    answer = [502, "{}"];
    await expectRejection(deploy(origin), "TRANSACTION_REFUSED", /\(HTTP 502\)/);
    expect(await nonce()).to.equal(before);
    expect(JSON.parse((await deploy(dead, "--although-unreachable", "--json")).out)).to.include({
      outcome: "changed",
    });
  });

  it("takes no origin that has the path /ccip already", async () => {
    for (const wrong of [`${origin}/ccip/`, `${origin}/ccip`, `${origin}/ccip/1`]) {
      await expectRejection(deploy(wrong), "INVALID_REQUEST", /has the path \/ccip already/);
    }
  });

  it("asks only the URLs that are new, also before a multisig is asked", async () => {
    const resolver = await (await world.deploy()).getAddress();
    const set = (...more: string[]) =>
      runResolver(world.chain.rpcUrl, ["urls", "set", ...more, "--resolver", resolver, "--json"]);
    await set("--gateway", origin, ...account());
    asked = [];
    await set("--gateway", origin, ...account());
    expect(asked).to.deep.equal([]);
    await expectRejection(
      set("--gateway", "http://127.0.0.1:1", "--propose", "-"),
      "TRANSACTION_REFUSED",
      /no gateway answers/,
    );
  });
});
