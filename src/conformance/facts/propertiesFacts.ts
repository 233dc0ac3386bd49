/** What the relay node says of itself. */
import { type Exchange, isOk, membersOf } from "../exchange.js";
import type { Subject } from "../subject.js";

export interface PropertiesFacts {
  readonly answer: Exchange;
  /** The same, asked with a token that is none: clients send what they have. */
  readonly withBearer: Exchange;
  /** Dm3's servers say it as JSON text inside of the JSON, the specification as an object. */
  readonly resultIs: "text" | "object" | null;
  /** Null where there are none to read. */
  readonly properties: Readonly<Record<string, unknown>> | null;
}

export async function propertiesFacts({ call, ask }: Subject): Promise<PropertiesFacts> {
  const method = "dm3_getDeliveryServiceProperties";
  const answer = await call(method);
  const withBearer = await ask({
    ...{ method: "POST", path: "/rpc", token: "not.a.token" },
    body: { jsonrpc: "2.0", id: 1, method, params: [] },
  });
  return { answer, withBearer, ...readProperties(answer) };
}

export function readProperties(answer: Exchange): Pick<PropertiesFacts, "resultIs" | "properties"> {
  const result = isOk(answer) ? membersOf(answer.json)["result"] : undefined;
  if (typeof result === "string") return { resultIs: "text", properties: objectIn(result) };
  const isObject = typeof result === "object" && result !== null;
  return { resultIs: isObject ? "object" : null, properties: isObject ? membersOf(result) : null };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? membersOf(value) : null;
  } catch {
    return null;
  }
}

/** In bytes, as far as it is one. */
export function sizeLimitIn(properties: PropertiesFacts["properties"]): number | null {
  const limit = properties?.["sizeLimit"];
  return typeof limit === "number" && Number.isSafeInteger(limit) && limit > 0 ? limit : null;
}
