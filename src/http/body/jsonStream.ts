/**
 * JSON that is read while it comes, so that no body holds up the process for longer than one chunk of it does, and what
 * it may build is bounded while it is built. `JSON.parse` takes half a second for 9 MB of empty lists, and a gigabyte for
 * 15 MB of opening brackets.
 */
import { JSONParser, TokenType } from "@streamparser/json";
import { unreadableBody } from "./unreadableBody.js";

/** The records of a name in a batch are six levels deep. */
const MOST_LEVELS = 32;

/** Ten thousand names with a profile and ten texts each have about a million. Each takes up to 40 bytes of memory. */
const MOST_TOKENS = 2_000_000;

export interface JsonStream {
  /** Throws INVALID_REQUEST. */
  write(chunk: Uint8Array): void;
  /** The whole value. Throws INVALID_REQUEST when it is not whole. */
  end(): unknown;
}

export function jsonStream(): JsonStream {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  const parser = new JSONParser({ paths: ["$"] });
  let value: unknown;
  let levels = 0;
  let tokens = 0;
  let before: unknown;

  parser.onValue = (found) => {
    value = found.value;
  };
  parser.onToken = ({ token, value: text }) => {
    if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) levels++;
    if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) levels--;
    tokens++;
    if (levels > MOST_LEVELS || tokens > MOST_TOKENS) throw new Error("The JSON is too large.");
    // the parser would make it the prototype of its object
    if (token === TokenType.COLON && before === "__proto__") throw new Error("No such member.");
    before = token === TokenType.STRING ? text : null;
  };
  const read = (step: () => void) => {
    try {
      step();
    } catch {
      throw unreadableBody();
    }
  };

  return {
    write: (chunk) => {
      read(() => {
        parser.write(utf8.decode(chunk, { stream: true }));
      });
    },
    end: () => {
      read(() => {
        parser.write(utf8.decode());
        if (!parser.isEnded) parser.end();
      });
      return value;
    },
  };
}
