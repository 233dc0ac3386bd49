/**
 * `npm run demo -- --dm3-client`: what dm3's web client does from its start to a first message, with the environment that the
 * demo prints and dm3's own libraries. The order and the requests are those of its messenger-widget (useAuth.ts,
 * ServerSideConnector.ts, _useMainnetProvider.tsx, useStorage.tsx; dm3-org/dm3 5da0cafd). Then our own messenger shows what it kept.
 */
import {
  createStorageKey,
  encryptAsymmetric,
  getStorageKeyCreationMessage,
  sign,
} from "@dm3-org/dm3-lib-crypto";
import {
  buildEnvelop,
  createJsonRpcCallSubmitMessage,
  createMessage,
  decryptEnvelop,
  type EncryptionEnvelop,
} from "@dm3-org/dm3-lib-messaging";
import {
  createProfileKeys,
  type DeliveryServiceProfile,
  formatAddress,
  getDeliveryServiceProfile,
  getProfileCreationMessage,
  getUserProfile,
  normalizeEnsName,
  type ProfileKeys,
  type SignedUserProfile,
} from "@dm3-org/dm3-lib-profile";
import { sha256, stringify, Web3ProviderCacheFactory } from "@dm3-org/dm3-lib-shared";
import { expect } from "chai";
import { Wallet } from "ethers";
import { providers } from "ethers5";
import { io } from "socket.io-client";
import { createMessenger, openMessageKeys } from "../../src/sdk/messagesNode.js";
import { createStorage } from "../../src/sdk/storageNode.js";
import { type ChildProgram, removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { stockContainer, stockStorage } from "../storage-client/stockStorage.js";

const CONFIG = new URL("../../hardhat.config.ts", import.meta.url).pathname;

interface User {
  readonly wallet: ReturnType<typeof Wallet.createRandom>;
  readonly ensName: string;
  readonly keys: ProfileKeys;
  readonly signed: SignedUserProfile;
  /** Of the sign-up. */
  readonly token: string;
}

describe("e2e: the demo for dm3's own client", function () {
  this.timeout(360_000);
  let folder: string;
  let demo: ChildProgram;
  let settings: Readonly<Record<string, string>>;
  /** As dm3's libraries take it: their ethers is another copy. */
  let provider: Parameters<typeof getUserProfile>[0];
  let relayNode: DeliveryServiceProfile;

  before(async () => {
    folder = await temporaryFolder();
    demo = startProgram("scripts/demo.ts", ["--dm3-client"], {
      cwd: folder,
      settings: { HARDHAT_CONFIG: CONFIG },
    });
    await demo.printed(/Everything stays up/, 90_000);
    const lines = demo.output().matchAll(/^(REACT_APP_\w+)=(.*)$/gm);
    settings = Object.fromEntries(Array.from(lines, ([, name = "", value = ""]) => [name, value]));
    const ens = "0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e";
    expect(setting("CHAIN_ID")).to.equal("11155111");
    const sepolia = new providers.JsonRpcProvider(setting("MAINNET_PROVIDER_RPC"), {
      ...{ name: "sepolia", chainId: 11_155_111, ensAddress: ens },
    });
    provider = new Web3ProviderCacheFactory(sepolia as never).TTL();
  });
  after(async () => {
    demo.process.kill("SIGINT");
    await demo.ended;
    await removeFolder(folder);
  });

  const setting = (name: string) => settings[`REACT_APP_${name}`] ?? "";
  const json = async (url: string, init: RequestInit = {}) => {
    const response = await fetch(url, init);
    const text = await response.text();
    const data: unknown = /^["{[]/.test(text) ? JSON.parse(text) : text;
    return { status: response.status, data };
  };
  const post = (url: string, body: unknown) => {
    const headers = { "content-type": "application/json" };
    return json(url, { method: "POST", headers, body: JSON.stringify(body) });
  };

  async function signUp(): Promise<User> {
    const wallet = Wallet.createRandom();
    const ensName = normalizeEnsName(wallet.address + setting("ADDR_ENS_SUBDOMAIN"));
    expect(await getUserProfile(provider, ensName)).to.equal(undefined);
    const nonce = setting("NONCE");
    const keyMessage = getStorageKeyCreationMessage(nonce, wallet.address);
    const storageKey = await createStorageKey(await wallet.signMessage(keyMessage));
    const keys = await createProfileKeys(storageKey, nonce);
    const profile = {
      publicSigningKey: keys.signingKeyPair.publicKey,
      publicEncryptionKey: keys.encryptionKeyPair.publicKey,
      deliveryServices: [setting("DEFAULT_DELIVERY_SERVICE")],
    };
    const message = getProfileCreationMessage(stringify(profile), wallet.address);
    const signed = { profile, signature: await wallet.signMessage(message) };

    // 400, because the name leads nowhere yet; to the client all but 200 is "no account"
    expect((await json(`${relayNode.url}/profile/${ensName}`)).status).to.equal(400);
    const claimed = await post(`${setting("RESOLVER_BACKEND")}/profile/address`, {
      ...{ signedUserProfile: signed, address: wallet.address },
      subdomain: setting("ADDR_ENS_SUBDOMAIN").substring(1),
    });
    expect(claimed, JSON.stringify(claimed)).to.include({ status: 200 });
    const submitted = await post(`${relayNode.url}/profile/${ensName}`, signed);
    expect(submitted, JSON.stringify(submitted)).to.include({ status: 200 });
    return { wallet, ensName, keys, signed, token: submitted.data as string };
  }

  async function signIn({ ensName, keys }: User, base = relayNode.url): Promise<string> {
    const url = `${base}/auth/${ensName}`;
    const { data: challenge } = await json(url);
    const signature = await sign(keys.signingKeyPair.privateKey, challenge as string);
    const { status, data: token } = await post(url, { signature, challenge });
    expect(status, String(token)).to.equal(200);
    return token as string;
  }

  const incoming = async ({ ensName }: User, token: string) => {
    const url = `${relayNode.url}/delivery/messages/incoming/${ensName}`;
    const { status, data } = await json(url, { headers: { authorization: `Bearer ${token}` } });
    expect(status).to.equal(200);
    return data as readonly EncryptionEnvelop[];
  };

  let ann: User;
  let ben: User;

  it("has ENS and the relay node where the client looks for them", async () => {
    const found = await getDeliveryServiceProfile(
      setting("DEFAULT_DELIVERY_SERVICE"),
      provider,
      // only for profiles behind links
      () => Promise.resolve(undefined),
    );
    expect(found?.url).to.match(/^http:\/\/127\.0\.0\.1:\d+\/ds$/);
    relayNode = found!;
    expect((await fetch(`${relayNode.url}/hello`)).status).to.equal(200);
  });

  it("lets users sign up: their profile is in ENS, and the first token works", async () => {
    [ann, ben] = [await signUp(), await signUp()];
    for (const user of [ann, ben]) {
      expect(await getUserProfile(provider, user.ensName)).to.deep.equal(user.signed);
      expect(await incoming(user, user.token)).to.deep.equal([]);
    }
  });

  it("lets them take a name, which the client finds by their address", async () => {
    const dm3Name = `ann${setting("USER_ENS_SUBDOMAIN")}`;
    const backend = setting("RESOLVER_BACKEND");
    const claimed = await post(`${backend}/profile/name`, {
      ...{ dm3Name, addressName: ann.ensName },
      signature: await sign(ann.keys.signingKeyPair.privateKey, `alias: ${dm3Name}`),
    });
    expect(claimed, JSON.stringify(claimed)).to.include({ status: 200 });
    expect(await getUserProfile(provider, dm3Name)).to.deep.equal(ann.signed);
    expect(await provider.resolveName(dm3Name)).to.equal(ann.wallet.address);
    const { data } = await json(`${backend}/profile/name/${formatAddress(ann.wallet.address)}`);
    expect(data).to.deep.equal({ name: dm3Name });
  });

  it("brings a message live and by the mailbox, to a user who signed in by a challenge", async () => {
    const token = await signIn(ben);
    const socket = io(relayNode.url.replace("/ds", ""), {
      ...{ transports: ["websocket"], auth: { account: { ensName: ben.ensName }, token } },
    });
    try {
      await new Promise((resolve, reject) => {
        socket.on("authorized", resolve);
        socket.on("connect_error", reject);
      });
      const pushed = new Promise<EncryptionEnvelop>((resolve) => {
        socket.on("message", resolve);
      });
      const message = await createMessage(
        ...([ben.ensName, ann.ensName, "Hello Ben", ann.keys.signingKeyPair.privateKey] as const),
      );
      const { encryptedEnvelop } = await buildEnvelop(message, encryptAsymmetric, {
        to: { ensName: ben.ensName, profile: ben.signed.profile },
        from: { ensName: ann.ensName, profile: ann.signed.profile },
        ...{ deliverServiceProfile: relayNode, keys: ann.keys },
      });
      const call = createJsonRpcCallSubmitMessage(encryptedEnvelop, "");
      const sent = await post(`${relayNode.url}/rpc`, call);
      expect(sent, JSON.stringify(sent)).to.include({ status: 200 });
      const [kept] = await incoming(ben, token);
      for (const envelope of [kept!, await pushed]) {
        const opened = await decryptEnvelop(envelope, ben.keys.encryptionKeyPair);
        expect(opened.message.message).to.equal("Hello Ben");
      }
    } finally {
      socket.disconnect();
    }
  });

  it("keeps the client's conversations, which our messenger shows as well", async () => {
    const backend = setting("BACKEND");
    // to the client all but 200 is "no account"
    expect((await json(`${backend}/profile/${ann.ensName}`)).status).to.equal(404);
    const { data: first } = await post(`${backend}/profile/${ann.ensName}`, ann.signed);
    const kept = stockStorage(ann.keys, ann.ensName);
    const route = (what: string) => `${backend}/storage/new/${ann.ensName}/${what}`;
    let token = first as string;
    const asked = async (what: string, body?: object): Promise<unknown> => {
      const ask = () =>
        json(route(what), {
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
        });
      let answer = await ask();
      if (answer.status === 401) {
        token = await signIn(ann, backend);
        answer = await ask();
      }
      expect(answer.status, `${what}: ${JSON.stringify(answer.data)}`).to.equal(200);
      return answer.data;
    };
    expect(await asked("getConversations?pageSize=10&offset=0")).to.deep.equal([]);
    expect(await asked("getHaltedMessages/")).to.deep.equal([]);

    const { privateKey } = ann.keys.signingKeyPair;
    const message = await createMessage(
      ben.ensName,
      ann.ensName,
      "kept by dm3's client",
      privateKey,
    );
    const encryptedContactName = await kept.sealName(ben.ensName);
    const location = await kept.sealName(stringify([ben.ensName]));
    await asked("addConversation", { encryptedContactName, encryptedProfileLocation: location });
    await asked("addMessage", {
      ...{ encryptedContactName, createdAt: Date.now(), isHalted: false },
      messageId: sha256(stringify(message)),
      encryptedEnvelopContainer: await kept.sealContainer(stockContainer(message)),
    });

    const storageKey = Buffer.from(ann.keys.storageEncryptionKey, "base64");
    const storage = createStorage({
      ...{ url: backend, keys: storageKey },
      addressDomain: setting("ADDR_ENS_SUBDOMAIN"),
    });
    const ours = createMessenger({
      ...{ name: ann.ensName, keys: await openMessageKeys(storageKey), storage },
      ...{ rpc: setting("MAINNET_PROVIDER_RPC"), universalResolver: null, allowLoopback: true },
    });
    try {
      const shown: (readonly unknown[])[] = [];
      for await (const { contact, name } of storage.conversations()) {
        for await (const { content, isOwn, signature } of storage.messages(contact)) {
          shown.push([contact, name, content.type === "NEW" && content.text, isOwn, signature]);
        }
      }
      expect(shown).to.deep.equal([
        [ben.ensName, ben.ensName, "kept by dm3's client", true, "passed"],
      ]);
      const { id } = await ours.send(ben.ensName, "kept by ours");
      expect((await ours.settled(id)).state).to.equal("accepted");
      await storage.settled();
    } finally {
      await ours.stop();
    }
    const rows = (await asked(
      `getMessages/${encryptedContactName}?pageSize=100&offset=0`,
    )) as string[];
    const texts = rows.map(async (row) => {
      const { encryptedEnvelopContainer } = JSON.parse(row) as Record<string, string>;
      const container = await kept.openContainer(encryptedEnvelopContainer!);
      return (container["envelop"] as { message: { message: string } }).message.message;
    });
    expect(await Promise.all(texts)).to.deep.equal(["kept by ours", "kept by dm3's client"]);
  });

  it("says where the client is, and what an app of one's own needs", () => {
    expect(demo.output())
      .to.match(/messenger-web/)
      .and.to.match(/docs\/sdk-storage\.md/);
  });
});
