import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { type Contract, encryptKeystoreJson, type HDNodeWallet } from "ethers";
import { expectRejection } from "../../expectError.js";
import { type AdminWorld, fundedWallet, newAddress, startAdminWorld } from "./adminWorld.js";
import { runResolver } from "./runResolver.js";

const PASSPHRASE = "correct horse battery staple";
/** Quick to open, where a real keystore takes a second. */
const QUICK = { scrypt: { N: 1024, r: 8, p: 1 } };

describe("signpost resolver: keys, questions and confirmations", () => {
  let world: AdminWorld;
  let contract: Contract;
  let resolver: string;
  let wallet: HDNodeWallet;
  let folder: string;
  let keystore: string;
  let passphraseFile: string;

  before(async () => {
    world = await startAdminWorld();
    contract = await world.deploy();
    resolver = await contract.getAddress();
    wallet = await fundedWallet(world.chain);
    await (await contract.getFunction("transferOwnership").send(wallet.address)).wait();
    const asNewOwner = contract.connect(wallet.connect(world.chain.provider));
    await (await asNewOwner.getFunction("acceptOwnership").send()).wait();
    folder = await mkdtemp(join(tmpdir(), "signpost-admin-"));
    keystore = join(folder, "owner.json");
    passphraseFile = join(folder, "passphrase");
    await writeFile(
      keystore,
      await encryptKeystoreJson(
        { address: wallet.address, privateKey: wallet.privateKey },
        PASSPHRASE,
        QUICK,
      ),
    );
    await writeFile(passphraseFile, `${PASSPHRASE}\n`);
  });
  afterEach(() => delete process.env["ADMIN_PRIVATE_KEY"]);
  after(async () => {
    await rm(folder, { recursive: true });
    await world.stop();
  });

  const addSigner = () => ["signers", "add", newAddress(), "--resolver", resolver];
  const signerCount = async () => ((await contract.getFunction("signers")()) as string[]).length;
  const nonce = () => world.chain.provider.getTransactionCount(wallet.address);

  it("opens a keystore with a passphrase file", async () => {
    const before = await signerCount();
    const { out } = await world.run(
      ...addSigner(),
      "--keystore",
      keystore,
      "--passphrase-file",
      passphraseFile,
      "--yes",
    );
    expect(out).to.match(new RegExp(`sent by +${wallet.address}`));
    expect(await signerCount()).to.equal(before + 1);
  });

  it("asks for the passphrase without showing it, and then for a yes", async () => {
    const before = await signerCount();
    const answers = { "Passphrase of the keystore": PASSPHRASE, "[y/N]": "y" };
    const { out, err, exitStatus } = await world.runAsking(
      answers,
      ...addSigner(),
      "--keystore",
      keystore,
    );
    expect(exitStatus).to.equal(0);
    expect(err)
      .to.match(/Passphrase of the keystore: \n/)
      .and.to.match(/Send this transaction\? \[y\/N\] /);
    expect(out + err).not.to.include(PASSPHRASE);
    expect(await signerCount()).to.equal(before + 1);
  });

  it("sends nothing without a yes; 1", async () => {
    process.env["ADMIN_PRIVATE_KEY"] = wallet.privateKey;
    const before = await nonce();
    for (const answer of ["", "n", "yes please", "Y E S"]) {
      const { out, exitStatus } = await world.runAsking({ "[y/N]": answer }, ...addSigner());
      expect(out).to.match(/Nothing was sent\.\n$/);
      expect(exitStatus).to.equal(1);
    }
    const { out } = await world.runAsking({ "[y/N]": "n" }, ...addSigner(), "--json");
    expect(JSON.parse(out)).to.deep.include({ outcome: "declined" });
    expect(await nonce()).to.equal(before);
  });

  it("takes the end of the input for a no", async () => {
    process.env["ADMIN_PRIVATE_KEY"] = wallet.privateKey;
    const before = await nonce();
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const onErr = (text: string) => {
      if (text.includes("[y/N]")) input.end();
    };
    const audience = { input, onErr };
    const { out, exitStatus } = await runResolver(world.chain.rpcUrl, addSigner(), audience);
    expect(out).to.match(/Nothing was sent\.\n$/);
    expect(exitStatus).to.equal(1);
    expect(await nonce()).to.equal(before);
  });

  it("does not wait for an answer where nobody can give one", async () => {
    process.env["ADMIN_PRIVATE_KEY"] = wallet.privateKey;
    await expectRejection(
      world.run(...addSigner()),
      "INVALID_REQUEST",
      /there is no terminal to ask on\. Use --yes/,
    );
    delete process.env["ADMIN_PRIVATE_KEY"];
    await expectRejection(
      world.run(...addSigner(), "--keystore", keystore, "--yes"),
      "INVALID_REQUEST",
      /no terminal to ask on\. Use --passphrase-file/,
    );
  });

  it("takes exactly one account", async () => {
    const [account] = world.accounts;
    await expectRejection(
      world.run(...addSigner(), "--yes"),
      "INVALID_REQUEST",
      /No account is given\. Use --keystore .* ADMIN_PRIVATE_KEY .* --propose/,
    );
    await expectRejection(
      world.run(...addSigner(), "--yes", "--keystore", keystore, "--rpc-account", account!),
      "INVALID_REQUEST",
      /More than one account is given \(--keystore, --rpc-account\)/,
    );
    process.env["ADMIN_PRIVATE_KEY"] = wallet.privateKey;
    await expectRejection(
      world.run(...addSigner(), "--yes", "--rpc-account", account!),
      "INVALID_REQUEST",
      /--rpc-account, ADMIN_PRIVATE_KEY in the environment/,
    );
  });

  it("refuses an account that is not the owner's, one that the node lacks, and one without ether", async () => {
    await expectRejection(
      world.run(...addSigner(), "--yes", "--rpc-account", world.accounts[1]!),
      "TRANSACTION_REFUSED",
      new RegExp(`only ${wallet.address} can do this`),
    );
    await expectRejection(
      world.run(...addSigner(), "--yes", "--rpc-account", wallet.address),
      "INVALID_REQUEST",
      /The RPC node has no account 0x.* offers 20 accounts/,
    );
    const balance = await world.chain.provider.getBalance(wallet.address);
    process.env["ADMIN_PRIVATE_KEY"] = wallet.privateKey;
    await world.chain.provider.send("hardhat_setBalance", [wallet.address, "0x64"]);
    await expectRejection(
      world.run(...addSigner(), "--yes"),
      "TRANSACTION_REFUSED",
      /has 0\.0000000000000001 ETH, and the transaction can cost up to [\d.]+ ETH/,
    );
    await world.chain.provider.send("hardhat_setBalance", [
      wallet.address,
      `0x${balance.toString(16)}`,
    ]);
  });

  it("keeps passphrases and keys out of everything it says", async () => {
    const key = wallet.privateKey.slice(2);
    const wrong = `wrong ${PASSPHRASE}`;
    const said: string[] = [];
    const failing = async (...args: string[]) => {
      const error = await expectRejection(
        world.run(...addSigner(), "--yes", ...args),
        ["INVALID_REQUEST", "INVALID_CONFIGURATION"],
        /passphrase is wrong|ADMIN_PRIVATE_KEY is not a private key|There is no keystore/,
      );
      said.push(error.message, error.stack ?? "", JSON.stringify(error), String(error.cause));
    };
    await writeFile(join(folder, "wrong"), wrong);
    await failing("--keystore", keystore, "--passphrase-file", join(folder, "wrong"));
    await failing("--keystore", passphraseFile, "--passphrase-file", passphraseFile);
    await failing("--keystore", join(folder, "absent"));
    for (const malformed of [key, `${key}00`, `0x${key}00`, `0x${"f".repeat(64)}`]) {
      process.env["ADMIN_PRIVATE_KEY"] = malformed;
      await failing();
    }
    process.env["ADMIN_PRIVATE_KEY"] = wallet.privateKey;
    const { out, err } = await world.run(...addSigner(), "--yes", "--json");
    said.push(out, err);
    for (const secret of [key, key.toUpperCase(), PASSPHRASE, "f".repeat(64)]) {
      expect(said.join("\n")).not.to.include(secret);
    }
    expect(out).to.include('"changed"');
  });

  it("waits for as many confirmations as it is asked to, and says how many there are", async () => {
    process.env["ADMIN_PRIVATE_KEY"] = wallet.privateKey;
    const { err } = await world.run(...addSigner(), "--yes", "--confirmations", "2");
    // the next block may come before it looks for the first time
    const told = [...err.matchAll(/^ {2}(\d) of 2 confirmations$/gm)].map(([, reached]) => reached);
    expect(["0,1,2", "1,2", "0,2", "2"]).to.include(told.join());
    expect(err).to.match(/ {2}2 of 2 confirmations\n$/);
  });
});
