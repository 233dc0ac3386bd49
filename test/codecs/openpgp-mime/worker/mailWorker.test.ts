import { MessageChannel, Worker } from "node:worker_threads";
import { expect } from "chai";
import {
  type MailWorker,
  mailWorker,
} from "../../../../src/codecs/openpgp-mime/worker/mailWorker.js";
import { expectRejection } from "../../../expectError.js";
import { MailUser, newText } from "../mailUser.js";

describe("the codec in a worker", () => {
  let worker: Worker;
  let codec: MailWorker;
  let carol: MailUser;
  let bob: MailUser;

  before(async () => {
    const { port1, port2 } = new MessageChannel();
    const program = new URL("mailWorkerProgram.ts", import.meta.url).href;
    worker = new Worker(
      `import("tsx/esm/api").then(({ register }) => { register(); return import(${JSON.stringify(program)}); });`,
      {
        ...{ eval: true, workerData: { port: port2 }, transferList: [port2] },
      },
    );
    codec = mailWorker(port1 as never);
    [carol, bob] = (await Promise.all(
      ["carol.eth@mail.test", "bob@mail.test"].map((one) => MailUser.make(one)),
    )) as [MailUser, MailUser];
  });
  after(() => worker.terminate());

  const write = () =>
    codec.encodeMail(
      {
        ...{ from: carol.address, to: [bob.address], dateMs: 1, content: newText("hello") },
        messageId: "<a@mail.test>",
      },
      { privateKey: carol.key.privateKey, certificates: [bob.certificate] },
    );
  const reader = (known: readonly Uint8Array[]) => ({
    ...{ privateKeys: [bob.key.privateKey], ownAddresses: [bob.address] },
    senders: { ofAddress: () => Promise.resolve(known), isKnown: () => Promise.resolve(true) },
  });

  it("writes and reads, and asks the app whom it knows", async () => {
    const entity = await write();
    const [known, moved] = await Promise.all([
      codec.decodeMail(entity, reader([carol.certificate])),
      codec.decodeMail(entity, reader([])),
    ]);
    expect(known.content).to.deep.equal(newText("hello"));
    expect([known.signer.is, moved.signer.is]).to.deep.equal(["known", "moved"]);
  });

  it("refuses with the same codes and details", async () => {
    const entity = await write();
    const wrong = codec.decodeMail(entity, reader([bob.certificate]));
    const error = await expectRejection(wrong, "CHANGED_CERTIFICATE", /another key/);
    expect(error.details["known"]).to.deep.equal([bob.key.fingerprint]);
    const failing = {
      ...reader([]),
      senders: {
        ...reader([]).senders,
        ofAddress: () => Promise.reject(new Error("the store is gone")),
      },
    };
    await expectRejection(codec.decodeMail(entity, failing), "INTERNAL", /store is gone/);
  });
});
