/** Memory of answers, used again when its client has taken one. */
import type { ServerResponse } from "node:http";
import { BLOCK_BYTES, memoryOf } from "../body/usedAgain.js";

/** So many bytes, whatever is in them, until the answer has left or its client is gone; to be filled and sent at once. */
export function memoryFor(response: ServerResponse, length: number): Buffer {
  const { bytes, giveBack } = memoryOf(length);
  whenLeft(response, giveBack);
  return bytes;
}

/** When the answer has left or its client is gone; an answer that is closed tells so no more. */
function whenLeft(response: ServerResponse, giveBack: () => void): void {
  if (response.closed) giveBack();
  else response.once("close", giveBack);
}

export interface AnswerText {
  /** @param isAscii whether its characters are a byte each */
  readonly add: (text: string, isAscii: boolean) => void;
  readonly bytes: () => Buffer;
  /** Others get the memory when this answer has left or its client is gone; to be called when nothing is added any more. */
  readonly leaveTo: (response: ServerResponse) => void;
  /** Others get it now: nothing is added any more, and nothing was sent. */
  readonly giveBack: () => void;
}

/**
 * A text that becomes longer, of which nobody knows how long it will be. Whoever adds to it may go on after its client is gone, and after
 * an error. So its memory is nobody else's until it is said that the text is done, and where that is never said, it is not used again.
 */
export function answerText(): AnswerText {
  const { bytes: first, giveBack } = memoryOf(BLOCK_BYTES);
  let memory = first;
  let length = 0;
  const makeRoom = (most: number) => {
    if (length + most <= memory.length) return;
    const larger = Buffer.allocUnsafe(2 * (length + most));
    memory.copy(larger, 0, 0, length);
    memory = larger;
  };
  return {
    add: (text, isAscii) => {
      makeRoom(isAscii ? text.length : Buffer.byteLength(text));
      length += memory.write(text, length, isAscii ? "latin1" : "utf8");
    },
    bytes: () => memory.subarray(0, length),
    leaveTo: (response) => {
      whenLeft(response, giveBack);
    },
    giveBack,
  };
}
