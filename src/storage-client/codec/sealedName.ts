/**
 * Names as a dm3 storage keeps them: sealed so that one name always gives the same text, by which the server finds a conversation
 * again without knowing whose it is. So dm3's clients do it, and so it has to be done for their conversations to be found:
 *
 *   nonce  = first 12 bytes of SHA-256(account name)
 *   sealed = ChaCha20-Poly1305(private encryption key, nonce, UTF-8 of the text and one byte 0x80)
 *   text   = base64 of the canonical JSON of {ciphertext: base64, nonce: 0x hex}
 *
 * One key and one nonce for all names hides less than it seems: whoever knows one name of an account reads the others, as far as the
 * known one is long, and can make further ones (docs/sdk-storage.md). Nothing that has to be secret is sealed by it.
 */
import { fromHex, toHex } from "../../abi/hex.js";
import { sha256OfText } from "../../abi/sha256.js";
import { decodeUtf8 } from "../../abi/utf8.js";
import { decodeBase64, encodeBase64 } from "../../dm3/base64.js";
import type { CryptoEngine } from "../../dm3/crypto/cryptoEngine.js";

/** Of one account. */
export interface NameSeal {
  seal(text: string): Promise<string>;
  /** Null for what was not sealed by the same key. */
  open(sealed: string): Promise<string | null>;
}

const NONCE_BYTES = 12;
const NONCE = /^0x[0-9a-fA-F]{24}$/;
/** ISO/IEC 7816-4 padding in blocks of one byte: never anything but its mark. */
const MARK = 0x80;
/** Of what is opened, in characters: several of the longest names there are. */
const LONGEST_SEALED = 16_384;

/**
 * @param privateKey 32 bytes: the private encryption key of the profile
 * @param account the name of the account in normal form
 */
export function nameSeal(engine: CryptoEngine, privateKey: Uint8Array, account: string): NameSeal {
  const nonce = sha256OfText(account).slice(0, NONCE_BYTES);
  return {
    async seal(text) {
      const bytes = new TextEncoder().encode(text);
      const marked = new Uint8Array(bytes.length + 1);
      marked.set(bytes);
      marked[bytes.length] = MARK;
      const ciphertext = encodeBase64(await engine.seal(privateKey, nonce, marked));
      // nothing in these has to be escaped, and this is their canonical order
      const json = `{"ciphertext":"${ciphertext}","nonce":"${toHex(nonce)}"}`;
      return encodeBase64(new TextEncoder().encode(json));
    },
    async open(sealed) {
      const read = sealed.length > LONGEST_SEALED ? null : readSealed(sealed);
      if (read === null) return null;
      const opened = await engine.open(privateKey, read.nonce, read.ciphertext);
      if (opened?.at(-1) !== MARK) return null;
      try {
        return decodeUtf8(opened.subarray(0, -1));
      } catch {
        return null;
      }
    },
  };
}

function readSealed(text: string): { ciphertext: Uint8Array; nonce: Uint8Array } | null {
  try {
    const { ciphertext, nonce } = Object(JSON.parse(decodeUtf8(decodeBase64(text)))) as {
      readonly ciphertext?: unknown;
      readonly nonce?: unknown;
    };
    if (typeof ciphertext !== "string" || typeof nonce !== "string") return null;
    if (!NONCE.test(nonce)) return null;
    return { ciphertext: decodeBase64(ciphertext), nonce: fromHex(nonce) };
  } catch {
    return null;
  }
}
