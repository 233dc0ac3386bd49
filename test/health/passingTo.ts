import type { Handler } from "../lookup/loopbackServer.js";

/** In front of the chain's own node, so that it can go away. */
export function passingTo(rpcUrl: string): Handler {
  return (request, response) => {
    void (async () => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const answered = await fetch(rpcUrl, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      response
        .writeHead(answered.status, { "content-type": "application/json" })
        .end(await answered.text());
    })();
  };
}
