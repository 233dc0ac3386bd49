/** JSON-RPC: what is said to wrong calls, and whether the relay node survives them. */
import { failed, notApplicable, passed, warning } from "../../doctor/line.js";
import type { Check } from "../check.js";
import {
  type Answered,
  isOk,
  isRefused,
  membersOf,
  rpcErrorOf,
  statusOf,
  told,
} from "../exchange.js";
import type { RpcFacts } from "../facts/rpcFacts.js";
import { noneBroke } from "./findings.js";

const unknownMethod: Check<RpcFacts> = {
  id: "rpc-unknown-method",
  examine: ({ unknownMethod: exchange }) =>
    isRefused(exchange)
      ? passed(told(exchange))
      : failed(
          `a method that there is not: ${told(exchange)}`,
          "Answer 405 with the error -32601 (JSON-RPC 2.0, section 5.1).",
        ),
};

const noMethod: Check<RpcFacts> = {
  id: "rpc-no-method",
  examine: ({ noMethod: exchange }) =>
    isRefused(exchange)
      ? passed(told(exchange))
      : failed(
          `a call without a method: ${told(exchange)}`,
          "Answer 400 with the error -32600 (JSON-RPC 2.0, section 5.1).",
        ),
};

const errorForm: Check<RpcFacts> = {
  id: "rpc-errors",
  examine({ unknownMethod: exchange }) {
    const advice =
      'Answer {"jsonrpc":"2.0","id","error":{"code","message"}} with the id of the call (JSON-RPC 2.0, section 5).';
    const error = exchange.kind === "answered" ? rpcErrorOf(exchange) : null;
    if (error === null || !Number.isInteger(error["code"])) {
      return warning("errors are not those of JSON-RPC", advice);
    }
    return membersOf((exchange as Answered).json)["id"] === 7
      ? passed(`errors of JSON-RPC, such as ${String(error["code"])}`)
      : warning("errors do not bear the id of their call", advice);
  },
};

const atUrl: Check<RpcFacts> = {
  id: "rpc-at-url",
  examine: ({ atUrl: exchange }) =>
    isOk(exchange)
      ? passed("calls are answered at the URL itself as well")
      : warning(
          `a call at the URL itself, where DM3's specification puts it: ${told(exchange)}`,
          "Answer calls at the URL as at /rpc.",
        ),
};

const withSlash: Check<RpcFacts> = {
  id: "rpc-slash",
  examine: ({ withSlash: exchange }) =>
    isOk(exchange)
      ? passed("/rpc/ is /rpc")
      : warning(`a call at /rpc/: ${told(exchange)}`, "Answer paths with and without a slash."),
};

const extension: Check<RpcFacts> = {
  id: "profile-extension",
  examine({ extensionOfNobody: exchange }) {
    if (statusOf(exchange) === 405) {
      return warning(
        `dm3_getProfileExtension is no method here: ${told(exchange)}`,
        "Answer it: by it DM3's specification tells senders what a receiver takes.",
      );
    }
    return isRefused(exchange) || statusOf(exchange) === 503
      ? passed(told(exchange))
      : failed(
          `dm3_getProfileExtension of a name that nobody has: ${told(exchange)}`,
          "Answer 400 with the error -32001, or 503 while ENS cannot be read.",
        );
  },
};

const closedSchema: Check<RpcFacts> = {
  id: "closed-schema",
  examine: ({ extraField: exchange }) =>
    isRefused(exchange)
      ? passed(told(exchange))
      : failed(
          `an envelope with a field that there is not: ${told(exchange)}`,
          "Refuse it with 400 and the words invalid schema: by them senders try the other name of the hash.",
        ),
};

const oversize: Check<RpcFacts> = {
  id: "size-limit-kept",
  examine({ oversize: tried }) {
    if (tried === null) return notApplicable("sizeLimit is not told, or too long to try");
    return isRefused(tried.exchange)
      ? passed(`an envelope of ${tried.bytes} bytes is refused`)
      : failed(
          `an envelope of ${tried.bytes} bytes, one more than sizeLimit: ${told(tried.exchange)}`,
          "Refuse what is longer than sizeLimit.",
        );
  },
};

const bodyLimit: Check<RpcFacts> = {
  id: "body-limit",
  examine({ hugeBody }) {
    if (hugeBody === null) return notApplicable("sizeLimit is too long to try");
    const { bytes, exchange } = hugeBody;
    const isCut = exchange.kind === "unanswered" || exchange.status === 413;
    if (isCut) return passed(`a body of ${bytes} bytes is not read to its end`);
    return isRefused(exchange)
      ? warning(
          `a body of ${bytes} bytes is read and parsed before it is refused`,
          "Limit bodies to a little more than twice sizeLimit, by 413: a quote in an envelope is escaped twice.",
        )
      : failed(
          `a body of ${bytes} bytes without an end: ${told(exchange)}`,
          "Limit bodies to a little more than twice sizeLimit, by 413.",
        );
  },
};

const malformed: Check<RpcFacts> = {
  id: "malformed-calls",
  examine: ({ malformed: tried }) =>
    noneBroke(tried, "Check every field before it is used, and answer 400."),
};

const afterwards: Check<RpcFacts> = {
  id: "alive-afterwards",
  examine: ({ afterwards: exchange }) =>
    isOk(exchange)
      ? passed("it answers after all of this")
      : failed(
          `after malformed calls it does not answer: ${told(exchange)}`,
          "See its log: one malformed call ended it or holds it up, and anybody can send one.",
        ),
};

export const RPC_CHECKS: readonly Check<RpcFacts>[] = [
  ...[unknownMethod, noMethod, errorForm, atUrl, withSlash, extension],
  ...[closedSchema, oversize, bodyLimit, malformed, afterwards],
];
