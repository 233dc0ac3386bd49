import { expect } from "chai";
import { nativeAttachment, nativeBytesOf } from "../../../src/dm3/message/nativeMessage.js";

const MAIL = new TextEncoder().encode("Content-Type: multipart/encrypted\r\n\r\nbody\r\n");

describe("a message of another network inside a DM3 message", () => {
  it("comes back byte for byte", () => {
    expect(nativeBytesOf([nativeAttachment(MAIL)])).to.deep.equal(MAIL);
  });

  it("is absent where there is no attachment, or only files", () => {
    expect(nativeBytesOf(undefined)).to.equal(null);
    expect(nativeBytesOf([{ data: "data:text/plain,hello" }])).to.equal(null);
  });

  it("is refused beside other attachments, in either order", () => {
    const file = { data: "data:text/plain,hello" };
    for (const both of [
      [nativeAttachment(MAIL), file],
      [file, nativeAttachment(MAIL)],
    ]) {
      expect(() => nativeBytesOf(both)).to.throw("the only attachment");
    }
  });

  it("is refused where it is no canonical base64", () => {
    const { data } = nativeAttachment(MAIL);
    expect(() => nativeBytesOf([{ data: `${data} ` }])).to.throw("canonical base64");
  });
});
