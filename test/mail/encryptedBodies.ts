/** Bodies of encrypted mails, each with a text that it stands for: whoever gets a body whole finds the text again. */
import { createHash, randomBytes } from "node:crypto";
import { armoredFor, encryptedBody, openPgpUser } from "./mails.js";

export interface EncryptedBodies {
  /** @param bytes about so long, where it is longer than it has to be */
  readonly of: (text: string, bytes?: number) => Promise<string>;
  /** Exactly so long, from 3,000 bytes on. */
  readonly exactly: (text: string, bytes: number) => Promise<string>;
  /** Throws for a body in which a byte is another one. */
  readonly textOf: (body: string) => string;
}

const USUAL = "PGP/MIME version identification";
/** What an armor adds to each byte of what is encrypted, at least. */
const ARMOR = 4 / 3;
const ROOM = 1_500;

export async function encryptedBodies(): Promise<EncryptedBodies> {
  const { publicKey } = await openPgpUser("somebody@mail.test");
  const armored = new Map<number, Promise<string>>();
  const texts = new Map<string, string>();

  /** One for each length is enough: a description that is not encrypted makes bodies different. */
  function armorOf(length: number): Promise<string> {
    const known = armored.get(length);
    if (known !== undefined) return known;
    const made = armoredFor(publicKey, randomBytes(Math.ceil(length / 2)).toString("hex"));
    armored.set(length, made);
    return made;
  }

  async function make(text: string, length: number, total: number | null): Promise<string> {
    const mark = createHash("sha256").update(text).digest("hex");
    const plain = encryptedBody(await armorOf(length)).replace(USUAL, mark);
    const filler = total === null ? "" : "x".repeat(total - plain.length);
    const body = plain.replace(mark, mark + filler);
    texts.set(body, text);
    return body;
  }

  return {
    of: (text, bytes = 0) => make(text, Math.max(10, Math.floor((bytes - ROOM) / 1.4)), null),
    exactly: async (text, bytes) => {
      let length = Math.floor((bytes - ROOM) / ARMOR);
      for (;;) {
        const { length: made } = encryptedBody(await armorOf(length));
        if (bytes - made >= 100 && bytes - made < 800) return make(text, length, bytes);
        length += Math.floor((bytes - made - 450) / ARMOR);
      }
    },
    textOf: (body) => {
      const text = texts.get(body);
      if (text === undefined) throw new Error("The body did not arrive whole.");
      return text;
    },
  };
}
