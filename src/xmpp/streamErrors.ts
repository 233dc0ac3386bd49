/** Why a stream to the XMPP server ended, as an error that tells the operator what to do. */
import type { Element } from "ltx";
import { SignpostError } from "../errors.js";
import { STREAM_ERRORS_NS } from "./namespaces.js";

export interface ServerPlace {
  readonly host: string;
  readonly port: number;
  readonly componentDomain: string;
}

/** RFC 6120, section 4.9.3: those that say what an operator has to mend. */
function advice(condition: string, { componentDomain, port }: ServerPlace): string | null {
  switch (condition) {
    case "not-authorized":
      return `The XMPP server refused the secret of ${componentDomain}. Set the same secret here and in the server's configuration.`;
    case "host-unknown":
      return `The XMPP server knows no component ${componentDomain}. Add it to the server's configuration, or correct the component's domain here.`;
    case "invalid-namespace":
      return `Port ${port} of the XMPP server is not for components. Give the port of its component listener (prosody: component_ports, ejabberd: ejabberd_service).`;
    default:
      return null;
  }
}

function event(condition: string, { componentDomain }: ServerPlace): string {
  switch (condition) {
    case "conflict":
      return `Another process is connected to the XMPP server as ${componentDomain}. Stop it: only one may be.`;
    case "system-shutdown":
      return "The XMPP server is being shut down. Connecting again until it is back.";
    case "policy-violation":
      return "The XMPP server ended the connection because of its limits. Raise its limits of stanza size and rate for components.";
    case "connection-timeout":
      return "The XMPP server ended the connection because it heard nothing. Connecting again.";
    default:
      return `The XMPP server ended the connection (${condition}). Its log may say why.`;
  }
}

/** @param error the element `stream:error` */
export function streamError(error: Element, place: ServerPlace): SignpostError {
  const condition =
    error
      .getChildElements()
      .find((child) => child.getName() !== "text" && child.getNS() === STREAM_ERRORS_NS)
      ?.getName() ?? "undefined-condition";
  const text = error.getChildText("text", STREAM_ERRORS_NS)?.slice(0, 200) ?? "";
  const reason = text === "" ? condition : `${condition}: ${text}`;
  const mend = advice(condition, place);
  if (mend !== null) return new SignpostError("INVALID_CONFIGURATION", mend, { reason });
  return new SignpostError("UNREACHABLE", event(condition, place), { reason });
}

/** @param reason "it refused the connection" */
export function unreachableServer(
  { host, port }: Pick<ServerPlace, "host" | "port">,
  reason: string,
  cause?: unknown,
): SignpostError<"UNREACHABLE"> {
  return new SignpostError(
    "UNREACHABLE",
    `The XMPP server at ${host}:${port} cannot be reached: ${reason}. Check that it runs and listens there for components.`,
    { reason },
    { cause },
  );
}
