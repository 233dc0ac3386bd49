/** Names behind which a service's HTTP endpoint stands: the route that services copy, asked by a real service. */
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { sourceSecretMigrations } from "../../../src/capabilities/registry/migrations.js";
import { registry } from "../../../src/capabilities/registry/registry.js";
import { openPool, type Pool } from "../../../src/db/pool.js";
import { sourceSecrets } from "../../../src/db/sourceSecrets.js";
import { sourceStore } from "../../../src/db/sourceStore.js";
import type { SignedUserProfile } from "../../../src/dm3/profile/profile.js";
import { encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import type { SourceStore, StoredSource } from "../../../src/registry/sources/sourceStore.js";
import { openSecrets } from "../../../src/service/openSecrets.js";
import { newSigningKey, requestSigner } from "../../../src/source-http/signingKey.js";
import { makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import {
  DOMAIN,
  NESTED_DOMAIN,
  openTestService,
  type TestService,
} from "../../http/openTestService.js";
import { profilesOf } from "../../registry/openRegistry.js";
import { type ExampleEndpoint, serveExample } from "../../source-http/exampleEndpoint.js";
import { signedText } from "./signedText.js";

describe("capabilities/registry: names from a service's HTTP endpoint", function () {
  this.timeout(180_000);
  const wallet = Wallet.createRandom();
  const signingKey = newSigningKey();
  const { publicKey } = requestSigner(signingKey);
  /** The service's users; an error is thrown. */
  const users = new Map<string, object | Error>();
  let endpoint: ExampleEndpoint;
  let folder: string;
  let database: Awaited<ReturnType<typeof openScratchDatabase>>;
  let pool: Pool;
  let store: SourceStore;
  let source: StoredSource;
  let http: TestService;
  let profiles: SignedUserProfile[];
  /** How far the clock is ahead: nobody waits for a second. */
  let aheadMs = 0;

  const serveUsers = (port?: number) =>
    serveExample(
      {
        publicKey,
        findUser: async (label) => {
          const user = await Promise.resolve(users.get(label) ?? null);
          if (user instanceof Error) throw user;
          return user;
        },
        // questions are signed by the clock that is ahead
        now: () => Math.floor((Date.now() + aheadMs) / 1000),
      },
      port,
    );

  before(async () => {
    endpoint = await serveUsers();
    folder = await temporaryFolder();
    const file = join(folder, "wrapping-key");
    await makeKeyFile(file);
    const wrappingKeys = { key: { kind: "file", file }, formerKeys: [] } as const;
    database = await openScratchDatabase();
    http = await openTestService(database.url, {
      wrappingKeys,
      nowMs: () => Date.now() + aheadMs,
    });
    pool = openPool({ url: database.url });
    store = sourceStore(pool);
    source = await store.add({
      domain: DOMAIN,
      settings: {
        kind: "http",
        endpoint: `${endpoint.origin}/signpost`,
        network: "127.0.0.1/32",
        publicKey,
      },
      freshMs: 1000,
    });
    const place = { url: database.url, pooler: "none" } as const;
    const secrets = await openSecrets([registry], place, wrappingKeys);
    await sourceSecrets(pool, secrets.of(registry), sourceSecretMigrations).keep(
      source.id,
      signingKey,
    );
    await secrets.close();
    profiles = await profilesOf(wallet, 2);
    aheadMs += 1_100; // which sources there are is known for a second
  });
  after(async () => {
    await pool.end();
    await http.stop();
    await database.close();
    await endpoint.close();
    await removeFolder(folder);
  });

  /** The signed answer, or the status of the refusal. An earlier one may be a second old. */
  function text(label: string, key: string, domain = DOMAIN): Promise<unknown> {
    aheadMs += 1_050;
    return signedText(http, `${label}.${domain}`, key);
  }
  const profileOf = (label: string) => text(label, "network.dm3.profile");
  const user = (index: number, texts = {}) => ({
    wallet: wallet.address,
    profile: JSON.stringify(profiles[index]),
    texts,
  });

  it("answers a user as soon as there is one, and an absent one by a signed empty answer", async () => {
    expect(await profileOf("alice")).to.equal("");
    users.set("alice", user(0, { url: "https://example.com/alice" }));
    expect(await profileOf("alice")).to.equal(encodeProfileRecord(profiles[0]!));
    expect(await text("alice", "url")).to.equal("https://example.com/alice");
    users.delete("alice");
    expect(await profileOf("alice")).to.equal("");
  });

  it("never brings an earlier profile back", async () => {
    users.set("bob", user(0));
    expect(await profileOf("bob")).to.equal(encodeProfileRecord(profiles[0]!));
    users.set("bob", user(1));
    expect(await profileOf("bob")).to.equal(encodeProfileRecord(profiles[1]!));
    users.set("bob", user(0));
    expect(await profileOf("bob")).to.equal("");
    const noted = await store.problems.list(source.id, null, 10);
    expect(noted.map(({ name, kind }) => `${name} ${kind}`)).to.deep.equal([
      `bob.${DOMAIN} earlierProfile`,
    ]);
  });

  it("says 503 for the one user at whom the service fails, and answers for others", async () => {
    users.set("carol", user(0));
    users.set("broken", new Error("no database"));
    for (let index = 0; index < 12; index++) {
      expect(await profileOf("broken")).to.equal(503);
      expect(await profileOf("carol")).to.equal(encodeProfileRecord(profiles[0]!));
    }
  });

  it("says 503 for a member that is misspelt, never absent", async () => {
    users.set("dave", { walet: wallet.address });
    expect(await profileOf("dave")).to.equal(503);
  });

  it("says 503 for a row that says nothing of its label, and 200 for a user without records", async () => {
    users.set("erin", { label: "carol", wallet: wallet.address });
    expect(await profileOf("erin")).to.equal(503);
    users.set("erin", {});
    expect(await profileOf("erin")).to.equal("");
  });

  it("says 503 while the endpoint is away, never absent, and goes on afterwards", async () => {
    users.set("frank", user(0));
    expect(await profileOf("frank")).to.equal(encodeProfileRecord(profiles[0]!));
    await endpoint.close();
    for (let index = 0; index < 10; index++) {
      expect(await profileOf("frank")).to.equal(503);
      expect(await profileOf("nobody")).to.equal(503);
    }
    // another domain of the same service
    expect(await text("somebody", "url", NESTED_DOMAIN)).to.equal("");
    endpoint = await serveUsers(Number(new URL(endpoint.origin).port));
    expect(await profileOf("frank")).to.equal(encodeProfileRecord(profiles[0]!));
  });

  it("says 503 where the source cannot be asked as it is configured", async () => {
    await store.add({
      domain: NESTED_DOMAIN,
      settings: { kind: "http", endpoint: "https://10.0.0.1/", network: null, publicKey },
      freshMs: 1000,
    });
    aheadMs += 1_100;
    expect(await text("somebody", "url", NESTED_DOMAIN)).to.equal(503);
    expect(await profileOf("frank")).to.equal(encodeProfileRecord(profiles[0]!));
  });
});
