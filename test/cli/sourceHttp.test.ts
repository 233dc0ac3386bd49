import { expect } from "chai";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import type { PublicKeyJwk } from "../../src/registry/sources/httpSettings.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { answer, type LoopbackServer, serve } from "../lookup/loopbackServer.js";
import { type ExampleEndpoint, serveExample } from "../source-http/exampleEndpoint.js";
import { type Commands, commandsWithSecrets } from "./commandsWithSecrets.js";

const DOMAIN = "users.example.eth";
const RESOLVER = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** Of a source whose key the service does not have. */
const OTHER_KEY: PublicKeyJwk = {
  kty: "OKP",
  crv: "Ed25519",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  kid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
};

interface Added {
  readonly settings: { readonly publicKey: PublicKeyJwk };
  readonly warnings: readonly string[];
}

describe("signpost source, of an HTTP endpoint", function () {
  this.timeout(360_000);
  let database: ScratchDatabase;
  let folder: string;
  let endpoint: ExampleEndpoint;

  const serveUsers = (publicKey: PublicKeyJwk, port?: number) =>
    serveExample(
      {
        publicKey,
        findUser: (label) =>
          Promise.resolve(label === "alice" ? { wallet: WALLET, texts: { url: "u" } } : null),
      },
      port,
    );

  before(async () => {
    database = await openScratchDatabase();
    folder = await temporaryFolder();
    endpoint = await serveUsers(OTHER_KEY);
    await done("domain", "add", DOMAIN, "--chain", "1", "--resolver", RESOLVER);
    await done("secrets", "new-key", "secrets.key");
  });
  after(async () => {
    await endpoint.close();
    await database.close();
    await removeFolder(folder);
  });

  const commands = () => commandsWithSecrets(database.url, folder);
  const run: Commands["run"] = (...given) => commands().run(...given);
  const done: Commands["done"] = (...args) => commands().done(...args);
  const add = (url: string, ...more: string[]) => [
    ...["source", "add-http", DOMAIN, "--endpoint", url],
    ...["--private-network", "127.0.0.0/8", ...more],
  ];
  const list = async () => JSON.parse(await done("source", "list", "--json")) as unknown[];

  it("refuses what could not be used, and keeps nothing of it", async () => {
    const html: LoopbackServer = await serve(
      answer("<h1>Not found</h1>", { status: 404, type: "text/html" }),
    );
    const url = `${endpoint.origin}/signpost`;
    const refusals: [args: string[], status: number, sentence: RegExp][] = [
      [add("users.example.com"), 2, /endpoint must be a URL/],
      [add("https://me:secret@users.example.com"), 2, /must have no user name or password/],
      [add(url, "--private-network", "0.0.0.0/0"), 2, /is no private network/],
      [add(url, "--private-network", "10.0.0.0/8"), 2, /it has no address in 10\.0\.0\.0\/8/],
      [["source", "add-http", DOMAIN, "--endpoint", url], 2, /http: is for a private network/],
      [add(url, "--fresh-sec", "0"), 2, /--fresh-sec must be/],
      [add(html.url), 4, /HTTP 404 without NO_SUCH_USER/],
      [add(`${endpoint.origin}/elsewhere`), 4, /HTTP 404 without NO_SUCH_USER/],
    ];
    for (const [args, status, sentence] of refusals) {
      const { exitStatus, output } = await run(args);
      expect(output).to.match(sentence);
      expect(output).not.to.include("secret@");
      expect({ sentence, exitStatus }).to.deep.equal({ sentence, exitStatus: status });
    }
    const { output, exitStatus } = await run(add(url), { SECRETS_KEY_LOCATION: "" });
    expect(output).to.match(/SECRETS_KEY_LOCATION/);
    expect(exitStatus).not.to.equal(0);
    expect(await list()).to.deep.equal([]);
    await html.close();
  });

  it("adds one, prints the key that the service is given, and asks it", async () => {
    const port = Number(new URL(endpoint.origin).port);
    const added = JSON.parse(await done(...add(`${endpoint.origin}/signpost`), "--json")) as Added;
    expect(added.warnings).to.have.length(1);
    expect(added.warnings[0]).to.match(/does not know this key yet/);
    expect(JSON.stringify(added)).not.to.include('"d"');

    const unknown = await run(["source", "test", `alice.${DOMAIN}`]);
    expect(unknown.output).to.match(/signature refused \(HTTP 401\)/);
    expect(unknown.exitStatus).to.equal(4);

    await endpoint.close();
    endpoint = await serveUsers(added.settings.publicKey, port);
    const tested = await done("source", "test", `alice.${DOMAIN}`);
    expect(tested).to.match(new RegExp(`answered by the source's row:\n {2}wallet {2}${WALLET}`));
    expect(tested).not.to.match(/warning/);
    expect(await done("source", "test", `nobody.${DOMAIN}`)).to.match(
      /answered like an absent name: the source has no such row/,
    );
    const shown = await done("source", "show", DOMAIN);
    expect(shown).to.include(JSON.stringify(added.settings.publicKey));
    expect(shown).to.match(/in 127\.0\.0\.0\/8/);
    expect(await list()).to.have.length(1);
  });

  it("has nothing to scan", async () => {
    const { output, exitStatus } = await run(["source", "scan", DOMAIN]);
    expect(output).to.match(/tells no list, so there is nothing to scan/);
    expect(exitStatus).to.equal(2);
  });

  it("tells of an endpoint that verifies nothing", async () => {
    await done("source", "remove", DOMAIN);
    expect(await list()).to.deep.equal([]);
    const open = await serve((request, response) => {
      const label = decodeURIComponent((request.url ?? "").split("/").at(-1)!);
      response.writeHead(404, { "content-type": "application/json" });
      response.end(JSON.stringify({ label, error: "NO_SUCH_USER" }));
    });
    const added = await done(...add(open.url));
    expect(added).to.match(/warning {2}The endpoint answers whoever asks without our signature/);
    expect(added).to.match(/\{"kty":"OKP","crv":"Ed25519","x":"[\w-]{43}","kid":"[\w-]{43}"\}/);
    await done("source", "remove", DOMAIN);
    await open.close();
  });
});
