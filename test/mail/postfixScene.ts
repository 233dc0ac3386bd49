/** A bridge and a real postfix that know each other, and a proxy on the way to the bridge. */
import { freePort } from "../../src/demo/freePort.js";
import { type Provider, providerOf } from "../../src/demo/mail/provider.js";
import { readReport } from "../../src/mail/deliveryReport.js";
import { parseHeader } from "../../src/mail/headerFields.js";
import { type CuttingProxy, startCuttingProxy } from "./cuttingProxy.js";
import { type MailScene, startScene } from "./mailScene.js";
import { startMailServer } from "./mailServer.js";
import { type Postfix, startPostfix } from "./postfix.js";

export interface PostfixScene {
  readonly bridge: MailScene;
  readonly postfix: Postfix;
  readonly proxy: CuttingProxy;
  /** Of mail.test. */
  readonly provider: Provider;
  readonly stop: () => Promise<void>;
}

export async function startPostfixScene(): Promise<PostfixScene> {
  const bridgePort = await freePort();
  const proxy = await startCuttingProxy(bridgePort);
  const next = await startMailServer();
  next.answers.set("RCPT", [550, "5.2.2 The mailbox is full"]);
  const postfix = await startPostfix(proxy.port, next.port);
  const bridge = await startScene((usual) => ({
    inlet: { ...usual.inlet, port: bridgePort },
    outlet: {
      direct: { tls: "if offered", port: postfix.port, mayConnect: (ip) => ip === "127.0.0.1" },
    },
  }));
  const provider = providerOf("mail.test");
  bridge.dns.zones.set(provider.name, { TXT: [provider.record] });
  bridge.dns.zones.set("mail.test", { MX: [[10, "mx.mail.test"]] });
  bridge.dns.zones.set("mx.mail.test", { A: ["127.0.0.1"] });
  return {
    ...{ bridge, postfix, proxy, provider },
    stop: async () => {
      await postfix.remove();
      await proxy.stop();
      await next.stop();
      await bridge.stop();
    },
  };
}

/** What a report in a user's folder says; null for another mail. */
export function reportIn(mail: string): ReturnType<typeof readReport> {
  const text = mail.replace(/\r?\n/g, "\r\n");
  const [header = "", ...body] = text.split("\r\n\r\n");
  const fields = parseHeader(header.split("\r\n"));
  if (fields === null) return null;
  const chunk = Buffer.from(body.join("\r\n\r\n"), "latin1");
  return readReport({ header: fields, chunks: [chunk], length: chunk.length });
}
