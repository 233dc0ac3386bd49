/** The client against the table of routes: everything there can be reached, and nothing else is asked for. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import { relayNodeProfile } from "../../src/demo/people.js";
import { parseAddress } from "../../src/ens/address.js";
import type { AnsweredRequest } from "../../src/http/accessLog.js";
import {
  type Client,
  createClient,
  createProfile,
  createWalletClient,
  type WalletClient,
} from "../../src/sdk/index.js";
import { until } from "../embedded-postgres/holder.js";
import { API_KEY, DOMAIN, openTestService, type TestService } from "../http/openTestService.js";
import { provenNode, signedCertificate, signedNetwork } from "../registry/signedStatements.js";
import { everyItem } from "./everyItem.js";

/** Asked by clients of ERC-7884, which resolvers send there; whoever has this client has better requests. */
const FOR_ENS_APPS = "POST /v1/operations/{chainId}/{resolver}";
/** Asked by installations that follow this one, and by the doctor. */
const FOR_INSTALLATIONS =
  /^(?:\w+ \/v1\/export\/\w+|(?:GET|PUT) \/v1\/domain\/frozen|GET \/v1\/standing\/\{name\})$/;

describe("sdk/client: routes", () => {
  let http: TestService;
  let wallet: HDNodeWallet;
  const noted: AnsweredRequest[] = [];

  before(async () => {
    http = await openTestService(undefined, { noteRequest: (answered) => noted.push(answered) });
    wallet = Wallet.createRandom();
    await http.service.domains.changeDomain(DOMAIN, {
      ...{ owner: parseAddress(wallet.address), ownerSignsIn: true },
      policy: { claims: "wallets" },
    });
  });
  after(() => http.stop());

  it("calls every route of the OpenAPI document, and no other, with every method that it has", async () => {
    const client = createClient({ url: http.url, apiKey: API_KEY });
    const owner = createWalletClient({ url: http.url, wallet });
    const calls = await callsOf(client, owner, wallet, http.url);
    expect(Object.keys(calls)).to.have.members([
      ...methodsOf(client, "client"),
      ...methodsOf(owner, "owner"),
    ]);

    const { paths } = (await client.openApi()) as { paths: Record<string, object> };
    const described = Object.entries(paths)
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} /v1${path}`),
      )
      .filter((route) => route !== FOR_ENS_APPS && !FOR_INSTALLATIONS.test(route));
    noted.length = 0;
    for (const [method, call] of Object.entries(calls)) {
      await call().catch((cause: unknown) => {
        throw new Error(method, { cause });
      });
    }
    // a request is noted when its connection is done with it, which may be a little later
    const called = () => new Set(noted.map(({ method, path }) => routeOf(method, path, described)));
    await until(() => called().size >= described.length, 5_000);
    expect([...called()].sort()).to.deep.equal(described.sort());
    expect(noted.filter(({ status }) => status === null || status >= 400)).to.deep.equal([]);
  });

  it("would notice a route that is not there", () => {
    expect(routeOf("GET", "/v1/names/a.eth", ["GET /v1/names/{name}"])).to.equal(
      "GET /v1/names/{name}",
    );
    expect(routeOf("GET", "/v1/names/a/b", ["GET /v1/names/{name}"])).to.equal("GET /v1/names/a/b");
  });
});

/** Each method once, in an order in which each does something. */
async function callsOf(
  client: Client,
  owner: WalletClient,
  wallet: Parameters<typeof createProfile>[0],
  url: string,
): Promise<Record<string, () => Promise<unknown>>> {
  const name = `all.${DOMAIN}`;
  const own = `own.${DOMAIN}`;
  const relayNode = `relay.${DOMAIN}`;
  const network = `xmpp.${DOMAIN}`;
  const created = await createProfile(wallet, [relayNode]);
  const { signedUserProfile } = created;
  let session = "";
  return {
    "client.domain": () => client.domain(),
    "client.openApi": () => client.openApi(),
    "client.batch": () => client.batch([{ name }], { atomic: true }),
    "client.names.put": () => client.names.put(name, {}),
    "client.names.get": () => client.names.get(name),
    "client.names.getIfChanged": () => client.names.getIfChanged(name, "1"),
    "client.names.list": () => everyItem(client.names.list()),
    "client.names.history": () => everyItem(client.names.history(name)),
    "client.names.suspend": () => client.names.suspend(name, "spam"),
    "client.names.unsuspend": () => client.names.unsuspend(name),
    "client.profiles.put": () => client.profiles.put(name, created),
    "client.certificates.put": () =>
      client.certificates.put(name, signedCertificate(name, created.keys)),
    "client.certificates.delete": () => client.certificates.delete(name, "openpgp"),
    "client.profiles.delete": () => client.profiles.delete(name),
    "client.records.put": () => client.records.put(name, { texts: { avatar: "a" } }),
    "client.relayNodes.put": () =>
      client.relayNodes.put(relayNode, relayNodeProfile("https://relay.example/dm3")),
    "client.relayNodes.get": () => client.relayNodes.get(relayNode),
    "client.relayNodes.own": () => everyItem(client.relayNodes.own()),
    "client.relayNodes.list": () => everyItem(client.relayNodes.list()),
    "client.relayNodes.delete": () => client.relayNodes.delete(relayNode),
    "client.networks.put": () => client.networks.put(network, signedNetwork(network, null)),
    "client.networks.own": () => everyItem(client.networks.own()),
    "client.networks.list": () => everyItem(client.networks.list()),
    "client.networks.delete": () => client.networks.delete(network),
    "client.reservations.put": () => client.reservations.put(name),
    "client.reservations.list": () => everyItem(client.reservations.list()),
    "client.reservations.delete": () => client.reservations.delete(name),
    "client.source.get": () => client.source.get(),
    "client.source.problems": () => everyItem(client.source.problems()),
    "client.keys.list": () => everyItem(client.keys.list()),
    "client.changes.list": () => everyItem(client.changes.list()),
    "client.changes.follow": async () => {
      const { done } = await client.changes.follow().next();
      expect(done).to.equal(false);
    },
    "client.names.delete": () => client.names.delete(name),
    "owner.next": () => owner.next(own),
    "owner.claim": () => owner.claim(own),
    "owner.publishProfile": () => owner.publishProfile(own, signedUserProfile),
    "owner.publishCertificate": () =>
      owner.publishCertificate(own, signedCertificate(own, created.keys)),
    "owner.removeCertificate": () => owner.removeCertificate(own, "openpgp"),
    "owner.deleteProfile": () => owner.deleteProfile(own),
    "owner.registerRelayNode": () => owner.registerRelayNode(own, provenNode(own, created.address)),
    "owner.removeRelayNode": () => owner.removeRelayNode(own),
    "owner.registerNetwork": () => owner.registerNetwork(own, signedNetwork(own, created.address)),
    "owner.removeNetwork": () => owner.removeNetwork(own),
    "owner.setRecords": () => owner.setRecords(own, { texts: { avatar: "b" } }),
    "owner.history": () => everyItem(owner.history(own)),
    "owner.sign": () => owner.sign(own, { action: "delete" }),
    "owner.delete": () => owner.delete(own),
    "client.requests.next": () => client.requests.next(own),
    "client.requests.send": async () =>
      client.requests.send(await owner.sign(own, { action: "claim" })),
    "client.requests.history": async () =>
      everyItem(client.requests.history(await owner.sign(own, { action: "readHistory" }))),
    "client.requests.openSession": async () =>
      client.requests.openSession(
        await owner.sign(DOMAIN, { action: "openSession", scopes: ["domain:admin"] }),
      ),
    "owner.openSession": async () => {
      session = (await owner.openSession(DOMAIN, ["names:read"])).apiKey;
    },
    "client.keys.endSession": () => createClient({ url, apiKey: session }).keys.endSession(),
    "client.keys.revoke": async () => {
      const keys = await everyItem(client.keys.list());
      const open = keys.find((one) => one.expiresAtMs !== null && one.revokedAtMs === null);
      await client.keys.revoke(open?.id ?? "");
    },
    "owner.move": () => owner.move(own, `0x${"12".repeat(20)}`),
  };
}

function methodsOf(of: object, path: string): string[] {
  return Object.entries(of).flatMap(([name, value]) =>
    typeof value === "function"
      ? [`${path}.${name}`]
      : methodsOf(value as object, `${path}.${name}`),
  );
}

/** The route that answers, or the request itself where none does. */
function routeOf(method: string, path: string, routes: readonly string[]): string {
  const request = `${method} ${path}`;
  const exact = routes.find((route) => route === request);
  const matches = (route: string) =>
    new RegExp(`^${route.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`).test(request);
  return exact ?? routes.find(matches) ?? request;
}
