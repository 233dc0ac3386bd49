/** What caches between us and a client may do with an answer: RFC 9110 and 9111, as a CDN takes them. */
import { expect } from "chai";
import { textRequest, verifyAnswer } from "../../gateway/ensRequest.js";
import { setRecords } from "../../registry/changes/serviceWrites.js";
import {
  CCIP_PATH,
  DOMAIN,
  openTestService,
  RESOLVER,
  type TestService,
} from "../openTestService.js";

const ALICE = `alice.${DOMAIN}`;
const REQUEST = textRequest(ALICE, "avatar");

describe("http/ccip: caching", () => {
  let http: TestService;

  before(async () => {
    http = await openTestService();
    await write("first");
  });
  after(() => http.stop());

  const write = (avatar: string) =>
    setRecords(
      { names: http.service.names, domains: http.service.domains },
      { domain: DOMAIN, name: ALICE, records: { texts: { avatar } } },
    );
  const get = (headers: Record<string, string> = {}, method = "GET") =>
    fetch(`${http.url}${CCIP_PATH}/${REQUEST}`, { method, headers });

  it("lets an answer be given again for less than the time until it expires", async () => {
    const response = await get();
    const cacheControl = response.headers.get("cache-control") ?? "";
    const maxAgeSec = Number(/^public, max-age=(\d+)$/.exec(cacheControl)?.[1]);
    const { data } = (await response.json()) as { data: string };
    const { expiresSec } = verifyAnswer(data, { target: RESOLVER, request: REQUEST });
    expect(maxAgeSec).to.be.within(1, Number(expiresSec) - Date.now() / 1000);
  });

  it("has a strong validator: the same for the same bytes, another one for others", async () => {
    await get();
    const [first, second] = [await get(), await get()];
    const etag = first.headers.get("etag") ?? "";
    expect(etag).to.match(/^"[0-9a-f]{32}"$/);
    expect(await first.text()).to.equal(await second.text());
    expect(second.headers.get("etag")).to.equal(etag);

    const unchanged = await get({ "if-none-match": `"other", ${etag}` });
    expect([unchanged.status, await unchanged.text()]).to.deep.equal([304, ""]);
    expect(unchanged.headers.get("etag")).to.equal(etag);
    expect(unchanged.headers.get("cache-control")).to.match(/^public, max-age=/);
    expect(unchanged.headers.get("content-length")).to.equal(null);
    expect(unchanged.headers.get("access-control-allow-origin")).to.equal("*");

    await write("second");
    const changed = await get({ "if-none-match": etag });
    expect(changed.status).to.equal(200);
    expect(changed.headers.get("etag")).not.to.equal(etag);
  });

  it("takes a call with another query for the same call", async () => {
    await get();
    const answers = await Promise.all(
      ["", "?", "?a=1", "?b=2"].map(async (query) =>
        (await fetch(`${http.url}${CCIP_PATH}/${REQUEST}${query}`)).text(),
      ),
    );
    expect(new Set(answers).size).to.equal(1);
    const post = async (query: string) => {
      const body = JSON.stringify({ data: REQUEST });
      return (await fetch(http.url + CCIP_PATH + query, { method: "POST", body })).text();
    };
    expect(await post("?a=1")).to.equal(await post("?b=2"));
    const posted = await post("");
    await write("third");
    expect(await post("?c=3")).not.to.equal(posted);
  });

  it("knows its validator where a proxy that compresses has changed it", async () => {
    const etag = (await get()).headers.get("etag") ?? "";
    const inner = etag.slice(1, -1);
    for (const changed of [`W/${etag}`, `"${inner}-gzip"`, `"${inner};br"`, `W/"${inner}-gzip"`]) {
      expect((await get({ "if-none-match": changed })).status, changed).to.equal(304);
    }
    expect((await get({ "if-none-match": `"${inner.slice(1)}"` })).status).to.equal(200);
  });

  it("takes no request for another one whose URL and call data have the same characters", async () => {
    const post = (url: string, data: string) =>
      fetch(url, { method: "POST", body: JSON.stringify({ data }) });
    const url = http.url + CCIP_PATH;
    const spelled = (text: string) => `0x${Buffer.from(text, "latin1").toString("hex")}`;
    // from the second time on, both are answered from the cache
    for (let time = 0; time < 3; time++) {
      expect((await get()).status).to.equal(200);
      expect((await post(`${url}/`, REQUEST)).status).to.equal(200);
    }
    // the GET's call data are a part of its path
    expect((await post(url, spelled(`/${REQUEST}`))).status).to.equal(400);
    // and the slash may be the URL's last character or the first byte of the call data
    expect((await post(url, `${spelled("/")}${REQUEST.slice(2)}`)).status).to.equal(400);
  });

  it("answers HEAD with the headers of GET", async () => {
    const [head, whole] = [await get({}, "HEAD"), await get()];
    expect([head.status, await head.text()]).to.deep.equal([200, ""]);
    for (const name of ["content-type", "content-length", "etag"]) {
      expect(head.headers.get(name), name).to.equal(whole.headers.get(name));
    }
  });

  it("lets nobody keep a refusal", async () => {
    for (const path of [`${CCIP_PATH}/0x`, `/ccip/2/${RESOLVER}/${REQUEST}`, "/ccip"]) {
      const { status, headers } = await fetch(http.url + path);
      expect(status).to.be.within(400, 499);
      expect(headers.get("cache-control")).to.equal("no-store");
    }
  });

  it("sees at once what was published through it, although an answer was fresh", async () => {
    for (const avatar of ["third", "fourth", "fifth"]) {
      await get();
      await write(avatar);
      const { data } = (await (await get()).json()) as { data: string };
      const { result } = verifyAnswer(data, { target: RESOLVER, request: REQUEST });
      expect(Buffer.from(result.slice(2), "hex").toString()).to.contain(avatar);
    }
  });
});
