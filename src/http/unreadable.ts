/**
 * What a client gets that does not speak HTTP well enough to be heard: Node would answer it by a bare status, which a
 * web page cannot read, and which says nothing.
 */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { SignpostError } from "../errors.js";

interface Unreadable {
  readonly status: string;
  readonly error: SignpostError;
}

/** By Node's code of the error; everything else is malformed. */
const BY_CODE: Readonly<Record<string, Unreadable>> = {
  HPE_HEADER_OVERFLOW: {
    status: "431 Request Header Fields Too Large",
    error: new SignpostError(
      "TOO_LARGE",
      "URL and headers are more than 16 KiB together; send long call data by POST.",
    ),
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: "408 Request Timeout",
    error: new SignpostError("INVALID_REQUEST", "The request did not come in time; send it again."),
  },
};

const MALFORMED: Unreadable = {
  status: "400 Bad Request",
  error: new SignpostError("INVALID_REQUEST", "This is no HTTP request; send a well-formed one."),
};

/** A listener of `clientError`: answers, unless an answer is on its way already, and closes the connection. */
export function answerUnreadable({ code = "" }: NodeJS.ErrnoException, socket: Socket): void {
  // as Node's own answer does: what is half written cannot be followed by another one
  const { _httpMessage: answer } = socket as Socket & { _httpMessage?: ServerResponse | null };
  if (!socket.writable || answer?.headersSent === true) {
    socket.destroy();
    return;
  }
  const { status, error } = BY_CODE[code] ?? MALFORMED;
  const body = JSON.stringify({ code: error.code, message: error.message });
  const head = [
    `HTTP/1.1 ${status}`,
    "connection: close",
    "access-control-allow-origin: *",
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
