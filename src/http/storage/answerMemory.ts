/** Memory of answers, used again when its client has taken one. */
import type { ServerResponse } from "node:http";
import { BLOCK_BYTES, memoryOf } from "../body/usedAgain.js";

/** So many bytes, whatever is in them, until the answer has left or its client is gone. */
export function memoryFor(response: ServerResponse, length: number): Buffer {
  const { bytes, giveBack } = memoryOf(length);
  response.once("close", giveBack);
  return bytes;
}

export interface AnswerText {
  /** @param isAscii whether its characters are a byte each */
  readonly add: (text: string, isAscii: boolean) => void;
  readonly bytes: () => Buffer;
}

/**
 * A text that becomes longer, of which nobody knows how long it will be. What is added when its client is gone is nothing: the
 * memory is another one's then.
 */
export function answerText(response: ServerResponse): AnswerText {
  let memory = memoryFor(response, BLOCK_BYTES);
  let length = 0;
  let isTheirs = true;
  response.once("close", () => {
    isTheirs = false;
  });
  const makeRoom = (most: number) => {
    if (length + most <= memory.length) return;
    const larger = Buffer.allocUnsafe(2 * (length + most));
    memory.copy(larger, 0, 0, length);
    memory = larger;
  };
  return {
    add: (text, isAscii) => {
      if (!isTheirs) return;
      makeRoom(isAscii ? text.length : Buffer.byteLength(text));
      length += memory.write(text, length, isAscii ? "latin1" : "utf8");
    },
    bytes: () => memory.subarray(0, length),
  };
}
