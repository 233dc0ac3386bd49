/**
 * The codec in a worker, so that a page stays quick while a mail of some megabytes is written or read.
 *
 *   worker.ts   serveMailWorker(self);
 *   page.ts     const { encodeMail, decodeMail } = mailWorker(new Worker("worker.js", { type: "module" }));
 */
import { type DecodedMail, decodeMail, type MailReader } from "../decodeMail.js";
import { encodeMail, type MailKeys } from "../encodeMail.js";
import type { NewMail } from "../innerEntity.js";
import { connectCalls, type WorkerPort } from "./calls.js";

export interface MailWorker {
  /** As `encodeMail`. */
  readonly encodeMail: (mail: NewMail, keys: MailKeys) => Promise<Uint8Array>;
  /** As `decodeMail`; the reader's `senders` stay on this side, and are asked. */
  readonly decodeMail: (mail: Uint8Array, reader: MailReader) => Promise<DecodedMail>;
}

/** In the worker: answers the other side from now on. */
export function serveMailWorker(port: WorkerPort): void {
  const call = connectCalls(port, {
    encode: (mail: NewMail, keys: MailKeys) => encodeMail(mail, keys),
    decode: (mail: Uint8Array, reader: Omit<MailReader, "senders">, id: number) =>
      decodeMail(mail, {
        ...reader,
        senders: {
          ofAddress: async (address) =>
            (await call("ofAddress", id, address)) as readonly Uint8Array[],
          isKnown: async (fingerprint) => (await call("isKnown", id, fingerprint)) as boolean,
        },
      }),
  });
}

/** On the app's side. */
export function mailWorker(port: WorkerPort): MailWorker {
  const readers = new Map<number, MailReader["senders"]>();
  let last = 0;
  const call = connectCalls(port, {
    ofAddress: async (id: number, address: string) =>
      (await readers.get(id)?.ofAddress(address)) ?? [],
    isKnown: async (id: number, fingerprint: string) =>
      (await readers.get(id)?.isKnown(fingerprint)) ?? false,
  });
  return {
    encodeMail: async (mail, keys) => (await call("encode", mail, keys)) as Uint8Array,
    decodeMail: async (mail, { senders, ...reader }) => {
      const id = ++last;
      readers.set(id, senders);
      try {
        return (await call("decode", mail, reader, id)) as DecodedMail;
      } finally {
        readers.delete(id);
      }
    },
  };
}
