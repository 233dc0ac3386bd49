/** A signer that is read again while the service goes on, fails, or ends. */
import { expect } from "chai";
import { reloadableSigner } from "../../../src/capabilities/registry/signerReload.js";
import { checksumAddress } from "../../../src/ens/address.js";
import { localGatewaySigner } from "../../../src/gateway/gatewaySigner.js";
import type { OpenSigner } from "../../../src/signer/openSigner.js";
import { bytes } from "../../db/sampleNames.js";

/** As undici's agents do, it refuses to be closed twice. */
function openSigner(name: string, byte: number) {
  const signer = localGatewaySigner(bytes(32, byte));
  let closes = 0;
  const opened: OpenSigner = {
    ...signer,
    description: name,
    close: () =>
      ++closes === 1 ? Promise.resolve() : Promise.reject(new Error("The client is destroyed")),
  };
  return { opened, closes: () => closes };
}

const takesAll = { switchSigner: () => Promise.resolve() };

describe("capabilities/registry/signerReload", () => {
  const lines: string[] = [];
  const levels: string[] = [];
  const tell = (line: string, level = "info") => {
    lines.push(line);
    levels.push(level);
  };
  beforeEach(() => (levels.length = lines.length = 0));

  it("is closed after the reload under way, and each signer once", async () => {
    const [first, second] = [openSigner("the first", 1), openSigner("the second", 2)];
    let answer: (signer: OpenSigner) => void = () => undefined;
    const open = () => new Promise<OpenSigner>((resolve) => (answer = resolve));
    const { reload, close } = reloadableSigner({ open, registry: takesAll, signer: first.opened });
    const reloading = reload(tell);
    await Promise.resolve();
    const events: string[] = [];
    const closing = close().then(() => events.push("closed"));
    await Promise.resolve();
    expect([first.closes(), second.closes()]).to.deep.equal([0, 0]);
    answer(second.opened);
    await reloading.then(() => events.push("reloaded"));
    await closing;
    expect(events).to.deep.equal(["reloaded", "closed"]);
    expect([first.closes(), second.closes()]).to.deep.equal([1, 1]);
  });

  it("opens nothing once it is closed", async () => {
    let opened = 0;
    const first = openSigner("the first", 1);
    const open = () => Promise.resolve((opened++, openSigner("the second", 2).opened));
    const { reload, close } = reloadableSigner({ open, registry: takesAll, signer: first.opened });
    const late = reload(tell);
    await Promise.all([close(), late, reload(tell)]);
    await reload(tell);
    expect(opened).to.equal(0);
    expect(first.closes()).to.equal(1);
  });

  it("tells of a signer that does not close, and reads again the next time", async () => {
    const first = openSigner("the first", 1);
    await first.opened.close();
    const [second, third] = [openSigner("the second", 2), openSigner("the third", 3)];
    const next = [second.opened, third.opened];
    const open = () => Promise.resolve(next.shift()!);
    const { reload, close } = reloadableSigner({ open, registry: takesAll, signer: first.opened });
    await reload(tell);
    await reload(tell);
    await close();
    const address = checksumAddress(first.opened.address);
    expect(lines[1]).to.equal(
      `The signer ${address} (the first) could not be closed: The client is destroyed`,
    );
    expect(lines[2]).to.match(/^The gatewaySigner is now .* \(the third\); it was .*the second/);
    expect([second.closes(), third.closes()]).to.deep.equal([1, 1]);
  });

  it("keeps its signer, and closes the other one, where a resolver does not take that", async () => {
    const [first, second] = [openSigner("the first", 1), openSigner("the second", 2)];
    await second.opened.close();
    const registry = { switchSigner: () => Promise.reject(new Error("no signer of it yet")) };
    const open = () => Promise.resolve(second.opened);
    const { reload, close } = reloadableSigner({ open, registry, signer: first.opened });
    await reload(tell);
    expect(lines[0]).to.match(/^The gatewaySigner stays .* \(the first\): no signer of it yet$/);
    expect(levels[0]).to.equal("warn");
    expect(lines[1]).to.match(/\(the second\) could not be closed/);
    expect([first.closes(), second.closes()]).to.deep.equal([0, 2]);
    await close();
    expect(first.closes()).to.equal(1);
  });

  it("reads again after a line could not be told", async () => {
    const first = openSigner("the first", 1);
    const next = [openSigner("the second", 2).opened, openSigner("the third", 3).opened];
    const open = () => Promise.resolve(next.shift()!);
    const { reload, close } = reloadableSigner({ open, registry: takesAll, signer: first.opened });
    const refused = await reload(() => {
      throw new Error("The disk is full");
    }).catch((error: unknown) => error);
    expect(refused).to.be.an("error");
    await reload(tell);
    expect(lines[0]).to.match(/^The gatewaySigner is now .* \(the third\)/);
    await close();
  });
});
